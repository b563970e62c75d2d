use std::fs;
use std::path::Path;

use planwright_coord::{Actor, Claims, Key, Subject, Terms, Want};
use planwright_workspace::Options;
use tempfile::TempDir;

use super::*;

const PLAN: &str = "\
---
status: active
---

# Search

## Tasks

- [ ] T001 Build the index in `src/index.rs`
- [ ] T002 Rank by stock in `src/rank.rs` and `src/stock.rs`
";

struct Repo {
    folder: TempDir,
}

impl Repo {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repo = Self { folder };
        fs::create_dir_all(repo.root().join(".git")).unwrap();
        for (path, text) in files {
            repo.write(path, text);
        }
        repo
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn claims(&self) -> Claims {
        Claims::open(self.root(), self.root(), None)
    }

    fn hook(&self, event: Event, paths: &[&str], change: impl FnOnce(&mut Request)) -> Answer {
        let options = Options {
            dir: self.root().to_owned(),
            cache_dir: None,
        };
        let mut request = Request {
            event,
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            host: Host {
                name: "codex".to_owned(),
                id: "s1".to_owned(),
            },
            listener: String::new(),
            hears_before: true,
            budget: 700,
            now: Now::noon("2026-03-31".parse().unwrap()),
        };
        change(&mut request);
        let actor = actor("ann", "1");
        let desk = Desk {
            claims: &self.claims(),
            actor: &actor,
            model: Some("m1"),
            now: request.now.instant,
        };
        run(&Workspace::open(&options).unwrap(), &request, desk, None).unwrap()
    }

    fn said(&self, event: Event, paths: &[&str]) -> String {
        self.hook(event, paths, |_| {}).text
    }

    /// Somebody takes a task.
    fn claim(&self, who: &Actor, item: &str) {
        let key = Key {
            document: "search".to_owned(),
            item: Some(item.to_owned()),
        };
        let terms = Terms {
            actor: who.clone(),
            now: Now::noon("2026-03-31".parse().unwrap()).instant,
            lease: 7200,
            subject: Subject {
                reference: format!("search#{item}"),
                path: "docs/plans/search.md".to_owned(),
                text: "Build the index".to_owned(),
            },
            ..Terms::default()
        };
        self.claims().change(&key, &Want::Claim, &terms).unwrap();
    }
}

fn actor(name: &str, session: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        session: session.to_owned(),
    }
}

#[test]
fn what_bears_on_a_file_is_said_once_in_a_session() {
    let repo = Repo::new(&[("docs/plans/search.md", PLAN)]);
    let said = repo.said(Event::BeforeEdit, &["src/index.rs"]);
    assert!(said.contains("T001 Build the index"), "{said}");
    assert!(!said.contains("T002"), "{said}");
    assert_eq!(repo.said(Event::BeforeEdit, &["src/index.rs"]), "");
    assert_eq!(repo.said(Event::BeforeEdit, &["src/other.rs"]), "");
    // A new beginning of the session knows nothing any more, and neither does another session.
    let other = |request: &mut Request| request.host.id = "s2".to_owned();
    assert_eq!(
        repo.hook(Event::BeforeEdit, &["src/index.rs"], other).text,
        said
    );
    repo.said(Event::SessionStart, &[]);
    assert_eq!(repo.said(Event::BeforeEdit, &["src/index.rs"]), said);
}

#[test]
fn a_session_that_is_wired_twice_begins_once() {
    let repo = Repo::new(&[("docs/plans/search.md", PLAN)]);
    assert!(repo.said(Event::SessionStart, &[]).contains("search"));
    assert_eq!(repo.said(Event::SessionStart, &[]), "");
    let later = |request: &mut Request| request.listener = "a7".to_owned();
    let said = repo.hook(Event::SessionStart, &[], later).text;
    assert!(said.contains("search"), "{said}");
}

#[test]
fn a_host_that_hears_nothing_before_is_told_after() {
    let repo = Repo::new(&[("docs/plans/search.md", PLAN)]);
    let deaf = |request: &mut Request| request.hears_before = false;
    let before = repo.hook(Event::BeforeEdit, &["src/index.rs"], deaf);
    assert_eq!(before, Answer::default());
    let after = repo.hook(Event::AfterEdit, &["src/index.rs"], deaf).text;
    assert!(after.contains("What touches `src/index.rs`"), "{after}");
}

#[test]
fn finished_plans_bind_nothing() {
    let done = PLAN.replace("active", "completed").replace("[ ]", "[x]");
    let repo = Repo::new(&[("docs/plans/search.md", &done)]);
    for event in [Event::BeforeEdit, Event::AfterEdit] {
        assert_eq!(repo.said(event, &["src/index.rs"]), "");
    }
}

