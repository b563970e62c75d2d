use planwright_dialect::Dialect;
use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::form::Held;
use crate::project::Project;

/// What a rule is about. The first digit of a rule's code is the category's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// The checker's own comments in documents: `PW0..`.
    Suppression,
    /// Bytes, front matter, sections, names: `PW1..`.
    Structure,
    /// What documents say about how far they are: `PW2..`.
    State,
    /// Links, relations, ids, paths: `PW3..`.
    References,
    /// Dates and ages: `PW4..`.
    Time,
    /// What git knows of the work: `PW5..`.
    Evidence,
    /// Principles, gates, risks, questions: `PW6..`.
    Governance,
    /// Requirements against tasks: `PW7..`.
    Coverage,
    /// What documents cost a reader with a token budget: `PW8..`.
    Context,
    /// Words: `PW9..`.
    Prose,
}

impl Category {
    /// Every category, in the order of the codes.
    pub const ALL: [Self; 10] = [
        Self::Suppression,
        Self::Structure,
        Self::State,
        Self::References,
        Self::Time,
        Self::Evidence,
        Self::Governance,
        Self::Coverage,
        Self::Context,
        Self::Prose,
    ];

    /// Its name, as configuration and flags take it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suppression => "suppression",
            Self::Structure => "structure",
            Self::State => "state",
            Self::References => "references",
            Self::Time => "time",
            Self::Evidence => "evidence",
            Self::Governance => "governance",
            Self::Coverage => "coverage",
            Self::Context => "context",
            Self::Prose => "prose",
        }
    }
}

/// How a rule looks.
///
/// What looks at one document alone is asked once for each content of it; the answer is kept. What
/// looks at more is asked at every call, and asks the [`Facts`](crate::facts::Facts) that were kept
/// before it reads a document.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At one document after the other, in parallel. Sees nothing but the document.
    Document(fn(&DocumentView, &Context, &mut Findings)),
    /// At one document after the other, together with its dialect.
    Dialect(fn(&DocumentView, &Dialect, &Context, &mut Findings)),
    /// At one document after the other, together with its form, where it has one.
    Form(fn(&Held<'_>, &mut Findings)),
    /// At one document after the other, which is read only if it alone gives reason to.
    Suspect(
        fn(&DocumentView, &Context) -> bool,
        fn(&Project<'_>, &DocumentView, &mut Findings),
    ),
    /// At all of them at once.
    Project(fn(&Project<'_>, &mut Findings)),
    /// In several of these ways.
    All(&'static [Check]),
    /// Reported by the engine itself, which alone knows which comments were of use.
    Engine,
}

impl Check {
    /// Each of the ways in which a rule looks.
    pub(crate) fn each(&self, with: &mut dyn FnMut(&Self)) {
        match self {
            Self::All(checks) => checks.iter().for_each(|check| check.each(with)),
            check => with(check),
        }
    }
}

/// A number, a switch or words that a rule's behaviour depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A whole number that is not negative.
    Number(u32),
    /// Yes or no.
    Flag(bool),
    /// Words.
    Words(&'static [&'static str]),
}

/// One setting of a rule: a key under `[check.rules.<name>]`.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The key.
    pub name: &'static str,
    /// What counts where nothing is configured; also says of which type it is.
    pub default: Value,
    /// What it decides, in one sentence.
    pub help: &'static str,
}

/// A rule: one claim of a plan that can be compared with something.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Rule {
    /// Short and stable: `PW201`.
    pub code: &'static str,
    /// Stable and in words: `state-disagrees`.
    pub name: &'static str,
    /// What it is about.
    pub category: Category,
    /// How much its findings matter unless configured otherwise; `None` is off.
    pub level: Option<Level>,
    /// The dialects it applies to; none for all.
    pub dialects: &'static [&'static str],
    /// Why anybody should care, in one sentence.
    pub reason: &'static str,
    /// Its page of the guide, whose examples are its tests.
    pub page: &'static str,
    /// True when some of its findings can be put right by the machine.
    pub fixable: bool,
    /// True when it applies to forms to be filled in as well.
    pub templates: bool,
    /// True when it applies to documents in an archive as well.
    pub archived: bool,
    /// True when it asks the history: left out where there is none.
    pub needs_git: bool,
    /// Names of rules that tell of the same plan what matters more: where one of them reports a file,
    /// this one says nothing about it.
    pub yields_to: &'static [&'static str],
    /// True where the same words about many documents have one cause, and so are one finding.
    pub folds: bool,
    /// What can be configured beside its level.
    pub settings: &'static [Setting],
    /// How it looks.
    pub check: Check,
}

impl Rule {
    /// What most rules have in common: all dialects, no templates, no archive, no settings.
    pub const DEFAULT: Self = Self {
        code: "",
        name: "",
        category: Category::Structure,
        level: Some(Level::Warning),
        dialects: &[],
        reason: "",
        page: "",
        fixable: false,
        templates: false,
        archived: false,
        needs_git: false,
        yields_to: &[],
        folds: false,
        settings: &[],
        check: Check::Engine,
    };

    /// True when the rule says something about documents of this dialect.
    pub fn applies_to(&self, dialect: &str) -> bool {
        self.dialects.is_empty() || self.dialects.contains(&dialect)
    }

    /// True for its code, its name, its category, or the beginning of its code (`PW2`).
    pub fn answers_to(&self, word: &str) -> bool {
        let is_prefix = word.len() >= 3
            && self
                .code
                .get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word));
        is_prefix || self.name == word || self.category.as_str() == word
    }
}

/// The word for a level, or for none.
pub const fn level_word(level: Option<Level>) -> &'static str {
    match level {
        None => "off",
        Some(Level::Info) => "info",
        Some(Level::Warning) => "warning",
        Some(Level::Error) => "error",
    }
}

/// The page of a rule.
macro_rules! page {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../docs/guide/src/rules/",
            $name,
            ".md"
        ))
    };
}
pub(crate) use page;
