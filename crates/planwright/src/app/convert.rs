//! `plan convert`: what is lost is shown before anything is written.

use std::io::IsTerminal as _;

use planwright_ops::write::convert::{self, Answer, Request};
use planwright_ops::{ErrorKind, Hint, OpsError};

use super::{Face, Said};
use crate::cli::ConvertArgs;
use crate::{output, render, terminal};

impl Face<'_> {
    pub(super) fn convert(&self, args: &ConvertArgs) -> Result<Said, OpsError> {
        let request = Request {
            reference: self.reference(&args.reference),
            to: args.to.clone(),
            kind: args.kind.clone(),
            out: args.out.as_deref().map(|out| self.path(out)).transpose()?,
            replace: args.replace,
        };
        let answer = self.call(args.dry_run, |call| {
            convert::run(self.ws, &request, call, |answer| {
                self.accept(answer, args.yes)
            })
        })?;
        let text = self.text(&answer, |answer| {
            render::convert::convert(answer, self.style)
        })?;
        Ok(Said::found(text))
    }

    /// Shows what is lost, and asks where nobody said yes.
    fn accept(&self, answer: &Answer, yes: bool) -> Result<(), OpsError> {
        if yes || !answer.is_lossy {
            return Ok(());
        }
        let style = terminal::stderr(self.color);
        if !self.json {
            output::tell(&render::convert::losses(answer, &style), style.color);
        }
        let asks = !self.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if asks {
            output::tell("Write it all the same? [y]es, [n]o: ", style.color);
            if matches!(super::verify::asked()?.as_str(), "y" | "yes") {
                return Ok(());
            }
        }
        let message = format!(
            "the {} dialect does not hold all that {} says; nothing was written",
            answer.to, answer.path
        );
        Err(OpsError::new(ErrorKind::Refused, message)
            .with_hint(Hint::Run(format!(
                "plan convert {} --to {} --dry-run",
                answer.reference, answer.to
            )))
            .with_hint(Hint::Note("`--yes` writes it all the same".to_owned())))
    }
}
