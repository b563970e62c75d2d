//! `plan brief`.

use planwright_ops::OpsError;
use planwright_ops::brief::{self, Request, Target};

use crate::app::{Face, Said, today};
use crate::cli::BriefArgs;
use crate::{paths, render};

impl Face<'_> {
    pub(crate) fn brief(&self, args: &BriefArgs) -> Result<Said, OpsError> {
        let target = |word: &String| {
            let word = self.reference(word);
            Target {
                path: paths::from_root(self.ws.root(), &self.folder, &word),
                word,
            }
        };
        let request = Request {
            targets: args.targets.iter().map(target).collect(),
            session: args.session,
            text: args.text.clone(),
            budget: args.budget,
            claims: Vec::new(),
            today: today(),
        };
        let answer = brief::run(self.ws, &request)?;
        let text = self.text(&answer, |answer| {
            if args.explain {
                render::brief::explained(answer, self.style)
            } else {
                answer.markdown.clone()
            }
        })?;
        Ok(Said::found(text))
    }
}
