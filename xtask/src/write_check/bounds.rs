//! What each change may touch.

use planwright_dialect::Reading;
use planwright_dialect::writer::{Change, Part};
use planwright_model::Document;
use similar::{ChangeTag, TextDiff};

/// The first thing that a change did and must not do.
pub(super) fn violation(before: &Reading, after: &Reading, change: &Change) -> Option<String> {
    lines(before, after, change)
        .or_else(|| content(&before.document, &after.document, change))
        .or_else(|| endings(before, after))
}

/// True for a line that holds a heading.
fn is_heading(reading: &Reading, line: u32) -> bool {
    let text = reading.parsed.source.line_text(line);
    text.trim_start().starts_with('#')
}

/// The lines that a change may touch: how many it may take away or alter, how many it may add.
///
/// | Change | Lines altered | Lines added |
/// |---|---|---|
/// | of an item | 1; with a reason 2 | none; of a heading without a status 2 |
/// | of the state | those that state it or its date | 2 where none did |
/// | of a log | 1 where that said that there is none | the entry, 4 lines; with its heading 8 |
/// | of a relation | 1 | 2; with its heading 4 |
/// | that takes a relation back | 2, and a blank line | none |
/// | that adds something | 1 where that said that there is none | 3; with its heading 7 |
/// | of the words of an item | those that they take | as many again |
/// | of what an item says about itself | 2 | 2 |
/// | of the place of an item | none but blank ones | none but blank ones |
fn lines(before: &Reading, after: &Reading, change: &Change) -> Option<String> {
    let (old, new) = (before.parsed.source.bytes(), after.parsed.source.bytes());
    let diff = TextDiff::configure().diff_lines(old, new);
    let count = |tag| {
        diff.iter_all_changes()
            .filter(|found| found.tag() == tag)
            .count()
    };
    let (gone, come) = (count(ChangeTag::Delete), count(ChangeTag::Insert));
    // A file without a final line ending shows its last line as altered when one is added.
    let open = usize::from(!old.ends_with(b"\n") && !old.is_empty());
    let claims = before.document.state_claims.len();
    let (most_gone, most_come) = match change {
        // A task that is a heading gets a line for its status, and a blank one in front of it.
        Change::Item {
            line, note: None, ..
        } if is_heading(before, *line) => (1, 2),
        Change::Item { note: None, .. } => (1, 0),
        Change::Item { .. } => (2, 0),
        Change::State { .. } => (claims + 3, if claims == 0 { 2 } else { 3 }),
        Change::Log(_) => (1 + open, 8),
        Change::Evidence(_) => (1 + open, 3),
        Change::Link { .. } => (1 + open, 4),
        Change::Unlink { .. } => (3, 0),
        Change::Add(_) => (1 + open, 7),
        Change::Text { line, .. } => {
            let mut items = before.document.items.iter();
            let item = items.find(|item| item.line == *line);
            let most = item.map_or(1, |item| (item.end_line - item.line + 1) as usize);
            (most, most)
        }
        Change::Attribute { .. } => (2 + open, 2),
        Change::Move { .. } => return moved(old, new),
    };
    let added = come.saturating_sub(gone);
    (gone > most_gone || added > most_come)
        .then(|| format!("{gone} lines went or changed and {added} came"))
}

/// All lines are still there, whatever their order.
fn moved(old: &[u8], new: &[u8]) -> Option<String> {
    let lines = |bytes: &[u8]| {
        let mut lines: Vec<Vec<u8>> = bytes
            .split(|byte| *byte == b'\n')
            .map(|line| line.trim_ascii().to_vec())
            .filter(|line| !line.is_empty())
            .collect();
        lines.sort();
        lines
    };
    (lines(old) != lines(new)).then(|| "a line is another".to_owned())
}

