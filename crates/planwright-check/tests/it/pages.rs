//! Runs the examples of the pages: wrong ones give exactly the findings that are stated, right ones
//! none, and fixes leave exactly what is shown.
//!
//! With `PLANWRIGHT_UPDATE_RULES=1` findings and fixed files are written into the pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use planwright_check::{
    CONFIG_PATH, Check, Config, Now, Project, RULES, Report, Request, Rule, check, fix,
};
use planwright_model::Level;
use planwright_workspace::{Options, Workspace};

use crate::page::{Block, Case, Role, cases, shown};

/// The day on which the examples take place.
const TODAY: &str = "2026-03-02";

pub(crate) fn is_update() -> bool {
    std::env::var_os("PLANWRIGHT_UPDATE_RULES").is_some()
}

pub(crate) fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/guide/src")
        .canonicalize()
        .unwrap()
}

#[test]
fn the_examples_of_every_page_hold() {
    let mut complaints = String::new();
    for rule in RULES {
        let path = guide().join(format!("rules/{}.md", rule.name));
        let text = fs::read_to_string(&path).unwrap();
        let cases = cases(&text);
        for wanted in [true, false] {
            if !cases.iter().any(|case| case.wrong == wanted) {
                let heading = if wanted { "Wrong" } else { "Right" };
                let _ = writeln!(complaints, "{}: no file under `## {heading}`", rule.name);
            }
        }
        let mut edits = Vec::new();
        for case in &cases {
            for (what, place, new) in run(rule, case) {
                let _ = writeln!(complaints, "\nrules/{}.md:{}: {what}", rule.name, case.line);
                if let Some(place) = place {
                    edits.push((place, new));
                }
            }
        }
        if is_update() && !edits.is_empty() {
            let mut text = text;
            edits.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
            for (place, new) in edits {
                text.replace_range(place, &new);
            }
            fs::write(&path, text).unwrap();
        }
    }
    assert!(
        complaints.is_empty(),
        "{complaints}\n{}",
        if is_update() {
            "the pages were written; run it again and read what changed"
        } else {
            "PLANWRIGHT_UPDATE_RULES=1 cargo test -p planwright-check writes what is found"
        }
    );
}

/// Whatever a rule is about, a team sets its level for a dialect and for paths.
#[test]
fn the_level_of_every_rule_can_be_set_for_a_dialect_and_for_paths() {
    for rule in RULES {
        let text = fs::read_to_string(guide().join(format!("rules/{}.md", rule.name))).unwrap();
        let cases = cases(&text);
        let case = cases.iter().find(|case| case.wrong).unwrap();
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &case.files);
        let levels = |added: &str| {
            let options = Options {
                dir: dir.path().to_owned(),
                cache_dir: None,
            };
            let ws = Workspace::open(&options).unwrap();
            let own = ws.read_bytes(CONFIG_PATH).unwrap_or_default();
            let config = format!("{}\n{added}", String::from_utf8(own).unwrap());
            let config = Config::parse(&config).unwrap();
            let project = Project::read(&ws, config, Now::noon(TODAY.parse().unwrap()), &[]);
            let report = check(&project, &Request::default());
            let found = report.findings.iter();
            let found = found.filter(|found| found.rule.name == rule.name);
            let found = found.map(|found| {
                let doc = project.find(&found.path);
                let dialect = doc.map_or("", |doc| doc.dialect());
                (found.level, dialect.to_owned())
            });
            found.collect::<Vec<_>>()
        };
        let name = rule.name;
        let by_path = |level: &str| {
            levels(&format!(
                "[[check.paths]]\npaths = [\"**\"]\nrules = {{ {name} = \"{level}\" }}\n"
            ))
        };
        let found = by_path("error");
        assert!(!found.is_empty(), "{name}: nothing to set the level of");
        assert!(
            found.iter().all(|(level, _)| *level == Level::Error),
            "{name}: by path"
        );
        assert_eq!(by_path("off"), [], "{name}: off by path");
        let dialect = &found[0].1;
        if !dialect.is_empty() {
            for (word, wanted) in [("error", Some(Level::Error)), ("off", None)] {
                let found = levels(&format!(
                    "[check.dialects.{dialect}]\n{name} = \"{word}\"\n"
                ));
                let found = found.iter().find(|(_, other)| other == dialect);
                assert_eq!(
                    found.map(|(level, _)| *level),
                    wanted,
                    "{name}: {word} for {dialect}"
                );
            }
        }
    }
}

