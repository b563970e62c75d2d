//! What stands in which stage.

use planwright_ops::OpsError;
use planwright_ops::board::{Request, run};
use planwright_ops::claims::holders;
use planwright_ops::write::stage;

use super::claims::noted;
use super::{Face, Said, today};
use crate::cli::{BoardArgs, BoardVerb};
use crate::render;

impl Face<'_> {
    pub(super) fn board(&self, args: &BoardArgs) -> Result<Said, OpsError> {
        if let Some(BoardVerb::Move {
            card,
            stage,
            dry_run,
        }) = &args.verb
        {
            let request = stage::Request {
                card: self.reference(card),
                stage: stage.clone(),
            };
            let answer = self.call(*dry_run, |call| stage::run(self.ws, &request, call))?;
            let text = self.text(&answer, |answer| render::change::change(answer, self.style))?;
            return Ok(noted(Said::found(text), &answer.notes));
        }
        let request = Request {
            name: args.reference.as_deref().map(|name| self.reference(name)),
            today: today(),
        };
        let mut answer = run(self.ws, &request)?;
        holders::in_board(&mut answer, &self.held()?);
        let text = self.text(&answer, |answer| render::board::board(answer, self.style))?;
        let mut stages = answer.boards.iter().flat_map(|board| &board.stages);
        if stages.all(|stage| stage.count == 0) {
            let message = "no card stands on it".to_owned();
            return Ok(Said::nothing(
                text,
                message,
                vec!["try: plan list".to_owned()],
            ));
        }
        Ok(Said::found(text))
    }
}
