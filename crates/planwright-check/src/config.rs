//! What a team configured in `.planwright/config.toml`, and what rules are told besides the plans.

mod parse;
mod schema;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::AtomicI32;
use std::sync::atomic::Ordering::Relaxed;

use globset::GlobSet;
use jiff::civil::Date;
use planwright_model::Level;

use crate::rule::{Category, Rule, Value};
use crate::rules::RULES;

pub use schema::schema;

/// Where the configuration lies, from the root.
pub const PATH: &str = ".planwright/config.toml";

/// What is wrong with the configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{PATH}:{line}:{column}: {message}")]
pub struct ConfigError {
    /// 1-based line.
    pub line: u32,
    /// 1-based column in characters.
    pub column: u32,
    /// What is wrong there.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Levels by rule or category.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    rules: BTreeMap<&'static str, Option<Level>>,
    categories: BTreeMap<Category, Option<Level>>,
}

impl Levels {
    #[expect(clippy::option_option, reason = "unsaid, off, or on at a level")]
    fn of(&self, rule: &Rule) -> Option<Option<Level>> {
        let by_rule = self.rules.get(rule.name);
        by_rule
            .or_else(|| self.categories.get(&rule.category))
            .copied()
    }
}

/// The value of a setting as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Configured {
    Number(u32),
    Flag(bool),
    Words(Vec<String>),
}

/// The configuration of a repository: nearly all of it is for `check`.
#[derive(Clone, Debug, Default)]
pub struct Config {
    exclude: GlobSet,
    levels: Levels,
    dialects: BTreeMap<String, Levels>,
    paths: Vec<(GlobSet, Levels)>,
    settings: BTreeMap<(&'static str, &'static str), Configured>,
    /// Stands for the text that it was read from.
    text: u64,
    needs_evidence: bool,
    claims_remote: Option<String>,
    guards_plans: bool,
}

impl Config {
    /// Reads the text of [`PATH`].
    ///
    /// # Errors
    /// At the first key, rule or value that means nothing.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut config = parse::parse(text)?;
        // Where there is no file, nothing is configured either.
        if !text.is_empty() {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            config.text = hasher.finish();
        }
        Ok(config)
    }

    /// A number that differs between any two configurations.
    pub(crate) fn key(&self) -> u64 {
        self.text
    }

    /// True where a document is done only when every command of its verification has passed since
    /// its files changed.
    pub const fn needs_evidence(&self) -> bool {
        self.needs_evidence
    }

    /// The git remote, by name, that claims are shared over.
    pub fn claims_remote(&self) -> Option<&str> {
        self.claims_remote.as_deref()
    }

    /// True where agents are to change plans with verbs, and are kept from editing them by hand.
    pub const fn guards_plans(&self) -> bool {
        self.guards_plans
    }

    /// True for a file that is not checked.
    pub fn is_excluded(&self, path: &str) -> bool {
        self.exclude.is_match(path)
    }

    /// How much a rule's findings in a file matter; `None` where it is off. The last matching entry
    /// of `paths` decides, else the dialect, else `rules`, else the rule itself.
    pub fn level(&self, rule: &Rule, path: &str, dialect: &str) -> Option<Level> {
        self.scoped(rule, path, dialect)
            .or_else(|| self.levels.of(rule))
            .unwrap_or(rule.level)
    }

    /// True where a rule is switched on for a file or its dialect: there it counts in dialects too
    /// for which it was not made.
    pub(crate) fn is_asked_for(&self, rule: &Rule, path: &str, dialect: &str) -> bool {
        self.scoped(rule, path, dialect).flatten().is_some()
    }

    /// True where somebody gave a rule a level by its name or its category, and so wants to hear its
    /// suspicions too.
    pub(crate) fn is_named(&self, rule: &Rule, path: &str, dialect: &str) -> bool {
        self.scoped(rule, path, dialect).is_some() || self.levels.of(rule).is_some()
    }

    /// What the entries of `paths` and the dialect say.
    #[expect(clippy::option_option, reason = "unsaid, off, or on at a level")]
    fn scoped(&self, rule: &Rule, path: &str, dialect: &str) -> Option<Option<Level>> {
        let by_path = self
            .paths
            .iter()
            .rev()
            .filter(|(globs, _)| globs.is_match(path))
            .find_map(|(_, levels)| levels.of(rule));
        by_path.or_else(|| self.dialects.get(dialect)?.of(rule))
    }

    /// The rules that are on anywhere, in the order of their codes.
    pub(crate) fn rules(&self) -> Vec<&'static Rule> {
        let all = RULES.iter().copied();
        all.filter(|rule| self.may_be_on(rule)).collect()
    }

    /// True when a rule is on anywhere.
    pub(crate) fn may_be_on(&self, rule: &Rule) -> bool {
        let scopes = self
            .dialects
            .values()
            .chain(self.paths.iter().map(|(_, levels)| levels));
        self.levels.of(rule).unwrap_or(rule.level).is_some()
            || scopes
                .into_iter()
                .any(|levels| levels.of(rule).flatten().is_some())
    }
}

