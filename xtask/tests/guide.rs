//! The examples of the user guide, run.
//!
//! A page names a fixture in a comment (`<!-- fixture: shop -->`); every ```` ```console ```` block
//! below it runs in a copy of that folder of `docs/guide/fixtures`, and below
//! `<!-- fixture: empty NAME -->` in a repository of that name without files. What
//! `<!-- typed: COMMAND -->` says is run before the block that follows and not shown: what a person
//! does in an editor. A line `$ command` is run by
//! the shell, and the lines below it are what it prints. A command that fails is followed by
//! `$ echo $?`. `[..]` stands for any text of a line, a line `...` for any lines.
//!
//! With `PLANWRIGHT_UPDATE_GUIDE=1` blocks that differ are written anew.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test says so and stops")]

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// The day on which the examples take place, so that ages stay as printed.
const TODAY: &str = "2026-03-02";
/// When the files of the fixtures were last changed, in seconds since the Unix epoch: three days
/// before.
const CHANGED: u64 = 1_772_182_800;

#[test]
fn examples_print_what_the_guide_says() {
    let update = std::env::var_os("PLANWRIGHT_UPDATE_GUIDE").is_some();
    let plan = plan();
    let mut complaints = String::new();
    for path in pages() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(guide()).unwrap().display().to_string();
        let mut page = Page {
            plan: &plan,
            name: &name,
            dir: tempfile::tempdir().unwrap(),
        };
        let mut updated = text.clone();
        // From the end, so that the places of the blocks above stay true.
        let results: Vec<_> = blocks(&text)
            .into_iter()
            .map(|block| (page.run(&block, &text), block))
            .collect();
        for (actual, block) in results.into_iter().rev() {
            let expected = &text[block.inner.clone()];
            if matches(expected, &actual) {
                continue;
            }
            updated.replace_range(block.inner.clone(), &actual);
            let line = text[..block.inner.start].lines().count() + 1;
            let _ = write!(
                complaints,
                "\n{name}:{line} says\n\n{}\nbut it prints\n\n{}",
                indent(expected),
                indent(&actual)
            );
        }
        if update && updated != text {
            fs::write(&path, updated).unwrap();
        }
    }
    assert!(
        update || complaints.is_empty(),
        "{complaints}\nPLANWRIGHT_UPDATE_GUIDE=1 cargo xtask test guide writes what they print"
    );
}

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/guide")
        .canonicalize()
        .unwrap()
}

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = ignore::WalkBuilder::new(guide().join("src"))
        .build()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

/// The folder of the `plan` binary: built now, or named by `PLANWRIGHT_BIN`.
fn plan() -> PathBuf {
    if let Some(path) = std::env::var_os("PLANWRIGHT_BIN") {
        return Path::new(&path)
            .canonicalize()
            .unwrap()
            .parent()
            .unwrap()
            .to_owned();
    }
    // <target>/debug/deps/guide-...
    let exe = std::env::current_exe().unwrap();
    let target = exe.ancestors().nth(3).unwrap();
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", "--bin=plan"])
        .env("CARGO_TARGET_DIR", target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(status.success(), "`plan` does not build");
    target.join("debug")
}

/// A block of commands.
struct Block {
    /// The bytes between the fences.
    inner: Range<usize>,
    /// The fixture named last above it.
    fixture: Option<String>,
    /// Commands to be run before.
    typed: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut fixture = None;
    let mut typed = Vec::new();
    let mut open = false;
    let mut inner: Option<Range<usize>> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Html(html) => {
                let comment = html.trim().strip_prefix("<!-- fixture:");
                if let Some(name) = comment.and_then(|rest| rest.strip_suffix("-->")) {
                    fixture = Some(name.trim().to_owned());
                }
                let command = html.trim().strip_prefix("<!-- typed:");
                let command = command.and_then(|rest| rest.strip_suffix("-->"));
                typed.extend(command.map(|command| command.trim().to_owned()));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => open = &*info == "console",
            // A block's text comes in pieces.
            Event::Text(_) if open => {
                inner = Some(inner.map_or(range.start, |inner| inner.start)..range.end);
            }
            Event::End(TagEnd::CodeBlock) => {
                open = false;
                let fixture = fixture.clone();
                if let Some(inner) = inner.take() {
                    let typed = std::mem::take(&mut typed);
                    blocks.push(Block {
                        inner,
                        fixture,
                        typed,
                    });
                }
            }
            _ => {}
        }
    }
    blocks
}

/// A page and the copies of the fixtures that its commands run in.
struct Page<'a> {
    plan: &'a Path,
    name: &'a str,
    dir: tempfile::TempDir,
}

