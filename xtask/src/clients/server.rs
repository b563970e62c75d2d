//! The servers that are spoken to, and a repository with a plan to work on.

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Seek as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

const PLAN: &str = "\
---
status: active
last_updated: 2026-01-05
---

# Search

## Tasks

- [x] T001 Build the index
- [ ] T002 Rank by stock
- [ ] T003 Switch over (depends on T002)

## Verification

```sh
test -e README.md
```

## Exit gate

- [ ] Tests pass

## Update Log

- 2026-01-05: Begun.
";

/// A repository of one plan, gone when dropped.
pub(crate) struct Repo {
    folder: tempfile::TempDir,
}

impl Repo {
    pub(crate) fn new() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("planwright-clients-")
            .tempdir()?;
        let docs = folder.path().join("repo/docs/plans/active");
        fs::create_dir_all(&docs)?;
        fs::create_dir(folder.path().join("repo/.git"))?;
        fs::write(docs.join("search.md"), PLAN)?;
        Ok(Self { folder })
    }

    /// Makes a program run in the repository, with nothing of the user's.
    pub(crate) fn enter(&self, command: &mut Command) {
        let folder = self.folder.path();
        command
            .current_dir(folder.join("repo"))
            .env("HOME", folder)
            .env("PLANWRIGHT_CACHE_DIR", folder.join("cache"))
            .env("PLANWRIGHT_STATE_DIR", folder.join("state"))
            .env_remove("PLANWRIGHT_ACTOR");
    }
}

/// `plan mcp` over HTTP.
pub(crate) struct Served {
    child: Child,
    pub(crate) url: String,
}

impl Served {
    pub(crate) fn start(plan: &Path, repo: &Repo) -> Result<Self> {
        let mut command = Command::new(plan);
        repo.enter(&mut command);
        command
            .args(["mcp", "--http", "--no-token"])
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", plan.display()))?;
        let told = first_line(child.stderr.take());
        let word = told
            .split_whitespace()
            .find(|word| word.starts_with("http://"));
        let url = word.map(|word| word.trim_end_matches(';').to_owned());
        let Some(url) = url else {
            child.kill()?;
            bail!("`plan mcp --http` said: {told}");
        };
        Ok(Self { child, url })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server with the fixtures of the conformance suite; it ends with its standard input.
pub(crate) struct Fixtures {
    child: Child,
    pub(crate) url: String,
}

impl Fixtures {
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let url = first_line(child.stdout.take()).trim().to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Fixtures {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn first_line(pipe: Option<impl Read>) -> String {
    let mut line = String::new();
    if let Some(pipe) = pipe {
        let _ = BufReader::new(pipe).read_line(&mut line);
    }
    line
}

/// All of a file that was written to.
pub(crate) fn read(mut file: fs::File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
