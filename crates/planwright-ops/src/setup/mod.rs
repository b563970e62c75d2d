//! `plan setup`: wires Planwright into the programs that run coding agents.
//!
//! Which files that needs, and what they hold, is data of `planwright_hosts`; here they are read, and
//! written in one operation that `plan undo` takes back. What cannot be understood is left as it is and
//! named, while everything else is written.

mod answer;
mod drift;
mod files;

use std::path::{Path, PathBuf};

use planwright_hosts::{Base, HOSTS, Host, host};
use planwright_workspace::Workspace;
use planwright_workspace::write::Writer;

pub use answer::{Answer, Did, HostAnswer, How, PartAnswer, Scope, State};
pub(crate) use drift::{Drift, drift};

use crate::write::Call;
use crate::{ErrorKind, Hint, OpsError};
use files::Files;

/// What is to be wired.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The hosts; with none, it is told how all of them stand.
    pub hosts: &'a [String],
    /// Take back what was wired.
    pub remove: bool,
    /// The user's own configuration instead of the repository's.
    pub global: bool,
    /// What is known of the machine.
    pub machine: &'a Machine,
}

/// What a face knows of the machine.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// The user's folder.
    pub home: Option<PathBuf>,
    /// `CLAUDE_CONFIG_DIR`, absolute.
    pub claude: Option<PathBuf>,
    /// `CODEX_HOME`, absolute.
    pub codex: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`, absolute.
    pub config: Option<PathBuf>,
    /// True where `plan` is found on the PATH.
    pub on_path: bool,
    /// Names of hosts whose folder the user has.
    pub present: Vec<&'static str>,
}

impl Machine {
    /// The folder in which a host keeps what belongs to the user.
    pub fn home_of(&self, host: &Host) -> Option<PathBuf> {
        let (base, below) = host.home?;
        Some(self.folder(base)?.join(below))
    }

    /// The folder in which one writer works, and the way to that of a base. It is the user's folder for
    /// all that lies in it, so that links within it are followed.
    fn place(&self, base: Base) -> Option<(PathBuf, String)> {
        let folder = self.folder(base)?;
        let home = self.home.as_ref().and_then(|home| {
            let below = folder.strip_prefix(home).ok()?.to_str()?;
            Some((home.clone(), below.replace('\\', "/")))
        });
        Some(home.unwrap_or_else(|| (folder, String::new())))
    }

    /// What the paths of a folder are shown with.
    fn shown(&self, folder: Option<&Path>) -> String {
        match folder {
            Some(folder) if self.home.as_deref() == Some(folder) => "~/".to_owned(),
            Some(folder) => format!("{}/", folder.display()),
            None => String::new(),
        }
    }

    /// The folder that paths start from; `None` for the repository, and where it is not known.
    fn folder(&self, base: Base) -> Option<PathBuf> {
        let below = |below: &str| Some(self.home.as_ref()?.join(below));
        match base {
            Base::Repository => None,
            Base::Home => self.home.clone(),
            Base::Claude => self.claude.clone().or_else(|| below(".claude")),
            Base::ClaudeState => self.claude.clone().or_else(|| self.home.clone()),
            Base::Codex => self.codex.clone().or_else(|| below(".codex")),
            Base::Config => self.config.clone().or_else(|| below(".config")),
        }
    }
}

/// The names of all hosts.
pub fn hosts() -> impl Iterator<Item = (&'static str, &'static str)> {
    HOSTS.iter().map(|host| (host.name, host.title))
}

/// Hosts whose user folder a predicate finds.
pub fn present(machine: &Machine, is_there: impl Fn(&Path) -> bool) -> Vec<&'static str> {
    let there = |host: &&&Host| {
        machine
            .home_of(host)
            .is_some_and(|folder| is_there(&folder))
    };
    HOSTS.iter().filter(there).map(|host| host.name).collect()
}

/// Wires hosts, takes them out, or tells how they stand.
///
/// # Errors
/// When a host is not known, or files cannot be written.
pub fn run(ws: &Workspace, request: &Request<'_>, call: &Call<'_>) -> Result<Answer, OpsError> {
    let chosen = chosen(request.hosts)?;
    let scope = if request.global {
        Scope::Global
    } else {
        Scope::Project
    };
    let mut answer = Answer {
        schema: "planwright/setup@1",
        dry_run: call.dry_run,
        scope,
        hosts: Vec::new(),
        files: Vec::new(),
        notes: Vec::new(),
    };
    let does = match (request.hosts.is_empty(), request.remove) {
        (true, false) => files::Does::Look,
        (true, true) => return Err(which()),
        (false, false) => files::Does::Wire,
        (false, true) => files::Does::Unwire,
    };
    // Asked before anything is written, which would leave traces itself.
    let detected: Vec<bool> = chosen
        .iter()
        .map(|host| host.traces.iter().any(|trace| ws.exists(trace)))
        .collect();
    let mut groups = groups(&chosen, request, call.writer)?;
    let remove = if request.remove { " --remove" } else { "" };
    let label = format!("setup {}{remove}", request.hosts.join(" "));
    let mut parts: Vec<(usize, usize, PartAnswer)> = Vec::new();
    for files in &mut groups {
        let found = files.run(does, &label, call)?;
        answer.files.extend(found.changes);
        parts.extend(found.parts);
    }
    parts.sort_by_key(|(host, part, _)| (*host, *part));
    for (at, host) in chosen.iter().enumerate() {
        let of_host = parts.iter().filter(|(index, ..)| *index == at);
        let of_host = of_host.map(|(_, _, part)| part.clone()).collect();
        let detected = detected[at];
        let present = request.machine.present.contains(&host.name);
        answer
            .hosts
            .push(HostAnswer::new(host, detected, present, of_host));
    }
    if does == files::Does::Wire {
        let wired = chosen.iter().zip(&answer.hosts);
        let changed = wired.filter(|(_, told)| told.parts.iter().any(|part| part.did.is_some()));
        let notes: Vec<String> = changed
            .flat_map(|(host, _)| {
                if request.global {
                    host.after_global
                } else {
                    host.after
                }
            })
            .map(|note| (*note).to_owned())
            .collect();
        answer.notes = notes;
        if !request.machine.on_path {
            answer
                .notes
                .push("`plan` is not on the PATH, and hosts start it by that name".to_owned());
        }
    }
    Ok(answer)
}

fn chosen(names: &[String]) -> Result<Vec<&'static Host>, OpsError> {
    if names.is_empty() {
        return Ok(HOSTS.to_vec());
    }
    let mut chosen: Vec<&'static Host> = Vec::new();
    for name in names {
        let found = host(name).ok_or_else(|| {
            let all: Vec<String> = hosts().map(|(name, _)| name.to_owned()).collect();
            OpsError::new(ErrorKind::Usage, format!("no host is called `{name}`"))
                .with_hint(Hint::Note(format!("the hosts are {}", all.join(", "))))
        })?;
        if !chosen.iter().any(|host| host.name == found.name) {
            chosen.push(found);
        }
    }
    Ok(chosen)
}

fn which() -> OpsError {
    OpsError::new(
        ErrorKind::Usage,
        "`--remove` has to be told which hosts".to_owned(),
    )
    .with_hint(Hint::Run("plan setup".to_owned()))
}

/// The parts by the folder that they are written in.
fn groups<'a>(
    chosen: &[&'static Host],
    request: &Request<'_>,
    writer: &Writer<'a>,
) -> Result<Vec<Files<'a>>, OpsError> {
    let mut groups: Vec<Files<'a>> = Vec::new();
    for (index, host) in chosen.iter().enumerate() {
        let parts = if request.global {
            host.global
        } else {
            host.project
        };
        for (at, part) in parts.iter().enumerate() {
            let (folder, below) = match part.base {
                Base::Repository => (None, String::new()),
                base => {
                    let (folder, below) = request.machine.place(base).ok_or_else(no_home)?;
                    (Some(folder), below)
                }
            };
            let known = groups.iter().position(|group| group.folder == folder);
            let group = if let Some(known) = known {
                known
            } else {
                let shown = request.machine.shown(folder.as_deref());
                groups.push(Files::new(folder, shown, writer)?);
                groups.len() - 1
            };
            groups[group].add((index, at), host, part, &below);
        }
    }
    Ok(groups)
}

fn no_home() -> OpsError {
    OpsError::new(ErrorKind::Io, "the user's folder is not known".to_owned())
        .with_hint(Hint::Note("set HOME to it".to_owned()))
}
