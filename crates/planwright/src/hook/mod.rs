//! `plan hook`: called by the programs that agents run in, at moments of a session.
//!
//! Whatever goes wrong, the host is not disturbed: standard output stays empty, the exit code is 0, and
//! the fault is noted in a file that `plan doctor` names. Nor is it kept waiting: after a while this
//! gives up.

mod hosts;
mod input;
pub(crate) mod log;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Read as _};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use planwright_coord::Claims;
use planwright_ops::check::Reader;
use planwright_ops::claims::{Desk, shared_remote};
use planwright_ops::hook::{self, Event, Request};

use self::hosts::Host;
use self::input::Input;
use crate::cli::{Globals, HookArgs};
use crate::output::{self, Status};
use crate::{actor, app, check, paths};

/// Bytes of what a host may send. It sends whole files at times.
const MOST: u64 = 32 * 1024 * 1024;

/// Milliseconds after which this gives up, in place of the usual ones.
const LIMIT: &str = "PLANWRIGHT_HOOK_LIMIT";

/// Milliseconds after which this gives up, and tokens that it may cost.
const fn usual(event: Event) -> (u64, u32) {
    match event {
        // The first call in a repository reads all of it.
        Event::SessionStart => (5_000, 1_600),
        Event::BeforeEdit | Event::AfterEdit => (2_000, 700),
        Event::BeforeStop => (2_000, 600),
    }
}

/// True for a command line that calls a hook, whether it makes sense or not.
pub(crate) fn is_called(args: impl Iterator<Item = OsString>) -> bool {
    let mut args = args;
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("-C" | "--color") => {
                args.next();
            }
            Some(flag) if flag.starts_with('-') => {}
            word => return word == Some("hook"),
        }
    }
    false
}

/// The command line as words, for the log.
fn call() -> String {
    let words = std::env::args().skip_while(|word| word != "hook").skip(1);
    words.collect::<Vec<String>>().join(" ")
}

fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// Notes a fault of Planwright and ends the process as if nothing had happened.
pub(crate) fn panicked(info: &PanicHookInfo<'_>) {
    let place = info.location();
    let place = place.map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    let reason = info.payload_as_str().unwrap_or("no reason given");
    log::note(
        &call(),
        &here(),
        &format!("Planwright is at fault: {reason}{place}"),
    );
    std::process::exit(Status::Fine as i32);
}

/// A command line that makes no sense.
pub(crate) fn misused(said: &clap::Error) -> Status {
    let text = said.render().to_string();
    output::tell(&text, false);
    log::note(&call(), &here(), text.lines().next().unwrap_or_default());
    Status::Fine
}

/// Answers a host.
pub(crate) fn run(globals: &Globals, args: &HookArgs) -> Status {
    let event = Event::ALL
        .into_iter()
        .find(|event| event.as_str() == args.event.trim_end_matches(';'));
    let (Some(host), Some(event)) = (Host::find(&args.host), event) else {
        let message = "there is no such host or event; see `plan hook --help`";
        output::tell(&format!("{message}\n"), false);
        log::note(&call(), &here(), message);
        return Status::Fine;
    };
    if io::stdin().is_terminal() {
        output::tell("a hook is called by its host, which sends JSON\n", false);
        return Status::Fine;
    }
    let given = std::env::var(LIMIT)
        .ok()
        .and_then(|given| given.parse().ok());
    let limit = Duration::from_millis(given.unwrap_or(usual(event).0));
    match within(limit, globals.clone(), host, event) {
        Ok(Some(reply)) => {
            let _ = output::print(&reply, false);
        }
        Ok(None) => {}
        Err(fault) => log::note(&call(), &fault.folder, &fault.reason),
    }
    Status::Fine
}

/// What went wrong, and where.
struct Fault {
    folder: PathBuf,
    reason: String,
}

/// Answers, or gives up.
fn within(
    limit: Duration,
    globals: Globals,
    host: &'static Host,
    event: Event,
) -> Result<Option<String>, Fault> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(answer(&globals, host, event)));
    receiver.recv_timeout(limit).unwrap_or_else(|_| {
        Err(Fault {
            folder: here(),
            reason: format!("gave up after {} ms", limit.as_millis()),
        })
    })
}

