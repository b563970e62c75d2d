//! `plan verify` and `plan trust`: what a person is asked, and who is no person.

use std::io::{BufRead as _, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use planwright_ops::write::verify::{Answer, Check, Ended, Run};
use planwright_ops::write::{Call, trust, verify};
use planwright_ops::{ErrorKind, Hint, OpsError};
use planwright_workspace::verify::INSIDE;

use super::{Face, Said};
use crate::cli::{TrustArgs, VerifyArgs};
use crate::output::{self, Status};
use crate::{render, terminal};

impl Face<'_> {
    pub(super) fn verify(&self, args: &VerifyArgs) -> Result<Said, OpsError> {
        let name = self.reference(&args.reference);
        self.call(args.dry_run, |call| {
            let ledger = call.writer.ledger()?;
            let listed = verify::list(self.ws, &name, &ledger)?;
            if listed.commands.is_empty() {
                return self.no_commands(&listed);
            }
            if !args.run || args.dry_run {
                let text = self.text(&listed, |answer| render::verify::list(answer, self.style))?;
                return Ok(Said::found(text));
            }
            if std::env::var_os(INSIDE).is_some() {
                let message = "a command that `plan verify` runs cannot run it again";
                return Err(OpsError::new(ErrorKind::Refused, message));
            }
            let open = untrusted(&listed);
            if !open.is_empty() && (args.yes || self.may_ask()) {
                self.trust_some(&listed, &open, args.yes, call)?;
            }
            let interrupted = interrupts()?;
            let style = terminal::stderr(self.color);
            let is_told = !self.json && !self.quiet;
            let run = Run {
                timeout: args.timeout,
                tick: args.tick,
                interrupted: &interrupted,
                tell: &|check| {
                    if is_told {
                        output::tell(&render::verify::running(check, &style), style.color);
                    }
                },
            };
            let answer = verify::run(self.ws, &name, &run, call)?;
            let text = self.text(&answer, |answer| render::verify::ran(answer, self.style))?;
            Ok(said(&answer, text))
        })
    }

    pub(super) fn trust(&self, args: &TrustArgs) -> Result<Said, OpsError> {
        let name = args.reference.as_deref().map(|name| self.reference(name));
        self.call(false, |call| {
            let ledger = call.writer.ledger()?;
            let answer = match &name {
                _ if args.revoke => trust::revoke(self.ws, &ledger, name.as_deref())?,
                None => trust::list(&ledger)?,
                Some(name) => {
                    let listed = verify::list(self.ws, name, &ledger)?;
                    if listed.commands.is_empty() {
                        return self.no_commands(&listed);
                    }
                    self.trust_some(&listed, &untrusted(&listed), args.yes, call)?
                }
            };
            let text = self.text(&answer, |answer| render::verify::trust(answer, self.style))?;
            if answer.commands.is_empty() {
                let message = match answer.did {
                    "trust" => "no command was trusted that was not before",
                    "revoke" => "none of these commands was trusted",
                    _ => "no command of this repository is trusted",
                };
                return Ok(Said::nothing(text, message.to_owned(), Vec::new()));
            }
            Ok(Said::found(text))
        })
    }

    /// Trusts those of the commands that a person says yes to.
    fn trust_some(
        &self,
        listed: &Answer,
        open: &[&Check],
        yes: bool,
        call: &Call<'_>,
    ) -> Result<trust::Answer, OpsError> {
        if !open.is_empty() {
            refuse_agents()?;
            if !yes && !self.may_ask() {
                let message = "commands are trusted by a person, at a terminal";
                return Err(OpsError::new(ErrorKind::Refused, message)
                    .with_hint(Hint::Run(format!("plan verify {}", listed.reference)))
                    .with_hint(Hint::Note(
                        "`--yes` trusts all of them without asking".to_owned(),
                    )));
            }
        }
        let style = terminal::stderr(self.color);
        let mut wanted: Vec<&Check> = Vec::new();
        for check in open {
            let shown = render::verify::question(listed, check, !yes, &style);
            output::tell(&shown, style.color);
            if yes {
                wanted.push(check);
                continue;
            }
            match asked()?.as_str() {
                "y" | "yes" => wanted.push(check),
                "q" | "quit" => break,
                _ => {}
            }
        }
        let ledger = call.writer.ledger()?;
        trust::give(&ledger, &wanted, call.now)
    }

    fn no_commands(&self, listed: &Answer) -> Result<Said, OpsError> {
        let text = if self.json {
            super::json(listed)?
        } else {
            String::new()
        };
        let message = format!("`{}` names no command to verify it", listed.reference);
        let hint = "commands stand in blocks of shell, in boxes, or in a column of a table, below a heading such as Verification or Acceptance criteria";
        Ok(Said::nothing(text, message, vec![hint.to_owned()]))
    }

    /// True where a person can be asked.
    fn may_ask(&self) -> bool {
        !self.json
            && std::io::stdin().is_terminal()
            && std::io::stderr().is_terminal()
            && agent().is_none()
    }
}

