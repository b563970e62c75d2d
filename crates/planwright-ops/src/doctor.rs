//! `plan doctor`: whether what the answers rest upon is sound, and what to do where it is not.

use planwright_check::CONFIG_PATH;
use planwright_workspace::Workspace;
use planwright_workspace::health::{Cache, Git, Mark};
use planwright_workspace::history::{History, Horizon, NoHistory};
use schemars::JsonSchema;
use serde::Serialize;

use crate::setup::{Drift, drift};
use crate::{Hint, OpsError, check};

/// The oldest git that has all that is asked of it (`git diff --merge-base`).
const OLDEST_GIT: (u32, u32) = (2, 30);

/// Where people say that git is to check before a commit.
const PRE_COMMIT_CONFIG: &str = ".pre-commit-config.yaml";

/// What is silent without a history.
const SILENT: &str = "rules that compare plans with the history say nothing";

/// Whether everything is sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/doctor@1"))]
    pub schema: &'static str,
    /// True when nothing has to be repaired.
    pub sound: bool,
    /// What was looked at, by area.
    pub checks: Vec<Check>,
}

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// What it belongs to.
    pub area: Area,
    /// How it is.
    pub status: Status,
    /// How it is, in words.
    pub message: String,
    /// What to do; `null` where there is nothing to be done.
    pub remedy: Option<String>,
}

/// What a check belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// The root and its files.
    Repository,
    /// `.planwright/config.toml`.
    Configuration,
    /// The team's own dialects, and files that state relations.
    Dialects,
    /// The snapshot, and what is kept of the history.
    Cache,
    /// The git program and the history.
    Git,
    /// What runs Planwright by itself.
    Wiring,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As it should be.
    Ok,
    /// Something is left out, perhaps on purpose.
    Note,
    /// To be repaired.
    Repair,
}

/// What went wrong in hooks, which do not tell it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// How often.
    pub count: usize,
    /// The last of it.
    pub last: String,
    /// The file that holds all of it.
    pub path: String,
}

/// Looks at everything. `interrupted` tells that a change waits to be brought to an end, `faults` what
/// went wrong in hooks, `on_path` that hosts find `plan` by its name.
pub fn run(ws: &Workspace, interrupted: bool, faults: Option<&Faults>, on_path: bool) -> Answer {
    let mut checks = Checks::default();
    repository(ws, &mut checks.of(Area::Repository));
    if interrupted {
        let mut said = checks.of(Area::Repository);
        said.repair(
            "a change was interrupted, and some of its files may not be written yet",
            "the next verb that changes anything brings it to an end; `plan undo` takes it back",
        );
    }
    configuration(ws, &mut checks.of(Area::Configuration));
    dialects(ws, &mut checks.of(Area::Dialects));
    let history = ws.history();
    cache(ws, history.as_ref().ok(), &mut checks.of(Area::Cache));
    let program = ws.git_health();
    git(ws, program.as_ref(), &history, &mut checks.of(Area::Git));
    wiring(ws, program.as_ref(), &mut checks.of(Area::Wiring));
    if let Some(faults) = faults {
        let times = match faults.count {
            1 => "once".to_owned(),
            count => format!("{count} times"),
        };
        checks.of(Area::Wiring).note(
            format!("hooks of agents failed {times}, last {}", faults.last),
            format!("{} tells more; remove it when that is settled", faults.path),
        );
    }
    hosts(ws, on_path, &mut checks.of(Area::Wiring));
    let checks = checks.0;
    Answer {
        schema: "planwright/doctor@1",
        sound: checks.iter().all(|check| check.status != Status::Repair),
        checks,
    }
}

#[derive(Default)]
struct Checks(Vec<Check>);

impl Checks {
    fn of(&mut self, area: Area) -> Said<'_> {
        let checks = &mut self.0;
        Said { area, checks }
    }
}

/// Takes what is said about one area.
struct Said<'a> {
    area: Area,
    checks: &'a mut Vec<Check>,
}

impl Said<'_> {
    fn add(&mut self, status: Status, message: String, remedy: Option<String>) {
        self.checks.push(Check {
            area: self.area,
            status,
            message,
            remedy,
        });
    }

    fn ok(&mut self, message: impl Into<String>) {
        self.add(Status::Ok, message.into(), None);
    }

    fn note(&mut self, message: impl Into<String>, remedy: impl Into<String>) {
        self.add(Status::Note, message.into(), Some(remedy.into()));
    }

    fn repair(&mut self, message: impl Into<String>, remedy: impl Into<String>) {
        self.add(Status::Repair, message.into(), Some(remedy.into()));
    }
}

