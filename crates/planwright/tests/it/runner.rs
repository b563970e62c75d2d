//! Runs the built program in a copy of a fixture, with nothing of this machine around it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A repository in a folder of its own.
pub(crate) struct Repo {
    folder: TempDir,
}

impl Repo {
    /// A copy of `tests/fixtures/<name>`.
    pub(crate) fn of(name: &str) -> Self {
        let repo = Self::empty();
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures")
            .join(name);
        copy(&fixture, &repo.path());
        repo
    }

    /// A repository without any file.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("planwright-")
            .tempdir()
            .unwrap();
        let repo = Self { folder };
        std::fs::create_dir_all(repo.path().join(".git")).unwrap();
        repo
    }

    /// The repository's root.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    /// Runs `plan` at the root with arguments separated by spaces, and gives exit code, standard
    /// output and standard error as one text, in which the folder is called `[REPO]`.
    pub(crate) fn plan(&self, line: &str) -> String {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.run(&mut self.command(&args))
    }

    /// The command, to be changed before it runs.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
        command
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.folder.path().join("home"))
            .env("PLANWRIGHT_CACHE_DIR", self.folder.path().join("cache"))
            .env("PLANWRIGHT_STATE_DIR", self.folder.path().join("state"))
            .env("PLANWRIGHT_TODAY", "2026-03-31")
            .env("LANG", "C.UTF-8")
            .env("COLUMNS", "80")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command and gives what it said.
    pub(crate) fn run(&self, command: &mut Command) -> String {
        let output = command.output().unwrap();
        let code = output
            .status
            .code()
            .map_or("none".to_owned(), |code| code.to_string());
        let mut text = format!("exit code: {code}\n");
        for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
            let said = String::from_utf8(bytes).unwrap();
            if !said.is_empty() {
                let _ = write!(text, "----- {name} -----\n{said}");
            }
        }
        let root = self.path();
        let real = root.canonicalize().unwrap();
        text.replace(&*real.to_string_lossy(), "[REPO]")
            .replace(&*root.to_string_lossy(), "[REPO]")
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_fixture_is_copied_with_its_hidden_files() {
    let repo = Repo::of("archcore");
    assert!(repo.path().join(".archcore/.sync-state.json").is_file());
}

/// Every file of this folder is a module of `main.rs`.
#[test]
fn no_test_file_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let Some(name) = file
            .strip_suffix(".rs")
            .filter(|name| !name.starts_with('.'))
        else {
            continue;
        };
        assert!(
            name == "main" || main.contains(&format!("mod {name};")),
            "tests/it/{file} is no part of main.rs"
        );
    }
}
