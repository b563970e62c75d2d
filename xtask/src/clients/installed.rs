//! The programs that the clients need, and the clients themselves, at fixed versions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::run::{note, root};

/// The oldest major version of Node that the clients run on.
const OLDEST: u32 = 22;

/// The Node that is fetched where the system's is older.
const NODE: &str = "node@22.23.3";

/// A Node with the clients that are written for it.
pub(crate) struct Node {
    program: PathBuf,
    modules: PathBuf,
}

impl Node {
    /// A program of a package.
    pub(crate) fn run(&self, path: &str) -> Command {
        self.script(&self.modules.join(path))
    }

    pub(crate) fn script(&self, path: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(path);
        command
    }

    /// The folder of the packages.
    pub(crate) fn modules(&self) -> &Path {
        &self.modules
    }
}

/// A Python with its client.
pub(crate) struct Python {
    pub(crate) program: PathBuf,
}

/// A Node and its clients; `Err` says what is missing.
pub(crate) fn node(folder: &Path) -> Result<Node, String> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    said(Command::new(npm).arg("--version"))
        .map_err(|why| format!("inspector, TypeScript and conformance need npm, which {why}"))?;
    let install = |into: &Path, more: &[&str]| {
        let mut command = Command::new(npm);
        command
            .current_dir(into)
            .args(["install", "--no-audit", "--no-fund"]);
        // Without a network this is to end soon.
        command.args(["--fetch-retries=1", "--fetch-timeout=60000"]);
        said(command.args(more)).map_err(|why| format!("npm cannot install the clients: it {why}"))
    };
    let program = match major() {
        Some(version) if version >= OLDEST => PathBuf::from("node"),
        _ => {
            let own = folder.join("node");
            once(&own, NODE, || {
                fs::write(own.join("package.json"), "{\"private\": true}")
                    .map_err(|error| error.to_string())?;
                install(&own, &[NODE]).map(drop)
            })?;
            let name = if cfg!(windows) {
                "bin/node.exe"
            } else {
                "bin/node"
            };
            own.join("node_modules/node").join(name)
        }
    };
    said(Command::new(&program).arg("--version")).map_err(|why| {
        format!("they need a Node of at least {OLDEST}, and the one that was fetched {why}")
    })?;
    let pins = pins("package.json")?;
    let own = folder.join("npm");
    once(&own, &pins, || {
        fs::write(own.join("package.json"), &pins).map_err(|error| error.to_string())?;
        install(&own, &["--ignore-scripts"]).map(drop)
    })?;
    Ok(Node {
        program,
        modules: own.join("node_modules"),
    })
}

/// The major version of the system's Node.
fn major() -> Option<u32> {
    let version = said(Command::new("node").arg("--version")).ok()?;
    let version = version.trim().trim_start_matches('v');
    version.split('.').next()?.parse().ok()
}

/// A Python and its client; `Err` says what is missing.
pub(crate) fn python(folder: &Path) -> Result<Python, String> {
    let names = ["python3", "python"];
    let found = names.into_iter().find(|name| {
        said(Command::new(name).args([
            "-c",
            "import venv, ensurepip, sys; assert sys.version_info >= (3, 10)",
        ]))
        .is_ok()
    });
    let python =
        found.ok_or("the Python client needs a Python of at least 3.10 with venv and pip")?;
    let own = folder.join("python");
    let inside = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    let program = own.join(inside);
    let pins = pins("requirements.txt")?;
    once(&own, &pins, || {
        said(
            Command::new(python)
                .args(["-m", "venv", "--clear"])
                .arg(&own),
        )
        .map_err(|why| format!("the Python client needs a virtual environment: venv {why}"))?;
        let mut pip = Command::new(&program);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--retries=1",
            "--requirement",
        ]);
        said(pip.arg(root().join("xtask/clients/requirements.txt")))
            .map_err(|why| format!("pip cannot install the Python client: it {why}"))
            .map(drop)
    })?;
    Ok(Python { program })
}

fn pins(name: &str) -> Result<String, String> {
    let path = root().join("xtask/clients").join(name);
    fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Fills a folder, unless it was filled with the same before.
fn once(
    folder: &Path,
    pins: &str,
    fill: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|known| known == pins) {
        return Ok(());
    }
    let failed = |error: std::io::Error| format!("cannot write to {}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    note(&format!(
        "fetching clients of the MCP server into {}",
        folder.display()
    ));
    fill()?;
    fs::write(stamp, pins).map_err(failed)
}

/// What a program says, or why it says nothing.
fn said(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.map_err(|error| format!("cannot be started: {error}"))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).into_owned());
    }
    let stderr = String::from_utf8_lossy(&stderr);
    let last = stderr
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    // The first lines of npm's say why.
    let why: Vec<&str> = last
        .filter(|line| !line.to_lowercase().contains("warn"))
        .take(3)
        .collect();
    Err(format!("ended with {status}: {}", why.join("; ")))
}