fn answer(globals: &Globals, host: &Host, event: Event) -> Result<Option<String>, Fault> {
    let folder = globals.directory.clone().unwrap_or_else(here);
    let fault = |reason: String| Fault {
        folder: folder.clone(),
        reason,
    };
    let sent = sent().map_err(fault)?;
    let input = Input::read(host, event, &sent).map_err(fault)?;
    drop(sent);
    let is_edit = matches!(event, Event::BeforeEdit | Event::AfterEdit);
    let is_guest = host
        .inside
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    if is_guest || input.again && event == Event::BeforeStop || is_edit && input.files.is_empty() {
        return Ok(None);
    }
    let told = input.folder.as_deref().map(PathBuf::from);
    let told = told.filter(|told| told.is_absolute() && told.is_dir());
    let folder = told
        .filter(|_| globals.directory.is_none())
        .unwrap_or(folder);
    reply(globals, host, event, &input, &folder).map_err(|reason| Fault { folder, reason })
}

/// All that the host sends.
fn sent() -> Result<Vec<u8>, String> {
    let mut stdin = io::stdin().lock();
    let mut bytes = Vec::new();
    let read = stdin.by_ref().take(MOST).read_to_end(&mut bytes);
    read.map_err(|error| format!("cannot read what the host sent: {error}"))?;
    // A host that cannot finish would take it for an error of its own.
    let rest = io::copy(&mut stdin, &mut io::sink()).unwrap_or(0);
    if rest > 0 {
        return Err(format!("the host sent more than {MOST} bytes"));
    }
    Ok(bytes)
}

fn reply(
    globals: &Globals,
    host: &Host,
    event: Event,
    input: &Input,
    folder: &Path,
) -> Result<Option<String>, String> {
    if !planwright_workspace::has_root(folder) {
        return Err("there is no repository".to_owned());
    }
    let told = |error: planwright_ops::OpsError| error.message;
    let now = check::now().map_err(told)?;
    let reader = (event == Event::AfterEdit).then(|| Reader::new(now));
    let ws = app::open(globals, folder.to_owned(), reader.as_ref()).map_err(told)?;
    let files = input.files.iter();
    let paths: Vec<String> = files
        .filter_map(|file| paths::inside(ws.root(), folder, file))
        .collect();
    if paths.is_empty() && !input.files.is_empty() {
        return Ok(None);
    }
    let request = Request {
        event,
        paths,
        host: planwright_coord::Host {
            name: host.name.to_owned(),
            id: input.session.clone(),
        },
        listener: input.agent.clone().unwrap_or_default(),
        hears_before: host.form(Event::BeforeEdit).is_some(),
        budget: usual(event).1.min(host.tokens),
        now,
    };
    let state_dir = paths::state_dir(&|name| std::env::var_os(name));
    let state_dir = state_dir.ok_or("there is no folder for locks")?;
    let remote = shared_remote(&ws).map_err(told)?;
    let claims = Claims::open(ws.root(), &state_dir, remote.as_deref());
    let var = |name: &str| std::env::var(name).ok();
    // Not every host gives its hooks the variable that its commands have.
    let of_session = |name: &str| match Some(input.session.as_str()) {
        Some(id) if host.variable == Some(name) && !id.is_empty() => Some(id.to_owned()),
        _ => var(name),
    };
    let actor = actor::actor(None, &of_session, || app::git_user(ws.root()));
    let model = var("PLANWRIGHT_MODEL").filter(|model| !model.is_empty());
    let model = input.model.clone().or(model);
    let desk = Desk {
        claims: &claims,
        actor: &actor,
        model: model.as_deref(),
        now: now.instant,
    };
    let answer = hook::run(&ws, &request, desk, reader.as_ref()).map_err(told)?;
    Ok(host.reply(event, &answer))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_hook_is_known_before_the_line_is_understood() {
        let is = |line: &str| is_called(line.split_whitespace().map(OsString::from));
        assert!(is("hook") && is("-C x hook y") && is("--no-cache hook --what"));
        assert!(!is("") && !is("show hook") && !is("-C hook list"));
    }

    /// Runs only when the test below starts it.
    #[test]
    fn fails() {
        if std::env::var_os("PLANWRIGHT_TEST_FAILS").is_some() {
            std::panic::set_hook(Box::new(panicked));
            let _ = std::thread::spawn(|| panic!("on purpose")).join();
            std::process::exit(7);
        }
    }

    #[test]
    fn a_fault_of_ours_ends_as_if_nothing_had_happened() {
        let state = tempfile::tempdir().unwrap();
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "hook::tests::fails", "--nocapture"])
            .env("PLANWRIGHT_TEST_FAILS", "1")
            .env("PLANWRIGHT_STATE_DIR", state.path())
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(0));
        let noted = std::fs::read_to_string(state.path().join("hook.log")).unwrap();
        assert!(
            noted.contains("Planwright is at fault: on purpose at "),
            "{noted}"
        );
    }
}
