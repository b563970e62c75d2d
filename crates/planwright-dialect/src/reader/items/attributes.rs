//! What bullets, labelled lines and asides say about the item they belong to.

use std::path::Path;

use planwright_model::{Item, ItemState};

use super::Reader;
use crate::reader::{covers, deps, estimate, references};
use crate::words::{find_ignore_case, is_nothing, is_symbol, normalise};

/// Marks words of a dependency that are still to be matched with ids.
const UNRESOLVED: &str = "\u{0}";

impl Reader<'_> {
    /// Gives items what stands below them.
    pub(super) fn attribute_bullets(&mut self) {
        // Attribute bullets belong to the item above them.
        for at in 0..self.outline.items.len() {
            let bullet = &self.outline.items[at];
            let Some(owner) = bullet.parent.and_then(|parent| self.made[parent]) else {
                continue;
            };
            if self.made[at].is_some() {
                continue;
            }
            if let Some((key, value)) = attribute(&bullet.text) {
                set_attribute(&mut self.items[owner], &key, &value, bullet.raw);
            }
        }
        // Labelled lines under a heading task belong to it.
        for para in &self.outline.paras {
            let Some(task) = self.home(para.section).task else {
                continue;
            };
            let Some(owner) = self.at_line(self.outline.sections[task].line) else {
                continue;
            };
            for (key, value, _) in self.outline.pairs(para) {
                set_attribute(&mut self.items[owner], &normalise(key), value, value);
            }
        }
        for at in 1..self.outline.items.len() {
            let bullet = &self.outline.items[at];
            if self.made[at].is_some() || bullet.parent.is_some() {
                continue;
            }
            let Some(task) = self.home(bullet.section).task else {
                continue;
            };
            if let Some((key, value)) = attribute(&bullet.text)
                && let Some(owner) = self.at_line(self.outline.sections[task].line)
            {
                set_attribute(&mut self.items[owner], &key, &value, bullet.raw);
            }
        }
    }

    /// `Depends on: Task 2.1`, `Units 1, 2`: numbers that tasks carry as their ids.
    pub(super) fn needs_by_number(&mut self) {
        let unresolved = |item: &Item| {
            item.depends_on
                .iter()
                .any(|need| need.starts_with(UNRESOLVED))
        };
        if !self.items.iter().any(unresolved) {
            return;
        }
        let known = self.ids();
        for item in &mut self.items {
            let Some(at) = item
                .depends_on
                .iter()
                .position(|need| need.starts_with(UNRESOLVED))
            else {
                continue;
            };
            let words = item.depends_on.remove(at);
            for id in deps::numbers_in(&words[UNRESOLVED.len()..]) {
                if known.contains(&id) && !item.depends_on.contains(&id) {
                    item.depends_on.push(id);
                }
            }
        }
    }
}

/// `Owner: X` and its like: what a bullet says about the item above it.
pub(super) fn attribute(text: &str) -> Option<(String, String)> {
    let (key, value) = text.split_once([':', '：'])?;
    if key.split_whitespace().count() > 3 {
        return None;
    }
    let key = normalise(key);
    matches!(
        key.as_str(),
        "owner"
            | "assignee"
            | "assigned to"
            | "assigned"
            | "estimate"
            | "estimated"
            | "effort"
            | "size"
            | "duration"
            | "depends on"
            | "dependencies"
            | "dependency"
            | "depends"
            | "blocked by"
            | "requires"
            | "file"
            | "files"
            | "path"
            | "paths"
            | "priority"
            | "purpose"
            | "acceptance"
            | "input"
            | "inputs"
            | "input artifacts"
            | "output"
            | "outputs"
            | "output artifacts"
            | "status"
            | "note"
            | "notes"
            | "why"
            | "leverage"
            | "requirements"
            | "requirement"
            | "validates"
            | "covers"
            | "satisfies"
            | "需求"
            | "prompt"
            | "success"
            | "reference"
            | "references"
            | "target"
            | "targets"
            | "verification"
            | "verify"
            | "location"
            | "command"
            | "commands"
            | "rationale"
            | "result"
    )
    .then(|| (key, value.trim().to_owned()))
}

/// What a label says of an item, where readers and writers both have to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Owner,
    Estimate,
    Needs,
    Status,
}

/// What a label means, in small letters.
pub(crate) fn label(key: &str) -> Option<Label> {
    Some(match key {
        "owner" | "assignee" | "assigned to" | "assigned" => Label::Owner,
        "estimate" | "estimated" | "effort" | "size" | "duration" | "estimated effort"
        | "estimated time" | "complexity" => Label::Estimate,
        "depends on"
        | "dependencies"
        | "dependency"
        | "depends"
        | "blocked by"
        | "requires"
        | "prerequisites"
        | "依赖"
        | "依赖项"
        | "前置任务"
        | "前置条件"
        | "зависимости"
        | "dependencias" => Label::Needs,
        "status" | "state" | "状态" => Label::Status,
        _ => return None,
    })
}

