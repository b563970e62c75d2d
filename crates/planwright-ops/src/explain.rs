//! `plan explain`: what a rule looks at, why, and the way out.

use planwright_check::{RULES, Rule, Value, level_word};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{ErrorKind, Hint, OpsError};

/// All rules.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Answer {
    /// `planwright/rules@1`
    pub schema: &'static str,
    /// The rules in the order of their code.
    pub rules: Vec<Entry>,
}

/// One rule in short.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Entry {
    /// `PW201`
    pub code: &'static str,
    /// `state-disagrees`
    pub name: &'static str,
    /// What it is about.
    pub category: &'static str,
    /// `error`, `warning`, `info` or `off`, unless configured otherwise.
    pub level: &'static str,
    /// The dialects it applies to; empty for all.
    pub dialects: &'static [&'static str],
    /// Why anybody should care.
    pub reason: &'static str,
    /// Whether some of its findings can be fixed by the machine.
    pub fixable: bool,
    /// Whether it reads the git history.
    pub needs_git: bool,
}

/// One rule, whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleAnswer {
    /// `planwright/rule@1`
    pub schema: &'static str,
    /// What lists say of it.
    #[serde(flatten)]
    pub rule: Entry,
    /// What can be configured beside its level.
    pub settings: Vec<Setting>,
    /// Its page in Markdown.
    pub page: &'static str,
}

/// One setting of a rule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Setting {
    /// The key below `[check.rules.<name>]`.
    pub name: &'static str,
    /// What it decides.
    pub help: &'static str,
    /// What counts where nothing is configured, as TOML.
    pub default: String,
}

/// All rules.
pub fn list() -> Answer {
    Answer {
        schema: "planwright/rules@1",
        rules: RULES.iter().map(|rule| entry(rule)).collect(),
    }
}

/// One rule by its code or name.
///
/// # Errors
/// When there is none, with the nearest.
pub fn run(word: &str) -> Result<RuleAnswer, OpsError> {
    let rule = planwright_check::find(word).ok_or_else(|| no_rule(word))?;
    let settings = rule.settings.iter().map(|setting| Setting {
        name: setting.name,
        help: setting.help,
        default: match setting.default {
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::Words(words) => format!("{words:?}"),
        },
    });
    Ok(RuleAnswer {
        schema: "planwright/rule@1",
        rule: entry(rule),
        settings: settings.collect(),
        page: rule.page,
    })
}

pub(crate) fn no_rule(word: &str) -> OpsError {
    let near = planwright_check::nearest(word).map(|rule| rule.name.to_owned());
    OpsError::new(ErrorKind::Usage, format!("there is no rule `{word}`"))
        .with_hint(Hint::Nearest(near.into_iter().collect()))
        .with_hint(Hint::Run("plan explain".to_owned()))
}

fn entry(rule: &Rule) -> Entry {
    Entry {
        code: rule.code,
        name: rule.name,
        category: rule.category.as_str(),
        level: level_word(rule.level),
        dialects: rule.dialects,
        reason: rule.reason,
        fixable: rule.fixable,
        needs_git: rule.needs_git,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_found_by_code_and_name() {
        assert_eq!(run("pw201").unwrap().rule.name, "state-disagrees");
        assert!(
            run("state-disagrees")
                .unwrap()
                .page
                .starts_with("# state-disagrees\n")
        );
        let error = run("state-disagree").unwrap_err();
        assert_eq!(
            error.hints[0],
            Hint::Nearest(vec!["state-disagrees".to_owned()])
        );
    }
}
