//! Which documents a list or a search looks at.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use planwright_model::DocumentState;
use planwright_workspace::Entry;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{ErrorKind, OpsError};

/// Conditions that a document has to meet. Several values of one condition are alternatives;
/// different conditions must all hold. Words are compared without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Kinds: `plan`, `tasks`, `spec`; `template` asks for templates of any kind.
    pub kinds: Vec<String>,
    /// States: a canonical word, an author's word, `open` or `closed`.
    pub states: Vec<String>,
    /// Names of dialects.
    pub dialects: Vec<String>,
    /// Owners: a whole name or one word of it, `@` or not.
    pub owners: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Globs over the path from the repository's root; a folder stands for all that it holds.
    pub paths: Vec<String>,
    /// Look at documents in an archive too.
    pub archived: bool,
    /// Look at everything: archives and templates too.
    pub all: bool,
}

/// What was left out without being asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hidden {
    /// Templates that meet every condition.
    pub templates: u32,
    /// Documents in an archive that meet every condition.
    pub archived: u32,
}

/// The one condition that nothing meets, and what it could have asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Culprit {
    /// The condition as it is written on the command line: `--state paused`.
    pub filter: String,
    /// Documents that meet every other condition.
    pub without: u32,
    /// Values that these documents have, most frequent first, each with its count; at most twelve.
    pub values: Vec<(String, u32)>,
}

/// A filter made ready: globs compiled, words folded.
#[derive(Debug)]
pub struct Matcher {
    filter: Filter,
    globs: Option<GlobSet>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    Kind,
    State,
    Dialect,
    Owner,
    Tag,
    Path,
}

const CONDITIONS: [Condition; 6] = [
    Condition::Kind,
    Condition::State,
    Condition::Dialect,
    Condition::Owner,
    Condition::Tag,
    Condition::Path,
];

impl Matcher {
    /// Prepares a filter.
    ///
    /// # Errors
    /// When a path is no valid glob.
    pub fn new(filter: &Filter) -> Result<Self, OpsError> {
        let mut filter = filter.clone();
        for words in [
            &mut filter.kinds,
            &mut filter.states,
            &mut filter.dialects,
            &mut filter.owners,
            &mut filter.tags,
        ] {
            for word in words {
                *word = fold(word);
            }
        }
        let globs = if filter.paths.is_empty() {
            None
        } else {
            Some(globs(&filter.paths)?)
        };
        Ok(Self { filter, globs })
    }

    /// True when the entry meets every condition and is not hidden.
    pub fn matches(&self, entry: &Entry<'_>) -> bool {
        !self.hides(entry)
            && CONDITIONS
                .iter()
                .all(|condition| self.meets(*condition, entry))
    }