fn set_attribute(item: &mut Item, key: &str, value: &str, raw: &str) {
    if is_nothing(value) {
        return;
    }
    match label(key) {
        Some(Label::Status) if item.mark.is_none() => {
            let word = value
                .trim_start_matches(|c: char| is_symbol(c) || matches!(c, ' ' | '*'))
                .to_lowercase();
            let first = word
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or("");
            let state = match first {
                "done" | "complete" | "completed" | "merged" | "shipped" | "finished"
                | "implemented" | "closed" | "已完成" => ItemState::Done,
                "in" | "in_progress" | "active" | "wip" | "started" | "ongoing" | "进行中" => {
                    ItemState::InProgress
                }
                "blocked" => ItemState::Blocked,
                "cancelled" | "canceled" | "dropped" | "skipped" => ItemState::Cancelled,
                "todo" | "pending" | "open" | "planned" | "not" | "待开始" => ItemState::Todo,
                _ => return,
            };
            item.state = state;
            item.mark = Some(value.to_owned());
        }
        Some(Label::Owner) => item.owner = Some(value.to_owned()),
        Some(Label::Estimate) => {
            item.estimate = Some(
                estimate::parse(value).unwrap_or(planwright_model::Estimate {
                    native: value.to_owned(),
                    hours_min: None,
                    hours_max: None,
                }),
            );
        }
        Some(Label::Needs) => {
            let value = deps::needed(value);
            for id in deps::ids(value) {
                if !item.depends_on.contains(&id) {
                    item.depends_on.push(id);
                }
            }
            if item.depends_on.is_empty() && !value.is_empty() {
                // Resolved against the tasks' own numbers once all of them are known.
                item.depends_on.push(format!("{UNRESOLVED}{value}"));
            }
        }
        Some(Label::Status) => {}
        None => set_other(item, key, value, raw),
    }
}

fn set_other(item: &mut Item, key: &str, value: &str, raw: &str) {
    match key {
        "priority" => item.priority = Some(value.to_owned()),
        "requirements" | "requirement" | "validates" | "covers" | "satisfies" | "需求" => {
            for id in covers::listed(value) {
                if !item.covers.contains(&id) {
                    item.covers.push(id);
                }
            }
        }
        "file" | "files" | "path" | "paths" | "location" => {
            let mut paths = references::paths_in(raw);
            if paths.is_empty() {
                paths = value
                    .split([',', ' '])
                    .filter(|part| part.contains('/') || part.contains('.'))
                    .map(|part| part.trim_matches('`').to_owned())
                    .collect();
            }
            add(&mut item.files, paths);
        }
        "input" | "inputs" | "input artifacts" => add(&mut item.inputs, artifacts(value, raw)),
        "output" | "outputs" | "output artifacts" => add(&mut item.outputs, artifacts(value, raw)),
        _ => {}
    }
}

fn add(known: &mut Vec<String>, more: Vec<String>) {
    for name in more {
        if !known.contains(&name) {
            known.push(name);
        }
    }
}

/// The paths and ids in a list of artifacts; prose names none.
fn artifacts(value: &str, raw: &str) -> Vec<String> {
    let parts = value.split([',', ';']).map(|part| {
        let part = part.trim().trim_end_matches('.');
        part.trim_matches(['`', '[', ']', '@'])
    });
    let is_one = |part: &&str| {
        let is_path = Path::new(part)
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| extension.starts_with(|c: char| c.is_ascii_alphabetic()));
        let is_id = part.split_once('-').is_some_and(|(kind, number)| {
            kind.len() > 1
                && kind.bytes().all(|byte| byte.is_ascii_uppercase())
                && number.starts_with(|c: char| c.is_ascii_digit())
        });
        !part.contains(char::is_whitespace) && !part.contains("://") && (is_path || is_id)
    };
    let mut names = parts.filter(is_one).map(str::to_owned).collect();
    add(&mut names, references::paths_in(raw));
    names
}

