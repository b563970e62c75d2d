//! What is read differently.

use std::collections::BTreeMap;

use planwright_model::{Document, DocumentState, LogRole, Phase};
use serde_json::Value;

use super::Work;
use super::body::resolved;
use crate::words::one_line;

/// Something that the other dialect has no place for, or reads differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What it is: `state`, `field`, `section`, `item`, `entry`, `relation` ...
    pub what: &'static str,
    /// What the document says.
    pub text: String,
    /// What becomes of it all the same; `None` where it is not kept.
    pub kept: Option<String>,
}

/// Keys that say what a document is, not what it plans: the form has its own.
pub(super) const FORMAL: [&str; 6] = ["status", "state", "type", "title", "lifecycle", "kind"];

/// How many things differ.
pub(super) fn count(before: &Document, after: &Document) -> usize {
    let (old, new) = (facts(before), facts(after));
    missing(&old, &new).len() + come(&old, &new).len()
}

/// What differs, in words.
#[cfg(test)]
pub(super) fn differences(before: &Document, after: &Document) -> Vec<String> {
    let (old, new) = (facts(before), facts(after));
    let gone = missing(&old, &new).into_iter();
    let come = come(&old, &new).into_iter();
    // What the form says of itself is no change of the plan.
    let come = come.filter(|(what, _)| *what != "field");
    let gone = gone.map(|(what, text)| format!("- {what} {text}"));
    let state = (before.state.value != after.state.value)
        .then(|| format!("state {} is {}", before.state.value, after.state.value));
    gone.chain(come.map(|(what, text)| format!("+ {what} {text}")))
        .chain(state)
        .collect()
}

type Facts = BTreeMap<(&'static str, String), usize>;

/// What came that was not there; an id that the form asks for is no change.
fn come(old: &Facts, new: &Facts) -> Vec<(&'static str, String)> {
    let mut found = missing(new, old);
    found.retain(|(what, text)| *what != "field" || !text.starts_with("id: "));
    found
}

fn missing(these: &Facts, others: &Facts) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (fact, count) in these {
        let there = others.get(fact).copied().unwrap_or(0);
        found.extend(std::iter::repeat_n(
            fact.clone(),
            count.saturating_sub(there),
        ));
    }
    found
}

/// What a document says, in words that do not depend on where it says it.
fn facts(document: &Document) -> Facts {
    let mut facts = Facts::new();
    let mut add = |what: &'static str, text: String| {
        *facts.entry((what, text)).or_default() += 1;
    };
    add("title", document.title.text.clone());
    for (name, value) in &document.fields {
        if !FORMAL.contains(&name.as_str()) {
            let values: Vec<String> = value.iter().map(|value| settled(document, value)).collect();
            add("field", format!("{name}: {}", one_line(&values.join(", "))));
        }
    }
    let phase = |line: Option<u32>| -> String {
        let mut phases = document.phases.iter();
        let found: Option<&Phase> = line.and_then(|line| phases.find(|phase| phase.line == line));
        found.map_or_else(String::new, |phase| phase.title.clone())
    };
    let plain = |value: Value| without_places(value, document).to_string();
    for item in &document.items {
        let mut parents = document.items.iter();
        let parent = parents.find(|parent| Some(parent.line) == item.parent);
        let mut value = serde_json::to_value(item).unwrap_or_default();
        if let Some(map) = value.as_object_mut() {
            map.insert("phase".to_owned(), phase(item.phase).into());
            let parent = parent.map_or("", |parent| parent.text.as_str());
            map.insert("parent".to_owned(), parent.into());
            // Whether it waits follows from the rest; a mark only says the state.
            for key in ["ready", "mark", "stage"] {
                map.remove(key);
            }
        }
        add("item", plain(value));
    }
    for found in &document.phases {
        let mut value = serde_json::to_value(found).unwrap_or_default();
        if let Some(map) = value.as_object_mut() {
            map.insert("parent".to_owned(), phase(found.parent).into());
        }
        add("phase", plain(value));
    }
    for found in &document.relations {
        let target = settled(document, &found.target);
        add("relation", format!("{} {target}", found.kind.as_str()));
    }
    for found in &document.code_refs {
        add("code reference", found.path.clone());
    }
    let mut list = |what: &'static str, value: Result<Value, serde_json::Error>| {
        for found in value
            .ok()
            .as_ref()
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            add(what, plain(found.clone()));
        }
    };
    // A box of the progress is told of as an item already.
    let is_item = |line: u32| document.items.iter().any(|item| item.line == line);
    let log = document.log.iter();
    let log: Vec<_> = log
        .filter(|entry| entry.role != LogRole::Progress || !is_item(entry.line))
        .collect();
    list("entry", serde_json::to_value(log));
    list("risk", serde_json::to_value(&document.risks));
    list("metric", serde_json::to_value(&document.metrics));
    list("milestone", serde_json::to_value(&document.milestones));
    list("blocker", serde_json::to_value(&document.blockers));
    list("question", serde_json::to_value(&document.questions));
    list("requirement", serde_json::to_value(&document.requirements));
    list("review", serde_json::to_value([&document.review]));
    facts
}

