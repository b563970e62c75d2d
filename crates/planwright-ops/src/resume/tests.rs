use std::fs;

use planwright_coord::{Act, Actor, Claims, Host, Key, Subject, Terms, Want};
use planwright_workspace::Options;
use tempfile::TempDir;

use super::*;

const PLAN: &str = "\
---
status: active
---

# Search

## Tasks

- [x] T001 Build the index in `src/index.rs`
- [ ] T002 Rank by stock

## Decision Log

- 2026-03-01: Keep the old index for a month.

## Surprises

- Redis evicts early.
";

const OTHER: &str = "# Plan: move\n\n## Tasks\n\n- [ ] Pack\n";

fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    fs::create_dir_all(folder.path().join("docs/plans")).unwrap();
    fs::create_dir_all(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("docs/plans/search.md"), PLAN).unwrap();
    fs::write(folder.path().join("docs/plans/move.md"), OTHER).unwrap();
    fs::write(folder.path().join("src/index.rs"), "").unwrap();
    folder
}

fn actor(name: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        session: "1".to_owned(),
    }
}

/// A session ticks a task of a plan at a moment, and holds another.
fn works(claims: &Claims, name: &str, plan: &str, at: i64) {
    let path = format!("docs/plans/{plan}.md");
    let noted = claims.in_session(&actor(name), at, |session| {
        session.host = Some(Host {
            name: "codex".to_owned(),
            id: "s1".to_owned(),
        });
        session.edit("src/index.rs");
        session.ended = Some(at);
        session.acts.push(Act {
            at,
            verb: "tick".to_owned(),
            reference: format!("{plan}#T001"),
            path: path.clone(),
            text: "Build the index".to_owned(),
        });
    });
    noted.unwrap();
    let key = Key {
        document: plan.to_owned(),
        item: Some("T002".to_owned()),
    };
    let terms = Terms {
        actor: actor(name),
        now: at,
        lease: 7200,
        subject: Subject {
            reference: format!("{plan}#T002"),
            path,
            text: "Rank".to_owned(),
        },
        ..Terms::default()
    };
    claims.change(&key, &Want::Claim, &terms).unwrap();
}

fn resumed(folder: &TempDir, name: Option<&str>, now: i64) -> Result<Answer, OpsError> {
    let options = Options {
        dir: folder.path().to_owned(),
        cache_dir: None,
    };
    let actor = actor("me");
    let claims = Claims::open(folder.path(), folder.path(), None);
    let desk = Desk {
        claims: &claims,
        actor: &actor,
        model: None,
        now,
    };
    let request = Request {
        name: name.map(str::to_owned),
    };
    run(&Workspace::open(&options).unwrap(), &request, desk, None)
}

#[test]
fn a_plan_is_told_with_its_sessions_and_what_is_left() {
    let folder = repository();
    let claims = Claims::open(folder.path(), folder.path(), None);
    works(&claims, "ann", "search", 1_000);
    let answer = resumed(&folder, Some("search"), 2_000).unwrap();
    let [plan] = answer.plans.as_slice() else {
        panic!("one plan");
    };
    let [past] = plan.sessions.as_slice() else {
        panic!("one session");
    };
    assert_eq!((past.actor.as_str(), past.own), ("ann/1", false));
    let verbs: Vec<&str> = past.acts.iter().map(|act| act.verb.as_str()).collect();
    assert_eq!(verbs, ["tick", "claim"]);
    assert_eq!(past.edited, ["src/index.rs"]);
    assert_eq!(plan.decided[0].text, "Keep the old index for a month.");
    assert_eq!(plan.found.len(), 1);
    assert_eq!(plan.claims[0].state, "held");
    assert_eq!(plan.next.as_ref().unwrap().reference, "search#T002");
    insta::assert_snapshot!(answer.markdown);
}

#[test]
fn a_claim_whose_time_is_over_is_said_to_be() {
    let folder = repository();
    let claims = Claims::open(folder.path(), folder.path(), None);
    works(&claims, "ann", "search", 1_000);
    let answer = resumed(&folder, Some("search#T002"), 90_000).unwrap();
    assert_eq!(answer.plans[0].claims[0].state, "expired");
    let asked = answer.plans[0].item.as_ref().unwrap();
    assert_eq!(asked.reference, "search#T002");
    assert!(answer.markdown.contains("(expired, until "));
}

#[test]
fn without_a_name_it_is_what_the_last_session_worked_on() {
    let folder = repository();
    assert!(resumed(&folder, None, 0).unwrap().plans.is_empty());
    let claims = Claims::open(folder.path(), folder.path(), None);
    works(&claims, "ann", "search", 1_000);
    works(&claims, "bob", "move", 2_000);
    // A session that did nothing is not the last to work on anything.
    claims.in_session(&actor("cid"), 3_000, |_| ()).unwrap();
    let answer = resumed(&folder, None, 4_000).unwrap();
    let paths: Vec<&str> = answer.plans.iter().map(|plan| plan.path.as_str()).collect();
    assert_eq!(paths, ["docs/plans/move.md"]);
    assert!(resumed(&folder, Some("nothing-like-it"), 0).is_err());
}
