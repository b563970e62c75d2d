//! What stands in which stage.

use planwright_ops::OpsError;
use planwright_ops::board::{Request, run};
use planwright_ops::claims::holders;
use planwright_ops::write::{deck, stage};

use super::claims::noted;
use super::{Face, Said, today};
use crate::cli::{BoardArgs, BoardVerb, PreferredSide};
use crate::output::Status;
use crate::render;

impl Face<'_> {
    pub(super) fn board(&self, args: &BoardArgs) -> Result<Said, OpsError> {
        match &args.verb {
            Some(verb) => self.change_board(verb),
            None => self.show_board(args.reference.as_deref()),
        }
    }

    fn change_board(&self, verb: &BoardVerb) -> Result<Said, OpsError> {
        let references = |names: &[String]| names.iter().map(|name| self.reference(name)).collect();
        let board = |name: &Option<String>| name.as_deref().map(|name| self.reference(name));
        let (request, dry_run) = match verb {
            BoardVerb::Move {
                card,
                stage,
                dry_run,
            } => {
                let request = stage::Request {
                    card: self.reference(card),
                    stage: stage.clone(),
                };
                let answer = self.call(*dry_run, |call| stage::run(self.ws, &request, call))?;
                let text =
                    self.text(&answer, |answer| render::change::change(answer, self.style))?;
                return Ok(noted(Said::found(text), &answer.notes));
            }
            BoardVerb::Import {
                plans,
                board: name,
                dry_run,
            } => {
                let request = deck::Request {
                    plans: references(plans),
                    board: board(name),
                    ..deck::Request::default()
                };
                (request, *dry_run)
            }
            BoardVerb::Sync {
                plans,
                board: name,
                prefer,
                dry_run,
            } => {
                let request = deck::Request {
                    plans: references(plans),
                    board: board(name),
                    both: true,
                    prefer: prefer.map(|side| match side {
                        PreferredSide::Plan => deck::Side::Plan,
                        PreferredSide::Board => deck::Side::Board,
                    }),
                };
                (request, *dry_run)
            }
        };
        let answer = self.call(dry_run, |call| deck::run(self.ws, &request, call))?;
        let text = self.text(&answer, |answer| render::change::change(answer, self.style))?;
        let said = noted(Said::found(text), &answer.notes);
        // What disagrees has to be looked at.
        let status = if answer.left.is_empty() {
            Status::Fine
        } else {
            Status::Nothing
        };
        Ok(Said { status, ..said })
    }

    fn show_board(&self, name: Option<&str>) -> Result<Said, OpsError> {
        let request = Request {
            name: name.map(|name| self.reference(name)),
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
