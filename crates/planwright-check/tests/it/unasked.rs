//! What is shown to those who ask for nothing: the weak signs of each pair are kept back.

use planwright_check::{Config, Now, Project, Request, check};
use planwright_workspace::{Options, Workspace};

/// The rules that report something unasked, each once.
fn shown(files: &[(&str, &str)]) -> Vec<&'static str> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join(".git")).unwrap();
    for (path, text) in files {
        let place = dir.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, text).unwrap();
    }
    let options = Options {
        dir: dir.path().to_owned(),
        cache_dir: None,
    };
    let ws = Workspace::open(&options).unwrap();
    let now = Now::noon("2026-03-02".parse().unwrap());
    let project = Project::read(&ws, Config::default(), now, &[]);
    let report = check(&project, &Request::default());
    let mut rules: Vec<&str> = report
        .findings
        .iter()
        .map(|found| found.rule.name)
        .collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// A plan in `docs/plans/` of a state, with lines below `## Tasks`.
fn plan(state: &str, lines: &str) -> Vec<&'static str> {
    let text = format!("# Plan of the shelf\n\nStatus: {state}\n\n## Tasks\n\n{lines}");
    shown(&[("docs/plans/shelf.md", &text)])
}

#[test]
fn tasks_of_a_finished_plan_may_be_put_off() {
    let told: &[&str] = &["done-with-open-items"];
    let none: &[&str] = &[];
    for (state, lines, expected) in [
        ("Completed", "- [x] Saw\n- [ ] Paint\n", told),
        (
            "Completed",
            "- [x] Saw\n- [x] Sand\n- [ ] Paint (the painter is ill)\n",
            none,
        ),
        (
            "Completed",
            "- [x] Saw\n\nDeferred (to the spring):\n\n- [ ] Paint\n",
            none,
        ),
        (
            "Completed",
            "### Manual testing\n\n- [ ] Put a book on it\n",
            none,
        ),
        ("Completed", "- [ ] `saw --all boards`\n", none),
        (
            "Complete, one pending the painter",
            "- [x] Saw\n- [ ] Paint\n",
            none,
        ),
    ] {
        assert_eq!(plan(state, lines), expected, "{state}: {lines}");
    }
}

#[test]
fn a_word_in_a_sentence_is_no_state_of_a_step() {
    // Had the second line a state, one of three would be done.
    let lines = "- [x] Saw\n- Author the label with **Status: draft**. Then flip it\n- blocked\n";
    assert_eq!(plan("Completed", lines), [""; 0]);
}

#[test]
fn a_plan_that_waits_for_somebody_is_still_active() {
    for (state, expected) in [
        ("Implemented", vec!["folder-disagrees"]),
        ("Implemented (pending the walk through the shop)", vec![]),
    ] {
        let text = format!("# Plan of the shelf\n\nStatus: {state}\n\n## Tasks\n\n- [x] Saw\n");
        assert_eq!(
            shown(&[("docs/plans/active/shelf.md", &text)]),
            expected,
            "{state}"
        );
    }
}

#[test]
fn a_row_may_name_what_is_left_of_its_phase() {
    for (cell, expected) in [
        ("Complete", vec!["phase-table-disagrees"]),
        ("Complete (one gap deferred)", vec![]),
    ] {
        let text = format!(
            "# Plan of the shelf\n\nStatus: Active\n\n| Phase | Status |\n|---|---|\n| Phase 1: Saw | {cell} |\n\n\
             ## Phase 1: Saw\n\n- [x] Buy boards\n- [ ] Cut them\n"
        );
        assert_eq!(shown(&[("docs/plans/shelf.md", &text)]), expected, "{cell}");
    }
}

#[test]
fn a_decision_may_replace_a_part_of_another() {
    let old = "# ADR-001: One shelf\n\n**Status:** Accepted\n\nAll books stand on one shelf.\n";
    for (value, expected) in [
        (
            "[ADR-001: One shelf](001-one-shelf.md)",
            vec!["superseded-but-open"],
        ),
        ("part of [ADR-001](001-one-shelf.md)", vec![]),
        ("none (extends ADR-001)", vec![]),
    ] {
        let new = format!(
            "# ADR-002: Two shelves\n\n**Status:** Accepted\n**Supersedes:** {value}\n\nMaps lie apart.\n"
        );
        let files = [
            ("docs/adr/001-one-shelf.md", old),
            ("docs/adr/002-two-shelves.md", new.as_str()),
        ];
        assert_eq!(shown(&files), expected, "{value}");
    }
}

#[test]
fn a_paragraph_further_down_names_what_took_the_place() {
    let files = |more: &str| {
        let text = format!(
            "# ADR-001: One shelf\n\n- **Status:** superseded\n- **Date:** 2026-02-01\n\n{more}\n"
        );
        shown(&[("docs/adr/001-one-shelf.md", &text)])
    };
    assert_eq!(files("All."), ["superseded-without-successor"]);
    let told =
        "This plan is superseded for the maps,\nwhich need\nmore room. See\n`docs/adr/002-two.md`.";
    assert_eq!(files(told), [""; 0]);
}

#[test]
fn the_steps_of_two_plans_bear_the_same_numbers() {
    let step = "---\nid: \"1.1\"\nstate: TODO\ntitle: Saw\n---\n\n# Saw\n\n- [ ] Buy boards\n";
    let files = [
        ("docs/plans/shelf/specs/1.1-saw.md", step),
        ("docs/plans/lamp/specs/1.1-hang.md", step),
    ];
    assert_eq!(shown(&files), [""; 0]);
}

#[test]
fn what_a_list_of_tasks_names_in_ranges_is_served() {
    use std::fmt::Write as _;

    const MANY: u32 = 6;
    let mut requirements = "# Requirements\n".to_owned();
    let mut tasks = "# Tasks\n\n".to_owned();
    for number in 1..=MANY {
        let _ = write!(
            requirements,
            "\n### Requirement {number}: Part\n\n#### Acceptance Criteria\n\n1. The part SHALL fit\n"
        );
        if number < MANY {
            let _ = write!(
                tasks,
                "- [ ] {number}. Saw a part\n  - _Requirements: {number}.1_\n"
            );
        }
    }
    let told = |last: &str| {
        let tasks = format!("{tasks}- [ ] {MANY}. Hang it\n  - {last}\n");
        shown(&[
            (".kiro/specs/shelf/requirements.md", requirements.as_str()),
            (".kiro/specs/shelf/tasks.md", &tasks),
        ])
    };
    assert_eq!(told("On the wall"), ["requirement-without-task"]);
    assert_eq!(told("_Requirements: 6.1-6.4_"), [""; 0]);
    assert_eq!(told("**Validates: Requirements 6.1**"), [""; 0]);
}

#[test]
fn an_anchor_may_be_announced() {
    let files = |before: &str| {
        let text = format!(
            "# Plan of the shelf\n\nStatus: Draft\n\nThe rule {before} [rules](../rules.md#the-shelf).\n\n## Tasks\n\n- [ ] Saw\n"
        );
        shown(&[
            ("docs/plans/shelf.md", text.as_str()),
            ("docs/rules.md", "# Rules\n"),
        ])
    };
    assert_eq!(files("stands in"), ["dangling-link"]);
    assert_eq!(files("is to be authored in"), [""; 0]);
}
