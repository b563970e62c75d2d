//! What each change may touch.

use planwright_dialect::Reading;
use planwright_dialect::writer::Change;
use planwright_model::Document;
use similar::{ChangeTag, TextDiff};

/// The first thing that a change did and must not do.
pub(super) fn violation(before: &Reading, after: &Reading, change: &Change) -> Option<String> {
    lines(before, after, change)
        .or_else(|| content(&before.document, &after.document, change))
        .or_else(|| endings(before, after))
}

/// The lines that a change may touch: how many it may take away or alter, how many it may add.
///
/// | Change | Lines altered | Lines added |
/// |---|---|---|
/// | of an item | 1; with a reason 2 | none |
/// | of the state | those that state it or its date | 2 where none did |
/// | of a log | 1 where that said that there is none | the entry, 4 lines; with its heading 8 |
/// | of a relation | 1 | 2 |
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
        Change::Item { note: None, .. } => (1, 0),
        Change::Item { .. } => (2, 0),
        Change::State { .. } => (claims + 3, if claims == 0 { 2 } else { 3 }),
        Change::Log(_) => (1 + open, 8),
        Change::Evidence(_) => (1 + open, 3),
        Change::Link { .. } => (1, 2),
    };
    let added = come.saturating_sub(gone);
    (gone > most_gone || added > most_come)
        .then(|| format!("{gone} lines went or changed and {added} came"))
}

/// What re-reading must show as it was.
fn content(old: &Document, new: &Document, change: &Change) -> Option<String> {
    let is_item = matches!(change, Change::Item { .. });
    let is_log = matches!(change, Change::Log(_));
    let is_link = matches!(change, Change::Link { .. });
    let target = match change {
        Change::Item { line, .. } => Some(*line),
        _ => None,
    };
    if old.title.text != new.title.text {
        return Some("the title changed".to_owned());
    }
    if old.phases.len() != new.phases.len() {
        return Some("a phase came or went".to_owned());
    }
    if !is_item && !is_log && old.progress != new.progress {
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
    let more = usize::from(is_log);
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
    // The items in their order; an entry of a log may be one more.
    let mut rest = new.items.iter();
    for item in &old.items {
        let same = rest.find(|other| {
            let words =
                other.text == item.text || target == Some(item.line) && other.line == item.line;
            other.id == item.id && other.role == item.role && words && other.owner == item.owner
        });
        let Some(same) = same else {
            return Some(format!("the item in line {} is another", item.line));
        };
        let follows = item.mark.is_none() && is_item;
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
