//! What is generated from the rules: the line below each page's title, the table of all rules, the
//! table of contents, and the reference of the configuration.
//!
//! With `PLANWRIGHT_UPDATE_RULES=1` it is written anew.

use std::fmt::Write as _;
use std::fs;

use planwright_check::{Category, RULES, Rule, Value, level_word};

use crate::pages::{guide, is_update};

/// A file between whose marks something generated stands.
fn compare(file: &str, wanted: impl Fn(&str) -> String) {
    let path = guide().join(file);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let new = wanted(&text);
    if is_update() {
        if new != text {
            fs::write(&path, &new).unwrap();
        }
        return;
    }
    assert!(
        new == text,
        "{file} is out of date: PLANWRIGHT_UPDATE_RULES=1 cargo test -p planwright-check writes it"
    );
}

/// Text with what stands between `<!-- begin: x -->` and `<!-- end: x -->` replaced.
fn between(text: &str, mark: &str, new: &str) -> String {
    let (begin, end) = (
        format!("<!-- begin: {mark} -->\n"),
        format!("<!-- end: {mark} -->"),
    );
    let (head, rest) = text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("no {begin}"));
    let (_, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
    format!("{head}{begin}\n{new}\n{end}{tail}")
}

fn facts(rule: &Rule) -> String {
    let mut facts = format!(
        "`{}` · {} · {}",
        rule.code,
        rule.category.as_str(),
        level_word(rule.level)
    );
    if rule.level.is_none() {
        facts.push_str(" by default");
    }
    if !rule.dialects.is_empty() {
        let _ = write!(facts, " · {}", rule.dialects.join(", "));
    }
    if rule.fixable {
        facts.push_str(" · can be fixed by `--fix`");
    }
    if rule.needs_git {
        facts.push_str(" · reads the git history");
    }
    let reason = rule.reason;
    format!("{facts}\n\n{}{}.", reason[..1].to_uppercase(), &reason[1..])
}

#[test]
fn every_page_says_what_its_rule_is() {
    for rule in RULES {
        compare(&format!("rules/{}.md", rule.name), |text| {
            let title = format!("# {}\n\n", rule.name);
            let body = text.find("\n## ").map_or("", |at| &text[at + 1..]);
            format!("{title}{}\n\n{body}", facts(rule))
        });
    }
    let pages = fs::read_dir(guide().join("rules")).unwrap();
    for page in pages {
        let name = page.unwrap().file_name().into_string().unwrap();
        let rule = name.strip_suffix(".md").and_then(planwright_check::find);
        assert!(rule.is_some(), "rules/{name} is the page of no rule");
    }
}

#[test]
fn the_table_of_rules_has_them_all() {
    compare("rules.md", |text| {
        let mut table = String::new();
        for category in Category::ALL {
            let mut rules = RULES
                .iter()
                .filter(|rule| rule.category == category)
                .peekable();
            if rules.peek().is_none() {
                continue;
            }
            let name = category.as_str();
            let _ = writeln!(table, "## {}{}\n", name[..1].to_uppercase(), &name[1..]);
            table.push_str("| Code | Rule | Level | Fix | Why |\n|---|---|---|---|---|\n");
            for rule in rules {
                let _ = writeln!(
                    table,
                    "| `{}` | [{name}](rules/{name}.md) | {} | {} | {} |",
                    rule.code,
                    level_word(rule.level),
                    if rule.fixable { "yes" } else { "" },
                    rule.reason,
                    name = rule.name,
                );
            }
            table.push('\n');
        }
        between(text, "rules", table.trim_end())
    });
}

#[test]
fn the_table_of_contents_has_every_page() {
    compare("SUMMARY.md", |text| {
        let mut out = String::new();
        for line in text.lines().filter(|line| !line.contains("](rules/")) {
            out.push_str(line);
            out.push('\n');
            if line.contains("](rules.md)") {
                let indent = line.len() - line.trim_start().len() + 2;
                for rule in RULES {
                    let _ = writeln!(
                        out,
                        "{:indent$}- [{name}](rules/{name}.md)",
                        "",
                        name = rule.name
                    );
                }
            }
        }
        out
    });
}

#[test]
fn the_reference_has_every_setting() {
    compare("configuration.md", |text| {
        let mut table = "| Rule | Key | Default | Decides |\n|---|---|---|---|\n".to_owned();
        for rule in RULES {
            for setting in rule.settings {
                let default = match setting.default {
                    Value::Number(number) => number.to_string(),
                    Value::Flag(flag) => flag.to_string(),
                    Value::Words(words) => format!("{words:?}"),
                };
                let _ = writeln!(
                    table,
                    "| [{name}](rules/{name}.md) | `{}` | `{default}` | {} |",
                    setting.name,
                    setting.help,
                    name = rule.name,
                );
            }
        }
        between(text, "settings", table.trim_end())
    });
}

#[test]
fn the_schema_of_the_configuration_has_every_rule() {
    compare("../../../schemas/config@1.json", |_| {
        serde_json::to_string_pretty(&planwright_check::config_schema()).unwrap() + "\n"
    });
}
