//! Where the words of a `dialect.toml` stand.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

type Natives = Vec<String>;

/// The parts of a manifest whose words can be wrong, with their places.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Places {
    states: BTreeMap<Spanned<String>, Natives>,
    relations: BTreeMap<Spanned<String>, Natives>,
    detect: Vec<Rule>,
    kind: Vec<Rule>,
    relations_file: Vec<Spanned<String>>,
    board_file: Vec<Spanned<String>>,
    initiative: Vec<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rule {
    when: When,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct When {
    path: Vec<Spanned<String>>,
}

/// A word of a manifest.
#[derive(Clone, Debug)]
pub(crate) enum Word {
    /// A key of `[states]`.
    State(String),
    /// A key of `[relations]`.
    Relation(String),
    /// A path.
    Glob(String),
}

/// The line in which a word stands first, 1 where it stands nowhere.
pub(crate) fn line(manifest: &str, word: &Word) -> u32 {
    let places: Places = toml::from_str(manifest).unwrap_or_default();
    let first = |words: &mut dyn Iterator<Item = &Spanned<String>>, word: &str| {
        let found = words.filter(|found| found.get_ref() == word);
        found.map(|found| found.span().start).min()
    };
    let rules = places.detect.iter().chain(&places.kind);
    let mut globs = rules
        .flat_map(|rule| &rule.when.path)
        .chain(&places.relations_file)
        .chain(&places.board_file)
        .chain(&places.initiative);
    let found = match word {
        Word::State(word) => first(&mut places.states.keys(), word),
        Word::Relation(word) => first(&mut places.relations.keys(), word),
        Word::Glob(word) => first(&mut globs, word),
    };
    found.map_or(1, |at| line_at(manifest, at))
}

/// The line of a byte.
pub(crate) fn line_at(manifest: &str, at: usize) -> u32 {
    let before = &manifest.as_bytes()[..at.min(manifest.len())];
    memchr::memchr_iter(b'\n', before).count() as u32 + 1
}

#[cfg(test)]
mod tests {
    use super::{Word, line};

    #[test]
    fn words_are_found_where_they_stand() {
        let manifest = "title = \"x\"\n\n[[detect]]\nscore = 1\nwhen.path = [\n  \"a/*.md\",\n  \"b/[\",\n]\n\n[states]\ndraft = [\"blue\"]\n\"green\" = [\"b/[\"]\n\n[relations]\ndraft = []\n";
        for (word, expected) in [
            (Word::Glob("b/[".to_owned()), 7),
            (Word::State("draft".to_owned()), 11),
            (Word::State("green".to_owned()), 12),
            (Word::Relation("draft".to_owned()), 15),
            (Word::Relation("green".to_owned()), 1),
        ] {
            assert_eq!(line(manifest, &word), expected, "{word:?}");
        }
        let inline = "title = \"x\"\r\nstates = { red = [] }\r\n";
        assert_eq!(line(inline, &Word::State("red".to_owned())), 2);
    }
}
