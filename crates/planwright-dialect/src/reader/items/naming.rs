//! The names of items: references that outlive edits around them.

use planwright_model::{Item, ItemRole, Phase};
use rapidhash::{HashSetExt, RapidHashMap, RapidHashSet};

use crate::words::push_number;

/// Gives items their references.
pub(crate) fn name(items: &mut [Item], phases: &[Phase], reference: &str) {
    if items.is_empty() {
        return;
    }
    let count = items.len() + phases.len();
    let mut taken = RapidHashSet::with_capacity(count);
    taken.extend(phases.iter().map(|phase| phase.reference.clone()));
    let mut counts: RapidHashMap<String, u32> = RapidHashMap::default();
    let (mut group, mut name) = (String::new(), String::new());
    for at in 0..items.len() {
        let (before, rest) = items.split_at_mut(at);
        let Some(item) = rest.first_mut() else { break };
        name.clear();
        if let Some(id) = &item.id {
            name.extend([reference, "#", id]);
        }
        if name.is_empty() || taken.contains(&name) {
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
                        None => group.extend([reference, "#0"]),
                    }
                }
                (role, _) => group.extend([reference, "#", role.as_str()]),
            }
            let count = match counts.get_mut(&group) {
                Some(count) => count,
                None => counts.entry(group.clone()).or_default(),
            };
            loop {
                *count += 1;
                name.clear();
                name.extend([&group, "."]);
                push_number(&mut name, *count);
                if !taken.contains(&name) {
                    break;
                }
            }
        }
        item.reference = name.clone();
        taken.insert(name.clone());
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