fn repository(ws: &Workspace, said: &mut Said<'_>) {
    let root = ws.root().display();
    match ws.mark() {
        Mark::Repository => said.ok(format!("{root} is a repository")),
        Mark::Planwright => said.ok(format!("{root} holds `.planwright`")),
        Mark::Nothing => said.note(
            format!("{root} lies in no repository; what is outside of it is not read"),
            "run `plan` in the repository, or make one: `git init`",
        ),
    }
    match ws.len() {
        0 => said.note(
            "no plan documents were found",
            "`plan dialects` tells what is read; `plan dialects show --file PATH` why a file is not",
        ),
        1 => said.ok("1 plan document"),
        count => said.ok(format!("{count} plan documents")),
    }
    for file in ws.unreadable() {
        said.repair(
            format!("{} cannot be read: {}", file.path, file.reason),
            "make it readable for you, or ignore it in `.gitignore` or `.ignore`",
        );
    }
}

fn configuration(ws: &Workspace, said: &mut Said<'_>) {
    match check::config(ws) {
        Ok(_) if ws.exists(CONFIG_PATH) => said.ok(format!("{CONFIG_PATH} is valid")),
        Ok(_) => said.ok(format!("no {CONFIG_PATH}; the defaults hold")),
        Err(error) => {
            let remedy = hint(&error)
                .unwrap_or_else(|| "`plan schema config` tells what it may hold".to_owned());
            said.repair(error.message, remedy);
        }
    }
}

fn hint(error: &OpsError) -> Option<String> {
    error.hints.iter().find_map(|hint| match hint {
        Hint::Note(note) => Some(note.clone()),
        Hint::Run(command) => Some(format!("`{command}`")),
        Hint::Nearest(_) | Hint::Candidates(_) => None,
    })
}

fn dialects(ws: &Workspace, said: &mut Said<'_>) {
    let own: Vec<&str> = ws.own_dialects().collect();
    if own.is_empty() {
        said.ok("the built-in dialects");
    } else {
        said.ok(format!("the built-in dialects and {}", own.join(", ")));
    }
    for folder in ws.empty_dialects() {
        said.repair(
            format!("{folder} holds neither `dialect.toml` nor a template"),
            "describe the dialect in `dialect.toml`, or remove the folder",
        );
    }
    let of_dialects = ws.dialect_diagnostics().iter();
    for (path, found) in of_dialects.chain(ws.relation_diagnostics()) {
        let message = format!("{path}:{}: {}", found.line, found.message);
        let remedy = found.help.clone();
        said.repair(
            message,
            remedy.unwrap_or_else(|| format!("put {path} right")),
        );
    }
}

fn cache(ws: &Workspace, history: Option<&History>, said: &mut Said<'_>) {
    let elsewhere = "make the folder writable, or name another in PLANWRIGHT_CACHE_DIR; all works without, slower";
    match ws.cache_health() {
        Cache::Off => {
            said.note(
                "nothing is kept; every call reads every file",
                "do without `--no-cache`, or set HOME or PLANWRIGHT_CACHE_DIR",
            );
            return;
        }
        Cache::Sound { folder, bytes } => {
            let kilobytes = bytes.div_ceil(1000);
            said.ok(format!(
                "the snapshot is sound: {}, {kilobytes} kB",
                folder.display()
            ));
        }
        Cache::Broken { folder, reason } => said.repair(
            format!("no snapshot can be kept in {}: {reason}", folder.display()),
            elsewhere,
        ),
    }
    let Some(history) = history.filter(|history| !history.is_empty()) else {
        return;
    };
    // What was read is known now; another call has to find all of it.
    match ws.history() {
        Ok(again) if again.known().read == 0 => {
            said.ok(format!(
                "the history is kept: {}",
                commits(again.known().kept)
            ));
        }
        _ => said.repair(
            format!(
                "the history is not kept; every call reads {}",
                commits(history.len())
            ),
            elsewhere,
        ),
    }
}

fn commits(count: usize) -> String {
    format!("{count} {}", if count == 1 { "commit" } else { "commits" })
}

