//! Who works on what: from flags to requests.

use std::path::Path;

use planwright_coord::{Actor, Claims};
use planwright_ops::claims::holders::{Held, held};
use planwright_ops::claims::{self, Answer, Desk, Request, Verb};
use planwright_ops::{ErrorKind, Hint, OpsError};

use super::{Face, Said};
use crate::check::now;
use crate::cli::{ClaimVerb, ClaimsArgs, Who};
use crate::output::Status;
use crate::{actor, paths, render};

/// A session and the claims of the repository.
pub(super) struct Here {
    claims: Claims,
    actor: Actor,
    model: Option<String>,
    now: i64,
}

impl Here {
    pub(super) fn desk(&self) -> Desk<'_> {
        Desk {
            claims: &self.claims,
            actor: &self.actor,
            model: self.model.as_deref(),
            now: self.now,
        }
    }
}

impl Face<'_> {
    pub(super) fn claim(&self, verb: &ClaimVerb) -> Result<Said, OpsError> {
        let (who, request) = match verb {
            ClaimVerb::Claim(args) => (
                &args.who,
                Request {
                    waive: args.waive.iter().map(|name| self.reference(name)).collect(),
                    reason: args.reason.clone(),
                    ..self.request(Verb::Claim, args.item.as_deref(), args.ttl)
                },
            ),
            ClaimVerb::Renew(args) => (
                &args.who,
                self.request(Verb::Renew, args.item.as_deref(), args.ttl),
            ),
            ClaimVerb::Release(args) => {
                let request = self.request(Verb::Release, args.item.as_deref(), 0);
                (&args.who, request)
            }
            ClaimVerb::Takeover {
                who,
                item,
                reason,
                ttl,
            } => {
                let reason = reason.clone();
                let verb = Verb::TakeOver { reason };
                (who, self.request(verb, Some(item), *ttl))
            }
            ClaimVerb::Land { who, item, to } => {
                let here = self.here(Some(who))?;
                let item = self.reference(item);
                let answer = claims::land(self.ws, &item, to.as_deref(), here.desk())?;
                return self.told(&answer);
            }
            ClaimVerb::Claims(args) => return self.claims(args),
        };
        let here = self.here(Some(who))?;
        self.told(&claims::run(self.ws, &request, here.desk())?)
    }

    fn told(&self, answer: &Answer) -> Result<Said, OpsError> {
        let text = self.text(answer, |answer| render::claims::claim(answer, self.style))?;
        Ok(noted(Said::found(text), &answer.notes))
    }

    fn request(&self, verb: Verb, item: Option<&str>, lease: u32) -> Request {
        Request {
            verb,
            name: item.map(|item| self.reference(item)),
            lease,
            waive: Vec::new(),
            reason: None,
        }
    }

    fn claims(&self, args: &ClaimsArgs) -> Result<Said, OpsError> {
        let here = self.here(None)?;
        if let Some(base) = &args.unlanded {
            let answer = claims::not_landed(self.ws, base, here.desk())?;
            let text = self.text(&answer, |answer| render::claims::claims(answer, self.style))?;
            let mut said = Said::found(text);
            if !answer.claims.is_empty() {
                said.status = Status::Nothing;
                let notice = "what was done here was not landed by whoever holds it";
                let hint = "try: plan land ITEM --to BRANCH";
                said.notice = Some((notice.to_owned(), vec![hint.to_owned()]));
            }
            return Ok(said);
        }
        if args.prune {
            claims::collect(here.desk())?;
        }
        let answer = claims::list(here.desk(), args.all)?;
        let text = self.text(&answer, |answer| render::claims::claims(answer, self.style))?;
        let mut said = noted(Said::found(text), &answer.notes);
        if answer.claims.is_empty() {
            said.status = Status::Nothing;
            let notice = said.notice.take();
            let hints = notice.map(|(note, _)| note).into_iter();
            said.notice = Some(("nobody holds anything".to_owned(), hints.collect()));
        }
        Ok(said)
    }

    /// Who holds what, as this machine knows it. Costs next to nothing where nobody ever claimed
    /// anything.
    pub(crate) fn held(&self) -> Result<Vec<Held>, OpsError> {
        // Reading makes no folder for state; without git, claims are shown by `plan claims` alone.
        let claims = Claims::open(self.ws.root(), Path::new("/nonexistent"), None);
        if claims.is_unused() {
            return Ok(Vec::new());
        }
        let var = |name: &str| std::env::var(name).ok();
        let here = Here {
            actor: actor::actor(None, &var, || self.git_user()),
            claims,
            model: None,
            now: now()?.instant,
        };
        held(self.ws, here.desk())
    }

    /// Who runs the program, and the claims of the repository.
    pub(super) fn here(&self, who: Option<&Who>) -> Result<Here, OpsError> {
        let state_dir = state_dir()?;
        let remote = claims::shared_remote(self.ws)?;
        let var = |name: &str| std::env::var(name).ok();
        let given = who.and_then(|who| who.actor.as_deref());
        let claims = Claims::open(self.ws.root(), &state_dir, remote.as_deref());
        // Where nobody ever claimed anything, the name is not worth asking git for.
        let matters = who.is_some() || remote.is_some() || !claims.is_untouched();
        Ok(Here {
            actor: actor::actor(given, &var, || matters.then(|| self.git_user()).flatten()),
            claims,
            model: who
                .and_then(|who| who.model.clone())
                .or_else(|| var("PLANWRIGHT_MODEL").filter(|model| !model.is_empty())),
            now: now()?.instant,
        })
    }
}

/// The folder for what is kept on this machine.
pub(super) fn state_dir() -> Result<std::path::PathBuf, OpsError> {
    paths::state_dir(&|name| std::env::var_os(name)).ok_or_else(|| {
        let message = "there is no folder for locks";
        OpsError::new(ErrorKind::Io, message)
            .with_hint(Hint::Note("name one in PLANWRIGHT_STATE_DIR".to_owned()))
    })
}

/// An answer with what the user is to know besides.
pub(super) fn noted(said: Said, notes: &[String]) -> Said {
    let notice = notes
        .split_first()
        .map(|(first, rest)| (first.clone(), rest.to_vec()));
    Said {
        notice: notice.or(said.notice),
        ..said
    }
}
