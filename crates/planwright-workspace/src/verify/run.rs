//! Runs one command, and ends all that it started.

use std::io::{self, PipeReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::mask;
use super::shell::Call;
use super::tail::Tail;
use crate::sys;

/// Set for what is run, so that a plan that verifies itself comes to an end.
pub const INSIDE: &str = "PLANWRIGHT_VERIFYING";

/// How long a command that is told to end may take for it.
const GRACE: Duration = Duration::from_secs(2);

/// How long what was left behind may go on to speak after the command itself has ended.
const LINGER: Duration = Duration::from_millis(500);

/// What to run.
#[derive(Clone, Debug)]
pub struct Job {
    /// How.
    pub call: Call,
    /// Where.
    pub folder: PathBuf,
    /// For how long at most.
    pub timeout: Duration,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// By itself, with a code; 0 is success.
    Exit(i32),
    /// By a signal.
    Signal(i32),
    /// It took too long and was ended.
    TimedOut,
    /// The user ended it.
    Interrupted,
    /// It could not be started.
    NotStarted(String),
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// How long it took.
    pub duration: Duration,
    /// The end of what it said on both outputs, without secrets.
    pub tail: String,
    /// True where it said more.
    pub is_cut: bool,
}

/// Runs a command without input, until it ends, its time is up or `interrupted` is set. It has a
/// process group of its own; what it started there ends with it.
pub fn run(job: &Job, interrupted: &AtomicBool) -> Outcome {
    let begun = Instant::now();
    let tail = Arc::new(Mutex::new(Tail::default()));
    let end = match start(job, &tail) {
        Ok((child, reader)) => {
            let end = wait(child, begun + job.timeout, interrupted);
            let until = Instant::now() + LINGER;
            while !reader.is_finished() && Instant::now() < until {
                thread::sleep(Duration::from_millis(2));
            }
            end
        }
        Err(error) => End::NotStarted(reason(job.call.program(), &error)),
    };
    let duration = begun.elapsed();
    let vars = std::env::vars_os().filter_map(|(name, value)| {
        let text = |word: std::ffi::OsString| word.into_string().ok();
        Some((text(name)?, text(value)?))
    });
    let tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
    let (tail, is_cut) = tail.text(&mask::secrets(vars));
    Outcome {
        end,
        duration,
        tail,
        is_cut,
    }
}

fn reason(program: &str, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound {
        return format!("`{program}` was not found");
    }
    sys::reason(error)
}

fn start(job: &Job, tail: &Arc<Mutex<Tail>>) -> io::Result<(Child, JoinHandle<()>)> {
    let mut command = match &job.call {
        Call::Program(words) => {
            let (program, args) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
            let mut command = Command::new(program);
            command.args(args);
            command
        }
        Call::Shell {
            shell,
            flag,
            script,
        } => {
            let mut command = Command::new(shell);
            command.args([flag, script.as_str()]);
            command
        }
    };
    let (reader, writer) = io::pipe()?;
    command
        .current_dir(&job.folder)
        .env(INSIDE, "1")
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    own_group(&mut command);
    let child = command.spawn()?;
    // The command holds the ends to write to; the pipe closes when it and all others let go of them.
    drop(command);
    let tail = Arc::clone(tail);
    let reader = thread::spawn(move || listen(reader, &tail));
    Ok((child, reader))
}

fn listen(mut reader: PipeReader, tail: &Mutex<Tail>) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
                tail.push(&buffer[..count]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

fn wait(mut child: Child, until: Instant, interrupted: &AtomicBool) -> End {
    let mut pause = Duration::from_millis(1);
    let end = loop {
        match child.try_wait() {
            Ok(Some(status)) => break ended(status),
            Ok(None) => {}
            Err(error) => break End::NotStarted(sys::reason(&error)),
        }
        if interrupted.load(Ordering::Relaxed) {
            stop(&mut child);
            break End::Interrupted;
        }
        if Instant::now() >= until {
            stop(&mut child);
            break End::TimedOut;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    };
    // What it left behind in its group.
    kill_group(&child, Force::Now);
    end
}

/// Asks all of a command's processes to end, and makes them.
fn stop(child: &mut Child) {
    kill_group(child, Force::Ask);
    let until = Instant::now() + GRACE;
    while Instant::now() < until {
        if matches!(child.try_wait(), Ok(Some(_))) {
            break;
        }
        thread::sleep(Duration::from_millis(5));
    }
    kill_group(child, Force::Now);
    let _ = child.kill();
    let _ = child.wait();
}

#[derive(Clone, Copy)]
enum Force {
    Ask,
    Now,
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;

    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

/// The group has the number of its first process. While one of it is left, no other gets that number.
#[cfg(unix)]
fn kill_group(child: &Child, force: Force) {
    use rustix::process::{Pid, Signal, kill_process_group};

    let signal = match force {
        Force::Ask => Signal::TERM,
        Force::Now => Signal::KILL,
    };
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(pid, signal);
    }
}

#[cfg(not(unix))]
fn kill_group(_: &Child, _: Force) {}

#[cfg(unix)]
fn ended(status: ExitStatus) -> End {
    use std::os::unix::process::ExitStatusExt as _;

    match (status.code(), status.signal()) {
        (Some(code), _) => End::Exit(code),
        (None, Some(signal)) => End::Signal(signal),
        (None, None) => End::Exit(-1),
    }
}

#[cfg(not(unix))]
fn ended(status: ExitStatus) -> End {
    End::Exit(status.code().unwrap_or(-1))
}
