use std::sync::LazyLock;

use planwright_model::{DocumentState, ItemState, LogRole};

use super::*;

/// 2026-03-02 22:15:30 UTC.
pub(super) const NOW: i64 = 1_772_489_730;

pub(super) const PLAN: &str = "docs/execplans/cache.md";

pub(super) fn dialects() -> &'static Dialects {
    static DIALECTS: LazyLock<Dialects> = LazyLock::new(|| Dialects::load(&[]).0);
    &DIALECTS
}

pub(super) fn change(path: &str, text: &str, change: &Change) -> Result<String, Refusal> {
    let dialects = dialects();
    let reading = dialects.read(path, text.as_bytes().to_vec());
    let new = dialects.change(&reading, change, NOW)?;
    Ok(String::from_utf8(new).unwrap())
}

#[test]
fn evidence_stands_where_the_document_keeps_it() {
    let asked = Change::Evidence("Verified: `./check.sh` passed (2 s)".to_owned());
    let text = "# x\n\n## Progress\n\n- [ ] a\n\n## Artifacts and Notes\n\nNone yet.\n\n## Interfaces\n\nNone.\n";
    let expected = "-None yet.\n+- 2026-03-02: Verified: `./check.sh` passed (2 s)";
    assert_eq!(lines(PLAN, text, &asked), expected);
    let text = "# x\r\n\r\n## Evidence\r\n\r\n* 2026-03-01: seen\r\n\r\n## Notes\r\n";
    let expected = "+* 2026-03-02: Verified: `./check.sh` passed (2 s)\r";
    assert_eq!(lines("docs/x.md", text, &asked), expected);
    let refused = change(PLAN, "# x\n\n## Progress\n\n- [ ] a\n", &asked);
    assert_eq!(refused, Err(Refusal::NoEvidence));
}

