//! TOML to [`Config`], strictly: what means nothing is an error with its place.

use std::collections::BTreeMap;
use std::ops::Range;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use planwright_model::Level;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, ConfigError, Configured, Levels};
use crate::rule::{Category, Rule, Value};
use crate::rules;
use crate::text::nearest;

type Entry<'t, 'i> = &'t Spanned<DeValue<'i>>;

/// An error without its line: where, what, and the way out.
struct Wrong {
    span: Range<usize>,
    message: String,
    help: Option<String>,
}

type Result<T> = std::result::Result<T, Wrong>;

pub(super) fn parse(text: &str) -> std::result::Result<Config, ConfigError> {
    let root = DeTable::parse(text).map_err(|error| Wrong {
        span: error.span().unwrap_or(0..0),
        message: format!("not valid TOML: {}", error.message().trim_end()),
        help: None,
    });
    root.and_then(|root| read(root.get_ref())).map_err(|wrong| {
        let before = text.get(..wrong.span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        ConfigError {
            line: line as u32,
            column: column as u32,
            message: wrong.message,
            help: wrong.help,
        }
    })
}

fn read(root: &DeTable<'_>) -> Result<Config> {
    let mut config = Config::default();
    for (key, value) in root {
        match key.get_ref().as_ref() {
            "check" => check(table(value)?, &mut config)?,
            "claims" => claims(table(value)?, &mut config)?,
            "complete" => complete(table(value)?, &mut config)?,
            "hooks" => hooks(table(value)?, &mut config)?,
            _ => return Err(unknown(key, &["check", "claims", "complete", "hooks"])),
        }
    }
    Ok(config)
}

fn complete(root: &DeTable<'_>, config: &mut Config) -> Result<()> {
    for (key, value) in root {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("evidence", DeValue::Boolean(needed)) => config.needs_evidence = *needed,
            ("evidence", _) => return Err(wrong(value.span(), "`evidence` is true or false")),
            _ => return Err(unknown(key, &["evidence"])),
        }
    }
    Ok(())
}

fn claims(root: &DeTable<'_>, config: &mut Config) -> Result<()> {
    for (key, value) in root {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("remote", DeValue::String(name)) => config.claims_remote = Some(name.to_string()),
            ("remote", _) => return Err(wrong(value.span(), "a remote is named by a string")),
            _ => return Err(unknown(key, &["remote"])),
        }
    }
    Ok(())
}

fn hooks(root: &DeTable<'_>, config: &mut Config) -> Result<()> {
    for (key, value) in root {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("guard", DeValue::Boolean(guards)) => config.guards_plans = *guards,
            ("guard", _) => return Err(wrong(value.span(), "`guard` is true or false")),
            _ => return Err(unknown(key, &["guard"])),
        }
    }
    Ok(())
}

fn check(root: &DeTable<'_>, config: &mut Config) -> Result<()> {
    for (key, value) in root {
        match key.get_ref().as_ref() {
            "exclude" => config.exclude = globs(value)?,
            "rules" => config.levels = levels(table(value)?, Some(&mut config.settings))?,
            "dialects" => {
                for (name, value) in table(value)? {
                    let levels = levels(table(value)?, None)?;
                    config
                        .dialects
                        .insert(name.get_ref().clone().into_owned(), levels);
                }
            }
            "paths" => {
                for value in array(value)? {
                    config.paths.push(scope(value)?);
                }
            }
            _ => return Err(unknown(key, &["exclude", "rules", "dialects", "paths"])),
        }
    }
    Ok(())
}

/// One entry of `[[check.paths]]`.
fn scope(value: Entry<'_, '_>) -> Result<(GlobSet, Levels)> {
    let (mut paths, mut rules) = (None, None);
    for (key, value) in table(value)? {
        match key.get_ref().as_ref() {
            "paths" => paths = Some(globs(value)?),
            "rules" => rules = Some(levels(table(value)?, None)?),
            _ => return Err(unknown(key, &["paths", "rules"])),
        }
    }
    match (paths, rules) {
        (Some(paths), Some(rules)) => Ok((paths, rules)),
        _ => Err(wrong(
            value.span(),
            "an entry of `paths` needs `paths` and `rules`",
        )),
    }
}