/// `Owner: Ada` in lines of its own behind the words of an item, which it is no part of.
pub(super) fn attribute_lines(item: &mut Item, raw: &str) {
    if memchr::memchr(b'\n', raw.as_bytes()).is_none() {
        return;
    }
    let mut words = None;
    for line in raw.lines().skip(1) {
        let line = line.replace("**", "");
        let line = line.trim().trim_matches(['_', '*', '\\', ' ']);
        let parts: Vec<_> = line.split(" | ").map(attribute).collect();
        let says = |part: &Option<(String, String)>| {
            part.as_ref().is_some_and(|(key, _)| {
                !matches!(
                    key.as_str(),
                    "note"
                        | "notes"
                        | "why"
                        | "purpose"
                        | "acceptance"
                        | "input"
                        | "inputs"
                        | "input artifacts"
                        | "output"
                        | "outputs"
                        | "output artifacts"
                        | "result"
                        | "success"
                        | "target"
                        | "targets"
                        | "verify"
                        | "verification"
                        | "command"
                        | "commands"
                        | "rationale"
                        | "leverage"
                        | "prompt"
                        | "reference"
                        | "references"
                )
            })
        };
        if !parts.iter().all(says) {
            words = None;
            continue;
        }
        for (key, value) in parts.into_iter().flatten() {
            set_attribute(item, &key, &value, line);
        }
        let key = line.split([':', '：']).next().unwrap_or("");
        words = words.or_else(|| item.text.find(&format!(" {key}:")));
    }
    if let Some(end) = words {
        item.text.truncate(end);
    }
}

/// `(Owner: ana)`, `(2h)`, `@ana` in the words of an item.
pub(super) fn inline_attributes(item: &mut Item) {
    let bytes = item.text.as_bytes();
    if memchr::memchr2(b'(', b'|', bytes).is_none() && !item.text.contains('—') {
        return;
    }
    let text = item.text.clone();
    for aside in text
        .split('(')
        .skip(1)
        .filter_map(|part| part.split(')').next())
    {
        if let Some((key, value)) = attribute(aside) {
            if matches!(
                key.as_str(),
                "owner"
                    | "assignee"
                    | "assigned"
                    | "assigned to"
                    | "priority"
                    | "estimate"
                    | "effort"
                    | "size"
            ) {
                set_attribute(item, &key, &value, &value);
            }
        } else if item.estimate.is_none()
            && let Some(found) = estimate::parse(aside)
            && found.hours_min.is_some()
            && aside.len() < 16
        {
            item.estimate = Some(found);
        }
    }
    if item.owner.is_none()
        && let Some(at) = text
            .contains('—')
            .then(|| find_ignore_case(&text, " — owner:"))
            .flatten()
            .or_else(|| {
                text.contains('|')
                    .then(|| find_ignore_case(&text, " | owner:"))
                    .flatten()
            })
    {
        let value = text[at..]
            .split_once(':')
            .map_or("", |(_, value)| value)
            .split(['|', ';', ','])
            .next()
            .unwrap_or("")
            .trim();
        if !value.is_empty() {
            item.owner = Some(value.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use planwright_model::{Item, ItemRole};

    fn items(text: &str) -> Vec<Item> {
        let dialects = crate::Dialects::load(&[]).0;
        let text = format!("# Search\n\n## Tasks\n\n{text}");
        let reading = dialects.read("plans/search.md", text.into_bytes());
        reading.document.items
    }

    fn artifacts(line: &str) -> (Vec<String>, Vec<String>) {
        let found = items(&format!("- [ ] Rank\n  - {line}\n"));
        assert_eq!(found.len(), 1, "{line}");
        (found[0].inputs.clone(), found[0].outputs.clone())
    }

    #[test]
    fn artifacts_are_paths_and_ids_and_no_prose() {
        let outputs = |line: &str| artifacts(line).1;
        assert_eq!(
            outputs("Outputs: `docs/a.md` and `src/b.rs`, RES-004"),
            ["RES-004", "docs/a.md", "src/b.rs"]
        );
        assert_eq!(
            outputs("**Output**: docs/a.md, RES-004"),
            ["docs/a.md", "RES-004"]
        );
        assert_eq!(
            artifacts("Inputs: words.md; ADR-007.").0,
            ["words.md", "ADR-007"]
        );
        assert!(outputs("Output: a list of changes, e.g. of words").is_empty());
        assert!(outputs("Output: none").is_empty());
        assert!(outputs("Output: 1.5, https://example.org/a.md").is_empty());
    }

    #[test]
    fn boxes_below_a_label_are_criteria_of_the_task() {
        let found = items(
            "- [ ] Rank\n  - Acceptance criteria:\n    - [ ] fast\n  - **Deliverables:**\n    - [x] a map\n  - [ ] a step\n- [ ] Ship\n",
        );
        let told = found.iter().map(|item| (item.role, item.parent));
        let task = Some(found[0].line);
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                (ItemRole::Task, None),
                (ItemRole::Criterion, task),
                (ItemRole::Deliverable, task),
                (ItemRole::Subtask, task),
                (ItemRole::Task, None),
            ]
        );
    }
}
