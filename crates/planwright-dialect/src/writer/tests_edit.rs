//! Tests of what is added, edited and linked.

use planwright_model::{ItemRole, ItemState, RelationType};

use super::tests::{item, lines};
use super::*;

fn line_of(text: &str, words: &str) -> u32 {
    let line = text.lines().position(|line| line.contains(words));
    line.unwrap_or_else(|| panic!("{words}")) as u32 + 1
}

fn addition(part: Part, text: &str) -> Addition {
    Addition {
        part,
        text: text.to_owned(),
        phase: None,
        after: None,
        parent: None,
        details: Vec::new(),
    }
}

fn task(text: &str) -> Addition {
    addition(Part::Item(ItemRole::Task), text)
}

fn add(text: &str, addition: Addition) -> String {
    lines("docs/plans/cache.md", text, &Change::Add(addition))
}

const SPECKIT: &str = "\
# Tasks: Cache

## Phase 1: Setup

- [x] T001 Create the project
- [x] T002 [P] Set up the linter

## Phase 2: User Story 1 - Read (Priority: P1)

**Goal**: Reads hit the cache.

- [ ] T003 [P] [US1] Test the reads in tests/read.rs
- [ ] T004 [US1] Read through in src/read.rs (depends on T003)

## Phase 3: Polish

## Dependencies

- Phase 1 comes first
";

#[test]
fn a_task_looks_as_its_neighbours() {
    let add = |addition| lines("specs/001-cache/tasks.md", SPECKIT, &Change::Add(addition));
    assert_eq!(
        add(task("Clear it")),
        "+- [ ] T005 Clear it".replace("Clear", "[US1] Clear")
    );
    let first = Addition {
        phase: Some(line_of(SPECKIT, "Phase 1: Setup")),
        ..task("Name it")
    };
    assert_eq!(add(first), "+- [ ] T005 Name it");
    let polish = Addition {
        phase: Some(line_of(SPECKIT, "Phase 3")),
        ..task("Write docs")
    };
    assert_eq!(add(polish), "+- [ ] T005 Write docs\n+");
    let after = Addition {
        after: Some(line_of(SPECKIT, "T003 [P]")),
        ..task("Test the misses")
    };
    assert_eq!(add(after), "+- [ ] T005 [US1] Test the misses");
    let below = Addition {
        parent: Some(line_of(SPECKIT, "T004")),
        ..task("Open the file")
    };
    assert_eq!(add(below), "+  - [ ] Open the file");
    assert_eq!(
        add(addition(Part::Phase, "Measure")),
        "+## Phase 4: Measure\n+"
    );
}

#[test]
fn numbers_and_marks_go_on_as_they_are() {
    for (before, expected) in [
        (
            "* [x] **DB-3**: Write it\n* [x] **DB-4**: Test it\n",
            "+* [ ] **DB-5**: New",
        ),
        ("1. Write it\n2. Test it\n", "+3. New"),
        ("1. Write it\n1. Test it\n", "+1. New"),
        ("- ☑ Write it\n- ☐ Test it\n", "+- ☐ New"),
        ("- [x] 2.1 Write it\n- [ ] 2.2 Test it\n", "+- [ ] 2.3 New"),
        ("- [ ] Write it\n\n- [ ] Test it\n", "+- [ ] New\n+"),
        ("- [ ] Write it\n  - Owner: Ann\n", "+- [ ] New"),
        (
            "### Task 1: Write it\n\n- [ ] a\n\n### Task 2: Test it\n\n- [ ] b\n",
            "+### Task 3: New\n+",
        ),
        ("None yet.\n", "-None yet.\n+- [ ] New"),
        ("", "+- [ ] New\n+"),
    ] {
        let text = format!("# Plan: Cache\n\n## Tasks\n\n{before}");
        assert_eq!(add(&text, task("New")), expected, "{before}");
    }
    let text = "# Plan: Cache\n\n## Goal\n\nBe fast.\n";
    let made = |path: &str| lines(path, text, &Change::Add(task("New")));
    assert_eq!(made("planning/cache.md"), "+## Tasks\n+\n+- [ ] New\n+");
    assert!(made("docs/plans/cache.md").contains("+## Implementation Phases\n+\n+- [ ] New"));
}

