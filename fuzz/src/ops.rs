use arbitrary::{Arbitrary, Unstructured};
use planwright_dialect::writer::{Addition, Attribute, Change, LogLine, Note, Part, Triple};
use planwright_dialect::{Dialects, Reading};
use planwright_model::{DocumentState, ItemRole, ItemState, LogRole, RelationType};

/// 2026-03-02 22:15:30 UTC.
const NOW: i64 = 1_772_489_730;

const PATHS: [&str; 8] = [
    "docs/plans/x.md",
    ".archcore/x.plan.md",
    "docs/execplans/x.md",
    "specs/001-x/tasks.md",
    ".dev_ops/docs/plans/PLN-001-x.md",
    "planning/x.md",
    ".dev_ops/board.json",
    ".archcore/.sync-state.json",
];

/// A change as the fuzzer draws it; numbers choose among what the document has.
#[derive(Debug, Arbitrary)]
struct Drawn {
    kind: u8,
    at: u8,
    other: u8,
    value: u8,
    text: [u8; 6],
}

/// Changes and the document they are made to, which takes what they leave of the input.
#[derive(Debug, Arbitrary)]
struct Input {
    path: u8,
    changes: [Drawn; 4],
    text: Vec<u8>,
}

/// No change panics, none touches a line that it does not name, and what is written can be read.
pub fn check(data: &[u8]) {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(data)) else {
        return;
    };
    let dialects = Dialects::load(&[]).0;
    let path = PATHS[usize::from(input.path) % PATHS.len()];
    if path.ends_with(".sync-state.json") {
        return relate(&dialects, path, &input);
    }
    let mut reading = dialects.read(path, input.text);
    for drawn in &input.changes {
        let change = change(drawn, &reading);
        let Ok(new) = dialects.change(&reading, &change, NOW) else {
            continue;
        };
        untouched(&reading, &new, &change);
        reading = dialects.read(path, new);
    }
}

fn relate(dialects: &Dialects, path: &str, input: &Input) {
    let mut bytes = input.text.clone();
    for drawn in &input.changes {
        let (before, _) = dialects.read_relations(path, &bytes);
        let known = before.get(usize::from(drawn.at) % before.len().max(1));
        let new = ".archcore/new.adr.md".to_owned();
        let triple = Triple {
            source: known.map_or_else(|| new.clone(), |known| known.path.clone()),
            relation: RelationType::ALL[usize::from(drawn.value) % RelationType::ALL.len()],
            target: format!(".archcore/{}.md", drawn.other),
        };
        let is_added = drawn.kind.is_multiple_of(2);
        if let Ok(new) = dialects.change_relations(path, &bytes, &triple, is_added) {
            let (after, _) = dialects.read_relations(path, &new);
            assert!(
                after.len().abs_diff(before.len()) <= 1 || !is_added,
                "several came"
            );
            bytes = new;
        }
    }
}

