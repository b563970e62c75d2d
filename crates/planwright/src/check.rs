//! `plan check`: from flags to a request, from an answer to a form and an exit code.

use std::path::{Path, PathBuf};

use planwright_ops::{ErrorKind, Hint, OpsError, check};

use crate::app::{Face, Said, json};
use crate::cli::{CheckArgs, CheckFormat};
use crate::output::Status;
use crate::{paths, render};

impl Face<'_> {
    pub(crate) fn check(&self, args: &CheckArgs) -> Result<Said, OpsError> {
        match (args.fix, args.dry_run) {
            (false, _) => self.check_with(args, check::Fixing::Report),
            (true, true) => self.check_with(args, check::Fixing::Preview),
            (true, false) => self.call(false, |call| {
                self.check_with(args, check::Fixing::Write(call))
            }),
        }
    }

    fn check_with(&self, args: &CheckArgs, fixing: check::Fixing<'_>) -> Result<Said, OpsError> {
        let root = self.ws.root();
        let targets = args.targets.iter().map(|word| check::Target {
            word: word.clone(),
            path: if paths::is_root(root, &self.folder, word) {
                Some(String::new())
            } else {
                paths::from_root(root, &self.folder, word)
            },
        });
        let request = check::Request {
            targets: targets.collect(),
            select: args.select.clone(),
            ignore: args.ignore.clone(),
            changed: args.changed.clone(),
            baseline: self
                .file(args.baseline.as_ref())
                .map(|path| baseline(&path))
                .transpose()?,
            fixing,
            sources: !self.json && args.format == CheckFormat::Human,
            fingerprints: args.write_baseline.is_some()
                || matches!(args.format, CheckFormat::Sarif | CheckFormat::Gitlab),
            now: self.reader.map_or_else(now, |reader| Ok(reader.now()))?,
        };
        let answer = check::run(self.ws, &request, self.reader)?;
        if let Some(path) = &args.write_baseline {
            return write_baseline(&self.folder, path, &answer, self.json);
        }
        let format = if self.json {
            CheckFormat::Json
        } else {
            args.format
        };
        let text = match format {
            CheckFormat::Json => json(&answer)?,
            _ if matches!(fixing, check::Fixing::Preview) => {
                render::check::diff::diff(&answer, self.style)
            }
            _ if args.statistics => render::check::statistics::statistics(&answer, self.style),
            CheckFormat::Human => render::check::human::human(&answer, args.all, self.style),
            CheckFormat::Concise => {
                let text = render::check::concise::concise(&answer, args.all, self.style);
                if args.watch {
                    text + &render::check::human::summary(&answer, 0, self.style)
                } else {
                    text
                }
            }
            CheckFormat::Sarif => json(&render::check::sarif::sarif(&answer))?,
            CheckFormat::Github => render::check::github::github(&answer),
            CheckFormat::Gitlab => json(&render::check::gitlab::gitlab(&answer))?,
            CheckFormat::Junit => render::check::junit::junit(&answer),
        };
        let status = if answer.fails(args.fail_on.into()) {
            Status::Nothing
        } else {
            Status::Fine
        };
        Ok(Said {
            text,
            status,
            notice: None,
        })
    }

    /// A file that the user named, inside the repository or not.
    fn file(&self, given: Option<&PathBuf>) -> Option<PathBuf> {
        given.map(|path| self.folder.join(path))
    }
}

/// What a file says of findings that are known.
fn baseline(path: &Path) -> Result<check::Baseline, OpsError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read {}: {}", path.display(), reason(&error));
        OpsError::new(ErrorKind::Usage, message)
            .with_hint(Hint::Run("plan check --write-baseline FILE".to_owned()))
    })?;
    check::Baseline::parse(&text)
}

fn write_baseline(
    folder: &Path,
    path: &Path,
    answer: &check::Answer,
    as_json: bool,
) -> Result<Said, OpsError> {
    let text = check::Baseline::of(&answer.findings).to_json();
    std::fs::write(folder.join(path), text).map_err(|error| {
        let message = format!("cannot write {}: {}", path.display(), reason(&error));
        OpsError::new(ErrorKind::Io, message)
    })?;
    if as_json {
        return Ok(Said::found(json(answer)?));
    }
    let count = answer.findings.len();
    let findings = if count == 1 { "finding" } else { "findings" };
    let text = format!("{count} {findings} in {}\n", path.display());
    Ok(Said::found(text))
}

/// What the system said, without its number.
fn reason(error: &std::io::Error) -> String {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    reason.to_lowercase()
}

/// The moment of a check: noon of `PLANWRIGHT_TODAY`, else now.
pub(crate) fn now() -> Result<check::Now, OpsError> {
    let given = std::env::var("PLANWRIGHT_TODAY").ok();
    if let Some(day) = given.filter(|day| !day.is_empty()) {
        let day = day.parse().map_err(|_| {
            OpsError::new(
                ErrorKind::Usage,
                format!("PLANWRIGHT_TODAY is `{day}`, which is no day"),
            )
            .with_hint(Hint::Note("a day is written as YYYY-MM-DD".to_owned()))
        })?;
        return Ok(check::Now::noon(day));
    }
    let now = jiff::Zoned::now();
    Ok(check::Now {
        today: now.date(),
        instant: now.timestamp().as_second(),
    })
}