/// Rules and categories with their levels, and rules with their settings where those are wanted.
fn levels(
    root: &DeTable<'_>,
    mut settings: Option<&mut BTreeMap<(&'static str, &'static str), Configured>>,
) -> Result<Levels> {
    let mut levels = Levels::default();
    for (key, value) in root {
        let word = key.get_ref().as_ref();
        let category = Category::ALL
            .into_iter()
            .find(|category| category.as_str() == word);
        if let Some(category) = category {
            levels.categories.insert(category, level(value)?);
            continue;
        }
        let Some(rule) = rules::find(word) else {
            let help = rules::nearest(word).map(|rule| format!("did you mean `{}`?", rule.name));
            return Err(Wrong {
                span: key.span(),
                message: format!("there is no rule or category `{word}`"),
                help: help.or_else(|| Some("`plan explain` lists the rules".to_owned())),
            });
        };
        match (value.get_ref(), settings.as_deref_mut()) {
            (DeValue::Table(entries), Some(settings)) => {
                rule_table(rule, entries, &mut levels, settings)?;
            }
            _ => {
                levels.rules.insert(rule.name, level(value)?);
            }
        }
    }
    Ok(levels)
}

fn rule_table(
    rule: &'static Rule,
    entries: &DeTable<'_>,
    levels: &mut Levels,
    settings: &mut BTreeMap<(&'static str, &'static str), Configured>,
) -> Result<()> {
    for (key, value) in entries {
        let name = key.get_ref().as_ref();
        if name == "level" {
            levels.rules.insert(rule.name, level(value)?);
            continue;
        }
        let Some(setting) = rule.settings.iter().find(|setting| setting.name == name) else {
            let mut known: Vec<&str> = rule.settings.iter().map(|setting| setting.name).collect();
            known.push("level");
            return Err(unknown(key, &known));
        };
        let read = match setting.default {
            Value::Number(_) => number(value).map(Configured::Number),
            Value::Flag(_) => value.get_ref().as_bool().map(Configured::Flag),
            Value::Words(_) => Some(Configured::Words(words(value)?)),
        };
        let Some(read) = read else {
            let kind = match setting.default {
                Value::Number(_) => "a whole number",
                Value::Flag(_) => "`true` or `false`",
                Value::Words(_) => "a list of words",
            };
            return Err(wrong(value.span(), format!("`{name}` is {kind}")));
        };
        settings.insert((rule.name, setting.name), read);
    }
    Ok(())
}

fn level(value: Entry<'_, '_>) -> Result<Option<Level>> {
    const WORDS: [(&str, Option<Level>); 4] = [
        ("off", None),
        ("info", Some(Level::Info)),
        ("warning", Some(Level::Warning)),
        ("error", Some(Level::Error)),
    ];
    let word = value.get_ref().as_str().unwrap_or_default();
    let known = WORDS.iter().find(|(known, _)| *known == word);
    known.map(|(_, level)| *level).ok_or_else(|| Wrong {
        span: value.span(),
        message: "a level is `off`, `info`, `warning` or `error`".to_owned(),
        help: nearest(word, WORDS.map(|(word, _)| word)).map(did_you_mean),
    })
}

fn number(value: Entry<'_, '_>) -> Option<u32> {
    let number = value.get_ref().as_integer()?;
    u32::from_str_radix(number.as_str(), number.radix()).ok()
}

fn words(value: Entry<'_, '_>) -> Result<Vec<String>> {
    let word = |value: Entry<'_, '_>| {
        let word = value.get_ref().as_str().map(str::to_owned);
        word.ok_or_else(|| wrong(value.span(), "a text in quotes belongs here"))
    };
    array(value)?.iter().map(word).collect()
}

fn globs(value: Entry<'_, '_>) -> Result<GlobSet> {
    let mut builder = GlobSetBuilder::new();
    for (pattern, entry) in words(value)?.iter().zip(array(value)?) {
        // A folder stands for all that it holds.
        for pattern in [
            pattern.trim_end_matches('/').to_owned(),
            format!("{}/**", pattern.trim_end_matches('/')),
        ] {
            let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
            builder.add(glob.map_err(|error| {
                wrong(entry.span(), format!("no valid glob: {}", error.kind()))
            })?);
        }
    }
    builder
        .build()
        .map_err(|error| wrong(value.span(), format!("no valid globs: {error}")))
}