fn change(drawn: &Drawn, reading: &Reading) -> Change {
    let document = &reading.document;
    let item = |at: u8| {
        let items = &document.items;
        items
            .get(usize::from(at) % items.len().max(1))
            .map_or(u32::from(at), |item| item.line)
    };
    let phase = |at: u8| {
        let phases = &document.phases;
        let found = phases.get(usize::from(at) % phases.len().max(1));
        found.map_or(u32::from(at), |phase| phase.line)
    };
    let text = format!("x{}", String::from_utf8_lossy(&drawn.text));
    let line = item(drawn.at);
    let value = (!drawn.value.is_multiple_of(4)).then(|| text.clone());
    match drawn.kind % 10 {
        0 => Change::Item {
            line,
            state: STATES[usize::from(drawn.value) % STATES.len()],
            note: value.map(|text| Note {
                word: "blocked".to_owned(),
                text,
            }),
        },
        1 => Change::State {
            state: DocumentState::ALL[usize::from(drawn.value) % DocumentState::ALL.len()],
            native: None,
            habit: None,
        },
        2 => Change::Log(LogLine {
            role: ROLES[usize::from(drawn.value) % ROLES.len()],
            text,
            rationale: None,
            alternatives: None,
            evidence: None,
            author: None,
        }),
        3 | 4 => Change::Add(Addition {
            part: PARTS[usize::from(drawn.other) % PARTS.len()],
            text,
            phase: (drawn.value % 4 == 1).then(|| phase(drawn.at)),
            after: (drawn.value % 4 == 2).then_some(line),
            parent: (drawn.value % 4 == 3).then_some(line),
            details: Vec::new(),
        }),
        5 => Change::Text { line, text },
        6 => Change::Attribute {
            line,
            attribute: ATTRIBUTES[usize::from(drawn.other) % ATTRIBUTES.len()],
            value,
        },
        7 => Change::Move {
            line,
            behind: drawn.value.is_multiple_of(2),
            other: item(drawn.other),
        },
        8 => Change::Link {
            relation: RelationType::ALL[usize::from(drawn.value) % RelationType::ALL.len()],
            target: "docs/other.md".to_owned(),
            names: vec!["PLAN-002".to_owned()],
            kind: "plan".to_owned(),
        },
        _ => {
            let relations = &document.relations;
            let found = relations.get(usize::from(drawn.at) % relations.len().max(1));
            Change::Unlink {
                relation: found.map_or(RelationType::Related, |found| found.kind),
                target: found.map_or_else(String::new, |found| found.target.clone()),
            }
        }
    }
}

const STATES: [ItemState; 5] = [
    ItemState::Todo,
    ItemState::InProgress,
    ItemState::Blocked,
    ItemState::Done,
    ItemState::Cancelled,
];

const ROLES: [LogRole; 5] = [
    LogRole::Progress,
    LogRole::Decision,
    LogRole::Discovery,
    LogRole::Outcome,
    LogRole::Update,
];

const PARTS: [Part; 6] = [
    Part::Item(ItemRole::Task),
    Part::Item(ItemRole::Criterion),
    Part::Item(ItemRole::Question),
    Part::Phase,
    Part::Risk,
    Part::Blocker,
];

const ATTRIBUTES: [Attribute; 3] = [Attribute::Owner, Attribute::Estimate, Attribute::Needs];

/// The lines that a change does not name are there after it, in their order; where something moved,
/// in whatever order.
fn untouched(before: &Reading, new: &[u8], change: &Change) {
    let old = before.parsed.source.bytes();
    if before.document.path.strip_suffix(".json").is_some() {
        return;
    }
    let words = |line: &[u8]| line.trim_ascii().to_vec();
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let lines = bytes.split(|byte| *byte == b'\n').map(words);
        lines.filter(|line| !line.is_empty()).collect()
    };
    let after = lines(new);
    if let Change::Move { .. } = change {
        let (mut was, mut now) = (lines(old), after);
        was.sort();
        now.sort();
        assert_eq!(was, now, "{change:?}: a line is lost");
        return;
    }
    let items = &before.document.items;
    let of = |line: &u32| items.iter().find(|item| item.line == *line);
    let named = match change {
        Change::Item { line, .. } | Change::Text { line, .. } | Change::Attribute { line, .. } => {
            of(line).map_or(1, |item| item.end_line - item.line + 1)
        }
        Change::State { .. } => before.document.state_claims.len() as u32 + 4,
        Change::Unlink { .. } => 3,
        Change::Log(_)
        | Change::Evidence(_)
        | Change::Link { .. }
        | Change::Add(_)
        | Change::Move { .. } => 1,
    };
    let mut rest = after.iter();
    let mut lost = 0;
    for line in lines(old) {
        let mut ahead = rest.clone();
        if ahead.any(|other| *other == line) {
            rest = ahead;
        } else {
            lost += 1;
        }
    }
    assert!(lost <= named, "{change:?}: {lost} lines are lost");
}
