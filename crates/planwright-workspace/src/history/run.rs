//! Runs the `git` program: a fixed environment, no shell, no hooks, no network, output as a stream.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::NoHistory;
use super::id::Id;

/// How much of what git complains about is kept.
const COMPLAINT: u64 = 64 * 1024;

/// What a pipe takes without a reader, on every system.
const PIPE: usize = 4096;

/// Variables that would turn git to another repository than the one in its folder. Hooks have them.
const ELSEWHERE: [&str; 12] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// The program and the folder it runs in.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    program: OsString,
    dir: PathBuf,
}

impl Git {
    pub(crate) fn new(program: &OsStr, dir: &Path) -> Self {
        Self {
            program: program.to_owned(),
            dir: dir.to_owned(),
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.dir)
            .env("LC_ALL", "C")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            // A partial clone would fetch what it lacks; an answer is not worth the network.
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("GIT_PAGER", "")
            .env_remove("GIT_EXTERNAL_DIFF")
            .env_remove("GIT_TRACE")
            .args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"])
            .args(["-c", "core.quotePath=false", "-c", "core.fsmonitor=false"])
            .args(["-c", "core.hooksPath=/dev/null"])
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in ELSEWHERE {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command with something on its input or nothing, and hands its output to `read`. What it
    /// is told must not wait for what it says: much `input` is written from another thread.
    pub(crate) fn stream<T>(
        &self,
        args: &[&str],
        input: &[u8],
        read: impl FnOnce(&mut dyn BufRead) -> io::Result<T>,
    ) -> Result<T, NoHistory> {
        let mut command = self.command(args);
        command.stdin(if input.is_empty() {
            Stdio::null()
        } else {
            Stdio::piped()
        });
        let mut child = command.spawn().map_err(|error| self.not_started(&error))?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (result, complaint) = std::thread::scope(|scope| {
            let complaint = stderr.map(|stderr| scope.spawn(|| read_complaint(stderr)));
            if let Some(stdin) = stdin {
                let tell = move || {
                    let mut stdin = stdin;
                    // A git that ends early closes the pipe; what it said tells why.
                    let _ = stdin.write_all(input);
                };
                if input.len() > PIPE {
                    scope.spawn(tell);
                } else {
                    tell();
                }
            }
            let result = match stdout {
                Some(stdout) => {
                    let mut stdout = BufReader::with_capacity(256 * 1024, stdout);
                    let result = read(&mut stdout);
                    if result.is_err() {
                        let _ = child.kill();
                    }
                    result
                }
                None => Err(io::ErrorKind::BrokenPipe.into()),
            };
            let complaint = complaint.and_then(|thread| thread.join().ok());
            (result, complaint.unwrap_or_default())
        });
        let status = child.wait().map_err(|error| self.not_started(&error))?;
        let result = result.map_err(|error| NoHistory::Failed {
            command: shown(args),
            reason: if complaint.is_empty() {
                crate::sys::reason(&error)
            } else {
                complaint.clone()
            },
        });
        if status.success() || result.is_err() {
            return result;
        }
        Err(refusal(args, complaint, &status.to_string()))
    }

    /// Everything that a command prints.
    pub(crate) fn output(&self, args: &[&str]) -> Result<Vec<u8>, NoHistory> {
        self.stream(args, &[], |stdout| {
            let mut bytes = Vec::new();
            stdout.read_to_end(&mut bytes)?;
            Ok(bytes)
        })
    }

    /// Starts the process that reads objects.
    pub(crate) fn objects(&self) -> Result<Objects, NoHistory> {
        let mut command = self.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| self.not_started(&error))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(stdin), Some(stdout)) => Ok(Objects {
                child,
                stdin: Some(stdin),
                stdout: BufReader::with_capacity(256 * 1024, stdout),
                line: Vec::new(),
                content: Vec::new(),
            }),
            _ => Err(self.not_started(&io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn not_started(&self, error: &io::Error) -> NoHistory {
        if error.kind() == io::ErrorKind::NotFound && self.dir.is_dir() {
            return NoHistory::NoGit;
        }
        NoHistory::Failed {
            command: self.program.to_string_lossy().into_owned(),
            reason: crate::sys::reason(error),
        }
    }
}

fn read_complaint(stderr: impl Read) -> String {
    let mut stderr = stderr;
    let mut bytes = Vec::new();
    let _ = (&mut stderr).take(COMPLAINT).read_to_end(&mut bytes);
    // The rest is read as well: git waits for it.
    let _ = io::copy(&mut stderr, &mut io::sink());
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

/// A command as one would type it.
fn shown(args: &[&str]) -> String {
    format!("git {}", args.first().unwrap_or(&""))
}

/// What a git that ended with a failure means.
fn refusal(args: &[&str], complaint: String, status: &str) -> NoHistory {
    if complaint.contains("not a git repository") {
        return NoHistory::NotARepository;
    }
    if complaint.contains("dubious ownership") {
        return NoHistory::NotTrusted { reason: complaint };
    }
    NoHistory::Failed {
        command: shown(args),
        reason: if complaint.is_empty() {
            status.to_owned()
        } else {
            complaint
        },
    }
}

/// A process that reads objects of the repository: blobs, trees, commits.
#[derive(Debug)]
pub(crate) struct Objects {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    line: Vec<u8>,
    content: Vec<u8>,
}

impl Objects {
    /// Reads several objects, in their order. `found` gets the number of the request and the
    /// object's own id and content; nothing where the repository does not hold it. Objects larger
    /// than `limit` bytes are passed over as if they were not there.
    pub(crate) fn read(
        &mut self,
        names: &[String],
        limit: usize,
        mut found: impl FnMut(usize, Option<(Id, &[u8])>),
    ) -> io::Result<()> {
        let Self {
            stdin,
            stdout,
            line,
            content,
            ..
        } = self;
        let Some(stdin) = stdin.as_mut() else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        std::thread::scope(|scope| {
            // Git stops reading names while nobody reads what it writes.
            let mut ask = move || {
                let mut text = String::new();
                for name in names {
                    // A line break would make two requests of one; nothing has the rest as its name.
                    text.extend(name.split('\n').take(1));
                    text.push('\n');
                }
                stdin.write_all(text.as_bytes())?;
                stdin.flush()
            };
            if names.len() * 80 > PIPE {
                scope.spawn(ask);
            } else {
                ask()?;
            }
            for number in 0..names.len() {
                line.clear();
                if stdout.read_until(b'\n', line)? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                let Some((id, size)) = header(line) else {
                    found(number, None);
                    continue;
                };
                if size > limit {
                    io::copy(&mut stdout.take(size as u64 + 1), &mut io::sink())?;
                    found(number, None);
                    continue;
                }
                content.resize(size + 1, 0);
                stdout.read_exact(content)?;
                found(number, Some((id, &content[..size])));
            }
            Ok(())
        })
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Without input git ends by itself.
        self.stdin = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `<id> <type> <size>`; another line says that there is no such object.
fn header(line: &[u8]) -> Option<(Id, usize)> {
    let mut parts = line.trim_ascii_end().split(|byte| *byte == b' ');
    let id = Id::parse(parts.next()?)?;
    let _kind = parts.next()?;
    let size = std::str::from_utf8(parts.next()?).ok()?.parse().ok()?;
    parts.next().is_none().then_some((id, size))
}