/// Rules that one dialect asks for are silent in the others until a team asks.
#[test]
fn a_rule_of_one_dialect_can_be_switched_on_for_others() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(".git")).unwrap();
    fs::create_dir_all(dir.path().join("docs/execplans")).unwrap();
    fs::write(
        dir.path().join("docs/execplans/search.md"),
        "# Search\n\n## Progress\n\n- [ ] Make a robust index\n",
    )
    .unwrap();
    let found = |config: &str| {
        let options = Options {
            dir: dir.path().to_owned(),
            cache_dir: None,
        };
        let ws = Workspace::open(&options).unwrap();
        let config = Config::parse(config).unwrap();
        let project = Project::read(&ws, config, Now::noon(TODAY.parse().unwrap()), &[]);
        let report = check(&project, &Request::default());
        let found = report.findings.iter();
        let prose = found.filter(|found| found.rule.code.starts_with("PW9"));
        let prose = prose.map(|found| (found.rule.name, found.level));
        prose.collect::<Vec<_>>()
    };
    assert_eq!(found(""), []);
    assert_eq!(found("[check.rules]\nvague-word = \"error\"\n"), []);
    assert_eq!(
        found("[check.dialects.execplan]\nvague-word = \"warning\"\n"),
        [("vague-word", Level::Warning)]
    );
    assert_eq!(
        found("[[check.paths]]\npaths = [\"docs\"]\nrules = { prose = \"info\" }\n"),
        [
            ("document-length", Level::Info),
            ("vague-word", Level::Info)
        ]
    );
    assert_eq!(
        found(
            "[check.dialects.execplan]\nprose = \"warning\"\n\
             [[check.paths]]\npaths = [\"docs\"]\nrules = { prose = \"off\" }\n"
        ),
        []
    );
}

type Complaint = (String, Option<std::ops::Range<usize>>, String);

fn run(rule: &'static Rule, case: &Case) -> Vec<Complaint> {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path(), &case.files);
    let mut complaints = Vec::new();
    if !case.wrong {
        let all = look(dir.path(), &[]);
        let own = look(dir.path(), &[rule.name]);
        let loud = all
            .findings
            .iter()
            .filter(|found| found.level >= Level::Warning);
        let found: Vec<String> = loud
            .chain(&own.findings)
            .map(|found| format!("{}:{} {}", found.path, found.rule.name, found.message))
            .collect();
        if !found.is_empty() {
            complaints.push((
                format!("is right and gives\n{}", found.join("\n")),
                None,
                String::new(),
            ));
        }
        return complaints;
    }
    let (actual, changes) = with_project(dir.path(), &[rule.name], |project, report| {
        (
            concise(project, report, rule),
            fix::apply(project, &report.findings),
        )
    });
    if actual.is_empty() {
        complaints.push(("is wrong and gives nothing".to_owned(), None, String::new()));
    }
    let stated = case.findings.as_ref();
    if stated.is_none_or(|block| block.content != actual.as_bytes()) {
        let (place, new) = match stated {
            Some(block) => (block.inner.clone(), actual.clone()),
            None => (case.end..case.end, format!("\n\n```text\n{actual}```")),
        };
        complaints.push((format!("gives\n{actual}"), Some(place), new));
    }
    complaints.extend(check_fixes(rule, case, dir.path(), &changes));
    complaints
}

/// Fixed files are as stated, and fixing again changes nothing.
fn check_fixes(
    rule: &'static Rule,
    case: &Case,
    dir: &Path,
    changes: &[fix::Change],
) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let is_fixed = |block: &&Block| block.role == Role::Fixed;
    let stated: BTreeMap<&str, &Block> = case
        .files
        .iter()
        .filter(is_fixed)
        .map(|block| (block.path.as_str(), block))
        .collect();
    assert!(
        changes.is_empty() || rule.fixable,
        "{} is not said to be fixable",
        rule.name
    );
    for change in changes {
        let text = shown(&change.after, false);
        match stated.get(change.path.as_str()) {
            Some(block) if block.content == change.after => {}
            Some(block) => {
                complaints.push((
                    format!("`{}` is fixed to\n{text}", change.path),
                    Some(block.inner.clone()),
                    text,
                ));
            }
            None => {
                let what = format!("`{}` is fixed to what no block shows:\n{text}", change.path);
                let new = format!("\n\n`{}`, fixed:\n\n````markdown\n{text}````", change.path);
                complaints.push((what, Some(case.end..case.end), new));
            }
        }
        fs::write(dir.join(&change.path), &change.after).unwrap();
    }
    for path in stated.keys() {
        if !changes.iter().any(|change| change.path == **path) {
            complaints.push((format!("`{path}` is not fixed"), None, String::new()));
        }
    }
    if !changes.is_empty() {
        let again = with_project(dir, &[rule.name], |project, report| {
            fix::apply(project, &report.findings)
        });
        assert!(
            again.is_empty(),
            "{}: fixing twice changes {again:?}",
            rule.name
        );
    }
    complaints
}

