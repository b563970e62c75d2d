//! One of the processes that race: does what it is told on standard input, a line for a line.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use clap::Args as Flags;
use planwright_coord::{Actor, ClaimError, Claims, Key, Refusal, Terms, Want};

#[derive(Debug, Flags)]
pub(crate) struct Args {
    /// The repository.
    root: PathBuf,
    /// Who it is.
    name: String,
    /// The remote.
    #[arg(long)]
    remote: Option<String>,
}

/// `claim|renew|release|guard|land KEY [SECONDS|COMMIT]`, answered by `yes FENCE [note]`, `no WHY`.
pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let state = args.root.join(".git/state");
    let claims = Claims::open(&args.root, &state, args.remote.as_deref());
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let mut words = line.split(' ');
        let (verb, key) = (words.next().unwrap_or_default(), words.next());
        let key = Key {
            document: "race".to_owned(),
            item: key.map(str::to_owned),
        };
        let rest = words.next().unwrap_or_default();
        let terms = Terms {
            actor: Actor {
                name: args.name.clone(),
                session: "1".to_owned(),
            },
            now: i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?,
            lease: rest.parse().unwrap_or(3600),
            ..Terms::default()
        };
        let change = |want: &Want| {
            let outcome = claims.change(&key, want, &terms)?;
            let note = if outcome.notes.is_empty() {
                ""
            } else {
                " alone"
            };
            Ok(format!("yes {}{note}", outcome.record.fence))
        };
        let answer = match verb {
            "claim" => change(&Want::Claim),
            "renew" => change(&Want::Renew),
            "release" => change(&Want::Release),
            "guard" => claims
                .guard(std::slice::from_ref(&key), &terms.actor)
                .map(|guard| format!("yes {}", guard.notes.len())),
            "land" => {
                let shared = claims.shared()?.context("no remote")?;
                let landed = shared.land(&key, rest, "main", &terms);
                landed.map(|record| format!("yes {}", record.fence))
            }
            _ => bail!("{verb} is no verb"),
        };
        let answer = answer.unwrap_or_else(|error| match error {
            ClaimError::Refused(Refusal::Held(_)) => "no held".to_owned(),
            ClaimError::Refused(Refusal::NotHeld(_)) => "no lost".to_owned(),
            ClaimError::Refused(_) => "no other".to_owned(),
            error => format!("error {error}"),
        });
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}
