//! `dialect.toml`: what a dialect says about itself.

pub(crate) mod places;

use std::collections::BTreeMap;

use memchr::memmem::Finder;
use planwright_model::{DocumentState, ItemState, LogRole};
use planwright_syntax::FrontMatter;
use rapidhash::RapidHashMap;
use serde::Deserialize;

/// The text of a `dialect.toml`, as data. Unknown keys are errors, so that a slip of the pen is
/// told and not ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Manifest {
    /// What the dialect is, in one line.
    pub(crate) title: String,
    /// Rules by which its files are recognised.
    pub(crate) detect: Vec<DetectRule>,
    /// Rules for the kind of a file, the first that matches counts.
    pub(crate) kind: Vec<KindRule>,
    /// Files that state relations between documents.
    pub(crate) relations_file: Vec<String>,
    /// JSON files that are boards or tasks.
    pub(crate) board_file: Vec<String>,
    /// Canonical state -> the dialect's words. Adds to the common words and wins over them.
    pub(crate) states: BTreeMap<String, Vec<String>>,
    /// Section role -> headings. Adds to the common ones and wins over them.
    pub(crate) sections: BTreeMap<String, Vec<String>>,
    /// Canonical field -> keys of front matter and header lines.
    pub(crate) fields: BTreeMap<String, Vec<String>>,
    /// Relation type -> keys whose values are targets.
    pub(crate) relations: BTreeMap<String, Vec<String>>,
    /// Words that head a phase when a number or letter follows.
    pub(crate) phase_words: Vec<String>,
    /// Keys of front matter that state the document's state, the first present counts.
    pub(crate) state_keys: Vec<String>,
    /// Where work stands.
    pub(crate) items: ItemRules,
    /// Headings that end in one of these words are recognised too: `Phase 1 acceptance criteria`.
    pub(crate) loose: BTreeMap<String, Vec<String>>,
    /// Folders whose documents are one undertaking: `specs/*`.
    pub(crate) initiative: Vec<String>,
    /// Folders that are archives.
    pub(crate) archive: Vec<String>,
    /// Prefixes of ids that mean the same: `PLAN` and `PLN`.
    pub(crate) id_prefixes: Vec<Vec<String>>,
    /// What is written where a document shows no habit of its own.
    pub(crate) write: WriteRules,
}

/// The words to write. A table that a dialect has stands in for the common one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WriteRules {
    /// The word for each state. A state without one cannot be stated in the dialect.
    pub(crate) states: BTreeMap<DocumentState, String>,
    /// The character in the box of an item.
    pub(crate) marks: BTreeMap<ItemState, String>,
    /// The words in front of an item without a box.
    pub(crate) words: BTreeMap<ItemState, String>,
    /// The lines of a log entry, with `{text}`, `{time}`, `{day}`, `{author}`, `{rationale}`,
    /// `{alternatives}` and `{evidence}`; a line for which there is no value is left out.
    pub(crate) log: BTreeMap<LogRole, String>,
    /// The heading of a log where no template has one.
    pub(crate) headings: BTreeMap<LogRole, String>,
}

/// How a dialect marks work.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ItemRules {
    /// Boxes of a progress section are the tasks.
    pub(crate) progress_boxes_are_tasks: Option<bool>,
    /// Only boxes are tasks; lists without boxes are prose, headings too.
    pub(crate) boxes_only_with_progress: Option<bool>,
    /// Boxes in sections of unknown purpose are tasks.
    pub(crate) unknown_boxes_are_tasks: Option<bool>,
}

/// Conditions on a file. All that are given must hold; of each list, one must.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Conditions {
    /// Globs over the path from the root.
    pub(crate) path: Vec<String>,
    /// Keys of the front matter, `key` or `key=value`; `a.b` reaches into a mapping.
    pub(crate) front_matter: Vec<String>,
    /// Normalised headings.
    pub(crate) headings: Vec<String>,
    /// How many of `headings` must stand in the file.
    pub(crate) at_least: Option<usize>,
    /// Text that must stand in the first 4 KiB, whatever its case.
    pub(crate) text: Vec<String>,
    /// Words that the title must begin with, whatever their case.
    pub(crate) title: Vec<String>,
    /// At least so many lines that are boxes.
    pub(crate) boxes: Option<usize>,
    /// The title is a placeholder, or the name says that it is a form.
    pub(crate) placeholder_title: bool,
    /// Headings of phases, at least so many.
    pub(crate) phases: Option<usize>,
    /// Numbers of `headings` among those that any dialect asks for, in the same order.
    #[serde(skip)]
    pub(crate) heading_ids: Vec<u16>,
    /// What `front_matter` asks for, in the same order.
    #[serde(skip)]
    pub(crate) keys: Vec<Key>,
    /// Searches for `text`, in the same order.
    #[serde(skip)]
    pub(crate) finders: Vec<Finder<'static>>,
}