fn table<'t, 'i>(value: Entry<'t, 'i>) -> Result<&'t DeTable<'i>> {
    let table = value.get_ref().as_table();
    table.ok_or_else(|| wrong(value.span(), "a table belongs here"))
}

fn array<'t, 'i>(value: Entry<'t, 'i>) -> Result<&'t [Spanned<DeValue<'i>>]> {
    let array = value.get_ref().as_array();
    array
        .map(|array| &array[..])
        .ok_or_else(|| wrong(value.span(), "a list belongs here"))
}

fn wrong(span: Range<usize>, message: impl Into<String>) -> Wrong {
    Wrong {
        span,
        message: message.into(),
        help: None,
    }
}

fn unknown(key: &Spanned<toml::de::DeString<'_>>, known: &[&str]) -> Wrong {
    let word = key.get_ref().as_ref();
    let list = || {
        let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
        format!("there are: {}", known.join(", "))
    };
    let near = nearest(word, known.iter().copied()).map(did_you_mean);
    Wrong {
        span: key.span(),
        message: format!("there is no key `{word}`"),
        help: Some(near.unwrap_or_else(list)),
    }
}

fn did_you_mean(word: &str) -> String {
    format!("did you mean `{word}`?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fails(text: &str, expected: &str) {
        let error = parse(text).unwrap_err();
        let help = error.help.as_deref().unwrap_or("-");
        assert_eq!(
            format!("{}:{} {} [{help}]", error.line, error.column, error.message),
            expected
        );
    }

    #[test]
    fn evidence_is_asked_for_or_not() {
        assert!(!parse("").unwrap().needs_evidence());
        assert!(
            parse("[complete]\nevidence = true\n")
                .unwrap()
                .needs_evidence()
        );
        fails(
            "[complete]\nevidence = \"yes\"\n",
            "2:12 `evidence` is true or false [-]",
        );
    }

    #[test]
    fn plans_are_guarded_or_not() {
        assert!(!parse("").unwrap().guards_plans());
        assert!(parse("[hooks]\nguard = true\n").unwrap().guards_plans());
        fails("[hooks]\nguard = 1\n", "2:9 `guard` is true or false [-]");
    }

    #[test]
    fn what_means_nothing_is_an_error_with_its_place() {
        fails(
            "[chek]\n",
            "1:2 there is no key `chek` [did you mean `check`?]",
        );
        fails(
            "[check.rules]\nstate-disagree = \"off\"\n",
            "2:1 there is no rule or category `state-disagree` [did you mean `state-disagrees`?]",
        );
        fails(
            "[check.rules]\nstate-disagrees = \"warn\"\n",
            "2:19 a level is `off`, `info`, `warning` or `error` [did you mean `warning`?]",
        );
        fails(
            "[check.rules.context-budget]\ntolerence = 1\n",
            "2:1 there is no key `tolerence` [did you mean `tolerance`?]",
        );
        fails(
            "[check.rules.context-budget]\ntolerance = \"1\"\n",
            "2:13 `tolerance` is a whole number [-]",
        );
        fails(
            "[check]\nexclude = [\"a[\"]\n",
            "2:12 no valid glob: unclosed character class; missing ']' [-]",
        );
        fails(
            "[[check.paths]]\npaths = [\"x\"]\n",
            "1:1 an entry of `paths` needs `paths` and `rules` [-]",
        );
    }

    #[test]
    fn the_nearest_scope_decides() {
        let config = parse(
            "[check]\nexclude = [\"old\"]\n[check.rules]\nstate = \"info\"\nPW201 = \"error\"\n\
             [check.dialects.execplan]\nstate-disagrees = \"off\"\n\
             [[check.paths]]\npaths = [\"docs/**\"]\nrules = { state-disagrees = \"warning\" }\n",
        )
        .unwrap();
        let rule = rules::find("PW201").unwrap();
        assert_eq!(config.level(rule, "x.md", "generic"), Some(Level::Error));
        assert_eq!(config.level(rule, "x.md", "execplan"), None);
        assert_eq!(
            config.level(rule, "docs/a/x.md", "execplan"),
            Some(Level::Warning)
        );
        let other = rules::find("state-unknown").unwrap();
        assert_eq!(config.level(other, "x.md", "generic"), Some(Level::Info));
        assert!(config.is_excluded("old/a/b.md") && !config.is_excluded("older/a.md"));
    }
}
