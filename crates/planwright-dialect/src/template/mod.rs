//! Templates: the form of each kind of document, which is its schema too.
//!
//! A template is an ordinary Markdown file that a person can fill in by hand. Four things in it
//! have a meaning of their own:
//!
//! | In the form | What it says |
//! |---|---|
//! | `{{title}}` | Filled in when a document is made; the words are [`FILLED`]. |
//! | `[words in brackets]` | Left for a person. |
//! | `[draft \| accepted]` | The words that may stand here; a new document begins with the first. |
//! | `<!-- optional -->` | A mark: says something about the form, and no document carries it. |
//!
//! Marks stand below a heading, behind a header line or, as `# optional`, behind a key of the front
//! matter. Several in one comment are parted by `;`; any other comment is advice to the author, and
//! stays.
//!
//! | Mark | What it says |
//! |---|---|
//! | `optional`, `required` | A document may go without it; a document owes it. |
//! | `also: Options, Choices` | Other words that serve as well. |
//! | `items` | The section is to hold at least one of the items that the form shows there. |
//! | `file: specs/{{nnn}}-{{slug}}/plan.md` | Where a new document goes ([`Place`]). |
//! | `name: **/{{slug}}.plan.md` | Which paths such documents have. |
//! | `kind: doc` | What the reader takes them for, where that is not the name of the template. |
//!
//! The last three speak of the whole form and stand in a comment of their own, where `items` speaks
//! of the whole document too. Without a mark, front matter keys, header lines and the sections of
//! the highest level are owed; deeper sections and the lines of the foot are not. `# optional` in
//! the first line of the front matter lets a document go without any; one that has some owes the
//! keys.
//!
//! What a section holds is not declared: the reader reads the form as it reads a document, and what
//! it takes for a task there, documents keep their tasks in.

mod fill;
mod front;
mod library;
mod marks;
mod parse;
mod place;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use planwright_model::{Diagnostic, Document, ItemRole, Section, SectionRole};
use planwright_syntax::FrontMatter;

pub(crate) use fill::quoted;
pub use fill::{FILLED, Values};
pub(crate) use library::Templates;
pub use place::Place;

use crate::vocabulary::key_word;
use crate::words::normalise;

/// A form, and what a document of its kind owes.
#[derive(Clone, Debug)]
pub struct Template {
    /// The name by which it is asked for: `plan`, `adr`, `checklist`.
    pub name: String,
    /// The kind that the reader gives to a document made from it.
    pub kind: String,
    /// `built-in`, or the path of the file that it was read from.
    pub origin: String,
    /// The form as written.
    pub text: Cow<'static, str>,
    /// Where a new document goes.
    pub file: Option<Place>,
    /// Which paths such documents have; none owes nothing.
    pub path: Option<Place>,
    /// What its front matter owes, where the form has some.
    pub front_matter: Option<FrontMatterRule>,
    /// What the `Key: value` lines of head and foot owe.
    pub labels: Vec<KeyRule>,
    /// Its sections, in the order of the form. Headings that a person words are none.
    pub sections: Vec<SectionRule>,
    /// The items that a document owes, in whatever section: at least one of each role.
    pub holds: Vec<ItemRole>,
    /// True where the form is laid out in phases.
    pub phases: bool,
    /// What is wrong with the form.
    pub diagnostics: Vec<Diagnostic>,
    /// Bytes of the marks, which no document carries.
    marks: Vec<Range<usize>>,
    /// Bytes of the choices of front matter and header lines, each with the key it belongs to.
    choices: Vec<(Range<usize>, String)>,
}

/// What the front matter of a document owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontMatterRule {
    /// False where a document may go without front matter.
    pub required: bool,
    /// Its keys, in the order of the form; `ai.priority` for a key inside a mapping.
    pub keys: Vec<KeyRule>,
}

