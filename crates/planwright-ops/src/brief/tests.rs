use std::fs;
use std::path::Path;

use planwright_brief::tokens::estimate;
use planwright_workspace::{Options, Workspace};
use tempfile::TempDir;

use super::*;

/// A repository with a few files.
struct Repo {
    folder: TempDir,
}

impl Repo {
    fn new(files: &[(&str, &str)]) -> Self {
        let repo = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(repo.folder.path().join(".git")).unwrap();
        for (path, text) in files {
            repo.write(path, text.as_bytes());
        }
        repo
    }

    /// A copy of a fixture of the command line's tests.
    fn of(name: &str) -> Self {
        let repo = Self::new(&[]);
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../planwright/tests/fixtures")
            .join(name);
        let mut folders = vec![from.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let relative = path.strip_prefix(&from).unwrap().to_str().unwrap();
                    repo.write(relative, &fs::read(&path).unwrap());
                }
            }
        }
        repo
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn open(&self) -> Workspace {
        Workspace::open(&Options {
            dir: self.folder.path().to_owned(),
            cache_dir: None,
        })
        .unwrap()
    }
}

fn request(words: &[&str], budget: u32) -> Request {
    Request {
        targets: words
            .iter()
            .map(|word| Target {
                word: (*word).to_owned(),
                path: Some((*word).to_owned()),
            })
            .collect(),
        budget,
        today: "2026-03-31".to_owned(),
        ..Request::default()
    }
}

fn brief(repo: &Repo, words: &[&str], budget: u32) -> Answer {
    run(&repo.open(), &request(words, budget)).unwrap()
}

const PLAN: &str = "---\nstatus: active\n---\n# Rotate tokens\n\n## Goal\n\nA stolen token is worth nothing.\n\n## Phase 1: Store\n\n- [x] Write the table in `src/store.rs`\n- [x] Fill it\n\n## Phase 2: Rotate\n\nOnly the newest token counts.\n\n- [x] Issue a pair\n- [ ] Rotate it in `src/auth/token.rs`\n- [ ] End the session\n\n## Phase 3: Tell\n\n- [ ] Write the mail\n\n## Acceptance Criteria\n\n- [ ] A token works once\n";

const RULE: &str = "---\ntitle: Tokens are opaque\nstatus: accepted\nai:\n  context_load: LOAD\n  triggers: [token]\nEXPIRES\n---\n# Tokens are opaque\n\n## Decision\n\nNobody reads a token but the one who issued it.\n";

fn rule(load: &str, expires: &str) -> String {
    RULE.replace("LOAD", load).replace("EXPIRES", expires)
}

#[test]
fn done_ends_where_to_do_begins() {
    let repo = Repo::new(&[("docs/plans/rotate.md", PLAN)]);
    let text = brief(&repo, &["rotate"], 1000).markdown;
    let (done, next) = text.split_once("## Next").unwrap();
    assert!(done.contains("- [x] Phase 1: Store (2 tasks)"), "{text}");
    assert!(
        !text.contains("Write the table") && !text.contains("Issue a pair"),
        "{text}"
    );
    let (next, now) = next
        .split_once("## Now: Phase 2: Rotate (1 of 3 tasks done)")
        .unwrap();
    assert!(
        next.contains("- [ ] Rotate it in `src/auth/token.rs`"),
        "{text}"
    );
    assert!(
        now.contains("- [ ] End the session") && now.contains("Phase 3: Tell"),
        "{text}"
    );
    assert!(now.contains("A token works once"), "{text}");
}

#[test]
fn a_task_that_is_asked_for_comes_first() {
    let repo = Repo::new(&[("docs/plans/rotate.md", PLAN)]);
    let text = brief(&repo, &["rotate#3.1"], 1000).markdown;
    assert!(text.contains("## Next\n\n`rotate#3.1`"), "{text}");
    assert!(text.contains("it was asked for"), "{text}");
}

#[test]
fn what_is_over_never_crowds_out_what_is_not() {
    let repo = Repo::new(&[
        ("docs/adr/0001-opaque.md", &rule("on-demand", "")),
        (
            "docs/adr/0002-old.md",
            &rule("on-demand", "expires: 2026-01-01"),
        ),
        ("docs/adr/0003-never.md", &rule("never", "")),
        ("docs/plans/rotate.md", PLAN),
    ]);
    let found = brief(&repo, &["rotate"], 2000);
    let bound: Vec<&str> = found
        .pieces
        .iter()
        .filter(|piece| piece.part == "binds")
        .filter_map(|piece| piece.path.as_deref())
        .collect();
    assert_eq!(bound, ["docs/adr/0001-opaque.md", "docs/adr/0002-old.md"]);
    assert!(!found.markdown.contains("0003-never"));
}