fn git(
    ws: &Workspace,
    program: Option<&Git>,
    history: &Result<History, NoHistory>,
    said: &mut Said<'_>,
) {
    let is_repository = ws.mark() == Mark::Repository;
    let Some(program) = program else {
        let message = format!("git was not found; {SILENT}");
        let remedy = "install git, or add its folder to PATH";
        if is_repository {
            said.repair(message, remedy);
        } else {
            said.note(message, remedy);
        }
        return;
    };
    let (major, minor) = OLDEST_GIT;
    if is_older(&program.version, OLDEST_GIT) {
        said.repair(
            format!("git {} is too old", program.version),
            format!("install git {major}.{minor} or later"),
        );
    } else {
        said.ok(format!("git {}", program.version));
    }
    match history {
        Ok(history) => known(program, history, said),
        Err(NoHistory::NotARepository | NoHistory::Bare) if !is_repository => {
            said.note(format!("no git repository; {SILENT}"), "`git init`");
        }
        Err(error @ NoHistory::NotTrusted { .. }) => {
            let root = ws.root().display();
            let message = error.to_string();
            let message = message.lines().next().unwrap_or_default();
            said.repair(
                message,
                format!("if you trust it: `git config --global --add safe.directory {root}`"),
            );
        }
        Err(NoHistory::NotARepository) => said.repair(
            format!("git finds no repository here; {SILENT}"),
            "`git status` tells why; `git init` mends what is missing",
        ),
        Err(error) => said.repair(error.to_string(), "`git fsck` tells what is damaged"),
    }
}

/// What there is to say of a history.
fn known(program: &Git, history: &History, said: &mut Said<'_>) {
    match history.horizon() {
        _ if history.is_empty() => {
            said.note(format!("there is no commit yet; {SILENT}"), "`git commit`");
        }
        Horizon::Shallow => said.repair(
            format!("the clone is shallow; {SILENT}"),
            "`git fetch --unshallow`; in a pipeline, clone with the whole history (`fetch-depth: 0`)",
        ),
        Horizon::Capped => said.note(
            format!("only the youngest {} are read", commits(history.len())),
            "nothing need be done; what is older counts as if it had always been there",
        ),
        Horizon::Whole => said.ok(format!("the whole history: {}", commits(history.len()))),
    }
    match (program.remotes.as_slice(), history.base()) {
        ([], _) => said.ok("no remote; ids are compared with those of local branches"),
        (_, Some((base, _))) => said.ok(format!("work is compared with {base}")),
        ([remote, ..], None) => said.note(
            format!("which branch of {remote} work is merged into is not known"),
            format!("`git fetch {remote}` and `git remote set-head {remote} --auto`"),
        ),
    }
}

/// True for a version before another; one that cannot be read is not.
fn is_older(version: &str, than: (u32, u32)) -> bool {
    let mut parts = version.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < than,
        _ => false,
    }
}

fn wiring(ws: &Workspace, program: Option<&Git>, said: &mut Said<'_>) {
    let runs_plan = |text: &str| text.contains("plan check") || text.contains("plan-check");
    let config = ws.read_bytes(PRE_COMMIT_CONFIG).unwrap_or_default();
    let is_configured = runs_plan(&String::from_utf8_lossy(&config));
    let hook = program.and_then(|git| git.pre_commit.as_ref());
    match hook {
        Some(hook) if !is_configured && !runs_plan(&hook.text) => {}
        Some(hook) if !hook.is_executable => {
            let path = program.and_then(|git| git.hooks.as_ref());
            let path = path.map_or_else(String::new, |path| path.display().to_string());
            said.repair(
                "the pre-commit hook is not executable, so git passes over it",
                format!("`chmod +x {path}/pre-commit`"),
            );
            return;
        }
        Some(_) => {
            said.ok("plans are checked before each commit");
            return;
        }
        None if is_configured => {
            said.repair(
                format!("{PRE_COMMIT_CONFIG} names plan-check, but git has no pre-commit hook"),
                "`pre-commit install`",
            );
            return;
        }
        None => {}
    }
    said.note(
        "nothing checks plans before a commit",
        format!("add plan-check to {PRE_COMMIT_CONFIG}, or `plan check --changed` to the hook"),
    );
}

fn hosts(ws: &Workspace, on_path: bool, said: &mut Said<'_>) {
    let found = drift(ws);
    if !found.is_empty() && !on_path {
        said.repair(
            "`plan` is not on the PATH, and coding agents start it by that name",
            "add the folder that it is in to PATH",
        );
    }
    for drift in found {
        match drift {
            Drift::Fine(title) => said.ok(format!("{title} is wired")),
            Drift::Changed(message, remedy) => said.note(message, remedy),
            Drift::Broken(message, remedy) => said.repair(message, remedy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(is_older("2.9.5", OLDEST_GIT));
        assert!(!is_older("2.30.0", OLDEST_GIT));
        assert!(!is_older("2.39.5 (Apple Git-154)", OLDEST_GIT));
        assert!(!is_older("3.0", OLDEST_GIT));
        assert!(!is_older("unknown", OLDEST_GIT));
    }
}
