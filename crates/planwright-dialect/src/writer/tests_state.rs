//! Tests of the states of documents.

use planwright_model::DocumentState;

use super::tests::{NOW, NUMBERED, PLAN, change, state};
use super::*;

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