/// The lines that differ, old ones with `-` and new ones with `+`.
pub(super) fn lines(path: &str, text: &str, asked: &Change) -> String {
    let new = match change(path, text, asked) {
        Ok(new) => new,
        Err(refusal) => return format!("refused: {refusal}"),
    };
    let (old, new): (Vec<&str>, Vec<&str>) =
        (text.split('\n').collect(), new.split('\n').collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - same;
    let back = old.iter().rev().zip(new.iter().rev());
    let tail = back.take(rest).take_while(|(a, b)| a == b).count();
    let gone = old[same..old.len() - tail]
        .iter()
        .map(|line| format!("-{line}"));
    let come = new[same..new.len() - tail]
        .iter()
        .map(|line| format!("+{line}"));
    gone.chain(come).collect::<Vec<_>>().join("\n")
}

pub(super) fn item(text: &str, words: &str, state: ItemState) -> Change {
    let line = text.lines().position(|line| line.contains(words)).unwrap();
    Change::Item {
        line: line as u32 + 1,
        state,
        note: None,
    }
}

fn noted(text: &str, words: &str, state: ItemState, word: &str, why: &str) -> Change {
    let Change::Item { line, state, .. } = item(text, words, state) else {
        unreachable!()
    };
    let note = Some(Note {
        word: word.to_owned(),
        text: why.to_owned(),
    });
    Change::Item { line, state, note }
}

pub(super) fn state(state: DocumentState) -> Change {
    Change::State {
        state,
        native: None,
        habit: None,
    }
}

pub(super) fn entry(role: LogRole, text: &str) -> LogLine {
    LogLine {
        role,
        text: text.to_owned(),
        rationale: None,
        alternatives: None,
        evidence: None,
        author: None,
    }
}

pub(super) const TASKS: &str = "\
# Plan: Cache

## Tasks

- [x] T001 Measure
- [ ] T002 Write the cache,
  which lives in memory
- [ ] T003 Delete the old one
  - [ ] T003a Find its users
- [ ] T004 BLOCKED: choose a size
";

#[test]
fn a_box_is_ticked_and_nothing_else() {
    for (text, words, to, expected) in [
        (
            TASKS,
            "T002",
            ItemState::Done,
            "-- [ ] T002 Write the cache,\n+- [x] T002 Write the cache,",
        ),
        (
            TASKS,
            "T003a",
            ItemState::Done,
            "-  - [ ] T003a Find its users\n+  - [x] T003a Find its users",
        ),
        (
            TASKS,
            "T001",
            ItemState::Todo,
            "-- [x] T001 Measure\n+- [ ] T001 Measure",
        ),
        (
            TASKS,
            "T002",
            ItemState::InProgress,
            "-- [ ] T002 Write the cache,\n+- [~] T002 Write the cache,",
        ),
        (
            TASKS,
            "T004",
            ItemState::Done,
            "-- [ ] T004 BLOCKED: choose a size\n+- [x] T004 BLOCKED: choose a size",
        ),
        (TASKS, "T001", ItemState::Done, ""),
    ] {
        assert_eq!(
            lines("plans/cache.md", text, &item(text, words, to)),
            expected
        );
    }
}

#[test]
fn a_box_is_ticked_as_the_document_ticks_its_boxes() {
    let upper = TASKS.replace("[x]", "[X]");
    let changed = lines(
        "plans/cache.md",
        &upper,
        &item(&upper, "T002", ItemState::Done),
    );
    assert!(
        changed.ends_with("+- [X] T002 Write the cache,"),
        "{changed}"
    );
    let glyphs = TASKS.replace("[x]", "☑").replace("[ ]", "☐");
    let changed = lines(
        "plans/cache.md",
        &glyphs,
        &item(&glyphs, "T002", ItemState::Done),
    );
    assert!(changed.ends_with("+- ☑ T002 Write the cache,"), "{changed}");
    let narrow = TASKS.replace("[ ] T002", "[] T002");
    let changed = lines(
        "plans/cache.md",
        &narrow,
        &item(&narrow, "T002", ItemState::Done),
    );
    assert!(
        changed.ends_with("+- [x] T002 Write the cache,"),
        "{changed}"
    );
    let struck = TASKS
        .replace("T001 Measure", "~~T001 Measure~~")
        .replace("[x]", "[ ]");
    let changed = lines(
        "plans/cache.md",
        &struck,
        &item(&struck, "T003 ", ItemState::Cancelled),
    );
    assert!(
        changed.ends_with("+- [ ] ~~T003 Delete the old one~~"),
        "{changed}"
    );
}

#[test]
fn a_reason_stands_behind_the_words_and_goes_with_its_state() {
    let path = "plans/cache.md";
    let asked = noted(TASKS, "T002", ItemState::Blocked, "blocked", "no machine");
    let blocked = change(path, TASKS, &asked).unwrap();
    assert!(
        blocked.contains(
            "- [!] T002 Write the cache,\n  which lives in memory (blocked: no machine)\n"
        ),
        "{blocked}"
    );
    let back = change(path, &blocked, &item(&blocked, "T002", ItemState::Todo)).unwrap();
    assert_eq!(back, TASKS);
    let asked = noted(
        &blocked,
        "T002",
        ItemState::Cancelled,
        "waived",
        "not needed",
    );
    let waived = change(path, &blocked, &asked).unwrap();
    assert!(waived.contains("memory (waived: not needed)\n"), "{waived}");
}

pub(super) const NUMBERED: &str = "\
---
title: Cache
status: accepted
---

## Goal

A cache.

## Tasks

1. Measure the reads.
2. **Done.** Choose a size.
3. T9 Write it.

## Acceptance Criteria

- Reads are fast.
";

#[test]
fn an_item_without_a_box_is_marked_with_words() {
    let path = ".archcore/cache.plan.md";
    for (words, to, expected) in [
        (
            "Measure",
            ItemState::Done,
            "-1. Measure the reads.\n+1. **Done.** Measure the reads.",
        ),
        (
            "Choose",
            ItemState::Todo,
            "-2. **Done.** Choose a size.\n+2. Choose a size.",
        ),
        (
            "Choose",
            ItemState::InProgress,
            "-2. **Done.** Choose a size.\n+2. **In progress:** Choose a size.",
        ),
        (
            "T9",
            ItemState::Blocked,
            "-3. T9 Write it.\n+3. T9 **Blocked.** Write it.",
        ),
        (
            "Reads are",
            ItemState::Done,
            "-- Reads are fast.\n+- **Done.** Reads are fast.",
        ),
    ] {
        assert_eq!(lines(path, NUMBERED, &item(NUMBERED, words, to)), expected);
    }
}

#[test]
fn a_heading_is_as_far_as_its_steps() {
    let text = "# Cache Implementation Plan\n\n### Task 1: Measure\n\n- [ ] **Step 1: Run it**\n- [x] **Step 2: Read it**\n\n### Task 2: Write\n\nWords.\n";
    let path = "docs/plans/cache-plan.md";
    assert_eq!(
        lines(path, text, &item(text, "Task 1", ItemState::Done)),
        "refused: the task in line 3 is as far as its steps"
    );
    assert_eq!(
        lines(path, text, &item(text, "Task 2", ItemState::Done)),
        "-### Task 2: Write\n+### Task 2: Write [DONE 2026-03-02]"
    );
}

#[test]
fn a_relation_stands_where_the_document_keeps_them() {
    let link = Change::Link {
        relation: RelationType::SupersededBy,
        target: "docs/plans/new.md".to_owned(),
        names: Vec::new(),
        kind: String::new(),
    };
    for (text, expected) in [
        (
            "---\nstatus: active\n---\n\n# x\n",
            "+superseded_by:\n+  - new.md",
        ),
        (
            "---\nsuperseded_by: [] # none\n---\n\n# x\n",
            "-superseded_by: [] # none\n+superseded_by: [new.md] # none",
        ),
        (
            "---\nsuperseded_by:\n---\n\n# x\n",
            "-superseded_by:\n+superseded_by: new.md",
        ),
        (
            "---\nsuperseded_by:\n  - a.md\nowner: x\n---\n\n# x\n",
            "+  - new.md",
        ),
        (
            "---\nsuperseded_by: a.md\n---\n\n# x\n",
            "-superseded_by: a.md\n+superseded_by: [a.md, new.md]",
        ),
        ("---\nsuperseded_by: [new.md]\n---\n\n# x\n", ""),
        (
            "# x\n\nStatus: Active\nOwner: Ann\n",
            "+Superseded by: [new](new.md)",
        ),
        (
            "# x\n\n**Status:** Active\n\nWords.\n",
            "+**Superseded by:** [new](new.md)\n+",
        ),
        ("# x\n\nWords.\n", "+**Superseded by:** [new](new.md)\n+"),
    ] {
        assert_eq!(lines("docs/plans/x.md", text, &link), expected, "{text}");
    }
}