    /// What is left out of a list that this filter makes.
    pub fn hidden<'a>(&self, entries: impl Iterator<Item = &'a Entry<'a>>) -> Hidden {
        let mut hidden = Hidden::default();
        for entry in entries {
            if self.hides(entry)
                && CONDITIONS
                    .iter()
                    .all(|condition| self.meets(*condition, entry))
            {
                if entry.template {
                    hidden.templates += 1;
                } else {
                    hidden.archived += 1;
                }
            }
        }
        hidden
    }

    /// The condition that alone keeps everything out, where there is exactly one.
    pub fn culprit<'a>(&self, entries: &'a [Entry<'a>]) -> Option<Culprit> {
        let mut found = CONDITIONS.iter().filter_map(|condition| {
            let others: Vec<&Entry<'_>> = entries
                .iter()
                .filter(|entry| !self.hides(entry))
                .filter(|entry| {
                    CONDITIONS
                        .iter()
                        .all(|other| other == condition || self.meets(*other, entry))
                })
                .collect();
            let filter = self.written(*condition)?;
            (!others.is_empty()).then(|| Culprit {
                filter,
                without: count(others.len()),
                values: values(*condition, &others),
            })
        });
        match (found.next(), found.next()) {
            (Some(culprit), None) => Some(culprit),
            _ => None,
        }
    }

    fn hides(&self, entry: &Entry<'_>) -> bool {
        if self.filter.all {
            return false;
        }
        let asked = self.filter.kinds.iter().any(|kind| kind == "template");
        (entry.template && !asked) || (entry.archived && !self.filter.archived)
    }

    fn meets(&self, condition: Condition, entry: &Entry<'_>) -> bool {
        let filter = &self.filter;
        let any = |words: &[String], meets: &dyn Fn(&str) -> bool| {
            words.is_empty() || words.iter().any(|word| meets(word))
        };
        match condition {
            Condition::Kind => any(&filter.kinds, &|word| {
                fold(entry.kind) == word || (word == "template" && entry.template)
            }),
            Condition::State => any(&filter.states, &|word| is_state(entry, word)),
            Condition::Dialect => any(&filter.dialects, &|word| fold(entry.dialect) == word),
            Condition::Owner => any(&filter.owners, &|word| {
                entry.owners.iter().any(|owner| is_person(owner, word))
            }),
            Condition::Tag => any(&filter.tags, &|word| {
                entry.tags.iter().any(|tag| fold(tag) == word)
            }),
            Condition::Path => self
                .globs
                .as_ref()
                .is_none_or(|globs| globs.is_match(entry.path)),
        }
    }

    fn written(&self, condition: Condition) -> Option<String> {
        let filter = &self.filter;
        let (flag, words) = match condition {
            Condition::Kind => ("", &filter.kinds),
            Condition::State => ("--state ", &filter.states),
            Condition::Dialect => ("--dialect ", &filter.dialects),
            Condition::Owner => ("--owner ", &filter.owners),
            Condition::Tag => ("--tag ", &filter.tags),
            Condition::Path => ("--path ", &filter.paths),
        };
        let written: Vec<String> = words.iter().map(|word| format!("{flag}{word}")).collect();
        (!written.is_empty()).then(|| written.join(" "))
    }
}

/// True when a stated owner is the person asked for: the whole name, or one word of it.
pub(crate) fn is_person(owner: &str, asked: &str) -> bool {
    let fold = |name: &str| name.trim().trim_start_matches('@').to_lowercase();
    let (owner, asked) = (fold(owner), fold(asked));
    owner == asked
        || owner
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '<' | '>' | '(' | ')' | '/'))
            .any(|word| !word.is_empty() && word.trim_start_matches('@') == asked)
}

fn is_state(entry: &Entry<'_>, word: &str) -> bool {
    match word {
        "open" => !entry.state.is_closed(),
        "closed" => entry.state.is_closed(),
        "no state" => entry.state == DocumentState::Unknown,
        _ => {
            entry.state.as_str() == word.replace([' ', '-'], "_")
                || entry.native.is_some_and(|native| fold(native) == word)
        }
    }
}

fn fold(word: &str) -> String {
    word.trim().to_lowercase()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn values(condition: Condition, entries: &[&Entry<'_>]) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for entry in entries {
        let mut add = |value: &str| *counts.entry(value.to_owned()).or_default() += 1;
        match condition {
            Condition::Kind => add(entry.kind),
            Condition::State => add(entry.state.as_str()),
            Condition::Dialect => add(entry.dialect),
            Condition::Owner => entry.owners.iter().for_each(|owner| add(owner)),
            Condition::Tag => entry.tags.iter().for_each(|tag| add(tag)),
            Condition::Path => {}
        }
    }
    let mut values: Vec<(String, u32)> = counts.into_iter().collect();
    values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    values.truncate(12);
    values
}

fn globs(patterns: &[String]) -> Result<GlobSet, OpsError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let plain = pattern.trim_start_matches("./").trim_end_matches('/');
        for form in [plain.to_owned(), format!("{plain}/**")] {
            let glob = GlobBuilder::new(&form)
                .literal_separator(true)
                .build()
                .map_err(|error| {
                    OpsError::new(
                        ErrorKind::Usage,
                        format!("`{pattern}` is no valid glob: {}", error.kind()),
                    )
                })?;
            set.add(glob);
        }
    }
    set.build().map_err(|error| {
        OpsError::new(
            ErrorKind::Usage,
            format!("these globs are too much together: {error}"),
        )
    })
}

