//! Requirements and the tasks that name them, feature by feature.

use std::collections::{BTreeMap, BTreeSet};

use planwright_syntax::Span;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::document::DocumentView;
use crate::finding::Spot;
use crate::project::{Doc, Project};
use crate::rules;

/// The documents of one feature.
#[derive(Debug, Default)]
pub(crate) struct Feature<'a> {
    /// Those that say what is wanted.
    pub(crate) sources: Vec<Doc<'a>>,
    /// Those that hold its tasks.
    pub(crate) tasks: Vec<Doc<'a>>,
}

/// What a document of a feature says of requirements.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Coverage {
    /// All that it names, each once.
    pub(crate) cited: BTreeSet<Id>,
    /// Those that it states itself, where it says what is wanted.
    pub(crate) defined: Vec<Named>,
    /// The stories that it tells, where it is a specification, each with its text.
    pub(crate) stories: Vec<(Named, String)>,
    /// Those that a task names as what it is for.
    pub(crate) traced: Vec<Named>,
    /// The stories by which its tasks are sorted.
    pub(crate) sorted_by: BTreeSet<Id>,
}

/// A requirement, where it is named, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: Id,
    pub(crate) spot: Spot,
    pub(crate) word: String,
}

impl Named {
    pub(crate) fn of(doc: &DocumentView, citation: Citation) -> Self {
        Self {
            id: citation.id,
            spot: doc.spot(citation.span),
            word: doc.text(citation.span).to_owned(),
        }
    }
}

impl Coverage {
    pub(crate) fn of(doc: &DocumentView) -> Self {
        let document = doc.document();
        let is_part = document.initiative != document.path && !document.template && doc.is_listed();
        if !is_part {
            return Self::default();
        }
        let all = citations(doc);
        let is_open = !document.state.value.is_closed();
        let cited = all.iter().map(|citation| citation.id.clone()).collect();
        if document.kind == "tasks" {
            return Self {
                cited,
                traced: rules::traced(doc, &all),
                sorted_by: rules::sorted_by(doc, &all),
                ..Self::default()
            };
        }
        Self {
            cited,
            defined: if is_open {
                rules::defined(doc, &all)
            } else {
                Vec::new()
            },
            stories: if is_open && document.kind == "spec" {
                rules::stories(doc, &all)
            } else {
                Vec::new()
            },
            ..Self::default()
        }
    }
}

/// The id of a requirement: `FR-012a` is `FR`, 12, `a`; criterion 3 of Kiro's requirement 2 is
/// `Requirement`, 2, `3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id {
    pub(crate) prefix: &'static str,
    pub(crate) number: u32,
    pub(crate) suffix: String,
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (self.prefix, self.number, &self.suffix).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (word, number, suffix) = <(String, u32, String)>::deserialize(from)?;
        let mut known = PREFIXES.into_iter().chain([KIRO]);
        let prefix = known.find(|known| *known == word);
        let prefix = prefix.ok_or_else(|| D::Error::custom("no prefix of a requirement"))?;
        Ok(Self {
            prefix,
            number,
            suffix,
        })
    }
}

/// A place that names a requirement.
#[derive(Clone, Debug)]
pub(crate) struct Citation {
    pub(crate) id: Id,
    pub(crate) span: Span,
}

/// What requirements are called. Stories come without a dash.
const PREFIXES: [&str; 9] = ["FR", "NFR", "SC", "US", "REQ", "IR", "TR", "PR", "UR"];

/// What Kiro calls them.
pub(crate) const KIRO: &str = "Requirement";

/// The widest range of ids that is taken for one.
const WIDEST: u32 = 200;

/// The features that have tasks, in the order of their folder.
pub(crate) fn features<'a>(project: &'a Project<'_>) -> Vec<Feature<'a>> {
    let mut features: BTreeMap<&str, Feature<'_>> = BTreeMap::new();
    let documents = project.docs().filter(|doc| {
        let facts = doc.facts();
        facts.initiative != doc.path() && !facts.template && doc.is_listed()
    });
    for doc in documents {
        let facts = doc.facts();
        let feature = features.entry(facts.initiative.as_str()).or_default();
        if facts.kind == "tasks" {
            feature.tasks.push(doc);
        } else {
            feature.sources.push(doc);
        }
    }
    let has_tasks = |feature: &Feature<'_>| feature.tasks.iter().any(|doc| doc.facts().has_tasks);
    let features = features.into_values().filter(has_tasks);
    features.collect()
}

