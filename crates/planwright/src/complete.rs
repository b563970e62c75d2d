use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_complete::CompleteEnv;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::Shells;
use planwright_ops::{ErrorKind, Hint, OpsError};
use planwright_workspace::{Options, Workspace};

use crate::cli::Cli;
use crate::paths;

/// The variable by which a shell asks for completions.
const VARIABLE: &str = "PLANWRIGHT_COMPLETE";

/// Answers a shell that asks for completions, and ends the process; does nothing otherwise.
pub(crate) fn answer_shell() {
    if std::env::var_os(VARIABLE).is_some() {
        CompleteEnv::with_factory(Cli::command)
            .var(VARIABLE)
            .complete();
    }
}

/// The script that makes a shell ask.
pub(crate) fn script(shell: &str) -> Result<String, OpsError> {
    let shells = Shells::builtins();
    let Some(completer) = shells.completer(shell) else {
        let known = shells.names().map(str::to_owned).collect();
        return Err(
            OpsError::new(ErrorKind::Usage, format!("no completions for `{shell}`"))
                .with_hint(Hint::Candidates(known)),
        );
    };
    let mut script = Vec::new();
    completer
        .write_registration(VARIABLE, "plan", "plan", "plan", &mut script)
        .map_err(|error| OpsError::new(ErrorKind::Io, error.to_string()))?;
    Ok(String::from_utf8_lossy(&script).into_owned())
}

/// Rules whose name or code begins with what was typed, behind the last comma.
pub(crate) fn rules(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = current.to_str() else {
        return Vec::new();
    };
    let (before, word) = match typed.rfind(',') {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    };
    let rules = planwright_ops::explain::list().rules.into_iter();
    rules
        .flat_map(|rule| [(rule.name, rule.reason), (rule.code, rule.reason)])
        .filter(|(name, _)| name.starts_with(word))
        .map(|(name, reason)| {
            CompletionCandidate::new(format!("{before}{name}")).help(Some(reason.into()))
        })
        .collect()
}

/// References that begin with what was typed. A word that begins no reference may begin a path,
/// which the shell completes itself.
pub(crate) fn references(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = current.to_str() else {
        return Vec::new();
    };
    let options = Options {
        dir: folder(std::env::args_os()),
        cache_dir: paths::cache_dir(&|name| std::env::var_os(name)),
    };
    let Ok(workspace) = Workspace::open(&options) else {
        return Vec::new();
    };
    planwright_ops::names(&workspace)
        .into_iter()
        .filter(|(name, _)| name.starts_with(typed))
        .map(|(name, title)| CompletionCandidate::new(name).help(Some(title.into())))
        .collect()
}

/// The folder that `-C` names on the line being completed.
fn folder(mut args: impl Iterator<Item = OsString>) -> PathBuf {
    while let Some(arg) = args.next() {
        if arg == "-C" {
            return args.next().map(PathBuf::from).unwrap_or_default();
        }
    }
    PathBuf::from(".")
}