/// A key of the front matter that a rule asks for, and the value that it must have.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    name: String,
    /// The two parts of `a.b`.
    path: Option<(String, String)>,
    value: Option<String>,
}

impl Key {
    fn new(condition: &str) -> Self {
        let (key, value) = condition
            .split_once('=')
            .map_or((condition, None), |(key, value)| (key, Some(value)));
        let path = key.split_once('.');
        Self {
            name: key.to_owned(),
            path: path.map(|(outer, inner)| (outer.to_owned(), inner.to_owned())),
            value: value.map(str::to_owned),
        }
    }

    pub(crate) fn stands_in(&self, matter: &FrontMatter) -> bool {
        let found = matter.get(&self.name).or_else(|| {
            let (outer, inner) = self.path.as_ref()?;
            matter.get(outer)?.get(inner)
        });
        found.is_some_and(|found| {
            self.value.as_ref().is_none_or(|wanted| {
                let text = found.as_str();
                text.is_some_and(|text| text.trim().eq_ignore_ascii_case(wanted))
            })
        })
    }
}

/// The headings that rules ask for, each with a number.
#[derive(Debug, Default)]
pub(crate) struct Headings {
    numbers: RapidHashMap<String, u16>,
}

impl Headings {
    /// The number of a heading that some rule asks for.
    pub(crate) fn number(&self, normalised: &str) -> Option<u16> {
        self.numbers.get(normalised).copied()
    }

    fn add(&mut self, normalised: String) -> u16 {
        let next = self.numbers.len() as u16;
        *self.numbers.entry(normalised).or_insert(next)
    }
}

impl Conditions {
    /// Brings the words to look up into the form they are looked up in.
    pub(crate) fn prepare(&mut self, headings: &mut Headings) {
        for heading in &mut self.headings {
            *heading = crate::words::normalise(heading);
            self.heading_ids.push(headings.add(heading.clone()));
        }
        self.keys = self.front_matter.iter().map(|key| Key::new(key)).collect();
        self.finders = self
            .text
            .iter()
            .map(|text| Finder::new(&text.to_ascii_lowercase()).into_owned())
            .collect();
    }
}

/// A sign of a dialect.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DetectRule {
    /// How much it counts; the dialect with the highest sum has the file.
    pub(crate) score: u32,
    /// When it holds.
    #[serde(default)]
    pub(crate) when: Conditions,
}

/// A kind and when a file is of that kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindRule {
    /// The kind; `*` takes the last part of the file name before `.md` (`x.adr.md`), `=key` takes
    /// the value of a front matter key.
    pub(crate) is: String,
    /// False where files of this kind are no plan documents and stay out of lists.
    #[serde(default = "yes")]
    pub(crate) listed: bool,
    /// True where such a file is a form.
    #[serde(default)]
    pub(crate) template: bool,
    /// When it holds.
    #[serde(default)]
    pub(crate) when: Conditions,
}

fn yes() -> bool {
    true
}

impl Conditions {
    /// The conditions in words.
    pub(crate) fn describe(&self) -> String {
        let mut parts = Vec::new();
        if !self.path.is_empty() {
            parts.push(format!("path is one of {}", self.path.join(", ")));
        }
        if !self.front_matter.is_empty() {
            parts.push(format!(
                "front matter has one of {}",
                self.front_matter.join(", ")
            ));
        }
        if !self.headings.is_empty() {
            parts.push(format!(
                "at least {} of the headings {}",
                self.at_least.unwrap_or(1),
                self.headings.join(", ")
            ));
        }
        if !self.text.is_empty() {
            parts.push(format!(
                "its beginning holds one of {}",
                self.text.join(", ")
            ));
        }
        if !self.title.is_empty() {
            parts.push(format!(
                "title begins with one of {}",
                self.title.join(", ")
            ));
        }
        if let Some(boxes) = self.boxes {
            parts.push(format!("at least {boxes} boxes"));
        }
        if let Some(phases) = self.phases {
            parts.push(format!("at least {phases} phases"));
        }
        if self.placeholder_title {
            parts.push("the title is a placeholder".to_owned());
        }
        if parts.is_empty() {
            "any Markdown".to_owned()
        } else {
            parts.join("; ")
        }
    }
}
