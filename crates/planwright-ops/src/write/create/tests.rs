use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use planwright_check::Now;
use planwright_workspace::Options;
use planwright_workspace::write::Writer;
use tempfile::TempDir;

use super::*;
use crate::check;
use crate::write::undo;

const NOW: i64 = 1_772_445_600;
const TODAY: &str = "2026-03-02";

/// A repository and the state beside it.
pub(super) struct Repo {
    folder: TempDir,
}

impl Repo {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let repo = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(repo.root()).unwrap();
        for (path, text) in files {
            repo.write(path, text);
        }
        repo
    }

    pub(super) fn root(&self) -> std::path::PathBuf {
        self.folder.path().canonicalize().unwrap().join("repo")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    pub(super) fn open(&self) -> Workspace {
        open(&self.root())
    }

    pub(super) fn call<T>(&self, run: impl FnOnce(&Call<'_>) -> T) -> T {
        let writer = Writer::new(&self.root(), &self.folder.path().join("state"));
        run(&Call {
            writer: &writer,
            now: NOW,
            dry_run: false,
            expect: &[],
            desk: None,
        })
    }

    fn new_(&self, request: &Request) -> Result<Answer, OpsError> {
        self.call(|call| run(&self.open(), request, call))
    }

    fn path(&self, kind: &str, title: &str, more: impl FnOnce(&mut Request)) -> String {
        let mut request = request(kind, title);
        more(&mut request);
        match self.new_(&request) {
            Ok(answer) => answer.path,
            Err(error) => format!("{error}: {:?}", error.hints),
        }
    }
}

fn open(root: &Path) -> Workspace {
    Workspace::open(&Options {
        dir: root.to_owned(),
        cache_dir: None,
    })
    .unwrap()
}

fn request(kind: &str, title: &str) -> Request {
    Request {
        kind: kind.to_owned(),
        title: title.to_owned(),
        author: Some("Ada Byron".to_owned()),
        today: TODAY.to_owned(),
        ..Request::default()
    }
}

/// What `check` says of a file.
pub(super) fn findings(ws: &Workspace, path: &str) -> Vec<String> {
    let request = check::Request {
        targets: Vec::new(),
        select: Vec::new(),
        ignore: Vec::new(),
        changed: None,
        baseline: None,
        fixing: check::Fixing::Report,
        sources: false,
        fingerprints: false,
        now: Now::noon(TODAY.parse().unwrap()),
    };
    let answer = check::run(ws, &request, None).unwrap();
    let found = answer.findings.into_iter();
    let found = found.filter(|found| found.path == path);
    found
        .map(|found| format!("{}:{} {}", found.name, found.line, found.message))
        .collect()
}

/// Every form of every built-in dialect.
fn forms() -> Vec<(String, String)> {
    let repo = Repo::new(&[]);
    let ws = repo.open();
    let forms = ws.dialects().templates();
    forms
        .map(|(dialect, form)| (dialect.name.clone(), form.name.clone()))
        .collect()
}

#[test]
fn every_form_gives_a_document_that_only_lacks_what_is_to_be_filled_in() {
    let mut wrong = Vec::new();
    let mut all = String::new();
    for (dialect, name) in forms() {
        for (title, parent) in [
            ("Find it faster: \"search\"", false),
            ("Поиск: 2 × C#", true),
        ] {
            let what = format!("{dialect}/{name} {title}");
            let repo = Repo::new(&[]);
            let mut request = request(&name, title);
            request.dialect = Some(dialect.clone());
            if parent {
                repo.write(".archcore/goals.prd.md", "---\ntitle: Goals\nstatus: accepted\n---\n\n## Vision\n\nWords.\n\n## Success Metrics\n\n- Fast.\n");
                repo.write(".dev_ops/docs/PRD-001-goals.md", "---\nid: PRD-001\ntitle: Goals\ntype: prd\nstatus: Approved\ndownstream: []\n---\n\n# PRD-001 - Goals\n\n## Goals\n\nx\n");
                let own = if dialect == "dev-ops" {
                    "PRD-001"
                } else {
                    "goals.prd"
                };
                request.implements = Some(own.to_owned());
                request.dir = (dialect == "archcore").then(|| ".archcore/sub".to_owned());
            }
            if what.starts_with("spec-kit/tasks") {
                // It says that it rests upon both.
                repo.write("specs/001-x/spec.md", "# Feature Specification: X\n");
                repo.write("specs/001-x/plan.md", "# Implementation Plan: X\n");
                request.from = Some("001-x".to_owned());
            }
            let before = fs::read_dir(repo.root()).unwrap().count();
            let answer = repo
                .new_(&request)
                .unwrap_or_else(|error| panic!("{what}: {error:?}"));
            let ws = repo.open();
            let form = ws.dialects().template(&dialect, &name).unwrap();
            let index = ws.find(&answer.path);
            let reading = ws.read(&answer.path).unwrap();
            let document = &reading.document;
            assert_eq!(
                (&document.dialect, &document.kind),
                (&dialect, &form.kind),
                "{what}"
            );
            assert_eq!(index.is_some(), reading.recognition.listed, "{what}");
            assert!(
                document.title.text.ends_with(title),
                "{what}: {}",
                document.title.text
            );
            assert!(
                !document.template && document.diagnostics.is_empty(),
                "{what}"
            );
            assert_eq!(answer.state, document.state.value.as_str(), "{what}");
            let native = answer.native.as_deref().unwrap_or_default();
            let links = document
                .relations
                .iter()
                .filter(|relation| relation.source != "link");
            let links: Vec<String> = links
                .map(|link| format!("{} {}", link.kind.as_str(), link.target))
                .collect();
            let name = form.name.as_str();
            let _ = writeln!(
                all,
                "{dialect}/{name}  {}  {} {native}  {}",
                answer.path,
                answer.state,
                links.join(", ")
            );
            if let Some(id) = &answer.id
                && form.text.contains("id: \"{{id}}\"")
            {
                assert_eq!(document.field("id").next(), Some(id.as_str()), "{what}");
            }
            let text = repo.text(&answer.path);
            assert!(
                !text.contains("{{") && text.ends_with('\n') && !text.contains("\n\n\n"),
                "{what}:\n{text}"
            );
            assert_eq!(
                text.lines().find(|line| *line != line.trim_end()),
                None,
                "{what}"
            );
            let left = findings(&ws, &answer.path);
            let other = left
                .iter()
                .filter(|found| !found.starts_with("placeholder-left"));
            for other in other {
                wrong.push(format!("{what}: {other}"));
            }
            let unresolved = document
                .relations
                .iter()
                .find(|relation| !relation.resolved);
            assert_eq!(unresolved, None, "{what}\n{text}");
            let undone = repo.call(|call| undo::run(&repo.open(), call));
            undone.unwrap();
            assert_eq!(fs::read_dir(repo.root()).unwrap().count(), before, "{what}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    insta::assert_snapshot!(all);
}

#[test]
fn it_goes_where_its_neighbours_are() {
    let plan = |title: &str| {
        format!(
            "# {title}\n\n## Progress\n\n- [ ] a\n\n## Decision Log\n\n- x\n\n## Surprises & Discoveries\n\n- y\n"
        )
    };
    let repo = Repo::new(&[
        ("work/plans/completed/FP-0009-a.md", &plan("FP-0009: A")),
        ("work/plans/active/FP-0011-b.md", &plan("FP-0011: B")),
        ("work/plans/active/FP-0010-c.md", &plan("FP-0010: C")),
        (
            "specs/007-cards/spec.md",
            "# Feature Specification: Cards\n",
        ),
        (
            "specs/_archive/009-old/spec.md",
            "# Feature Specification: Old\n",
        ),
        (
            "web/.archcore/ui/forms.adr.md",
            "---\ntitle: Forms\nstatus: accepted\n---\n\n## Context\n\nx\n",
        ),
    ]);
    let any = |_: &mut Request| {};
    assert_eq!(
        repo.path("plan", "More speed", any),
        "work/plans/active/FP-0012-more-speed.md"
    );
    assert!(
        repo.text("work/plans/active/FP-0012-more-speed.md")
            .starts_with("# FP-0012: More speed\n")
    );
    assert_eq!(repo.path("spec", "Gifts", any), "specs/010-gifts/spec.md");
    assert!(repo.text("specs/010-gifts/spec.md").contains("`010-gifts`"));
    // A plan of the repository is an ExecPlan; one of a feature is one of spec-kit.
    let from =
        |name: &'static str| move |request: &mut Request| request.from = Some(name.to_owned());
    assert_eq!(
        repo.path("plan", "Cards", from("specs/007-cards")),
        "specs/007-cards/plan.md"
    );
    assert!(
        repo.text("specs/007-cards/plan.md")
            .contains("[spec.md](spec.md)")
    );
    assert_eq!(
        repo.path("tasks", "Cards", from("007")),
        "specs/007-cards/tasks.md"
    );
    assert_eq!(
        repo.path("checklist", "Security", from("007")),
        "specs/007-cards/checklists/security.md"
    );
    assert_eq!(repo.path("tasks", "Gifts", any), "specs/010-gifts/tasks.md");
    assert!(
        repo.path("tasks", "Other", any)
            .contains("belongs to a feature")
    );
    assert_eq!(
        repo.path("adr", "Grid", any),
        "web/.archcore/ui/grid.adr.md"
    );
    assert_eq!(repo.path("prd", "Site", any), "web/.archcore/site.prd.md");
    assert_eq!(
        repo.path("plan", "x", |request| request.dir =
            Some("work/plans/future".to_owned())),
        "work/plans/future/FP-0013-x.md"
    );
}

#[test]
fn documents_that_are_no_features_stay_beside_each_other() {
    let design = "# Design\n\nWords.\n";
    let repo = Repo::new(&[
        ("docs/x/specs/2026-01-02-a-spec.md", design),
        ("docs/x/specs/2026-01-03-b-spec.md", design),
        ("docs/x/specs/2026-02-03-c-d-spec.md", design),
        ("doc/notes/a.md", "# A\n"),
    ]);
    let mut spec = request("spec", "Cards");
    spec.dialect = Some("spec-kit".to_owned());
    assert_eq!(
        repo.new_(&spec).unwrap().path,
        "docs/x/specs/2026-03-02-cards-spec.md"
    );
    // Without a feature, spec-kit is not what the repository uses.
    let repo = Repo::new(&[
        ("doc/x/specs/2026-01-02-a.md", design),
        ("doc/plans/a-plan.md", "# A\n\n- [ ] x\n"),
    ]);
    assert_eq!(
        repo.path("spec", "Cards", |_| {}),
        "doc/design/cards-spec.md"
    );
}

#[test]
fn a_dialect_is_asked_for_only_where_none_fits() {
    let repo = Repo::new(&[(
        "docs/execplans/a.md",
        "# A\n\n## Progress\n\n- [ ] a\n\n## Decision Log\n\n- x\n\n## Outcomes & Retrospective\n\n- y\n",
    )]);
    let answer = repo.new_(&request("adr", "Why")).unwrap();
    assert_eq!(answer.path, "docs/decisions/0001-why.md");
    assert_eq!(answer.notes.len(), 1);
    let error = repo.new_(&request("prd", "What")).unwrap_err();
    assert_eq!(
        error.message,
        "no dialect of this repository has a form for `prd`"
    );
    assert_eq!(
        error.hints,
        [Hint::Note(
            "`--dialect` takes archcore or dev-ops".to_owned()
        )]
    );
    assert!(
        repo.new_(&request("poem", "x"))
            .unwrap_err()
            .message
            .contains("no form for `poem`")
    );
    let mut other = request("story", "x");
    other.dialect = Some("execplan".to_owned());
    let error = repo.new_(&other).unwrap_err();
    assert_eq!(
        error.hints,
        [Hint::Candidates(vec![
            "plan".to_owned(),
            "index".to_owned()
        ])]
    );
    // A repository's own plans first, then what everybody has.
    assert_eq!(repo.path("plan", "B", |_| {}), "docs/execplans/b.md");
}

#[test]
fn relations_stand_where_the_dialect_keeps_them_on_both_sides() {
    let repo = Repo::new(&[
        (
            ".archcore/goals.prd.md",
            "---\ntitle: Goals\nstatus: accepted\n---\n\n## Vision\n\nx\n",
        ),
        (
            ".archcore/keys.adr.md",
            "---\ntitle: Keys\nstatus: accepted\n---\n\n## Context\n\nx\n",
        ),
        (
            "docs/adr/0001-old.md",
            "---\ntype: adr\ntitle: Old\nstatus: accepted\nsupersedes: []\nsuperseded_by: []\nai:\n  token_budget: 900\n---\n\n# Old\n",
        ),
        (
            ".dev_ops/docs/PRD-001-shop.md",
            "---\nid: \"PRD-001\"\ntitle: Shop\ntype: prd\nstatus: Approved\nupstream: []\ndownstream: []\n---\n\n# PRD-001 - Shop\n\n## Goals\n\nx\n\n## Success Criteria\n\n- y\n",
        ),
    ]);
    let mut plan = request("plan", "Reach them");
    plan.dialect = Some("archcore".to_owned());
    plan.implements = Some("goals".to_owned());
    plan.depends_on = vec!["keys.adr".to_owned()];
    let answer = repo.new_(&plan).unwrap();
    assert_eq!(answer.links.len(), 2);
    insta::assert_snapshot!(repo.text(".archcore/.sync-state.json"));
    plan.title = "Other".to_owned();
    plan.supersedes = vec!["reach-them.plan".to_owned()];
    assert_eq!(repo.new_(&plan).unwrap_err().kind, ErrorKind::Refused);
    assert!(!repo.root().join(".archcore/other.plan.md").exists());

    let mut adr = request("adr", "New");
    adr.dialect = Some("ai-docs".to_owned());
    adr.supersedes = vec!["docs/adr/0001-old.md".to_owned()];
    let answer = repo.new_(&adr).unwrap();
    assert_eq!(answer.path, "docs/adr/0002-new.md");
    assert!(
        repo.text(&answer.path)
            .contains("supersedes: [\"0001-old.md\"]\n"),
        "{}",
        repo.text(&answer.path)
    );
    assert!(
        repo.text("docs/adr/0001-old.md")
            .contains("superseded_by: [\"0002-new.md\"]\n")
    );

    let mut plan = request("plan", "Sell");
    plan.dialect = Some("dev-ops".to_owned());
    plan.implements = Some("PRD-1".to_owned());
    let answer = repo.new_(&plan).unwrap();
    assert_eq!(answer.id.as_deref(), Some("PLN-001"));
    assert!(
        repo.text(&answer.path).contains("upstream: [PRD-001]\n"),
        "{}",
        repo.text(&answer.path)
    );
    assert!(
        repo.text(".dev_ops/docs/PRD-001-shop.md")
            .contains("downstream: [PLN-001]\n")
    );
    for words in [
        "## Goal\n\nSee [Goals](../PRD-001-shop.md#goals) of Shop.\n",
        "\n\nSee [Success Criteria](../PRD-001-shop.md#success-criteria) of Shop.\n",
    ] {
        assert!(
            repo.text(&answer.path).contains(words),
            "{}",
            repo.text(&answer.path)
        );
    }
    repo.call(|call| undo::run(&repo.open(), call)).unwrap();
    assert!(
        repo.text(".dev_ops/docs/PRD-001-shop.md")
            .contains("downstream: []\n")
    );
}

#[test]
fn nothing_is_overwritten_and_nothing_written_outside() {
    let repo = Repo::new(&[("plans/a.md", "# Plan: A\n\n- [ ] x\n"), ("notes.md", "x")]);
    assert!(
        repo.path("plan", "A", |_| {})
            .contains("there is plans/a.md already")
    );
    assert_eq!(repo.text("plans/a.md"), "# Plan: A\n\n- [ ] x\n");
    assert_eq!(repo.path("plan", "../../b", |_| {}), "plans/b.md");
    let dir = |dir: &'static str| move |request: &mut Request| request.dir = Some(dir.to_owned());
    for outside in ["..", "../x", "a/../../x"] {
        assert!(
            repo.path("plan", "c", dir(outside))
                .contains("leads out of"),
            "{outside}"
        );
    }
    assert!(
        repo.path("plan", "c", dir(".git/hooks"))
            .contains("version control")
    );
    assert!(
        repo.path("plan", "c", dir("a{{b"))
            .contains("no file can go there")
    );
    assert!(repo.path("plan", "\u{1f389}", |_| {}).contains("no letter"));
    assert!(repo.path("plan", " \n ", |_| {}).contains("empty"));
    assert!(
        repo.path("plan", "[Name of the plan]", |_| {})
            .contains("as a form")
    );
    let mut names: Vec<String> = repo.open().names_in("plans");
    names.sort();
    assert_eq!(names, ["a.md", "b.md"]);
}

#[test]
fn a_teams_own_form_comes_first() {
    let repo = Repo::new(&[(
        ".planwright/dialects/generic/templates/plan.md",
        "<!-- file: work/{{nnn}}-{{slug}}-plan.md -->\n\n# {{title}}\n\nStatus: [Open | Closed]\n\n## Tasks\n\n- [ ] [What to do first]\n",
    )]);
    let answer = repo.new_(&request("plan", "Ours")).unwrap();
    assert_eq!(answer.path, "work/001-ours-plan.md");
    assert_eq!(
        answer.form,
        ".planwright/dialects/generic/templates/plan.md"
    );
    assert_eq!(
        repo.text(&answer.path),
        "# Ours\n\nStatus: Open\n\n## Tasks\n\n- [ ] [What to do first]\n"
    );
}