/// Every requirement that a document names, ranges expanded, in the order of the text.
pub(crate) fn citations(doc: &DocumentView) -> Vec<Citation> {
    let mut found = cited(doc.parsed().source.text());
    found.extend(kiro(doc));
    found
}

/// The ids that some documents name.
pub(crate) fn ids<'a>(docs: impl IntoIterator<Item = &'a Doc<'a>>) -> BTreeSet<&'a Id> {
    let all = docs.into_iter().flat_map(|doc| &doc.facts().coverage.cited);
    all.collect()
}

fn cited(text: &str) -> Vec<Citation> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(len) = text[at..].find(|c: char| c.is_ascii_uppercase()) {
        let start = at + len;
        let before = text[..start].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
            at = start + 1;
            continue;
        }
        let Some((id, end)) = one(text, start) else {
            let word = text[start..].find(|c: char| !c.is_alphanumeric());
            at = start + word.unwrap_or(text.len() - start).max(1);
            continue;
        };
        let span = Span::new(start, end);
        at = end;
        let mut last = id.number;
        let prefix = id.prefix;
        found.push(Citation { id, span });
        while let Some((number, end, is_range)) = next(text, at, prefix) {
            let first = if is_range { last + 1 } else { number };
            if number < first || number - first > WIDEST {
                break;
            }
            for number in first..=number {
                let suffix = String::new();
                let id = Id {
                    prefix,
                    number,
                    suffix,
                };
                found.push(Citation {
                    id,
                    span: Span::new(span.start as usize, end),
                });
            }
            last = number;
            at = end;
        }
    }
    found
}

/// The id that begins at an offset, and where it ends.
fn one(text: &str, start: usize) -> Option<(Id, usize)> {
    let rest = &text[start..];
    let story = ["User Story ", "User story ", "User Stories "];
    if let Some(words) = story.iter().find(|words| rest.starts_with(**words)) {
        let (number, len) = number(&rest[words.len()..])?;
        let id = Id {
            prefix: "US",
            number,
            suffix: String::new(),
        };
        return Some((id, start + words.len() + len));
    }
    let letters = rest.bytes().take_while(u8::is_ascii_uppercase).count();
    let prefix = PREFIXES
        .iter()
        .find(|prefix| **prefix == &rest[..letters])?;
    let dash = usize::from(rest[letters..].starts_with('-'));
    if dash == 0 && *prefix != "US" {
        return None;
    }
    let (number, len) = number(&rest[letters + dash..])?;
    let mut end = letters + dash + len;
    let mut suffix = String::new();
    let tail = &rest[end..];
    let letter = tail.chars().next().filter(char::is_ascii_lowercase);
    if let Some(letter) = letter.filter(|_| !tail[1..].starts_with(char::is_alphanumeric)) {
        suffix.push(letter);
        end += 1;
    } else if tail.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    } else if let Some((_, len)) = tail.strip_prefix('.').and_then(self::number) {
        suffix.push_str(&tail[..=len]);
        end += len + 1;
    }
    Some((
        Id {
            prefix,
            number,
            suffix,
        },
        start + end,
    ))
}

/// A further number behind an id: `-005`, `..FR-005`, `to FR-005` end a range, `/006` and `, FR-007`
/// begin anew. The number, where it ends, and whether it ends a range.
fn next(text: &str, at: usize, prefix: &str) -> Option<(u32, usize, bool)> {
    let rest = &text[at..];
    let bare = rest.trim_start_matches(['*', '`', ']']);
    let ranges = [
        "...",
        "..",
        "…",
        "–",
        "—",
        "-",
        " - ",
        " – ",
        " to ",
        " through ",
        " a ",
        " à ",
        " al ",
        " até ",
        " hasta ",
        " bis ",
        "~",
    ];
    let (after, is_range) = ranges
        .iter()
        .find_map(|mark| Some((bare.strip_prefix(mark)?, true)))
        .or_else(|| Some((bare.strip_prefix('/')?, false)))?;
    let after = after.trim_start_matches(['*', '`', '[', ' ']);
    let is_named = after.strip_prefix(prefix);
    let digits = is_named.map_or(after, |rest| rest.trim_start_matches('-'));
    let (number, len) = number(digits)?;
    // `US1 - 3 tasks` is no range.
    if is_named.is_none() && rest.starts_with(' ') && !rest.starts_with(" to ") {
        return None;
    }
    let end = text.len() - digits.len() + len;
    let follows = text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    (!follows).then_some((number, end, is_range))
}

