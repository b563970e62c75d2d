//! Properties: what is set and set back leaves the bytes, and an entry takes none away.

use planwright_model::{DocumentState, ItemState, LogRole};
use proptest::prelude::*;

use super::tests::{NOW, NUMBERED, PLAN, TASKS, dialects, entry};
use super::tests_log::LIVING;
use super::*;

/// Documents as people damage them: other line endings, a byte-order mark, no final line ending,
/// bytes that are not UTF-8.
fn damaged(text: &str, how: u8) -> Vec<u8> {
    let mut bytes = if how & 1 > 0 {
        text.replace('\n', "\r\n").into_bytes()
    } else {
        text.as_bytes().to_vec()
    };
    if how & 2 > 0 {
        bytes.splice(0..0, *b"\xEF\xBB\xBF");
    }
    if how & 4 > 0 {
        while bytes.last().is_some_and(u8::is_ascii_whitespace) {
            bytes.pop();
        }
    }
    if how & 8 > 0 {
        bytes.extend(b" \xFF\xFE caf\xE9 \xC3\xA2\xE2\x82\xAC");
    }
    bytes
}

fn item_states() -> impl Strategy<Value = ItemState> {
    prop::sample::select(vec![
        ItemState::Todo,
        ItemState::InProgress,
        ItemState::Blocked,
        ItemState::Done,
        ItemState::Cancelled,
    ])
}

fn document_states() -> impl Strategy<Value = DocumentState> {
    prop::sample::select(&DocumentState::ALL[..10])
}

fn texts() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("plans/cache.md", TASKS),
        (".archcore/cache.plan.md", NUMBERED),
        (PLAN, LIVING),
    ])
}

proptest! {
    #[test]
    fn an_item_set_and_set_back_leaves_the_bytes(
        (path, text) in texts(), how in 0_u8..16, at in 0_usize..8, to in item_states(),
    ) {
        let dialects = dialects();
        let bytes = damaged(text, how);
        let reading = dialects.read(path, bytes.clone());
        let items = &reading.document.items;
        let item = &items[at % items.len()];
        let set = |line, state| Change::Item { line, state, note: None };
        let Ok(new) = dialects.change(&reading, &set(item.line, to), NOW) else {
            return Ok(());
        };
        let after = dialects.read(path, new);
        let moved = after.document.items.iter().find(|other| other.line == item.line).unwrap();
        prop_assert_eq!(moved.state, to);
        // From the words `BLOCKED` in a text no way leads back: they are not ours to write.
        if item.state != ItemState::Blocked {
            let back = dialects.change(&after, &set(item.line, item.state), NOW);
            prop_assert_eq!(back.unwrap(), bytes);
        }
    }

    #[test]
    fn a_state_set_and_set_back_leaves_the_bytes(
        word in prop::sample::select(vec!["Draft", "draft", "DRAFT", "In Progress", "Paused", "blocked"]),
        line in prop::sample::select(vec!["Status: {}", "**Status**: {}", "**Status:** {} (see below)", "| Status | {} |\n|---|---|"]),
        how in 0_u8..16, to in document_states(),
    ) {
        let dialects = dialects();
        let text = format!("# Cache\n\n{}\n\n## Tasks\n\n- [ ] x\n", line.replace("{}", word));
        let bytes = damaged(&text, how);
        let reading = dialects.read("plans/x.md", bytes.clone());
        let set = |state, native: Option<&str>| Change::State { state, native: native.map(str::to_owned), habit: None };
        let Ok(new) = dialects.change(&reading, &set(to, None), NOW) else {
            return Ok(());
        };
        let after = dialects.read("plans/x.md", new);
        prop_assert_eq!(after.document.state.value, to);
        let old = reading.document.state.value;
        let back = dialects.change(&after, &set(old, Some(word)), NOW).unwrap();
        prop_assert_eq!(back, bytes);
    }

    #[test]
    fn an_entry_only_adds_bytes(
        (path, text) in texts(), how in 0_u8..16, words in "[A-Za-z][A-Za-z0-9 .`*_|#<\\[\\]-]{0,40}",
        role in prop::sample::select(vec![LogRole::Progress, LogRole::Decision, LogRole::Outcome, LogRole::Update]),
    ) {
        let dialects = dialects();
        let bytes = damaged(text, how);
        let reading = dialects.read(path, bytes.clone());
        let Ok(new) = dialects.change(&reading, &Change::Log(entry(role, &words)), NOW) else {
            return Ok(());
        };
        let before = bytes.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let behind = bytes.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
        prop_assert!(before + behind >= bytes.len());
        prop_assert!(new.len() > bytes.len());
    }
}