/// The canonical words for states, for completion and help.
pub fn state_words() -> impl Iterator<Item = &'static str> {
    DocumentState::ALL
        .into_iter()
        .map(DocumentState::as_str)
        .chain(["open", "closed"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry<'static>> {
        vec![
            Entry {
                path: "docs/plans/a.md",
                kind: "plan",
                dialect: "execplan",
                state: DocumentState::Active,
                native: Some("Doing"),
                owners: vec!["@ann", "Bo Berg"],
                tags: vec!["api"],
                ..Entry::default()
            },
            Entry {
                path: "docs/plans/old/b.md",
                kind: "plan",
                dialect: "execplan",
                state: DocumentState::Done,
                archived: true,
                ..Entry::default()
            },
            Entry {
                path: "specs/t.md",
                kind: "spec",
                template: true,
                ..Entry::default()
            },
        ]
    }

    #[track_caller]
    fn check(filter: &Filter, expected: &[&str]) {
        let matcher = Matcher::new(filter).unwrap();
        let entries = entries();
        let found: Vec<&str> = entries
            .iter()
            .filter(|entry| matcher.matches(entry))
            .map(|entry| entry.path)
            .collect();
        assert_eq!(found, expected, "{filter:?}");
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn archives_and_templates_are_shown_when_asked_for() {
        check(&Filter::default(), &["docs/plans/a.md"]);
        check(
            &Filter {
                archived: true,
                ..Filter::default()
            },
            &["docs/plans/a.md", "docs/plans/old/b.md"],
        );
        check(
            &Filter {
                kinds: words(&["template"]),
                ..Filter::default()
            },
            &["specs/t.md"],
        );
        check(
            &Filter {
                all: true,
                ..Filter::default()
            },
            &["docs/plans/a.md", "docs/plans/old/b.md", "specs/t.md"],
        );
    }

    #[test]
    fn a_state_is_found_by_canonical_and_by_native_word() {
        for word in ["active", "ACTIVE", "doing", "open"] {
            check(
                &Filter {
                    states: words(&[word]),
                    ..Filter::default()
                },
                &["docs/plans/a.md"],
            );
        }
        check(
            &Filter {
                states: words(&["closed"]),
                ..Filter::default()
            },
            &[],
        );
    }

    #[test]
    fn a_document_without_a_state_is_found_by_what_lists_say() {
        for word in ["unknown", "no state"] {
            check(
                &Filter {
                    states: words(&[word]),
                    all: true,
                    ..Filter::default()
                },
                &["specs/t.md"],
            );
        }
    }

    #[test]
    fn an_owner_is_found_by_handle_and_by_part_of_a_name() {
        for name in ["ann", "@Ann", "bo", "Bo Berg"] {
            check(
                &Filter {
                    owners: words(&[name]),
                    ..Filter::default()
                },
                &["docs/plans/a.md"],
            );
        }
        check(
            &Filter {
                owners: words(&["an"]),
                ..Filter::default()
            },
            &[],
        );
    }

    #[test]
    fn a_folder_stands_for_what_it_holds() {
        for glob in ["docs", "docs/plans/", "docs/**/*.md", "./docs/plans/*.md"] {
            check(
                &Filter {
                    paths: words(&[glob]),
                    ..Filter::default()
                },
                &["docs/plans/a.md"],
            );
        }
        check(
            &Filter {
                paths: words(&["docs/*.md"]),
                ..Filter::default()
            },
            &[],
        );
        assert!(
            Matcher::new(&Filter {
                paths: words(&["a["]),
                ..Filter::default()
            })
            .is_err()
        );
    }

    #[test]
    fn the_condition_that_empties_a_list_is_named() {
        let filter = Filter {
            kinds: words(&["plan"]),
            states: words(&["paused"]),
            ..Filter::default()
        };
        let culprit = Matcher::new(&filter).unwrap().culprit(&entries()).unwrap();
        assert_eq!(culprit.filter, "--state paused");
        assert_eq!(culprit.without, 1);
        assert_eq!(culprit.values, [("active".to_owned(), 1)]);
    }

    #[test]
    fn two_conditions_that_nothing_meets_blame_none() {
        let filter = Filter {
            tags: words(&["x"]),
            states: words(&["paused"]),
            ..Filter::default()
        };
        assert_eq!(Matcher::new(&filter).unwrap().culprit(&entries()), None);
    }
}
