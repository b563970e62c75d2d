//! The trials of `add`, `edit`, `link` and `unlink`.

use planwright_dialect::writer::{Addition, Attribute, Change, Part};
use planwright_dialect::{Dialects, Reading};
use planwright_model::{Document, Item, ItemRole, RelationType};

use super::NOW;

/// The changes to try on a document.
pub(super) fn changes(document: &Document, most: usize) -> Vec<(&'static str, Change)> {
    let mut all = additions(document);
    let work: Vec<&Item> = document
        .items
        .iter()
        .filter(|item| item.role.is_work())
        .collect();
    let some = || spread(&work, most);
    for item in some() {
        let line = item.line;
        let text = "Say it in other words".to_owned();
        all.push(("edit text", Change::Text { line, text }));
        for (verb, attribute, value) in [
            ("edit owner", Attribute::Owner, Some("ann")),
            ("edit estimate", Attribute::Estimate, Some("3h")),
            ("edit no owner", Attribute::Owner, None),
            ("edit no estimate", Attribute::Estimate, None),
            ("edit no needs", Attribute::Needs, None),
        ] {
            let value = value.map(str::to_owned);
            all.push((
                verb,
                Change::Attribute {
                    line,
                    attribute,
                    value,
                },
            ));
        }
        let first = work.iter().find_map(|other| other.id.clone());
        let need = first.filter(|id| item.id.as_ref() != Some(id) && item.id.is_some());
        if let Some(need) = need {
            let needs: Vec<String> = item
                .depends_on
                .iter()
                .filter(|id| !id.starts_with("phase:"))
                .cloned()
                .chain((!item.depends_on.contains(&need)).then_some(need))
                .collect();
            let change = Change::Attribute {
                line,
                attribute: Attribute::Needs,
                value: Some(needs.join(", ")),
            };
            all.push(("edit needs", change));
        }
    }
    // Beside the next but one of the same rank, in either direction.
    for item in some() {
        let rank = |other: &&&Item| other.parent == item.parent && other.phase == item.phase;
        let peers: Vec<&&Item> = work.iter().filter(rank).collect();
        let at = peers.iter().position(|other| other.line == item.line);
        for (verb, behind, other) in [
            ("move down", true, at.and_then(|at| peers.get(at + 2))),
            (
                "move up",
                false,
                at.and_then(|at| peers.get(at.checked_sub(2)?)),
            ),
        ] {
            let Some(other) = other.map(|other| other.line) else {
                continue;
            };
            let line = item.line;
            all.push((
                verb,
                Change::Move {
                    line,
                    behind,
                    other,
                },
            ));
        }
    }
    all.extend(links(document));
    all
}

fn additions(document: &Document) -> Vec<(&'static str, Change)> {
    let new = |part| Addition {
        part,
        text: "Weigh the words of this once more".to_owned(),
        phase: None,
        after: None,
        parent: None,
        details: Vec::new(),
    };
    let task = || new(Part::Item(ItemRole::Task));
    let mut all = Vec::new();
    if document.holds_work() {
        all.push(("add task", task()));
        all.push(("add phase", new(Part::Phase)));
        all.push(("add criterion", new(Part::Item(ItemRole::Criterion))));
        all.push(("add question", new(Part::Item(ItemRole::Question))));
        all.push(("add blocker", new(Part::Blocker)));
        let mut risk = new(Part::Risk);
        risk.details.push(("mitigation", "Look twice".to_owned()));
        all.push(("add risk", risk));
    }
    for phase in spread(&document.phases.iter().collect::<Vec<_>>(), 3) {
        let phase = Some(phase.line);
        all.push(("add to phase", Addition { phase, ..task() }));
    }
    let tasks = document
        .items
        .iter()
        .filter(|item| item.role == ItemRole::Task);
    for item in spread(&tasks.collect::<Vec<_>>(), 3) {
        let line = Some(item.line);
        all.push((
            "add behind",
            Addition {
                after: line,
                ..task()
            },
        ));
        all.push((
            "add below",
            Addition {
                parent: line,
                ..task()
            },
        ));
    }
    let changes = all.into_iter();
    changes
        .map(|(verb, addition)| (verb, Change::Add(addition)))
        .collect()
}

fn links(document: &Document) -> Vec<(&'static str, Change)> {
    let mut all = Vec::new();
    for (verb, relation) in [
        ("link superseded", RelationType::SupersededBy),
        ("link depends on", RelationType::DependsOn),
        ("link related", RelationType::Related),
        ("link implements", RelationType::Implements),
    ] {
        let change = Change::Link {
            relation,
            target: "docs/other-plan.md".to_owned(),
            names: vec!["other-plan".to_owned()],
            kind: "plan".to_owned(),
        };
        all.push((verb, change));
    }
    let stated = document
        .relations
        .iter()
        .filter(|found| found.source != "link");
    for found in stated.take(6) {
        let change = Change::Unlink {
            relation: found.kind,
            target: found.target.clone(),
        };
        all.push(("unlink", change));
    }
    all
}

/// Some of many, the first among them.
fn spread<'a, T>(all: &[&'a T], most: usize) -> Vec<&'a T> {
    let step = all.len().div_ceil(most.max(1)).max(1);
    all.iter().step_by(step).copied().collect()
}

/// A relation that is made and taken back leaves what was there.
pub(super) fn link_and_back(
    dialects: &Dialects,
    before: &Reading,
    after: &Reading,
    relation: RelationType,
) -> Option<String> {
    let old = &before.document.relations;
    let new = after.document.relations.iter().find(|found| {
        found.kind == relation
            && found.target.contains("other-plan")
            && !old
                .iter()
                .any(|known| known.kind == relation && known.target == found.target)
    })?;
    let back = Change::Unlink {
        relation,
        target: new.target.clone(),
    };
    match dialects.change(after, &back, NOW) {
        Err(refusal) => Some(format!("no way back: {refusal}")),
        Ok(bytes) => {
            let words = |bytes: &[u8]| -> Vec<u8> {
                bytes
                    .iter()
                    .copied()
                    .filter(u8::is_ascii_alphanumeric)
                    .collect()
            };
            let (now, was) = (words(&bytes), words(before.parsed.source.bytes()));
            // A heading, a key or the word `None` may be left; nothing else is.
            (now.len() > was.len() + 40 || now.len() < was.len().saturating_sub(16))
                .then(|| "the way back leaves other words".to_owned())
        }
    }
}
