//! The names of items: references that outlive edits around them.

use planwright_model::{Item, ItemRole, Phase};
use rapidhash::{RapidHashMap, RapidHashSet};

/// Gives items their references.
pub(crate) fn name(items: &mut [Item], phases: &[Phase], reference: &str) {
    let mut taken: RapidHashSet<String> =
        phases.iter().map(|phase| phase.reference.clone()).collect();
    let mut counts: RapidHashMap<String, u32> = RapidHashMap::default();
    let mut group = String::new();
    for at in 0..items.len() {
        let (before, rest) = items.split_at_mut(at);
        let Some(item) = rest.first_mut() else { break };
        let mut name = item.id.as_ref().map(|id| format!("{reference}#{id}"));
        if name.as_ref().is_none_or(|name| taken.contains(name)) {
            group.clear();
            let parent = item
                .parent
                .and_then(|line| before.iter().rfind(|other| other.line == line));
            match (item.role, parent) {
                (ItemRole::Subtask, Some(parent)) => group.push_str(&parent.reference),
                (ItemRole::Task | ItemRole::Subtask, _) => {
                    let phase = item.phase.and_then(|line| {
                        let at = phases.partition_point(|phase| phase.line < line);
                        phases.get(at).filter(|phase| phase.line == line)
                    });
                    match phase {
                        Some(phase) => group.push_str(&phase.reference),
                        None => group = format!("{reference}#0"),
                    }
                }
                (role, _) => group = format!("{reference}#{role}"),
            }
            if !counts.contains_key(&group) {
                counts.insert(group.clone(), 0);
            }
            let mut candidate = String::new();
            if let Some(count) = counts.get_mut(&group) {
                loop {
                    *count += 1;
                    candidate = format!("{group}.{count}");
                    if !taken.contains(&candidate) {
                        break;
                    }
                }
            }
            name = Some(candidate);
        }
        item.reference = name.unwrap_or_default();
        taken.insert(item.reference.clone());
    }
}

/// Gives items the fingerprints of their words.
pub(crate) fn mark_words(items: &mut [Item]) {
    for item in items {
        item.fingerprint = fingerprint(&item.text);
    }
}

/// Eight hexadecimal digits over the letters and digits of an item's words, so that marks, case and
/// punctuation do not change it.
fn fingerprint(text: &str) -> String {
    let words: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    // The v3 hash is fixed for good, so a stored fingerprint outlives an update.
    format!(
        "{:08x}",
        rapidhash::v3::rapidhash_v3(words.as_bytes()) as u32
    )
}