/// A value without lines and references; phases that it names by their lines have their titles.
fn without_places(value: Value, document: &Document) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(key, _)| !matches!(key.as_str(), "line" | "end_line" | "ref"))
                .map(|(key, value)| (key, without_places(value, document)))
                .collect(),
        ),
        Value::Array(values) => values
            .into_iter()
            .map(|value| without_places(value, document))
            .collect(),
        Value::String(text) => {
            let line = text
                .strip_prefix("phase:")
                .and_then(|line| line.parse().ok());
            let mut phases = document.phases.iter();
            let found = line.and_then(|line: u32| phases.find(|phase| phase.line == line));
            found
                .map_or(text, |phase| format!("phase {}", phase.title))
                .into()
        }
        other => other,
    }
}

/// A value; a path that depends on the document's folder as one from the root.
fn settled(document: &Document, value: &str) -> String {
    let found = resolved(&document.path, value)
        .filter(|_| value.starts_with("../") || value.starts_with("./") || is_name(value));
    found.unwrap_or_else(|| value.to_owned())
}

/// The bare name of a document beside this one.
fn is_name(value: &str) -> bool {
    value.ends_with(".md") && !value.contains(['/', ' '])
}

/// What is told of a conversion.
pub(super) fn told(work: &Work<'_>, text: &str, after: &Document) -> Vec<Loss> {
    let before = &work.reading.document;
    let mut losses = Vec::new();
    if before.state.value != after.state.value {
        losses.push(Loss {
            what: "state",
            text: format!("{}, read as {}", before.state.value, after.state.value),
            // A form that owes a state begins with its first one.
            kept: (before.state.value == DocumentState::Unknown)
                .then(|| "the form begins with it".to_owned()),
        });
    } else if let (None, Some(word)) = (super::state::choices(work), &after.state.native) {
        losses.push(Loss {
            what: "state",
            text: format!("{} (`{word}`)", before.state.value),
            kept: Some("kept in a line of its own".to_owned()),
        });
    } else if let Some(word) = &after.state.native
        && let Some(words) = super::state::choices(work)
        && !words.iter().any(|known| known.eq_ignore_ascii_case(word))
    {
        losses.push(Loss {
            what: "state",
            text: format!("the form has no word for {}", before.state.value),
            kept: Some(format!("kept as `{word}`")),
        });
    }
    let (old, new) = (facts(before), facts(after));
    losses.extend(missing(&old, &new).into_iter().map(|(what, text)| Loss {
        what,
        text: brief(&text),
        kept: None,
    }));
    losses.extend(come(&old, &new).into_iter().map(|(what, text)| Loss {
        what,
        text: if what == "field" {
            brief(&text)
        } else {
            format!("{} is new", brief(&text))
        },
        kept: (what == "field").then(|| "added by the form".to_owned()),
    }));
    losses.extend(unplaced(work, after));
    losses.extend(unsaid(work, text));
    losses
}

/// The words by which a person knows it.
fn brief(text: &str) -> String {
    let value: Option<Value> = serde_json::from_str(text).ok();
    let said = value.as_ref().and_then(|value| {
        let words = value.get("text").or_else(|| value.get("title"))?;
        words.as_str().map(str::to_owned)
    });
    said.unwrap_or_else(|| text.to_owned())
}

/// Sections and fields that the form does not have.
fn unplaced(work: &Work<'_>, after: &Document) -> Vec<Loss> {
    let mut losses = Vec::new();
    let top = super::body::top_level(after);
    for section in after
        .sections
        .iter()
        .filter(|found| Some(found.level) == top)
    {
        let rules = &work.form.sections;
        if !rules.iter().any(|rule| rule.is_met_by(section)) {
            losses.push(Loss {
                what: "section",
                text: section.title.clone(),
                kept: Some("kept under its own heading".to_owned()),
            });
        }
    }
    let Some(dialect) = work.dialects.get(work.wanted.dialect) else {
        return losses;
    };
    let matter = work.form.front_matter.iter().flat_map(|rule| &rule.keys);
    let keys: Vec<_> = matter.chain(&work.form.labels).collect();
    for name in after.fields.keys() {
        let is_owed = keys.iter().any(|key| {
            let last = key.name.rsplit('.').next().unwrap_or(&key.name);
            let canonical = dialect.field_name(last).unwrap_or(last);
            canonical == name || key.is_met_by(name)
        });
        if !is_owed && !FORMAL.contains(&name.as_str()) {
            losses.push(Loss {
                what: "field",
                text: name.clone(),
                kept: Some("kept under its own name".to_owned()),
            });
        }
    }
    losses
}

/// Lines of the document whose words the result has nowhere.
fn unsaid(work: &Work<'_>, text: &str) -> Vec<Loss> {
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let all = letters(text);
    let document = &work.reading.document;
    let source = &work.reading.parsed.source;
    let first = super::body::first_line(work.reading);
    let states: Vec<u32> = document
        .state_claims
        .iter()
        .filter_map(|claim| claim.line)
        .collect();
    let headings: Vec<u32> = document
        .sections
        .iter()
        .map(|section| section.line)
        .collect();
    let lines = (first..=source.line_count()).filter(|line| {
        !states.contains(line) && !headings.contains(line) && Some(*line) != document.title.line
    });
    let gone = lines.filter_map(|line| {
        let said = super::body::rebased(work, source.line_text(line));
        let said = said.trim();
        let words = letters(said);
        (!words.is_empty() && !all.contains(&words)).then(|| Loss {
            what: "text",
            text: said.to_owned(),
            kept: None,
        })
    });
    gone.filter(|loss| !super::body::is_of_form(work, &loss.text))
        .collect()
}