fn look(dir: &Path, select: &[&str]) -> Report {
    with_project(dir, select, |project, _| {
        let request = Request {
            select: select.iter().map(|word| (*word).to_owned()).collect(),
            ..Request::default()
        };
        check(project, &request)
    })
}

fn with_project<T>(dir: &Path, select: &[&str], ask: impl FnOnce(&Project<'_>, &Report) -> T) -> T {
    let options = Options {
        dir: dir.to_owned(),
        cache_dir: None,
    };
    let ws = Workspace::open(&options).unwrap();
    let config = ws
        .read_bytes(CONFIG_PATH)
        .map(|bytes| String::from_utf8(bytes).unwrap());
    let config = Config::parse(&config.unwrap_or_default()).unwrap();
    let project = Project::read(&ws, config, Now::noon(TODAY.parse().unwrap()), &[]);
    // What is said about comments depends on what the other rules found.
    let needs_all = select
        .iter()
        .any(|name| matches!(planwright_check::find(name).unwrap().check, Check::Engine));
    let request = Request {
        select: if needs_all {
            Vec::new()
        } else {
            select.iter().map(|word| (*word).to_owned()).collect()
        },
        ..Request::default()
    };
    let mut report = check(&project, &request);
    report
        .findings
        .retain(|found| select.is_empty() || select.contains(&found.rule.name));
    ask(&project, &report)
}

fn concise(project: &Project<'_>, report: &Report, rule: &Rule) -> String {
    let mut out = String::new();
    for found in report
        .findings
        .iter()
        .filter(|found| found.rule.name == rule.name)
    {
        let file = project.file(&found.path).unwrap();
        let source = &file.source;
        let (line, column) = (
            source.line(found.span.start),
            source.column(found.span.start),
        );
        let _ = writeln!(out, "{}:{line}:{column}: {}", found.path, found.message);
    }
    out
}

/// Writes the files of a case, those with a day as commits of a history.
fn lay_out(dir: &Path, files: &[Block]) {
    // By day, then by branch.
    let mut commits: BTreeMap<(&str, &str), Vec<&Block>> = BTreeMap::new();
    for block in files {
        if let Role::Committed(when) | Role::Removed(when) = &block.role {
            let (day, branch) = when.split_once(" on ").unwrap_or((when, "main"));
            commits.entry((day, branch)).or_default().push(block);
        }
    }
    if commits.is_empty() {
        fs::create_dir(dir.join(".git")).unwrap();
    } else {
        git(dir, &["init", "-q", "-b", "main"], None);
        git(dir, &["config", "remote.origin.url", "."], None);
        let fetch = "+refs/heads/*:refs/remotes/origin/*";
        git(dir, &["config", "remote.origin.fetch", fetch], None);
    }
    let mut current = "main";
    for ((day, branch), blocks) in commits {
        if branch != current {
            let remote = branch.strip_prefix("origin/");
            switch(dir, remote.map_or(branch, |_| "fetched"));
        }
        for block in blocks {
            if matches!(block.role, Role::Removed(_)) {
                fs::remove_file(dir.join(&block.path)).unwrap();
            } else {
                write(dir, block);
            }
        }
        git(dir, &["add", "-A"], None);
        git(dir, &["commit", "-q", "-m", "Change"], Some(day));
        if branch.starts_with("origin/") {
            let name = format!("refs/remotes/{branch}");
            git(dir, &["update-ref", &name, "HEAD"], None);
            git(dir, &["checkout", "-q", current], None);
            git(dir, &["branch", "-q", "-D", "fetched"], None);
            if branch == "origin/main" {
                git(dir, &["branch", "-q", "-u", branch, "main"], None);
            }
        } else {
            current = branch;
        }
    }
    for block in files.iter().filter(|block| block.role == Role::Tree) {
        write(dir, block);
    }
}

/// Checks a branch out, which leaves `main` where that stands if it is new.
fn switch(dir: &Path, branch: &str) {
    if dir.join(".git/refs/heads").join(branch).exists() {
        git(dir, &["checkout", "-q", branch], None);
    } else {
        git(dir, &["checkout", "-q", "-b", branch, "main"], None);
    }
}

fn write(dir: &Path, block: &Block) {
    let path = dir.join(&block.path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, &block.content).unwrap();
}

pub(crate) fn git(dir: &Path, args: &[&str], day: Option<&str>) {
    let mut command = Command::new("git");
    command
        .current_dir(dir)
        .args([
            "-c",
            "user.name=Ann",
            "-c",
            "user.email=ann@example.org",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    if let Some(day) = day {
        let time = format!("{day}T12:00:00Z");
        command
            .env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_DATE", time);
    }
    assert!(command.status().unwrap().success(), "git {args:?}");
}
