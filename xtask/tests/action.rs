//! The definitions with which others run the program: their YAML, and the shell steps of the action.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails by panicking, too"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use planwright_syntax::Parsed;
use planwright_syntax::yaml::{Value, ValueKind};
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A YAML file of the project, read as the front matter of nothing, below a key.
fn yaml(path: &str) -> Value {
    let text = fs::read_to_string(root().join(path)).unwrap();
    let text = text.trim_end().replace('\n', "\n  ");
    let parsed = Parsed::new(format!("---\nfile:\n  {text}\n---\n").into_bytes());
    assert!(parsed.problems.is_empty(), "{path}: {:?}", parsed.problems);
    let value = parsed.front_matter.unwrap().value;
    value.get("file").unwrap().clone()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn entries(value: &Value) -> Vec<(&str, &Value)> {
    let ValueKind::Mapping(entries) = &value.kind else {
        panic!("no mapping: {value:?}");
    };
    let entries = entries.iter();
    entries
        .map(|entry| (entry.key.as_str(), &entry.value))
        .collect()
}

fn items(value: &Value) -> &[Value] {
    let ValueKind::Sequence(items) = &value.kind else {
        panic!("no sequence: {value:?}");
    };
    items
}

#[test]
fn the_action_hands_every_input_to_its_script() {
    let action = yaml("action.yml");
    let runs = action.get("runs").unwrap();
    assert_eq!(text(runs, "using"), "composite");
    let steps = items(runs.get("steps").unwrap());
    assert!(steps.iter().all(|step| text(step, "shell") == "bash"));
    let check = steps.last().unwrap();
    assert_eq!(text(check, "run"), "\"$GITHUB_ACTION_PATH/.ci/action\"");
    let script = fs::read_to_string(root().join(".ci/action")).unwrap();
    let mut handed: Vec<&str> = vec![text(check, "working-directory")];
    for (name, value) in entries(check.get("env").unwrap()) {
        assert!(script.contains(name), "the script does not know {name}");
        handed.push(value.as_str().unwrap());
    }
    let inputs = entries(action.get("inputs").unwrap());
    assert_eq!(inputs.len(), handed.len());
    for (name, input) in inputs {
        assert!(!text(input, "description").is_empty(), "{name}");
        let handed = handed.contains(&format!("${{{{ inputs.{name} }}}}").as_str());
        assert!(handed, "{name} is not handed on");
    }
    let mode = fs::metadata(root().join(".ci/action"))
        .unwrap()
        .permissions()
        .mode();
    assert!(mode & 0o111 != 0, "the script is not executable");
}

#[test]
fn the_hook_is_one_that_pre_commit_takes() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let [hook] = items(&hooks) else {
        panic!("one hook");
    };
    for key in ["id", "name", "entry", "language", "files"] {
        assert!(!text(hook, key).is_empty(), "{key}");
    }
    assert_eq!(text(hook, "pass_filenames"), "false");
}

/// Runs the script in a repository with a plan that has an error.
fn run(inputs: &[(&str, &str)]) -> (TempDir, Output) {
    let dir = tempfile::tempdir().unwrap();
    let repo = dir.path().join("repo");
    fs::create_dir_all(repo.join("docs/plans")).unwrap();
    fs::create_dir_all(repo.join(".planwright")).unwrap();
    let config = "[check.rules]\ndangling-link = \"error\"\n";
    fs::write(repo.join(".planwright/config.toml"), config).unwrap();
    let plan = "# Search\n\nSee [it](it.md).\n\n- [ ] Rank\n";
    fs::write(repo.join("docs/plans/my search.md"), plan).unwrap();
    let bin = dir.path().join("bin");
    fs::create_dir_all(&bin).unwrap();
    symlink(plan_program(), bin.join("plan")).unwrap();
    let mut command = Command::new(root().join(".ci/action"));
    command
        .current_dir(repo)
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .env("GITHUB_STEP_SUMMARY", dir.path().join("summary.md"))
        .env("PLANWRIGHT_CACHE_DIR", dir.path().join("cache"));
    for name in ["PATHS", "CHANGED", "FAIL_ON", "BASELINE", "SARIF"] {
        let value = inputs.iter().find(|(given, _)| *given == name);
        command.env(format!("PLAN_{name}"), value.map_or("", |(_, value)| value));
    }
    let output = command.output().unwrap();
    (dir, output)
}

/// The program, built as the tests are.
fn plan_program() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(root())
        .args(["build", "--quiet", "--package=planwright", "--bin=plan"]);
    assert!(cargo.status().unwrap().success());
    // <target>/<profile>/deps/action-...
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(2).unwrap().join("plan")
}

#[test]
fn the_script_fails_where_the_check_does_and_leaves_its_reports() {
    let (dir, output) = run(&[
        ("SARIF", "out.sarif"),
        ("PATHS", "docs/plans/my search.md\n"),
    ]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        said.starts_with("::error file=docs/plans/my search.md,line=3,"),
        "{said}"
    );
    let sarif = fs::read_to_string(dir.path().join("repo/out.sarif")).unwrap();
    assert!(sarif.contains("\"ruleId\": \"PW301\""), "{sarif}");
    let summary = fs::read_to_string(dir.path().join("summary.md")).unwrap();
    assert!(
        summary.starts_with("```text\n") && summary.contains("dangling-link"),
        "{summary}"
    );

    let (dir, output) = run(&[("PATHS", "docs/none")]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    drop(dir);
}