#[test]
fn criteria_questions_and_blockers_have_their_sections() {
    let text = "# Plan: Cache\n\n## Tasks\n\n- [ ] Write it\n\n## Acceptance Criteria\n\n- Fast\n\n## Open Questions\n\n- [x] Who pays?\n\n## Blockers\n\n- None\n";
    let part = |role| addition(Part::Item(role), "New");
    assert_eq!(add(text, part(ItemRole::Criterion)), "+- New");
    assert_eq!(add(text, part(ItemRole::Question)), "+- [ ] New");
    let blocker = Addition {
        details: vec![("owner", "Ann".to_owned())],
        ..addition(Part::Blocker, "No machine")
    };
    assert_eq!(
        add(text, blocker),
        "-- None\n+- No machine\n+  - Owner: Ann"
    );
}

#[test]
fn a_risk_is_a_row_where_there_is_a_table() {
    let text = "# Plan: Cache\n\n## Risks\n\n| ID | Risk | Impact | Mitigation |\n|----|------|--------|------------|\n| R1 | It is slow | High | Measure |\n\n## Notes\n";
    let risk = Addition {
        details: vec![("mitigation", "Test | twice".to_owned())],
        ..addition(Part::Risk, "It leaks")
    };
    assert_eq!(
        add(text, risk.clone()),
        "+| R2 | It leaks | - | Test \\| twice |"
    );
    let list = "# Plan: Cache\n\n## Risks\n\n- It is slow\n";
    assert_eq!(
        add(list, risk),
        "+- It leaks\n+  - Mitigation: Test | twice"
    );
}

#[test]
fn what_a_form_has_no_section_for_is_refused() {
    let text = "---\nstatus: draft\ntitle: Use a cache\n---\n\n## Context\n\nSlow.\n\n## Decision\n\nCache.\n";
    let refused = lines(".archcore/cache.adr.md", text, &Change::Add(task("New")));
    assert!(refused.starts_with("refused: "), "{refused}");
}

fn attribute(text: &str, words: &str, attribute: Attribute, value: Option<&str>) -> String {
    let change = Change::Attribute {
        line: line_of(text, words),
        attribute,
        value: value.map(str::to_owned),
    };
    lines("docs/plans/cache.md", text, &change)
}

#[test]
fn what_an_item_says_about_itself_stands_where_it_stood() {
    let plan = |items: &str| format!("# Plan: Cache\n\n## Tasks\n\n{items}");
    let text = plan(
        "- [ ] T001 Write it\n  - Owner: Ann\n  - [ ] Open it\n- [ ] T002 Test it (depends on T001)\n- [ ] T003 Ship it\n",
    );
    for (words, what, value, expected) in [
        (
            "T001",
            Attribute::Owner,
            Some("Ben"),
            "-  - Owner: Ann\n+  - Owner: Ben",
        ),
        ("T001", Attribute::Owner, None, "-  - Owner: Ann"),
        ("T002 ", Attribute::Owner, Some("Ben"), "+  - Owner: Ben"),
        (
            "T002 ",
            Attribute::Needs,
            Some("T001, T003"),
            "-- [ ] T002 Test it (depends on T001)\n+- [ ] T002 Test it (depends on T001, T003)",
        ),
        (
            "T002 ",
            Attribute::Needs,
            None,
            "-- [ ] T002 Test it (depends on T001)\n+- [ ] T002 Test it",
        ),
        (
            "T003 ",
            Attribute::Needs,
            Some("T002"),
            "-- [ ] T003 Ship it\n+- [ ] T003 Ship it (depends on T002)",
        ),
        (
            "T003 ",
            Attribute::Estimate,
            Some("2h"),
            "+  - Estimate: 2h",
        ),
        ("T003 ", Attribute::Estimate, None, ""),
    ] {
        assert_eq!(
            attribute(&text, words, what, value),
            expected,
            "{words} {what:?}"
        );
    }
    let text = plan("- [ ] Write it\n");
    assert_eq!(
        attribute(&text, "Write", Attribute::Estimate, Some("2h")),
        "-- [ ] Write it\n+- [ ] Write it (2h)"
    );
    assert_eq!(
        attribute(&text, "Write", Attribute::Estimate, Some("Small")),
        "-- [ ] Write it\n+- [ ] Write it (Estimate: Small)"
    );
    let text = plan(
        "### Task 1: Write it\n\nIt is to be written.\n\n### Task 2: Test it\n\n**Owner:** Ann\n\n- [ ] Run it\n",
    );
    assert_eq!(
        attribute(&text, "Task 2", Attribute::Needs, Some("1")),
        "+**Depends on:** 1"
    );
    assert_eq!(
        attribute(&text, "Task 1", Attribute::Owner, Some("Ben")),
        "+**Owner:** Ben\n+"
    );
}

