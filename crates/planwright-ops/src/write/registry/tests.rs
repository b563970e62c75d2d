//! New documents in the lists that are there.

use std::fs;

use insta::assert_snapshot;
use planwright_workspace::Options;
use planwright_workspace::write::Writer;

use super::*;
use crate::write::create::{self, Request as New};
use crate::write::undo;

/// What becomes of some files when a document is made, and that undo takes back all of it.
fn made(files: &[(&str, &str)], kind: &str, title: &str, dialect: Option<&str>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap().join("repo");
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let open = || {
        Workspace::open(&Options {
            dir: root.clone(),
            cache_dir: None,
        })
        .unwrap()
    };
    let writer = Writer::new(&root, &folder.path().join("state"));
    let call = Call {
        writer: &writer,
        now: 1_772_445_600,
        dry_run: false,
        expect: &[],
        desk: None,
    };
    let request = New {
        kind: kind.to_owned(),
        title: title.to_owned(),
        dialect: dialect.map(str::to_owned),
        today: "2026-03-02".to_owned(),
        ..New::default()
    };
    let answer = create::run(&open(), &request, &call).unwrap();
    let new = answer.path.clone();
    let others = answer.files.iter().filter(|file| file.path != new);
    let diffs: Vec<String> = others.map(|file| file.diff.clone()).collect();
    let lists = answer.links.iter().filter(|link| link.what == "list");
    let lists: Vec<String> = lists
        .map(|link| {
            let under = link.after.clone().unwrap_or_default();
            format!("{}:{} {under}\n", link.path, link.line)
        })
        .collect();
    undo::run(&open(), &call).unwrap();
    assert!(!root.join(&new).exists());
    for (path, text) in files {
        assert_eq!(fs::read_to_string(root.join(path)).unwrap(), *text);
    }
    format!("{new}\n{}{}", lists.concat(), diffs.concat())
}

const A: &str = "# Replay webhooks\n\nThis ExecPlan is a living document.\n\n## Purpose / Big Picture\n\nWords.\n\n## Progress\n\n- [ ] One.\n\n## Decision Log\n\n- Decision: x\n\n## Outcomes & Retrospective\n\nNone.\n";
const B: &str = "# Round prices\n\nThis ExecPlan is a living document.\n\n## Purpose / Big Picture\n\nWords.\n\n## Progress\n\n- [ ] One.\n\n## Decision Log\n\n- Decision: x\n\n## Outcomes & Retrospective\n\nNone.\n";
const ADR: &str = "---\nstatus: accepted\n---\n\n# Use one queue\n\n## Context\n\nWords.\n\n## Decision\n\nOne.\n\n## Consequences\n\nWords.\n";

#[test]
fn a_plan_joins_the_list_of_its_neighbours_in_their_style() {
    assert_snapshot!(made(
        &[
            ("docs/execplans/a.md", A),
            ("docs/execplans/b.md", B),
            (
                "docs/execplans/README.md",
                "# ExecPlans\n\n## Active Plans\n\n- [2026-01-05] [Replay webhooks](a.md) - Ann\n- [2026-01-09] [Round prices](b.md) - Bo\n\n## Completed Plans\n\nNone yet.\n",
            ),
        ],
        "plan",
        "Answer faster",
        None,
    ));
}

#[test]
fn a_registry_that_is_empty_gets_its_first_line() {
    assert_snapshot!(made(
        &[(
            "PLANS.md",
            "# ExecPlans\n\n## Active Plans\n\nNone.\n\n## Completed Plans\n\nNone.\n",
        )],
        "plan",
        "Answer [faster]",
        Some("execplan"),
    ));
}

#[test]
fn a_decision_becomes_a_row_of_the_table_of_decisions() {
    assert_snapshot!(made(
        &[
            ("docs/decisions/adr/0001-use-one-queue.md", ADR),
            (
                "docs/decisions/adr/0002-keep-logs.md",
                &ADR.replace("Use one queue", "Keep logs")
            ),
            (
                "docs/decisions/adr/README.md",
                "# Decisions\n\n| Decision | State |\n|---|---|\n| [Use one queue](0001-use-one-queue.md) | accepted |\n| [Keep logs](0002-keep-logs.md) | accepted |\n",
            ),
        ],
        "adr",
        "Two carriers",
        None,
    ));
}

#[test]
fn a_selection_and_a_list_of_few_stay_as_they_are() {
    let few = "# Plans\n\n## Plans\n\n- [Replay webhooks](a.md)\n";
    let recent =
        "# Plans\n\n## Recent plans\n\n- [Replay webhooks](a.md)\n- [Round prices](b.md)\n";
    for index in [few, recent] {
        let said = made(
            &[
                ("docs/execplans/a.md", A),
                ("docs/execplans/b.md", B),
                ("docs/execplans/README.md", index),
            ],
            "plan",
            "Answer faster",
            None,
        );
        assert_eq!(said, "docs/execplans/answer-faster.md\n");
    }
}

#[test]
fn a_task_gets_a_card_of_the_board() {
    assert_snapshot!(made(
        &[
            (
                ".dev_ops/docs/adrs/ADR-001-x.md",
                "---\nid: ADR-001\ntitle: X\nstatus: Accepted\n---\n\n# ADR-001: X\n",
            ),
            (
                ".dev_ops/board.json",
                "{\n  \"version\": 1,\n  \"columns\": [\n    { \"id\": \"col-backlog\", \"name\": \"Backlog\", \"taskIds\": [\"TASK-001\"] },\n    { \"id\": \"col-done\", \"name\": \"Done\", \"taskIds\": [] }\n  ],\n  \"items\": [\n    {\n      \"id\": \"TASK-001\",\n      \"columnId\": \"col-backlog\",\n      \"note\": \"x\",\n      \"title\": \"One\",\n      \"updatedAt\": \"2026-02-15T02:42:11.212Z\"\n    }\n  ]\n}\n",
            ),
        ],
        "task",
        "Say \"two\"",
        Some("dev-ops"),
    ));
}