impl Page<'_> {
    /// What the block should look like.
    fn run(&mut self, block: &Block, text: &str) -> String {
        let Some(fixture) = &block.fixture else {
            panic!(
                "{}: a console block without `<!-- fixture: NAME -->` above it",
                self.name
            );
        };
        let repository = self.repository(fixture);
        for command in &block.typed {
            let (output, status) = self.shell(&repository, command);
            assert_eq!(status, 0, "{}: {command}: {output}", self.name);
        }
        let mut actual = String::new();
        let mut status: Option<i32> = None;
        for command in text[block.inner.clone()]
            .lines()
            .filter_map(|line| line.strip_prefix("$ "))
        {
            // Written by `note_failure`, where there is something to say.
            if command == "echo $?" {
                continue;
            }
            note_failure(&mut actual, status.take());
            let _ = writeln!(actual, "$ {command}");
            let output = self.shell(&repository, command);
            actual.push_str(&output.0);
            status = Some(output.1);
        }
        note_failure(&mut actual, status);
        actual
    }

    fn repository(&self, fixture: &str) -> PathBuf {
        let copy = self.dir.path().join(fixture);
        if copy.exists() {
            return copy;
        }
        if let Some(name) = fixture.strip_prefix("empty ") {
            let copy = self.dir.path().join(name);
            if !copy.exists() {
                fs::create_dir_all(&copy).unwrap();
                let (output, status) = self.shell(&copy, "git init --quiet --initial-branch=main");
                assert_eq!(status, 0, "{output}");
            }
            return copy;
        }
        let from = guide().join("fixtures").join(fixture);
        assert!(from.is_dir(), "{}: no fixture `{fixture}`", self.name);
        for entry in ignore::WalkBuilder::new(&from)
            .standard_filters(false)
            .build()
        {
            let path = entry.unwrap().into_path();
            let to = copy.join(path.strip_prefix(&from).unwrap());
            if path.is_dir() {
                fs::create_dir_all(&to).unwrap();
            } else {
                fs::copy(&path, &to).unwrap();
                let time = SystemTime::UNIX_EPOCH + Duration::from_secs(CHANGED);
                fs::File::options()
                    .append(true)
                    .open(&to)
                    .unwrap()
                    .set_modified(time)
                    .unwrap();
            }
        }
        for command in [
            "git init --quiet --initial-branch=main",
            "git add --all",
            "git -c user.name=Guide -c user.email=guide@planwright.invalid commit --quiet -m Plans",
        ] {
            let (output, status) = self.shell(&copy, command);
            assert_eq!(status, 0, "{command}: {output}");
        }
        copy
    }

    /// What a command prints to both streams, and its exit code.
    fn shell(&self, dir: &Path, command: &str) -> (String, i32) {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut paths = vec![self.plan.to_owned()];
        paths.extend(std::env::split_paths(&path));
        let date = "2026-02-27T09:00:00Z";
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .current_dir(dir)
            .env_clear()
            .env("PATH", std::env::join_paths(paths).unwrap())
            .env("HOME", self.dir.path())
            .env("PLANWRIGHT_CACHE_DIR", self.dir.path().join(".cache"))
            .env("LANG", "C.UTF-8")
            .env("COLUMNS", "90")
            .env("TZ", "UTC")
            .env("PLANWRIGHT_TODAY", TODAY)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", date)
            .env("GIT_COMMITTER_DATE", date)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let text = text.replace(&self.dir.path().display().to_string(), "~");
        (lines(&text, ""), output.status.code().unwrap_or(-1))
    }
}

/// A command that fails says so on the page.
fn note_failure(actual: &mut String, status: Option<i32>) {
    if let Some(status) = status.filter(|status| *status != 0) {
        let _ = writeln!(actual, "$ echo $?\n{status}");
    }
}

/// True where the text is what the page says, wildcards taken into account.
fn matches(expected: &str, actual: &str) -> bool {
    let expected: Vec<&str> = expected.lines().map(str::trim_end).collect();
    let actual: Vec<&str> = actual.lines().collect();
    lines_match(&expected, &actual)
}

fn lines_match(expected: &[&str], actual: &[&str]) -> bool {
    match expected {
        [] => actual.is_empty(),
        ["...", rest @ ..] => (0..=actual.len()).any(|skip| lines_match(rest, &actual[skip..])),
        [line, rest @ ..] => actual
            .split_first()
            .is_some_and(|(first, others)| line_matches(line, first) && lines_match(rest, others)),
    }
}

fn line_matches(expected: &str, actual: &str) -> bool {
    let Some((start, rest)) = expected.split_once("[..]") else {
        return expected == actual;
    };
    let Some(tail) = actual.strip_prefix(start) else {
        return false;
    };
    (0..=tail.len())
        .filter(|at| tail.is_char_boundary(*at))
        .any(|at| line_matches(rest, &tail[at..]))
}

fn indent(text: &str) -> String {
    lines(text, "    ")
}

/// The lines of a text behind a margin, without blanks at their ends.
fn lines(text: &str, margin: &str) -> String {
    text.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{margin}{}", line.trim_end());
        out
    })
}

#[test]
fn wildcards_stand_for_text_and_for_lines() {
    assert!(matches(
        "$ a\nx [..] z\n...\nend\n",
        "$ a\nx 1 2 z\n1\n2\nend\n"
    ));
    assert!(matches("...\n", ""));
    assert!(!matches("x [..] z\n", "x 1 y\n"));
    assert!(!matches("one\n", "one\ntwo\n"));
}

#[test]
fn blocks_know_their_bytes_and_their_fixture() {
    let text =
        "# T\n\n<!-- fixture: shop -->\n\n```console\n$ plan\nout\n```\n\n```sh\n$ no\n```\n";
    let blocks = blocks(text);
    assert_eq!(blocks.len(), 1);
    assert_eq!(&text[blocks[0].inner.clone()], "$ plan\nout\n");
    assert_eq!(blocks[0].fixture.as_deref(), Some("shop"));
}