/// What a key of the front matter or a header line owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRule {
    /// As the form writes it.
    pub name: String,
    /// False where a document may go without it.
    pub required: bool,
    /// Other words that serve as well.
    pub also: Vec<String>,
    /// What its value is.
    pub value: ValueRule,
    /// Line of the form.
    pub line: u32,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueRule {
    /// Words.
    Text,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// Digits.
    Number,
    /// Any number of words.
    List,
    /// One of these words.
    Choice(Vec<String>),
    /// Keys of its own, which are listed by themselves.
    Mapping,
}

/// What a section owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionRule {
    /// The heading, as the form words it.
    pub title: String,
    /// 2 to 6.
    pub level: u8,
    /// What it is for, where its words are known.
    pub role: Option<SectionRole>,
    /// False where a document may go without it.
    pub required: bool,
    /// Other headings that serve as well.
    pub also: Vec<String>,
    /// What its list items are; empty where it holds none. Subsections count.
    pub holds: Vec<ItemRole>,
    /// True where a document owes at least one of them.
    pub items: bool,
    /// The columns of each table that stands in it.
    pub tables: Vec<Vec<String>>,
    /// Line of the form.
    pub line: u32,
}

impl Template {
    /// The sections that a document owes and lacks.
    pub fn missing_sections<'a>(
        &'a self,
        document: &'a Document,
    ) -> impl Iterator<Item = &'a SectionRule> {
        self.sections.iter().filter(|rule| {
            let mut sections = document.sections.iter();
            rule.required && !sections.any(|section| self.is_met(rule, section))
        })
    }

    /// True for a section that stands for a rule, and is not the one that another rule asks for by
    /// its words: `Goals` is no `Vision`, though both tell what is wanted.
    pub fn is_met(&self, rule: &SectionRule, section: &Section) -> bool {
        let mut others = self.sections.iter().filter(|other| other.line != rule.line);
        rule.is_named(section)
            || rule.is_met_by(section)
                && !others.any(|other| other.required && other.is_named(section))
    }

    /// The keys that a document's front matter owes and lacks. A document without front matter
    /// lacks all of them where front matter is owed, and none where it is not.
    pub fn missing_keys<'a>(&'a self, matter: Option<&'a FrontMatter>) -> Vec<&'a KeyRule> {
        let Some(rule) = &self.front_matter else {
            return Vec::new();
        };
        if matter.is_none() && !rule.required {
            return Vec::new();
        }
        let lacks =
            |key: &&KeyRule| key.required && matter.is_none_or(|matter| key.find(matter).is_none());
        rule.keys.iter().filter(lacks).collect()
    }
}

impl KeyRule {
    /// True for a key or label that is this one, whatever its case.
    pub fn is_met_by(&self, name: &str) -> bool {
        let name = key_word(name);
        key_word(&self.name) == name || self.also.iter().any(|also| key_word(also) == name)
    }

    /// The value of this key in a front matter; the outer keys of `ai.priority` are walked into.
    pub fn find<'a>(&self, matter: &'a FrontMatter) -> Option<&'a planwright_syntax::yaml::Value> {
        let words = std::iter::once(&self.name).chain(&self.also);
        words.into_iter().find_map(|name| {
            let mut value = &matter.value;
            for part in name.split('.') {
                let entries = value.entries();
                let entry = entries
                    .iter()
                    .find(|entry| key_word(&entry.key) == key_word(part))?;
                value = &entry.value;
            }
            Some(value)
        })
    }
}

impl SectionRule {
    /// The first section that stands for this one.
    pub fn find<'a>(&self, sections: &'a [Section]) -> Option<&'a Section> {
        sections.iter().find(|section| self.is_met_by(section))
    }

    /// True for a section that stands for this one: by its words, by further words behind them
    /// (`Goals` in `Goals and Metrics`), by other words that the form names, or by its role.
    pub fn is_met_by(&self, section: &Section) -> bool {
        self.role.is_some() && self.role == section.role || self.is_named(section)
    }

    /// True for a section that has the words of this one.
    fn is_named(&self, section: &Section) -> bool {
        let heading = normalise(&section.title);
        let begins = |words: &str| {
            let words = normalise(words);
            heading
                .strip_prefix(words.as_str())
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        begins(&self.title) || self.also.iter().any(|also| begins(also))
    }
}