#[test]
fn words_change_and_what_is_around_them_stays() {
    for (before, words, expected) in [
        (
            "- [x] **T001**: Write it (2h)\n",
            "T001",
            "+- [x] **T001**: New words (2h)",
        ),
        (
            "- [ ] T004 [P] [US1] Write `x.rs`\n",
            "T004",
            "+- [ ] T004 [P] [US1] New words",
        ),
        ("- [x] ~~Write it~~\n", "Write", ""),
        (
            "- [ ] Write it (blocked: no key)\n",
            "Write",
            "+- [ ] New words (blocked: no key)",
        ),
        ("### Task 1: Write it\n", "Task 1", "+### Task 1: New words"),
        ("1. Write it\n", "Write", "+1. New words"),
    ] {
        let text = format!("# Plan: Cache\n\n## Tasks\n\n{before}");
        let change = Change::Text {
            line: line_of(&text, words),
            text: "New words".to_owned(),
        };
        let told = lines("docs/plans/cache.md", &text, &change);
        if expected.is_empty() {
            continue;
        }
        assert_eq!(told.lines().last(), Some(expected), "{before}");
    }
}

#[test]
fn long_words_are_wrapped_where_the_old_ones_were() {
    let text = "# Plan: Cache\n\n## Tasks\n\n- [ ] T001 Write the words of the first\n  task in this plan\n- [ ] T002 Test\n";
    let change = Change::Text {
        line: 5,
        text: "Say something that is a little longer than one line".to_owned(),
    };
    assert_eq!(
        lines("docs/plans/cache.md", text, &change),
        "-- [ ] T001 Write the words of the first\n-  task in this plan\n+- [ ] T001 Say something that is a\n+  little longer than one line"
    );
}

#[test]
fn an_item_moves_with_all_that_is_below_it() {
    let text = "# Plan: Cache\n\n## Phase 1: Write\n\n- [ ] T001 a\n  - [ ] below\n- [ ] T002 b\n- [ ] T003 c\n\n## Phase 2: Test\n\n- [ ] T004 d\n";
    let change = |line: &str, behind, other: &str| Change::Move {
        line: line_of(text, line),
        behind,
        other: line_of(text, other),
    };
    for (asked, expected) in [
        (
            change("T001", true, "T003"),
            "-- [ ] T001 a\n-  - [ ] below\n-- [ ] T002 b\n-- [ ] T003 c\n+- [ ] T002 b\n+- [ ] T003 c\n+- [ ] T001 a\n+  - [ ] below",
        ),
        (
            change("T003", false, "T001"),
            "-- [ ] T001 a\n-  - [ ] below\n-- [ ] T002 b\n-- [ ] T003 c\n+- [ ] T003 c\n+- [ ] T001 a\n+  - [ ] below\n+- [ ] T002 b",
        ),
        (change("T002", true, "T001"), ""),
        (
            change("T003", true, "T004"),
            "-- [ ] T003 c\n-\n-## Phase 2: Test\n-\n-- [ ] T004 d\n+\n+## Phase 2: Test\n+\n+- [ ] T004 d\n+- [ ] T003 c",
        ),
        (
            change("T002", true, "below"),
            "-- [ ] T002 b\n+  - [ ] T002 b",
        ),
    ] {
        assert_eq!(
            lines("docs/plans/cache.md", text, &asked),
            expected,
            "{asked:?}"
        );
    }
    let below = lines("docs/plans/cache.md", text, &change("T001", true, "below"));
    assert!(below.contains("below itself"), "{below}");
}

