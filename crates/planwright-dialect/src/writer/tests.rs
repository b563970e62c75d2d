use std::sync::LazyLock;

use planwright_model::{DocumentState, ItemState, LogRole};
use proptest::prelude::*;

use super::*;

/// 2026-03-02 22:15:30 UTC.
pub(super) const NOW: i64 = 1_772_489_730;

const PLAN: &str = "docs/execplans/cache.md";

pub(super) fn dialects() -> &'static Dialects {
    static DIALECTS: LazyLock<Dialects> = LazyLock::new(|| Dialects::load(&[]).0);
    &DIALECTS
}

fn change(path: &str, text: &str, change: &Change) -> Result<String, Refusal> {
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

fn state(state: DocumentState) -> Change {
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

const TASKS: &str = "\
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

const NUMBERED: &str = "\
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
fn the_state_changes_in_every_place_and_the_date_with_it() {
    let text = "---\ntitle: \"Cache\"\nstatus: draft # for now\nlast_updated: 2026-01-05\nreviewed: 2026-01-05\n---\n\n# Cache\n\n**Status:** Draft\n\n**Last Updated:** 2026-01-05\n\n## Tasks\n\n- [ ] Write it\n";
    assert_eq!(
        change(
            "docs/plans/active/cache.md",
            text,
            &state(DocumentState::Active)
        )
        .unwrap(),
        "---\ntitle: \"Cache\"\nstatus: active # for now\nlast_updated: 2026-03-02\nreviewed: 2026-01-05\n---\n\n# Cache\n\n**Status:** Active\n\n**Last Updated:** 2026-03-02\n\n## Tasks\n\n- [ ] Write it\n"
    );
}

#[test]
fn the_word_is_the_dialects_in_the_dress_of_the_document() {
    let plan = |status: &str| {
        format!(
            "# Cache\n\nThis ExecPlan is a living document.\n\n{status}\n\n## Progress\n\n- [ ] Write it\n\n## Decision Log\n\n## Plan of Work\n"
        )
    };
    for (path, status, to, expected) in [
        (
            PLAN,
            "Status: DRAFT",
            DocumentState::Active,
            "Status: IN PROGRESS",
        ),
        (
            PLAN,
            "Status: Draft",
            DocumentState::Active,
            "Status: In Progress",
        ),
        (
            PLAN,
            "Status: IN PROGRESS (since May)",
            DocumentState::Done,
            "Status: COMPLETE (since May)",
        ),
        (
            PLAN,
            "**Status**: ✅ **COMPLETE** - all of it",
            DocumentState::Active,
            "**Status**: 🚧 **IN PROGRESS** - all of it",
        ),
        (
            PLAN,
            "| Field | Value |\n|---|---|\n| Status | Draft |",
            DocumentState::Approved,
            "| Field | Value |\n|---|---|\n| Status | Approved |",
        ),
        (
            "docs/plans/active/x.md",
            "> **Status:** Draft for review. By Ann.",
            DocumentState::Abandoned,
            "> **Status:** Abandoned. By Ann.",
        ),
        (
            PLAN,
            "Branch: x",
            DocumentState::Active,
            "Status: IN PROGRESS\nBranch: x",
        ),
        (
            PLAN,
            "Words of no use.",
            DocumentState::Paused,
            "Status: Paused\n\nWords of no use.",
        ),
    ] {
        let (text, expected) = (plan(status), plan(expected));
        let new = change(path, &text, &state(to)).unwrap();
        let expected = if status.starts_with("Words") {
            expected
                .replace(
                    "living document.\n\nStatus: Paused\n\nWords",
                    "living document.\n\nWords",
                )
                .replacen("# Cache\n", "# Cache\n\nStatus: Paused\n", 1)
        } else {
            expected
        };
        assert_eq!(new, expected);
    }
}

#[test]
fn a_dialect_without_a_word_says_so() {
    let refused = change(
        ".archcore/cache.plan.md",
        NUMBERED,
        &state(DocumentState::Done),
    );
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the archcore dialect has no word for done"
    );
    let asked = Change::State {
        state: DocumentState::Done,
        native: Some("done".to_owned()),
        habit: None,
    };
    let new = change(".archcore/cache.plan.md", NUMBERED, &asked).unwrap();
    assert!(new.contains("\nstatus: done\n"));
    let asked = Change::State {
        state: DocumentState::Done,
        native: Some("draft".to_owned()),
        habit: None,
    };
    assert!(change(".archcore/cache.plan.md", NUMBERED, &asked).is_err());
}

#[test]
fn a_team_writes_the_words_that_it_reads() {
    let folder = |write: &str| crate::DialectFolder {
        name: "rollout".to_owned(),
        origin: ".planwright/dialects/rollout".to_owned(),
        manifest: format!(
            "[[detect]]\nscore = 100\nwhen.path = [\"rollouts/*.md\"]\n[[kind]]\nis = \"plan\"\n[states]\ndone = [\"everywhere\", \"all over\"]\n{write}"
        ),
        templates: Vec::new(),
    };
    let done = |write: &str| {
        let (dialects, wrong) = Dialects::load(&[folder(write)]);
        assert!(wrong.is_empty(), "{wrong:?}");
        let reading = dialects.read("rollouts/x.md", b"# x\n\nStatus: Draft\n".to_vec());
        let new = dialects.change(&reading, &state(DocumentState::Done), NOW);
        new.map(|new| String::from_utf8(new).unwrap())
            .map_err(|refusal| refusal.to_string())
    };
    assert_eq!(done("").unwrap(), "# x\n\nStatus: Everywhere\n");
    assert_eq!(
        done("[write.states]\ndone = \"all over\"\n").unwrap(),
        "# x\n\nStatus: All Over\n"
    );
    assert_eq!(
        done("[write.states]\ndraft = \"draft\"\n").unwrap_err(),
        "the rollout dialect has no word for done"
    );
}

#[test]
fn a_document_that_states_nothing_gets_a_state() {
    for (text, expected) in [
        (
            "---\ntitle: x\n---\n\n# x\n",
            "---\ntitle: x\nstatus: active\n---\n\n# x\n",
        ),
        (
            "---\ntitle: x\nstatus:\n---\n\n# x\n",
            "---\ntitle: x\nstatus: active\n---\n\n# x\n",
        ),
        (
            "---\ntitle: x\nstatus: null # later\n---\n\n# x\n",
            "---\ntitle: x\nstatus: active # later\n---\n\n# x\n",
        ),
        (
            "# x\r\n\r\nWords.\r\n",
            "# x\r\n\r\n**Status:** Active\r\n\r\nWords.\r\n",
        ),
        ("Words.\n", "**Status:** Active\n\nWords.\n"),
    ] {
        let new = change("plans/x.md", text, &state(DocumentState::Active)).unwrap();
        assert_eq!(new, expected);
    }
}

#[test]
fn what_others_use_is_used_where_no_form_says_otherwise() {
    let text = "---\nid: x\nstatus: To Do\n---\n\n# x\n\n## Tasks\n\n- [x] y\n";
    let asked = Change::State {
        state: DocumentState::Done,
        native: None,
        habit: Some("Done".to_owned()),
    };
    let new = change("backlog/tasks/task-1.md", text, &asked).unwrap();
    assert!(new.contains("\nstatus: Done\n"), "{new}");
}

const LIVING: &str = "\
# Cache

This ExecPlan is a living document.

## Progress

- [x] (2026-01-04 10:00Z) Measured the reads.
- [ ] Write the cache.

## Surprises & Discoveries

None yet.

## Decision Log

- Decision: Keep it in memory.
  Rationale: It is small.
  Date/Author: 2026-01-04 / Ann

## Plan of Work

Words.
";

#[test]
fn an_entry_looks_like_its_neighbours() {
    let mut decision = entry(LogRole::Decision, "Evict the oldest.");
    decision.rationale = Some("Simple.".to_owned());
    decision.alternatives = Some("LFU".to_owned());
    decision.author = Some("Bea".to_owned());
    let mut discovery = entry(LogRole::Discovery, "Reads are fast.");
    discovery.evidence = Some("2 ms".to_owned());
    for (entry, expected) in [
        (
            entry(LogRole::Progress, "Wrote the cache."),
            "+- [x] (2026-03-02 22:15Z) Wrote the cache.",
        ),
        (
            decision,
            "+- Decision: Evict the oldest.\n+  Rationale: Simple.\n+  Alternatives: LFU\n+  Date/Author: 2026-03-02 / Bea",
        ),
        (
            discovery,
            "-None yet.\n+- Observation: Reads are fast.\n+  Evidence: 2 ms",
        ),
        (
            entry(LogRole::Outcome, "It works."),
            "+## Outcomes & Retrospective\n+\n+- (2026-03-02) It works.\n+",
        ),
    ] {
        assert_eq!(lines(PLAN, LIVING, &Change::Log(entry)), expected);
    }
}

#[test]
fn the_newest_entry_stands_where_the_newest_stand() {
    let text = "# Cache\n\n## Tasks\n\n- [ ] x\n\n## Update Log\n\n* **2026-02-03**: Later.\n* **2026-01-02**: First.\n";
    assert_eq!(
        lines(
            "plans/x.md",
            text,
            &Change::Log(entry(LogRole::Update, "Now."))
        ),
        "+* **2026-03-02**: Now."
    );
    assert!(
        change(
            "plans/x.md",
            text,
            &Change::Log(entry(LogRole::Update, "Now."))
        )
        .unwrap()
        .contains("## Update Log\n\n* **2026-03-02**: Now.\n* **2026-02-03**")
    );
}

#[test]
fn words_of_an_entry_stay_words() {
    let text = entry(LogRole::Progress, "one\n\n## Two {day} `x`");
    let new = change(PLAN, LIVING, &Change::Log(text)).unwrap();
    assert!(new.contains("Z) one ## Two {day} `x`\n"), "{new}");
}

#[test]
fn a_log_that_is_missing_is_made_in_its_place() {
    let text = "# Cache\n\nThis ExecPlan is a living document.\n\n## Progress\n\n- [ ] Write it\n\n## Plan of Work\n\nWords.";
    let new = change(
        PLAN,
        text,
        &Change::Log(entry(LogRole::Decision, "No disk.")),
    )
    .unwrap();
    assert_eq!(
        new,
        "# Cache\n\nThis ExecPlan is a living document.\n\n## Progress\n\n- [ ] Write it\n\n## Decision Log\n\n- Decision: No disk.\n  Date/Author: 2026-03-02\n\n## Plan of Work\n\nWords."
    );
    let new = change(
        PLAN,
        text,
        &Change::Log(entry(LogRole::Update, "Looked at.")),
    )
    .unwrap();
    assert!(
        new.ends_with("Words.\n\n## Update Log\n\n- 2026-03-02: Looked at."),
        "{new}"
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

#[test]
fn a_log_that_is_made_leaves_the_foot_of_the_document() {
    let text = "# Cache\n\n## Tasks\n\n- [ ] Write it\n\n---\n\n**Last Updated**: 2026-01-05\n";
    let asked = Change::Log(entry(LogRole::Progress, "Begun."));
    assert_eq!(
        change("plans/x.md", text, &asked).unwrap(),
        "# Cache\n\n## Tasks\n\n- [ ] Write it\n\n## Progress\n\n- 2026-03-02 22:15Z Begun.\n\n---\n\n**Last Updated**: 2026-01-05\n"
    );
}

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
