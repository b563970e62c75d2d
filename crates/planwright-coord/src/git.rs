//! Runs the `git` program for claims: no prompts, no shell, an end to every call, and no secrets in
//! what is told.

use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How much of what git says is kept, in bytes.
const MOST: u64 = 8 * 1024 * 1024;

/// Variables that would turn git to another repository than the one in its folder. Hooks have them.
const ELSEWHERE: [&str; 8] = [
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_WORK_TREE",
];

/// What a run of git came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// True for exit code 0.
    pub(crate) is_fine: bool,
    pub(crate) out: String,
    /// Standard error, without secrets.
    pub(crate) complaint: String,
    /// True where it was ended because it took too long.
    pub(crate) is_late: bool,
}

impl Said {
    /// What git complained about, in one line.
    pub(crate) fn reason(&self) -> String {
        if self.is_late {
            return "it did not answer in time".to_owned();
        }
        let lines = self.complaint.lines().map(str::trim);
        let mut telling = lines.filter(|line| !line.is_empty() && !line.starts_with("hint:"));
        let first = telling.next().unwrap_or("git failed");
        let first = first.strip_prefix("remote: ").unwrap_or(first);
        first.strip_prefix("fatal: ").unwrap_or(first).to_owned()
    }
}

/// The program in the folder of a repository.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    dir: PathBuf,
    /// The command that git runs for ssh, which asks nobody anything.
    ssh: String,
}

impl Git {
    pub(crate) fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            ssh: String::new(),
        }
    }

    /// The same with the user's own command for ssh, if any, told to ask nobody.
    pub(crate) fn with_ssh(mut self, configured: Option<&str>) -> Self {
        let own = std::env::var("GIT_SSH_COMMAND").ok();
        let own = own.as_deref().or(configured).unwrap_or("ssh");
        self.ssh = format!("{own} -oBatchMode=yes");
        self
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .current_dir(&self.dir)
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ASKPASS", "")
            .env("SSH_ASKPASS", "")
            .env("SSH_ASKPASS_REQUIRE", "never")
            .env("GCM_INTERACTIVE", "never")
            .env_remove("GIT_TRACE")
            .args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"])
            .args(["-c", "core.askPass=", "-c", "gc.auto=0"])
            .args(["-c", "push.followTags=false", "-c", "push.gpgSign=false"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if !self.ssh.is_empty() && std::env::var_os("GIT_SSH").is_none() {
            command.env("GIT_SSH_COMMAND", &self.ssh);
        }
        for name in ELSEWHERE {
            command.env_remove(name);
        }
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            // Its helpers are ended with it.
            command.process_group(0);
        }
        command
    }

    /// Runs a command with `input`, for as long as `patience` lasts.
    ///
    /// # Errors
    /// Where git cannot be started.
    pub(crate) fn run(
        &self,
        args: &[&str],
        input: &[u8],
        patience: Duration,
    ) -> std::io::Result<Said> {
        let mut child = self.command(args).spawn()?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        std::thread::scope(|scope| {
            let out = stdout.map(|from| scope.spawn(|| take(from)));
            let complaint = stderr.map(|from| scope.spawn(|| take(from)));
            if let Some(mut stdin) = stdin {
                // A git that ends early closes the pipe; what it said tells why.
                scope.spawn(move || {
                    let _ = stdin.write_all(input);
                });
            }
            let until = Instant::now() + patience;
            let mut pause = Duration::from_micros(500);
            let status = loop {
                if let Some(status) = child.try_wait()? {
                    break Some(status);
                }
                if Instant::now() >= until {
                    end(&mut child);
                    break None;
                }
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(5));
            };
            let text = |thread: Option<std::thread::ScopedJoinHandle<'_, Vec<u8>>>| {
                let bytes = thread.and_then(|thread| thread.join().ok());
                String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
            };
            Ok(Said {
                is_fine: status.is_some_and(|status| status.success()),
                out: text(out),
                complaint: without_secrets(&text(complaint)),
                is_late: status.is_none(),
            })
        })
    }
}

fn take(from: impl Read) -> Vec<u8> {
    let mut from = from;
    let mut bytes = Vec::new();
    let _ = (&mut from).take(MOST).read_to_end(&mut bytes);
    let _ = std::io::copy(&mut from, &mut std::io::sink());
    bytes
}

/// Ends a process and what it started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A text in which addresses have no user and no password.
pub(crate) fn without_secrets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let ends = |c: char| c == '/' || c.is_whitespace() || matches!(c, '\'' | '"');
        let host = after.find(ends).unwrap_or(after.len());
        let from = after[..host].rfind('@').map_or(0, |at| at + 1);
        rest = &after[from..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_told() {
        assert_eq!(
            without_secrets("fatal: 'https://ann:t0ken@host/x.git/' and http://t@h: 403 a@b"),
            "fatal: 'https://host/x.git/' and http://h: 403 a@b"
        );
        assert_eq!(without_secrets("https://a:b@c@host"), "https://host");
        assert_eq!(without_secrets("plain"), "plain");
    }

    #[test]
    fn a_call_has_an_end() {
        let dir = tempfile::tempdir().unwrap();
        let git = Git::new(dir.path());
        let wait = ["-c", "alias.wait=!sleep 30", "wait"];
        let begun = Instant::now();
        let said = git.run(&wait, b"", Duration::from_millis(300)).unwrap();
        assert!(said.is_late && !said.is_fine);
        assert!(begun.elapsed() < Duration::from_secs(20));
        assert_eq!(said.reason(), "it did not answer in time");
    }
}