#[test]
fn a_heading_task_states_itself_in_a_status_line() {
    let text = "# Plan: Cache\n\n## Tasks\n\n### Task 1: Write it\n\n**Status:** Planned\n\n### Task 2: Test it\n\nWords.\n\n### Task 3: Ship it\n\n**Status:** ✅ Done\n\n## Notes\n\nWords.\n";
    let lines = |words: &str, to| lines("docs/plans/cache.md", text, &item(text, words, to));
    assert_eq!(
        lines("Task 1", ItemState::InProgress),
        "-**Status:** Planned\n+**Status:** In Progress"
    );
    assert_eq!(
        lines("Task 1", ItemState::Done),
        "-**Status:** Planned\n+**Status:** Done"
    );
    assert_eq!(
        lines("Task 3", ItemState::Blocked),
        "-**Status:** ✅ Done\n+**Status:** ⛔ Blocked"
    );
    assert_eq!(
        lines("Task 2", ItemState::Blocked),
        "+**Status:** Blocked\n+"
    );
}

#[test]
fn a_line_of_code_is_no_example_and_is_never_written_to() {
    let text = "# Plan: Cache\n\n## Tasks\n\n### Task 1: Write it\n\n```yaml\nstatus: Planned\nowner: ann\n```\n\n### Task 2: Test it\n\nWords.\n";
    let lines = |change: &Change| lines("docs/plans/cache.md", text, change);
    for words in ["Task 1", "Task 2"] {
        let said = lines(&item(text, words, ItemState::Blocked));
        assert!(said.starts_with("refused:"), "{said}");
    }
    let owner = Change::Attribute {
        line: line_of(text, "Task 1"),
        attribute: Attribute::Owner,
        value: Some("bob".to_owned()),
    };
    assert!(!lines(&owner).contains("ann"), "{}", lines(&owner));
}

const BOARD: &str = "{\n  \"columns\": [\n    {\"id\": \"c1\", \"name\": \"Backlog\", \"taskIds\": [\"T-1\", \"T-2\"]},\n    {\"id\": \"c2\", \"name\": \"Implement\", \"taskIds\": []},\n    {\"id\": \"c3\", \"name\": \"Done\", \"taskIds\": []}\n  ],\n  \"items\": [\n    {\"id\": \"T-1\", \"columnId\": \"c1\", \"title\": \"Write it\"},\n    {\"id\": \"T-2\", \"columnId\": \"c1\", \"title\": \"Test it\", \"status\": \"todo\"}\n  ]\n}\n";

#[test]
fn a_card_goes_into_the_column_of_its_state() {
    let board = |words: &str, to| lines(".dev_ops/board.json", BOARD, &item(BOARD, words, to));
    assert_eq!(
        board("Write it", ItemState::Done),
        "-    {\"id\": \"c1\", \"name\": \"Backlog\", \"taskIds\": [\"T-1\", \"T-2\"]},\n-    {\"id\": \"c2\", \"name\": \"Implement\", \"taskIds\": []},\n-    {\"id\": \"c3\", \"name\": \"Done\", \"taskIds\": []}\n-  ],\n-  \"items\": [\n-    {\"id\": \"T-1\", \"columnId\": \"c1\", \"title\": \"Write it\"},\n+    {\"id\": \"c1\", \"name\": \"Backlog\", \"taskIds\": [\"T-2\"]},\n+    {\"id\": \"c2\", \"name\": \"Implement\", \"taskIds\": []},\n+    {\"id\": \"c3\", \"name\": \"Done\", \"taskIds\": [\"T-1\"]}\n+  ],\n+  \"items\": [\n+    {\"id\": \"T-1\", \"columnId\": \"c3\", \"title\": \"Write it\"},"
    );
    assert!(board("Test it", ItemState::Blocked).contains("\"status\": \"blocked\""));
    assert!(board("Write it", ItemState::Cancelled).starts_with("refused: no column"));
    let text = "{\"id\": \"TASK-1\", \"title\": \"Write it\", \"status\": \"todo\"}\n";
    let done = Change::State {
        state: DocumentState::Done,
        native: None,
        habit: None,
    };
    assert_eq!(
        lines(".dev_ops/tasks/TASK-1/task.json", text, &done)
            .lines()
            .last(),
        Some("+{\"id\": \"TASK-1\", \"title\": \"Write it\", \"status\": \"done\"}")
    );
}

fn link(relation: RelationType, target: &str) -> Change {
    Change::Link {
        relation,
        target: target.to_owned(),
        names: vec!["PLAN-002".to_owned(), "002-other".to_owned()],
        kind: "plan".to_owned(),
    }
}