/// What re-reading must show as it was.
fn content(old: &Document, new: &Document, change: &Change) -> Option<String> {
    let is_item = matches!(change, Change::Item { .. });
    let is_log = matches!(change, Change::Log(_));
    let is_link = matches!(
        change,
        Change::Link { .. } | Change::Unlink { .. } | Change::Text { .. }
    );
    let added = match change {
        Change::Add(addition) => Some(addition.part),
        _ => None,
    };
    let adds_item = matches!(added, Some(Part::Item(_)));
    let is_moved = matches!(change, Change::Move { .. });
    let target = match change {
        Change::Item { line, .. } | Change::Text { line, .. } | Change::Attribute { line, .. } => {
            Some(*line)
        }
        _ => None,
    };
    if old.title.text != new.title.text {
        return Some("the title changed".to_owned());
    }
    if old.phases.len() + usize::from(added == Some(Part::Phase)) != new.phases.len() {
        return Some("a phase came or went".to_owned());
    }
    let counts = is_item || is_log || adds_item || is_moved;
    if !counts && old.progress != new.progress {
        return Some("the progress changed".to_owned());
    }
    if !is_link && old.relations.len() != new.relations.len() {
        return Some("a relation came or went".to_owned());
    }
    if old.relations.len().abs_diff(new.relations.len()) > 1 {
        return Some("several relations came or went".to_owned());
    }
    if !matches!(change, Change::State { .. }) && old.state.native != new.state.native {
        return Some("the state changed".to_owned());
    }
    let more = usize::from(is_log || adds_item);
    if new.log.len() < old.log.len()
        || new.log.len() > old.log.len() + more.max(usize::from(is_item))
    {
        return Some(format!(
            "{} log entries became {}",
            old.log.len(),
            new.log.len()
        ));
    }
    if new.items.len() < old.items.len() || new.items.len() > old.items.len() + more {
        return Some(format!(
            "{} items became {}",
            old.items.len(),
            new.items.len()
        ));
    }
    if is_moved {
        let told = |document: &Document| {
            let items = document.items.iter();
            let mut told: Vec<_> = items
                .map(|item| {
                    (
                        item.id.clone(),
                        item.text.clone(),
                        item.state,
                        item.owner.clone(),
                    )
                })
                .collect();
            told.sort();
            told
        };
        return (told(old) != told(new)).then(|| "an item is another".to_owned());
    }
    // The items in their order; an entry of a log may be one more.
    let mut rest = new.items.iter();
    for item in &old.items {
        let same = rest.find(|other| {
            let words =
                other.text == item.text || target == Some(item.line) && other.line == item.line;
            let is_it = target == Some(item.line);
            other.id == item.id
                && other.role == item.role
                && words
                && (is_it || other.owner == item.owner)
        });
        let Some(same) = same else {
            return Some(format!("the item in line {} is another", item.line));
        };
        let follows = item.mark.is_none() && (is_item || adds_item);
        if same.state != item.state && target != Some(item.line) && !follows {
            return Some(format!("the item in line {} is {}", item.line, same.state));
        }
    }
    None
}

/// Line endings, a byte-order mark and the end of the file stay.
fn endings(before: &Reading, after: &Reading) -> Option<String> {
    let (old, new) = (before.parsed.source.bytes(), after.parsed.source.bytes());
    let lone = |bytes: &[u8]| {
        let ends = memchr::memchr_iter(b'\n', bytes);
        ends.filter(|end| *end == 0 || bytes[end - 1] != b'\r')
            .count()
    };
    let pairs = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count() - lone(bytes);
    if pairs(old) > 0 && lone(old) == 0 && lone(new) > 0 {
        return Some("a line ends in LF in a file of CRLF".to_owned());
    }
    if pairs(old) == 0 && pairs(new) > 0 {
        return Some("a line ends in CRLF in a file of LF".to_owned());
    }
    if old.starts_with(b"\xEF\xBB\xBF") != new.starts_with(b"\xEF\xBB\xBF") {
        return Some("the byte-order mark came or went".to_owned());
    }
    (old.ends_with(b"\n") != new.ends_with(b"\n"))
        .then(|| "the final line ending came or went".to_owned())
}

/// What a document in the form of its dialect says that it did not say before, or the other way
/// round; lines and spelling aside.
pub(super) fn other_meaning(before: &Document, after: &Document) -> Option<String> {
    let items = |document: &Document| {
        let items = document.items.iter();
        let all = items.map(|item| {
            (
                item.id.clone(),
                item.role,
                item.state,
                item.text.clone(),
                item.depends_on.clone(),
                item.reference.clone(),
            )
        });
        all.collect::<Vec<_>>()
    };
    let log = |document: &Document| {
        let log = document.log.iter();
        log.map(|entry| (entry.role, entry.text.clone()))
            .collect::<Vec<_>>()
    };
    let relations = |document: &Document| {
        let relations = document.relations.iter();
        let all = relations.map(|found| (found.kind, found.target.clone(), found.source.clone()));
        all.collect::<Vec<_>>()
    };
    let phases = |document: &Document| {
        let phases = document.phases.iter();
        phases.map(|phase| phase.title.clone()).collect::<Vec<_>>()
    };
    let same = [
        ("dialect", before.dialect == after.dialect),
        ("kind", before.kind == after.kind),
        ("title", before.title.text == after.title.text),
        ("state", before.state.value == after.state.value),
        ("items", items(before) == items(after)),
        ("log", log(before) == log(after)),
        ("relations", relations(before) == relations(after)),
        ("phases", phases(before) == phases(after)),
        ("progress", before.progress == after.progress),
        ("commands", before.commands.len() == after.commands.len()),
        ("risks", before.risks.len() == after.risks.len()),
        ("questions", before.questions.len() == after.questions.len()),
        ("blockers", before.blockers.len() == after.blockers.len()),
    ];
    let wrong = same.iter().find(|(_, is_same)| !is_same);
    wrong.map(|(what, _)| format!("the {what} would be read otherwise"))
}