/// The commands that can be run once they are trusted.
fn untrusted(answer: &Answer) -> Vec<&Check> {
    let mut found: Vec<&Check> = Vec::new();
    for check in &answer.commands {
        let is_known = found.iter().any(|known| known.is_same(check));
        if !check.trusted && check.obstacle.is_none() && !is_known {
            found.push(check);
        }
    }
    found
}

fn said(answer: &Answer, text: String) -> Said {
    let ended = |check: &Check| check.now.as_ref().map(|run| run.ended);
    let all_passed = answer
        .commands
        .iter()
        .all(|check| ended(check) == Some(Ended::Passed));
    let notice = answer.unrecorded.as_ref().map(|why| {
        let message = format!("what came of it is not in the document: {why}");
        (message, Vec::new())
    });
    Said {
        text,
        status: if all_passed {
            Status::Fine
        } else {
            Status::Nothing
        },
        notice,
    }
}

/// The answer to a question on the terminal.
pub(super) fn asked() -> Result<String, OpsError> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    match read {
        Ok(0) => Ok("q".to_owned()),
        Ok(_) => Ok(line.trim().to_lowercase()),
        Err(error) => Err(OpsError::new(
            ErrorKind::Io,
            format!("cannot read the answer: {error}"),
        )),
    }
}

/// Variables that tools of agents set for what they start.
const AGENTS: [&str; 17] = [
    "AGENT",
    "AI_AGENT",
    "AMP_THREAD_ID",
    "ANTIGRAVITY_AGENT",
    "AUGMENT_AGENT",
    "CLAUDECODE",
    "CLAUDE_CODE",
    "CLINE_ACTIVE",
    "CODEX_CI",
    "CODEX_SANDBOX",
    "CODEX_THREAD_ID",
    "COPILOT_AGENT_SESSION_ID",
    "CURSOR_AGENT",
    "GEMINI_CLI",
    "GOOSE_TERMINAL",
    "OPENCODE",
    "QWEN_CODE",
];

/// The variable that tells that an agent started us.
fn agent() -> Option<&'static str> {
    let is_set = |name: &&str| {
        let value = std::env::var_os(name);
        value.is_some_and(|value| !value.is_empty() && value != "0" && value != "false")
    };
    AGENTS.into_iter().find(is_set)
}

/// Trust that an agent could give would protect nobody from what it reads. One that hides itself is
/// not found out; it could as well run the commands.
fn refuse_agents() -> Result<(), OpsError> {
    match agent() {
        Some(name) => Err(OpsError::new(
            ErrorKind::Refused,
            format!("commands are trusted by a person, and {name} says that an agent asks"),
        )
        .with_hint(Hint::Note(
            "run `plan trust` in a terminal of your own".to_owned(),
        ))),
        None => Ok(()),
    }
}

/// Set when the user presses Ctrl-C, or somebody else ends the process.
#[cfg(unix)]
fn interrupts() -> Result<Arc<AtomicBool>, OpsError> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&flag)).map_err(|error| {
            OpsError::new(ErrorKind::Io, format!("cannot listen for Ctrl-C: {error}"))
        })?;
    }
    Ok(flag)
}

/// Elsewhere Ctrl-C goes to the command as well.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
fn interrupts() -> Result<Arc<AtomicBool>, OpsError> {
    Ok(Arc::new(AtomicBool::new(false)))
}
