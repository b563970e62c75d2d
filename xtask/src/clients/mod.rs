//! The MCP server, spoken to by clients that others wrote: the official inspector, the official
//! clients for TypeScript and Python, and the official conformance suite.
//!
//! They are fetched into a folder of their own in the target directory. Where that cannot be, a line
//! says what is missing, and nothing has failed.

mod installed;
mod server;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::run::{self, cargo, line, note, root};
use crate::test::Counts;
use installed::{Node, Python};
use server::{Fixtures, Repo, Served};

/// How long one client may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// Revisions of the protocol that the conformance suite knows.
const REVISIONS: [&str; 2] = ["2025-11-25", "2026-07-28"];

/// How a client begins: with `initialize`, or without a session.
const ERAS: [&str; 2] = ["legacy", "modern"];

pub(crate) fn run() -> Result<Counts> {
    let folder = run::target_dir()?.join("mcp-clients");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let node = installed::node(&folder);
    let python = installed::python(&folder);
    for missing in [node.as_ref().err(), python.as_ref().err()]
        .into_iter()
        .flatten()
    {
        line(&format!("SKIPPED clients of the MCP server: {missing}"));
    }
    if node.is_err() && python.is_err() {
        return Ok(Counts::default());
    }
    let mut build = cargo();
    build.args(["build", "--package=planwright", "--package=planwright-mcp"]);
    build.args(["--bin=plan", "--example=conformance"]);
    run::run(&mut build)?;
    let target = run::target_dir()?;
    let built = target.join("debug");
    let mut all = All {
        plan: built.join(run::program("plan")),
        counts: Counts::default(),
    };
    if let Ok(node) = &node {
        let fixtures = built.join("examples").join(run::program("conformance"));
        all.conformance(node, &fixtures)?;
        all.inspector(node)?;
        all.typescript(node)?;
    }
    if let Ok(python) = &python {
        all.python(python)?;
    }
    Ok(all.counts)
}

struct All {
    plan: std::path::PathBuf,
    counts: Counts,
}

impl All {
    fn conformance(&mut self, node: &Node, fixtures: &Path) -> Result<()> {
        for revision in REVISIONS {
            let server = Fixtures::start(fixtures)?;
            let mut command = node.run("@modelcontextprotocol/conformance/dist/index.js");
            command.args(["server", "--url", &server.url, "--requirements", revision]);
            self.check(&format!("conformance {revision}"), &mut command)?;
        }
        Ok(())
    }

    fn inspector(&mut self, node: &Node) -> Result<()> {
        let main = "@modelcontextprotocol/inspector/clients/launcher/build/index.js";
        let lists = ["tools/list", "resources/list", "prompts/list"];
        let plan = self.plan.to_string_lossy().into_owned();
        for era in ERAS {
            for method in lists {
                let repo = Repo::new()?;
                let served = Served::start(&self.plan, &repo)?;
                let stdio = ("stdio", [plan.as_str(), "mcp"].map(str::to_owned).to_vec());
                let http = ["--transport", "http", &served.url].map(str::to_owned);
                for (over, target) in [stdio, ("http", http.to_vec())] {
                    let mut command = node.run(main);
                    repo.enter(&mut command);
                    command.arg("--cli").args(target);
                    command.args(["--method", method, "--protocol-era", era]);
                    if method == "tools/list" {
                        command.arg("--strict");
                    }
                    self.check(&format!("inspector {method} {era} {over}"), &mut command)?;
                }
            }
        }
        Ok(())
    }

    fn typescript(&mut self, node: &Node) -> Result<()> {
        let script = root().join("xtask/clients/workflow.mjs");
        self.workflow("TypeScript", |era| {
            let mut command = node.script(&script);
            command.arg(node.modules()).arg(era);
            command
        })
    }

    fn python(&mut self, python: &Python) -> Result<()> {
        let script = root().join("xtask/clients/workflow.py");
        self.workflow("Python", |era| {
            let mut command = Command::new(&python.program);
            command.arg(&script).arg(era);
            command
        })
    }

    /// One piece of work from its beginning to its end, each time in a repository of its own.
    fn workflow(&mut self, name: &str, command: impl Fn(&str) -> Command) -> Result<()> {
        for era in ERAS {
            let repo = Repo::new()?;
            let mut client = command(era);
            repo.enter(client.arg(&self.plan));
            self.check(&format!("{name} {era} stdio"), &mut client)?;

            let repo = Repo::new()?;
            let served = Served::start(&self.plan, &repo)?;
            let mut client = command(era);
            repo.enter(client.arg(&served.url));
            self.check(&format!("{name} {era} http"), &mut client)?;
        }
        Ok(())
    }

    /// Runs a client, and shows what it said where it failed.
    fn check(&mut self, name: &str, command: &mut Command) -> Result<()> {
        let start = Instant::now();
        let said = tempfile::tempfile()?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(said.try_clone()?)
            .stderr(said.try_clone()?)
            .spawn()
            .with_context(|| format!("cannot start `{}`", run::show(command)))?;
        let passed = loop {
            if let Some(status) = child.try_wait()? {
                break status.success();
            }
            if start.elapsed() > PATIENCE {
                child.kill()?;
                child.wait()?;
                break false;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let seconds = start.elapsed().as_secs_f32();
        let word = if passed { "PASS" } else { "FAIL" };
        line(&format!("{word} [{seconds:5.1}s] {name}"));
        if passed {
            self.counts.passed += 1;
        } else {
            note(&server::read(said)?);
            self.counts.failed += 1;
        }
        Ok(())
    }
}
