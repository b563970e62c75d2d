//! Documents in another dialect.

use crate::runner::Repo;

const PLAN: &str = "---
title: \"New till\"
status: accepted
---

## Goal

One till for every counter, see [why](why.prd.md).

## Tasks

- [x] Count the coins
- [ ] Print the receipt
";

fn repo() -> Repo {
    let repo = Repo::empty();
    let folder = repo.path().join(".archcore");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("till.plan.md"), PLAN).unwrap();
    let why = "---\ntitle: \"Why\"\nstatus: accepted\n---\n\n## Problem\n\nToo many tills.\n";
    std::fs::write(folder.join("why.prd.md"), why).unwrap();
    repo
}

fn relate(repo: &Repo) {
    let state = "{\"relations\": [{\"source\": \"till.plan.md\", \"target\": \"why.prd.md\", \"type\": \"implements\"}]}";
    std::fs::write(repo.path().join(".archcore/.sync-state.json"), state).unwrap();
}

#[test]
fn the_document_stays_and_links_lead_on() {
    let repo = repo();
    let said = repo.plan("convert till --to execplan");
    assert!(said.starts_with("exit code: 0"), "{said}");
    let new = repo.path().join("docs/execplans/new-till.md");
    let text = std::fs::read_to_string(&new).unwrap();
    assert!(text.contains("[why](../../.archcore/why.prd.md)"), "{text}");
    assert!(text.contains("Status: APPROVED"), "{text}");
    assert!(repo.path().join(".archcore/till.plan.md").exists());
    let said = repo.plan("convert till.plan --to execplan --out docs/execplans/new-till.md");
    assert!(said.contains("is there already"), "{said}");
    repo.plan("undo");
    assert!(!new.exists());
}

#[test]
fn what_would_be_lost_is_told_and_nothing_written() {
    let repo = repo();
    relate(&repo);
    let said = repo.plan("convert till --to execplan");
    assert!(said.starts_with("exit code: 1"), "{said}");
    assert!(said.contains("relation: implements"), "{said}");
    assert!(said.contains("nothing was written"), "{said}");
    let new = repo.path().join("docs/execplans/new-till.md");
    assert!(!new.exists());
    let said = repo.plan("convert till --to execplan --yes --replace");
    assert!(said.starts_with("exit code: 0"), "{said}");
    assert!(new.exists() && !repo.path().join(".archcore/till.plan.md").exists());
    repo.plan("undo");
    assert!(!new.exists());
    let old = std::fs::read_to_string(repo.path().join(".archcore/till.plan.md"));
    assert_eq!(old.unwrap(), PLAN);
}

#[test]
fn what_there_is_no_form_for_is_said() {
    let repo = repo();
    let said = repo.plan("convert till --to waterfall");
    assert!(said.contains("there is no dialect `waterfall`"), "{said}");
    let said = repo.plan("convert till --to execplan --kind novel");
    assert!(said.contains("no form for a novel"), "{said}");
    let said = repo.plan("convert why --to execplan");
    assert!(said.contains("no form for a prd"), "{said}");
}