fn number(text: &str) -> Option<(u32, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text[..digits].parse().ok()?;
    Some((number, digits))
}

/// What stands behind `_Requirements:` or in `**Validates: Requirements 9.2, 9.5**`.
fn listed(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['-', '*', '_', ' ']);
    text.strip_prefix("Requirements: ")
        .or_else(|| text.strip_prefix("Validates: Requirements "))
        .or_else(|| text.strip_prefix("Validates: Requirement "))
}

/// Kiro's own: headings `Requirement 2` with numbered criteria, and `_Requirements: 1.1, 2.3_`.
fn kiro(doc: &DocumentView) -> Vec<Citation> {
    let mut found = Vec::new();
    let mut current: Option<u32> = None;
    for line in 1..=doc.parsed().source.line_count() {
        let span = doc.line_span(line);
        let text = doc.text(span);
        let push = |found: &mut Vec<Citation>, number: u32, suffix: &str, at: usize, len: usize| {
            let start = span.start as usize + at;
            found.push(Citation {
                id: Id {
                    prefix: KIRO,
                    number,
                    suffix: suffix.to_owned(),
                },
                span: Span::new(start, start + len),
            });
        };
        if text.starts_with('#') {
            let title = text.trim_start_matches(['#', ' ']);
            let at = text.len() - title.len();
            current = title
                .strip_prefix("Requirement ")
                .and_then(number)
                .map(|(number, len)| {
                    push(&mut found, number, "", at, "Requirement ".len() + len);
                    number
                })
                .or(if title.starts_with("Acceptance") {
                    current
                } else {
                    None
                });
        } else if let Some(requirement) = current {
            let bare = text.trim_start_matches(['-', '*', '+', '_', ' ']);
            let begin = text.len() - bare.len();
            let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
            let first = digits(bare);
            let Some(behind) = bare[first..].strip_prefix('.').filter(|_| first > 0) else {
                continue;
            };
            // `5.2 The store shall` bears the requirement's number, `2. The store shall` does not.
            let second = digits(behind);
            if second > 0 && bare[..first].parse() == Ok(requirement) {
                push(
                    &mut found,
                    requirement,
                    &behind[..second],
                    begin,
                    first + 1 + second,
                );
            } else if begin == 0 {
                push(&mut found, requirement, &bare[..first], 0, first);
            }
        } else if let Some(list) = listed(text) {
            let mut at = text.len() - list.len();
            for part in list.split_inclusive(',') {
                let word = part.trim_matches([' ', ',', '_', '*', '.']);
                let place = at + part.find(word).unwrap_or(0);
                at += part.len();
                // `7.1-7.6` names the first of them, which shows that the requirement is served.
                let word = word.split(['-', '–', ' ']).next().unwrap_or(word);
                let (whole, point) = word.split_once('.').unwrap_or((word, ""));
                if let Ok(number) = whole.parse()
                    && point.bytes().all(|b| b.is_ascii_digit())
                {
                    push(&mut found, number, point, place, word.len());
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let all = cited(text).into_iter();
        all.map(|cite| format!("{}{}{}", cite.id.prefix, cite.id.number, cite.id.suffix))
            .collect()
    }

    #[test]
    fn ids_are_cited_in_many_ways() {
        for (text, expected) in [
            ("T001 [US2] (FR-003, FR-004a)", vec!["US2", "FR3", "FR4a"]),
            ("covers FR-001..FR-003", vec!["FR1", "FR2", "FR3"]),
            (
                "covers FR-001-003 and SC-002",
                vec!["FR1", "FR2", "FR3", "SC2"],
            ),
            ("FR-001/004", vec!["FR1", "FR4"]),
            ("FR-001 a FR-003", vec!["FR1", "FR2", "FR3"]),
            ("FR-001 a 3 days", vec!["FR1"]),
            ("## Phase 3: User Story 1 - Search", vec!["US1"]),
            ("US1 - 3 tasks", vec!["US1"]),
            ("USD 5, US, XFR-001, FR-x, AFR-2", vec![]),
            ("FR-1.2 and FR-2", vec!["FR1.2", "FR2"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