#[test]
fn what_is_always_to_be_loaded_is_in_without_being_spoken_of() {
    let always = rule("always", "").replace("[token]", "[nothing]");
    let repo = Repo::new(&[
        ("docs/adr/0001-opaque.md", &always),
        (
            "docs/plans/mail.md",
            "# Write mail\n\n## Tasks\n\n- [ ] Choose a provider\n",
        ),
    ]);
    let found = brief(&repo, &["docs/plans/mail.md"], 1000);
    let reasons: Vec<&str> = found
        .pieces
        .iter()
        .map(|piece| piece.why.as_str())
        .collect();
    assert!(reasons.contains(&"always to be loaded"), "{reasons:?}");
}

#[test]
fn a_path_finds_what_names_or_declares_it() {
    let declares = "---\nstatus: active\nrelated_code:\n  - src/auth/**\n---\n# Harden login\n\n## Tasks\n\n- [ ] Count attempts\n";
    let repo = Repo::new(&[
        ("docs/plans/harden.md", declares),
        ("docs/plans/rotate.md", PLAN),
        ("src/auth/token.rs", ""),
    ]);
    let found = brief(&repo, &["src/auth/token.rs"], 1000);
    let touching: Vec<&str> = found
        .pieces
        .iter()
        .filter(|piece| piece.part == "touches")
        .filter_map(|piece| piece.path.as_deref())
        .collect();
    assert_eq!(touching, ["docs/plans/harden.md", "docs/plans/rotate.md"]);
    assert!(found.markdown.contains("declares `src/auth/**`"));
    assert!(found.markdown.contains("- [ ] Rotate it in"));
}

#[test]
fn a_claim_names_its_holder() {
    let repo = Repo::new(&[("docs/plans/rotate.md", PLAN)]);
    let mut request = request(&["rotate"], 1000);
    request.claims.push(Claim {
        reference: "rotate#2.2".to_owned(),
        path: "docs/plans/rotate.md".to_owned(),
        holder: "ann".to_owned(),
        until: Some("14:00".to_owned()),
    });
    let text = run(&repo.open(), &request).unwrap().markdown;
    assert!(
        text.contains("## Claimed\n\n- `rotate#2.2` by ann until 14:00"),
        "{text}"
    );
}

#[test]
fn what_was_left_out_comes_with_the_call_that_names() {
    let repo = Repo::of("ai-docs");
    let found = brief(&repo, &["search-index"], 250);
    assert!(!found.left_out.is_empty() && found.markdown.contains("Left out"));
    let whole = brief(&repo, &["search-index"], found.whole);
    assert_eq!(whole.left_out, []);
}

#[test]
fn the_next_task_is_in_however_small_the_brief() {
    let repo = Repo::new(&[("docs/plans/rotate.md", PLAN)]);
    for budget in [120, 200, 300] {
        let text = brief(&repo, &["rotate"], budget).markdown;
        assert!(text.contains("## Next\n\n`rotate#2.2`"), "{text}");
    }
}

#[test]
fn two_plans_are_one_too_many() {
    let repo = Repo::of("ai-docs");
    let error = run(&repo.open(), &request(&["search-index", "comments"], 500)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Usage);
    assert_eq!(
        error.message,
        "a brief is about one plan, and `comments` is a second one"
    );
    let error = run(&repo.open(), &request(&["comments"], 49)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Usage);
}

/// Whatever is asked, of every document of every dialect's fixture.
#[test]
fn no_brief_costs_more_than_its_ceiling() {
    let encoding = tiktoken::get_encoding("o200k_base").unwrap();
    for name in [
        "ai-docs", "archcore", "dev-ops", "execplan", "generic", "spec-kit",
    ] {
        let repo = Repo::of(name);
        let ws = repo.open();
        let paths: Vec<String> = ws.entries().map(|entry| entry.path.to_owned()).collect();
        let mut budgets = (50..140).step_by(7).chain((140..1200).step_by(97)).cycle();
        for path in paths.iter().map(Some).chain([None]) {
            for budget in budgets.by_ref().take(9) {
                let words: Vec<&str> = path.iter().map(|path| path.as_str()).collect();
                let mut request = request(&words, budget);
                request.session = path.is_none();
                request.text = Some("token index of the station".to_owned());
                let found = run(&ws, &request).unwrap();
                assert!(found.tokens <= budget, "{name} {path:?} {budget}");
                assert_eq!(estimate(&found.markdown), found.tokens);
                let exact = encoding.count(&found.markdown) as u32;
                assert!(exact <= budget, "{name} {path:?}: {exact} > {budget}");
                assert_eq!(run(&ws, &request).unwrap(), found, "the same again");
            }
        }
    }
}