/// The moment at which the check takes place, as its caller says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The local date.
    pub today: Date,
    /// Seconds since the Unix epoch.
    pub instant: i64,
}

impl Now {
    /// Noon of a day in UTC.
    pub fn noon(today: Date) -> Self {
        let midnight = today
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_or(0, |day| day.timestamp().as_second());
        Self {
            today,
            instant: midnight + 12 * 3600,
        }
    }
}

/// What rules are told besides the plans. Notes on which other days they would have been told the
/// same.
#[derive(Debug)]
pub struct Context {
    config: Arc<Config>,
    now: Now,
    /// The first and the last of these days, by [`number`].
    from: AtomicI32,
    until: AtomicI32,
}

/// A number for a day that grows with it.
pub(crate) fn number(date: Date) -> i32 {
    (i32::from(date.year()) * 12 + i32::from(date.month())) * 32 + i32::from(date.day())
}

impl Context {
    pub(crate) fn new(config: Arc<Config>, now: Now) -> Self {
        Self {
            config,
            now,
            from: AtomicI32::new(i32::MIN),
            until: AtomicI32::new(i32::MAX),
        }
    }

    /// The same, with nothing asked of it yet.
    pub(crate) fn anew(&self) -> Self {
        Self::new(Arc::clone(&self.config), self.now)
    }

    /// The first and the last day on which every answer would have been the same.
    pub(crate) fn days(&self) -> (i32, i32) {
        (self.from.load(Relaxed), self.until.load(Relaxed))
    }

    /// What is configured.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The day of the check. Whoever only compares asks [`Context::is_past`], whose answer holds longer.
    pub fn today(&self) -> Date {
        let today = number(self.now.today);
        self.from.fetch_max(today, Relaxed);
        self.until.fetch_min(today, Relaxed);
        self.now.today
    }

    /// True for a day before that of the check.
    pub fn is_past(&self, date: Date) -> bool {
        let is_past = date < self.now.today;
        if is_past {
            self.from.fetch_max(number(date) + 1, Relaxed);
        } else {
            self.until.fetch_min(number(date), Relaxed);
        }
        is_past
    }

    /// The moment of the check.
    pub fn now(&self) -> Now {
        self.today();
        self.now
    }

    /// A setting that is a number; 0 where the rule has none of that name.
    pub fn number(&self, rule: &'static Rule, name: &str) -> u32 {
        match self.setting(rule, name) {
            Some(Configured::Number(number)) => number,
            _ => 0,
        }
    }

    /// A setting that is a switch; false where the rule has none of that name.
    pub fn flag(&self, rule: &'static Rule, name: &str) -> bool {
        matches!(self.setting(rule, name), Some(Configured::Flag(true)))
    }

    /// A setting that is a list of words; empty where the rule has none of that name.
    pub fn words(&self, rule: &'static Rule, name: &str) -> Vec<String> {
        match self.setting(rule, name) {
            Some(Configured::Words(words)) => words,
            _ => Vec::new(),
        }
    }

    fn setting(&self, rule: &'static Rule, name: &str) -> Option<Configured> {
        let setting = rule.settings.iter().find(|setting| setting.name == name)?;
        let configured = self.config.settings.get(&(rule.name, setting.name));
        Some(configured.cloned().unwrap_or(match setting.default {
            Value::Number(number) => Configured::Number(number),
            Value::Flag(flag) => Configured::Flag(flag),
            Value::Words(words) => {
                Configured::Words(words.iter().map(|word| (*word).to_owned()).collect())
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_between_the_days_that_were_asked_about() {
        let now = Now::noon("2026-03-02".parse().unwrap());
        let context = Context::new(Config::default().into(), now);
        let day = |text: &str| -> Date { text.parse().unwrap() };
        assert_eq!(context.days(), (i32::MIN, i32::MAX));
        assert!(context.is_past(day("2026-01-31")));
        assert!(!context.is_past(day("2026-04-30")));
        let holds = |text: &str| {
            let (from, until) = context.days();
            (from..=until).contains(&number(day(text)))
        };
        assert!(holds("2026-02-01") && holds("2026-04-30"));
        assert!(!holds("2026-01-31") && !holds("2026-05-01"));
        let other = context.anew();
        assert_eq!(other.today(), day("2026-03-02"));
        let only = number(day("2026-03-02"));
        assert_eq!(other.days(), (only, only));
    }
}
