use planwright_model::Level;
use planwright_syntax::splice::Edit;
use planwright_syntax::{Source, Span};
use serde::{Deserialize, Serialize};

use crate::document::DocumentView;
use crate::project::{Doc, in_parallel};
use crate::rule::Rule;

/// Where bytes stand in a file, as editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// 1-based line of the first byte.
    pub line: u32,
    /// 1-based column of the first byte, in characters.
    pub column: u32,
    /// 1-based line of the end.
    pub end_line: u32,
    /// 1-based column of the end, in characters.
    pub end_column: u32,
}

impl Place {
    /// The place of some bytes of a file.
    pub fn of(source: &Source, span: Span) -> Self {
        Self {
            line: source.line(span.start),
            column: source.column(span.start),
            end_line: source.line(span.end),
            end_column: source.column(span.end),
        }
    }
}

/// Bytes of a document with their place: all that a finding needs of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spot {
    start: u32,
    end: u32,
    place: Place,
}

impl Spot {
    pub(crate) fn of(source: &Source, span: Span) -> Self {
        Self::new(span, Place::of(source, span))
    }

    pub(crate) fn new(span: Span, place: Place) -> Self {
        Self {
            start: span.start,
            end: span.end,
            place,
        }
    }

    pub(crate) fn span(self) -> Span {
        Span {
            start: self.start,
            end: self.end,
        }
    }

    pub(crate) fn place(self) -> Place {
        self.place
    }
}

/// Something in a file that does not hold.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How much it matters, by the configuration.
    pub level: Level,
    /// Path from the repository's root.
    pub path: String,
    /// What is wrong, in bytes of the file.
    pub span: Span,
    /// Where these stand, as far as that is known without the file.
    pub place: Option<Place>,
    /// What is the case, in one sentence that makes sense alone, without a full stop.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// What else has to be seen to understand it.
    pub labels: Vec<Label>,
    /// How the machine can put it right, where that is safe.
    pub fix: Option<Fix>,
    /// False for a suspicion: it counts only where somebody asks for its rule.
    pub is_sure: bool,
}

/// A place that belongs to a finding, and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Path from the repository's root.
    pub path: String,
    /// The bytes.
    pub span: Span,
    /// Where these stand, as far as that is known without the file.
    pub place: Option<Place>,
    /// What is there, in a few words.
    pub text: String,
}

/// Edits that put a finding right without touching the meaning of anybody's words.
///
/// They are applied all or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is done, as an imperative: `remove the second line`.
    pub title: String,
    /// Path and edits of each file.
    pub edits: Vec<(String, Vec<Edit>)>,
}

impl Fix {
    /// A fix of one file.
    pub fn new(path: &str, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self {
            title: title.into(),
            edits: vec![(path.to_owned(), edits)],
        }
    }
}

impl Finding {
    /// Says what to do about it.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Points at a further place of the same document.
    pub fn label(&mut self, doc: &DocumentView, span: Span, text: impl Into<String>) -> &mut Self {
        self.label_in(doc.path(), span, text)
    }

    /// Points at a place of any file.
    pub fn label_in(&mut self, path: &str, span: Span, text: impl Into<String>) -> &mut Self {
        self.labels.push(Label {
            path: path.to_owned(),
            span,
            place: None,
            text: text.into(),
        });
        self
    }

    /// Points at a place of a document that need not be read for it.
    pub(crate) fn label_spot(
        &mut self,
        path: &str,
        spot: Spot,
        text: impl Into<String>,
    ) -> &mut Self {
        self.labels.push(Label {
            path: path.to_owned(),
            span: spot.span(),
            place: Some(spot.place()),
            text: text.into(),
        });
        self
    }

    /// Keeps it from all who did not ask for its rule, unless this holds.
    pub fn sure_if(&mut self, is_sure: bool) -> &mut Self {
        self.is_sure &= is_sure;
        self
    }

    /// Says how the machine can put it right.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }
}

/// Collects what one rule finds.
#[derive(Debug)]
pub struct Findings {
    rule: &'static Rule,
    found: Vec<Finding>,
}

impl Findings {
    pub(crate) fn new(rule: &'static Rule) -> Self {
        Self {
            rule,
            found: Vec::new(),
        }
    }

    /// Reports a finding in a document.
    pub fn at(
        &mut self,
        doc: &DocumentView,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.in_file(doc.path(), span, message)
    }

    /// Reports a finding in any file.
    pub fn in_file(&mut self, path: &str, span: Span, message: impl Into<String>) -> &mut Finding {
        let at = self.found.len();
        self.found.push(Finding {
            rule: self.rule,
            level: self.rule.level.unwrap_or(Level::Info),
            path: path.to_owned(),
            span,
            place: None,
            message: message.into(),
            help: None,
            labels: Vec::new(),
            fix: None,
            is_sure: true,
        });
        &mut self.found[at]
    }

    /// Reports a finding in a document that need not be read for it.
    pub(crate) fn at_spot(
        &mut self,
        path: &str,
        spot: Spot,
        message: impl Into<String>,
    ) -> &mut Finding {
        let finding = self.in_file(path, spot.span(), message);
        finding.place = Some(spot.place());
        finding
    }

    /// Reads documents, several at a time, and looks at each.
    pub(crate) fn in_each(
        &mut self,
        docs: &[Doc<'_>],
        look: impl Fn(&DocumentView, &mut Self) + Sync,
    ) {
        let found = in_parallel(docs.len(), 4, &|at| {
            let mut findings = Self::new(self.rule);
            if let Some(doc) = docs[at].whole() {
                look(doc, &mut findings);
            }
            findings.found
        });
        self.found.extend(found.into_iter().flatten());
    }

    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.found
    }
}
