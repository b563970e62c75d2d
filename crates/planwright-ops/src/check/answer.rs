use std::collections::BTreeMap;
use std::ops::Range;

use planwright_check::{Finding as Found, Place};
use planwright_model::Level;
use planwright_syntax::Span;
use schemars::JsonSchema;
use serde::Serialize;

use super::Sources;
use crate::Unreadable;

/// What in the plans is not true.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Answer {
    /// `planwright/check@1`
    pub schema: &'static str,
    /// The findings in the order of their file and place.
    pub findings: Vec<Finding>,
    /// How many there are.
    pub summary: Summary,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// The rules that could not run; `null` where all did.
    pub skipped: Option<Skipped>,
    /// The files that findings point into, for faces that show them.
    #[serde(skip)]
    pub sources: BTreeMap<String, Source>,
    /// The files that were fixed, or would be.
    #[serde(skip)]
    pub fixed: Vec<Fixed>,
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// The rule's code: `PW201`.
    pub code: &'static str,
    /// The rule's name: `state-disagrees`.
    pub name: &'static str,
    /// How much it matters.
    pub level: Level,
    /// Path from the repository's root.
    pub path: String,
    /// 1-based line of its first character.
    pub line: u32,
    /// 1-based column of its first character, in characters.
    pub column: u32,
    /// 1-based line behind its last character.
    pub end_line: u32,
    /// 1-based column behind its last character, in characters.
    pub end_column: u32,
    /// What is the case.
    pub message: String,
    /// The way out; `null` where there is none to tell.
    pub help: Option<String>,
    /// How the machine can put it right; `null` where it cannot.
    pub fix: Option<Fix>,
    /// Further places that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// Its bytes in the file.
    #[serde(skip)]
    pub span: Range<usize>,
    /// Finds it again after edits around it: made of its rule, its file and the words it is about.
    #[serde(skip)]
    pub fingerprint: String,
}

/// A further place of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Related {
    /// Path from the repository's root.
    pub path: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column in characters.
    pub column: u32,
    /// 1-based line behind its last character.
    pub end_line: u32,
    /// 1-based column behind its last character.
    pub end_column: u32,
    /// What is there.
    pub message: String,
    /// Its bytes in the file.
    #[serde(skip)]
    pub span: Range<usize>,
}

/// What puts a finding right: all of the edits or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fix {
    /// What is done.
    pub title: String,
    /// Replacements of bytes, disjoint.
    pub edits: Vec<Edit>,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Edit {
    /// Path from the repository's root.
    pub path: String,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// 1-based line of the first byte.
    pub line: u32,
    /// 1-based column of the first byte, in characters.
    pub column: u32,
    /// 1-based line of `end`.
    pub end_line: u32,
    /// 1-based column of `end`, in characters.
    pub end_column: u32,
    /// What to put in their place.
    pub text: String,
}

/// How many findings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Findings of level `error`.
    pub errors: u32,
    /// Findings of level `warning`.
    pub warnings: u32,
    /// Findings of level `info`.
    pub infos: u32,
    /// Files with findings.
    pub files: u32,
    /// Documents that were checked.
    pub checked: u32,
    /// Findings that the machine can put right.
    pub fixable: u32,
    /// Findings that comments silence.
    pub suppressed: u32,
    /// Findings that the baseline knows.
    pub baselined: u32,
    /// Findings that were put right by this call.
    pub fixed: u32,
}

/// Rules that could not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Skipped {
    /// Their names.
    pub rules: Vec<&'static str>,
    /// What they lack, and how to come by it.
    pub reason: String,
}

impl Answer {
    /// True when a finding matters at least so much.
    pub fn fails(&self, level: Level) -> bool {
        self.findings.iter().any(|found| found.level >= level)
    }
}

/// The text of a file and where its lines begin.
#[derive(Clone, Debug, Default)]
pub struct Source {
    text: String,
    starts: Vec<usize>,
}

impl Source {
    pub(super) fn new(text: &str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            text: text.to_owned(),
            starts,
        }
    }

    /// Whole lines that hold some bytes: the 1-based number of the first, and where they stand.
    pub fn window(&self, bytes: Range<usize>) -> (usize, usize, &str) {
        let line = self
            .starts
            .partition_point(|start| *start <= bytes.start)
            .max(1);
        let last = self
            .starts
            .partition_point(|start| *start <= bytes.end.saturating_sub(1).max(bytes.start))
            .max(line);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let end = self.starts.get(last).copied().unwrap_or(self.text.len());
        (line, start, self.text.get(start..end).unwrap_or_default())
    }
}

/// A file as it was and as fixes leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Path from the root.
    pub path: String,
    /// Its bytes before.
    pub before: Vec<u8>,
    /// Its bytes afterwards.
    pub after: Vec<u8>,
}

/// Where a span stands.
fn place(sources: &mut Sources<'_>, path: &str, span: Span) -> Place {
    let source = sources.get(path);
    source.map_or(
        Place {
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
        },
        |source| Place::of(source, span),
    )
}

pub(super) fn finding(sources: &mut Sources<'_>, found: &Found, fingerprint: String) -> Finding {
    let mut of = |known: Option<Place>, path: &str, span: Span| {
        known.unwrap_or_else(|| place(sources, path, span))
    };
    let own = of(found.place, &found.path, found.span);
    let mut related = Vec::with_capacity(found.labels.len());
    for label in &found.labels {
        let place = of(label.place, &label.path, label.span);
        related.push(Related {
            path: label.path.clone(),
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            message: label.text.clone(),
            span: label.span.range(),
        });
    }
    let fix = found.fix.as_ref().map(|fix| {
        let mut edits = Vec::new();
        for (path, edit) in fix
            .edits
            .iter()
            .flat_map(|(path, edits)| edits.iter().map(move |edit| (path, edit)))
        {
            let place = of(None, path, edit.span);
            edits.push(Edit {
                path: path.clone(),
                start: edit.span.start,
                end: edit.span.end,
                line: place.line,
                column: place.column,
                end_line: place.end_line,
                end_column: place.end_column,
                text: String::from_utf8_lossy(&edit.replacement).into_owned(),
            });
        }
        Fix {
            title: fix.title.clone(),
            edits,
        }
    });
    Finding {
        code: found.rule.code,
        name: found.rule.name,
        level: found.level,
        path: found.path.clone(),
        line: own.line,
        column: own.column,
        end_line: own.end_line,
        end_column: own.end_column,
        message: found.message.clone(),
        help: found.help.clone(),
        fix,
        related,
        span: found.span.range(),
        fingerprint,
    }
}