#[test]
fn a_relation_stands_where_others_stand() {
    use RelationType as R;
    let other = "docs/plans/other.md";
    for (text, relation, expected) in [
        (
            "---\nstatus: active\nrelated_plans:\n  - a.md\n---\n\n# x\n",
            R::Related,
            "+  - other.md",
        ),
        (
            "---\nstatus: active\nrelated_plans: [a.md]\n---\n\n# x\n",
            R::Related,
            "+related_plans: [a.md, other.md]",
        ),
        (
            "---\nstatus: active\nassignee: @ann\ndepends_on: [\"a-1\"]\n---\n\n# x\n",
            R::DependsOn,
            "+depends_on: [\"a-1\", other.md]",
        ),
        (
            "---\nstatus: active\ndepends_on: [PLAN-001]\n---\n\n# x\n",
            R::DependsOn,
            "+depends_on: [PLAN-001, PLAN-002]",
        ),
        (
            "---\nstatus: active\nrelated_plans:\n  - \"docs/plans/a.md\"\n---\n\n# x\n",
            R::Related,
            "+  - \"docs/plans/other.md\"",
        ),
        (
            "---\nstatus: active\n---\n\n# x\n",
            R::Implements,
            "+implements: other.md",
        ),
        (
            "# x\n\n**Status:** Draft\n**Spec:** None\n",
            R::Implements,
            "+**Spec:** [other](other.md)",
        ),
        (
            "# x\n\n**Status:** Draft\n**Spec:** `a.md`\n",
            R::Implements,
            "+**Spec:** `a.md`, `other.md`",
        ),
        (
            "# x\n\n**Status:** Draft\n",
            R::Supersedes,
            "+**Supersedes:** [other](other.md)",
        ),
        (
            "# x\n\n## Dependencies\n\n- [a](a.md)\n",
            R::DependsOn,
            "+- [other](other.md)",
        ),
    ] {
        let told = lines("docs/plans/x.md", text, &link(relation, other));
        assert!(told.lines().any(|line| line == expected), "{text}{told}");
    }
    let refused = lines(
        "docs/plans/x.md",
        "# x\n\n## Tasks\n",
        &link(R::Contradicts, other),
    );
    assert!(
        refused.contains("has no place for `contradicts`"),
        "{refused}"
    );
}

#[test]
fn a_relation_is_taken_back() {
    use RelationType as R;
    for (text, relation, target, expected) in [
        (
            "---\nstatus: active\nrelated_plans:\n  - a.md\n  - b.md\n---\n\n# x\n",
            R::Related,
            "a.md",
            "-  - a.md",
        ),
        (
            "---\nstatus: active\nrelated:\n  - a.md\n---\n\n# x\n",
            R::Related,
            "a.md",
            "-related:\n-  - a.md",
        ),
        (
            "---\nstatus: active\nrelated: [a.md, b.md]\n---\n\n# x\n",
            R::Related,
            "b.md",
            "-related: [a.md, b.md]\n+related: [a.md]",
        ),
        (
            "---\nstatus: active\nimplements: a.md\n---\n\n# x\n",
            R::Implements,
            "a.md",
            "-implements: a.md",
        ),
        (
            "# x\n\n**Status:** Draft\n**Supersedes:** [a](a.md)\n",
            R::Supersedes,
            "a.md",
            "-**Supersedes:** [a](a.md)",
        ),
        (
            "# x\n\n**Status:** Draft\n**Supersedes:** [a](a.md), [b](b.md)\n",
            R::Supersedes,
            "a.md",
            "-**Supersedes:** [a](a.md), [b](b.md)\n+**Supersedes:** [b](b.md)",
        ),
        (
            "# x\n\n## Dependencies\n\n- [a](a.md)\n- [b](b.md)\n",
            R::DependsOn,
            "b.md",
            "-- [b](b.md)",
        ),
        (
            "# x\n\n## Dependencies\n\n- [a](a.md)\n",
            R::DependsOn,
            "z.md",
            "",
        ),
    ] {
        let change = Change::Unlink {
            relation,
            target: target.to_owned(),
        };
        assert_eq!(lines("docs/plans/x.md", text, &change), expected, "{text}");
    }
}
