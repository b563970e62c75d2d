use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use planwright_check::{Config, Finding, Now, Project, RULES, Report, Request, check as run, fix};
use planwright_syntax::Span;
use planwright_workspace::{Options, Workspace};

/// Begins a file: the path follows on the same line.
const MARK: &str = "%%% ";

/// Inputs beyond this many bytes say nothing new.
const LIMIT: usize = 64 * 1024;

/// How often fixes are applied before nothing may be left to fix.
const ROUNDS: usize = 10;

/// Paths of all dialects, and of files that are none and that rules read all the same.
const PATHS: [&str; 20] = [
    "notes/any.md",
    ".archcore/shop/queue.plan.md",
    ".archcore/shop/queue.prd.md",
    ".archcore/shop/one-queue.adr.md",
    ".archcore/.sync-state.json",
    "docs/ai/plans/active/queue.md",
    "docs/ai/plans/completed/old.md",
    "docs/adr/0001-queue.md",
    "docs/execplans/queue.md",
    "docs/plans/queue.md",
    "PLANS.md",
    ".dev_ops/plans/PLN-001-queue.md",
    ".dev_ops/research/RES-001-queue.md",
    ".dev_ops/board.json",
    "specs/001-queue/spec.md",
    "specs/001-queue/plan.md",
    "specs/001-queue/tasks.md",
    ".specify/memory/constitution.md",
    "src/queue.rs",
    ".planwright/config.toml",
];

/// Any set of documents can be checked: nothing panics, every finding points into a file that is
/// there, and fixes come to an end.
pub fn check(data: &[u8]) {
    if data.len() > LIMIT {
        return;
    }
    let Ok(dir) = tempfile::tempdir() else { return };
    let root = dir.path();
    for (path, text) in files(data) {
        write(root, path, text);
    }
    // Marks the root, so that no folder above it is one.
    let _ = fs::create_dir_all(root.join(".planwright"));
    for round in 0..=ROUNDS {
        let changes = check_once(root);
        assert!(
            round < ROUNDS || changes.is_empty(),
            "fixes do not come to an end: {:?}",
            changes.keys()
        );
        if changes.is_empty() {
            break;
        }
        for (path, text) in changes {
            write(root, &path, &text);
        }
    }
}

/// The files of an input. A path that is none of ours stands for one of them.
fn files(data: &[u8]) -> BTreeMap<&'static str, &[u8]> {
    let mut files = BTreeMap::new();
    let mut rest = data;
    let mut path = PATHS[0];
    loop {
        let end = next_mark(rest);
        files.insert(path, &rest[..end]);
        let Some(behind) = rest.get(end + MARK.len()..) else {
            return files;
        };
        let line = behind.iter().position(|byte| *byte == b'\n');
        let line = line.unwrap_or(behind.len());
        path = path_of(&behind[..line]);
        rest = behind.get(line + 1..).unwrap_or_default();
    }
}

/// Where the next mark stands at the beginning of a line; the end where there is none.
fn next_mark(text: &[u8]) -> usize {
    let marks = text.windows(MARK.len()).enumerate();
    let mut marks = marks.filter(|(_, bytes)| *bytes == MARK.as_bytes());
    let first = marks.find(|(at, _)| *at == 0 || text[at - 1] == b'\n');
    first.map_or(text.len(), |(at, _)| at)
}

fn path_of(words: &[u8]) -> &'static str {
    let named = PATHS.iter().find(|path| path.as_bytes() == words);
    let sum = words.iter().fold(0_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(*byte))
    });
    named.copied().unwrap_or(PATHS[sum % PATHS.len()])
}

fn write(root: &Path, path: &str, text: &[u8]) {
    let path = root.join(path);
    if let Some(folder) = path.parent() {
        let _ = fs::create_dir_all(folder);
    }
    let _ = fs::write(path, text);
}

/// Runs every rule that needs no git, and gives what fixes would leave of the files.
fn check_once(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let options = Options {
        dir: root.to_owned(),
        cache_dir: None,
    };
    let Ok(ws) = Workspace::open(&options) else {
        return BTreeMap::new();
    };
    let config = fs::read(root.join(".planwright/config.toml")).unwrap_or_default();
    let config = Config::parse(&String::from_utf8_lossy(&config)).unwrap_or_default();
    let Ok(today) = "2026-03-02".parse() else {
        return BTreeMap::new();
    };
    let project = Project::read(&ws, config, Now::noon(today), &[]).without_history();
    let rules = RULES.iter().filter(|rule| !rule.needs_git);
    let report: Report = run(
        &project,
        &Request {
            select: rules.map(|rule| rule.name.to_owned()).collect(),
            ..Request::default()
        },
    );
    for found in &report.findings {
        check_finding(&project, found);
    }
    let changes = fix::apply(&project, report.findings.iter());
    let changes = changes.into_iter().map(|change| {
        assert_ne!(change.before, change.after, "a fix changes nothing");
        (change.path, change.after)
    });
    changes.collect()
}

fn check_finding(project: &Project<'_>, found: &Finding) {
    let inside = |path: &str, span: Span, what: &str| {
        let Some(file) = project.file(path) else {
            panic!("{}: {what} in {path}, which is not there", found.rule.name);
        };
        let text = file.source.text();
        assert!(
            span.start <= span.end && text.get(span.range()).is_some(),
            "{}: {what} at {span:?} of {} bytes in {path}",
            found.rule.name,
            text.len()
        );
    };
    assert!(
        !found.message.is_empty(),
        "{} says nothing",
        found.rule.name
    );
    inside(&found.path, found.span, "finding");
    for label in &found.labels {
        inside(&label.path, label.span, "label");
    }
    for (path, edits) in found.fix.iter().flat_map(|fix| &fix.edits) {
        for edit in edits {
            inside(path, edit.span, "edit");
        }
    }
}
