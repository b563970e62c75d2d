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

#[test]
fn of_many_that_are_converted_at_once_each_gets_a_number() {
    let repo = Repo::empty();
    let folder = repo.path().join(".archcore");
    std::fs::create_dir_all(&folder).unwrap();
    let names: Vec<String> = (0..6).map(|at| format!("till-{at}")).collect();
    for name in &names {
        let text = PLAN
            .replace("New till", name)
            .replace("see [why](why.prd.md)", "soon");
        std::fs::write(folder.join(format!("{name}.plan.md")), text).unwrap();
    }
    let begun: Vec<_> = names
        .iter()
        .map(|name| {
            let args = ["convert", name, "--to", "dev-ops", "--yes"];
            let mut command = repo.command(&args);
            command
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    for mut child in begun {
        assert!(child.wait().unwrap().success());
    }
    let made = std::fs::read_dir(repo.path().join(".dev_ops/docs/plans")).unwrap();
    let mut numbers: Vec<String> = made
        .map(|file| file.unwrap().file_name().to_string_lossy()[..7].to_owned())
        .collect();
    numbers.sort();
    let expected: Vec<String> = (1..=6).map(|at| format!("PLN-{at:03}")).collect();
    assert_eq!(numbers, expected);
}