#[test]
fn plans_are_guarded_where_the_team_says_so() {
    let files = [
        ("docs/plans/search.md", PLAN),
        (
            "docs/adr-001.md",
            "---\nstatus: accepted\n---\n# ADR 1: One\n\n## Decision\n\nOne.\n",
        ),
    ];
    let repo = Repo::new(&files);
    let edit = |path| repo.hook(Event::BeforeEdit, &[path], |_| {});
    assert!(!edit("docs/plans/search.md").refuses);
    repo.write(".planwright/config.toml", "[hooks]\nguard = true\n");
    let refusal = edit("docs/plans/search.md");
    assert!(refusal.refuses && refusal.text.contains("`plan tick`"));
    // Each time, not only the first.
    assert!(edit("docs/plans/search.md").refuses);
    for path in ["docs/adr-001.md", "docs/plans/new.md", "src/index.rs"] {
        assert!(!edit(path).refuses, "{path}");
    }
}

#[test]
fn a_finding_that_comes_back_is_told_again() {
    let repo = Repo::new(&[("docs/plans/search.md", PLAN)]);
    let edited = |text: &str| {
        repo.write("docs/plans/search.md", text);
        repo.said(Event::AfterEdit, &["docs/plans/search.md"])
    };
    assert_eq!(edited(PLAN), "");
    let wrong = format!("{PLAN}\nSee [it](gone.md).\n");
    let said = edited(&wrong);
    assert!(said.contains("(dangling-link)"), "{said}");
    assert_eq!(edited(&wrong), "");
    assert_eq!(edited(PLAN), "");
    assert_eq!(edited(&wrong), said);
}

#[test]
fn who_else_works_on_the_plan_is_told() {
    let repo = Repo::new(&[("docs/plans/search.md", PLAN)]);
    repo.claim(&actor("bob", "7"), "T001");
    let said = repo.said(Event::BeforeEdit, &["docs/plans/search.md"]);
    assert_eq!(said, "- bob/7 works on `search#T001`: Build the index");
}

#[test]
fn a_session_hears_what_it_holds_and_who_was_there_before() {
    let repo = Repo::new(&[("docs/plans/search.md", PLAN)]);
    repo.claim(&actor("bob", "7"), "T002");
    // The host's own name for the session is as good as ours.
    repo.claim(&actor("ann", "s1"), "T001");
    let said = repo.hook(Event::SessionStart, &[], |request| request.budget = 1_600);
    let lines: Vec<&str> = said.text.lines().take(4).collect();
    assert_eq!(lines[0], "You hold `search#T001`: Build the index");
    assert!(
        lines[1].contains("worked here before you; `plan resume`"),
        "{lines:?}"
    );
    assert!(lines[3].starts_with("# Plans of "), "{lines:?}");
    assert!(said.text.contains("bob"), "{}", said.text);
    let known = repo.claims().session(&actor("ann", "1")).unwrap().unwrap();
    assert_eq!(known.model.as_deref(), Some("m1"));
    assert_eq!(known.host.unwrap().id, "s1");
}

#[test]
fn nothing_is_said_where_there_are_no_plans() {
    let repo = Repo::new(&[("src/index.rs", "")]);
    for event in Event::ALL {
        assert_eq!(
            repo.said(event, &["src/index.rs"]),
            "",
            "{}",
            event.as_str()
        );
    }
}

#[test]
fn no_answer_costs_more_than_it_may() {
    let plan = |number: usize| {
        let title = format!("# Plan {number} of a name that is rather long\n\n");
        let tasks = "- [ ] Change `src/index.rs` once more, and tell everybody about it\n";
        format!(
            "---\nstatus: active\n---\n\n{title}## Tasks\n\n{}",
            tasks.repeat(20)
        )
    };
    let repo = Repo::new(&[]);
    for number in 0..60 {
        repo.write(&format!("docs/plans/plan-{number}.md"), &plan(number));
    }
    for event in Event::ALL {
        for budget in [100, 700, 2_500] {
            let set = |request: &mut Request| {
                request.budget = budget;
                request.host.id = budget.to_string();
            };
            let said = repo.hook(event, &["src/index.rs"], set).text;
            assert!(
                tokens::estimate(&said) <= budget,
                "{}: {said}",
                event.as_str()
            );
            assert_eq!(said.is_empty(), event == Event::BeforeStop);
        }
    }
}
