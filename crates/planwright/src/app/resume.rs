//! What the sessions before did and left.

use planwright_ops::OpsError;
use planwright_ops::resume::{Request, run};
use planwright_workspace::write::Writer;

use super::claims::state_dir;
use super::{Face, Said};
use crate::cli::ResumeArgs;
use crate::render;

impl Face<'_> {
    pub(super) fn resume(&self, args: &ResumeArgs) -> Result<Said, OpsError> {
        let request = Request {
            name: args.reference.as_deref().map(|name| self.reference(name)),
        };
        let here = self.here(None)?;
        let ledger = Writer::new(self.ws.root(), &state_dir()?).ledger().ok();
        let answer = run(self.ws, &request, here.desk(), ledger.as_ref())?;
        let text = self.text(&answer, |answer| render::resume::resume(answer, self.style))?;
        if answer.plans.is_empty() {
            let message = "no session is known that worked on a plan".to_owned();
            let hints = vec![
                "try: plan resume REF".to_owned(),
                "try: plan next".to_owned(),
            ];
            return Ok(Said::nothing(text, message, hints));
        }
        Ok(Said::found(text))
    }
}
