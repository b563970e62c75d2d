//! The verbs that add to documents, change items and relate documents.

use std::fs;

use insta::assert_snapshot;

use crate::runner::Repo;

const PLAN: &str = "\
---
status: active
related_plans: []
---

# Search

## Phase 1: Index

- [x] T001 Build the index
- [ ] T002 Rank by stock (depends on T001)
  - Owner: Ann

## Phase 2: Switch

- [ ] T003 Switch over

## Risks

| Risk | Impact | Mitigation |
|------|--------|------------|
| Slow | High | Measure |
";

const TRIPLES: &str = "{\n  \"version\": 1,\n  \"relations\": []\n}\n";

fn shop() -> Repo {
    let repo = Repo::empty();
    let docs = repo.path().join("docs/plans/active");
    fs::create_dir_all(&docs).unwrap();
    fs::write(docs.join("search.md"), PLAN).unwrap();
    fs::write(docs.join("ranking.md"), PLAN.replace("Search", "Ranking")).unwrap();
    let core = repo.path().join(".archcore");
    fs::create_dir_all(&core).unwrap();
    for (name, title) in [("a.plan.md", "A"), ("b.prd.md", "B")] {
        let text = format!("---\ntitle: {title}\nstatus: draft\n---\n\n## Goal\n\nWords.\n");
        fs::write(core.join(name), text).unwrap();
    }
    fs::write(core.join(".sync-state.json"), TRIPLES).unwrap();
    repo
}

fn text(repo: &Repo, name: &str) -> String {
    fs::read_to_string(repo.path().join("docs/plans/active").join(name)).unwrap()
}

#[test]
fn something_is_added_and_taken_back() {
    let repo = shop();
    assert_snapshot!(repo.plan("add task search Weigh --phase 2 --depends-on T002 --owner Ben"));
    assert_snapshot!(repo.plan("add risk search Stale --mitigation Rebuild --json"));
    assert!(text(&repo, "search.md").contains("| Stale | - | Rebuild |\n"));
    assert_snapshot!(repo.plan("add phase search#2 Done"));
    assert_snapshot!(repo.plan("add phase search Cleanup --after 1"));
    for _ in 0..4 {
        repo.plan("undo");
    }
    assert_eq!(text(&repo, "search.md"), PLAN);
}

#[test]
fn what_makes_no_sense_is_told() {
    let repo = shop();
    assert_snapshot!(repo.plan("add risk search Slow --estimate 2h"));
    assert_snapshot!(repo.plan("add task search x --phase 7"));
    assert_snapshot!(repo.plan("add task search x --parent ranking#T002"));
    assert_snapshot!(repo.plan("add task search#T002 x"));
    assert_snapshot!(repo.plan("add task search ..."));
    assert_snapshot!(repo.plan("edit search#T002"));
    assert_snapshot!(repo.plan("edit search --owner x"));
    assert_snapshot!(repo.plan("edit search#T001 --depends-on T002"));
    assert_snapshot!(repo.plan("link search likes ranking"));
    assert_snapshot!(repo.plan("link search implements search"));
    assert_eq!(text(&repo, "search.md"), PLAN);
}

#[test]
fn an_item_is_edited_in_all_or_nothing() {
    let repo = shop();
    assert_snapshot!(
        repo.plan("edit search#T002 --owner Ben --estimate 2h --text Rank --before T001")
    );
    assert!(text(&repo, "search.md").contains(
        "- [ ] T002 Rank (depends on T001)\n  - Owner: Ben\n  - Estimate: 2h\n- [x] T001"
    ));
    let before = text(&repo, "search.md");
    assert_snapshot!(repo.plan("edit search#T003 --owner Ben --after ranking#T001"));
    assert_snapshot!(repo.plan("edit search#T002 --owner Ben"));
    assert_eq!(text(&repo, "search.md"), before);
}

#[test]
fn documents_are_related_where_their_dialect_keeps_it() {
    let repo = shop();
    assert_snapshot!(repo.plan("link search related ranking"));
    assert!(text(&repo, "search.md").contains("related_plans: [ranking.md]\n"));
    assert_snapshot!(repo.plan("link search related ranking"));
    assert_snapshot!(repo.plan("link search depends-on ranking"));
    assert_snapshot!(repo.plan("link ranking depends_on search"));
    assert_snapshot!(repo.plan("link search supersedes ranking"));
    assert_snapshot!(repo.plan("unlink search implements ranking"));
    assert_snapshot!(repo.plan("unlink search supersedes ranking"));
    repo.plan("unlink search depends-on ranking");
    repo.plan("unlink search related ranking");
    assert_eq!(text(&repo, "search.md"), PLAN);
    assert_eq!(text(&repo, "ranking.md"), PLAN.replace("Search", "Ranking"));
}

#[test]
fn archcore_keeps_relations_in_its_file() {
    let repo = shop();
    assert_snapshot!(repo.plan("link a.plan implements b.prd"));
    assert_snapshot!(repo.plan("link b.prd implements a.plan"));
    assert_snapshot!(repo.plan("link a.plan implements search"));
    assert_snapshot!(repo.plan("unlink a.plan implements b.prd"));
    let file = repo.path().join(".archcore/.sync-state.json");
    assert_eq!(fs::read_to_string(&file).unwrap(), TRIPLES);
    fs::remove_file(&file).unwrap();
    assert_snapshot!(repo.plan("link a.plan related b.prd --dry-run"));
    repo.plan("link a.plan related b.prd");
    assert!(file.exists());
    repo.plan("undo");
    assert!(!file.exists());
}

#[test]
fn items_depend_on_items_of_their_document() {
    let repo = shop();
    assert_snapshot!(repo.plan("link search#T003 depends-on T002"));
    assert_snapshot!(repo.plan("unlink search#T003 depends-on T001"));
    assert_snapshot!(repo.plan("unlink search#T003 depends-on T002"));
    assert_snapshot!(repo.plan("link search#T003 implements T002"));
    assert_eq!(text(&repo, "search.md"), PLAN);
}

#[test]
fn several_are_added_in_their_order_and_fill_in_the_form_first() {
    let repo = shop();
    assert_snapshot!(repo.plan("add task search Weigh Sort Show --after T002"));
    assert_snapshot!(text(&repo, "search.md"));
    let path = repo.path().join("docs/plans/active/search.md");
    let form = "# Search\n\n## Phase 1: Index\n\n- [ ] [A piece of work]\n- [ ] [The next piece]\n\n## Phase 2: Switch\n\n- [ ] [A piece of work]\n";
    fs::write(&path, form).unwrap();
    assert_snapshot!(repo.plan("add task search Build Rank Tell Measure"));
    assert_snapshot!(text(&repo, "search.md"));
}
