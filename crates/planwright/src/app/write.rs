//! The verbs that change documents: from flags to requests.

use std::path::Path;
use std::process::{Command, Stdio};

use planwright_ops::OpsError;
use planwright_ops::write::items::Step;
use planwright_ops::write::states::Move;
use planwright_ops::write::{Answer, Call, items, log, normalize, states, undo};
use planwright_workspace::write::Writer;

use super::claims::{noted, state_dir};
use super::{Face, Said};
use crate::check::now;
use crate::cli::{EntryArgs, FmtArgs, ItemArgs, MoveArgs, TickArgs, WriteVerb};
use crate::{paths, render};

impl Face<'_> {
    pub(super) fn write(&self, verb: &WriteVerb) -> Result<Said, OpsError> {
        let answer = match verb {
            WriteVerb::New(args) => return self.new_document(args),
            WriteVerb::Renumber(args) => return self.renumber(args),
            WriteVerb::Tick(args) => self.tick(args),
            WriteVerb::Start(args) => self.items(Step::Start, args),
            WriteVerb::Block(args) => self.items(Step::Block, args),
            WriteVerb::Cancel(args) => self.items(Step::Cancel, args),
            WriteVerb::Reopen(args) => self.items(Step::Reopen, args),
            WriteVerb::Approve(args) => self.states(Move::Approve, args),
            WriteVerb::Activate(args) => self.states(Move::Activate, args),
            WriteVerb::Pause(args) => self.states(Move::Pause, args),
            WriteVerb::Complete(args) => self.states(Move::Complete, args),
            WriteVerb::Supersede(args) => self.states(Move::Supersede, args),
            WriteVerb::Abandon(args) => self.states(Move::Abandon, args),
            WriteVerb::Reject(args) => self.states(Move::Reject, args),
            WriteVerb::Log(args) => self.log(args),
            WriteVerb::Move(args) => self.relocate(args),
            WriteVerb::Rename(args) => self.rename(args),
            WriteVerb::Archive(args) => self.archive(args),
            WriteVerb::Registry(args) => self.registry(args),
            WriteVerb::Add(args) => self.add(args),
            WriteVerb::Edit(args) => self.edit(args),
            WriteVerb::Link(args) => self.link(args, false),
            WriteVerb::Unlink(args) => self.link(args, true),
            WriteVerb::Fmt(args) => self.fmt(args),
            WriteVerb::Undo { dry_run } => self.call(*dry_run, |call| undo::run(self.ws, call)),
        }?;
        let text = self.text(&answer, |answer| render::change::change(answer, self.style))?;
        let mut said = Said::found(text);
        if matches!(verb, WriteVerb::Registry(args) if args.check) && !answer.done.is_empty() {
            let hints = vec!["try: plan registry".to_owned()];
            return Ok(Said::nothing(
                said.text,
                "the lists are out of date".to_owned(),
                hints,
            ));
        }
        let would = answer.done.iter().any(|done| done.changed);
        if matches!(verb, WriteVerb::Fmt(args) if !args.normalize) && would {
            let hints = vec!["try: plan fmt --normalize REF".to_owned()];
            let message = "not in the form of the dialect".to_owned();
            return Ok(Said::nothing(said.text, message, hints));
        }
        if answer.dry_run && !answer.left.is_empty() {
            // The diff is for `git apply`, too.
            let left = answer.left.iter().take(render::change::SHOWN);
            let left = left.map(render::change::left);
            said.notice = Some((
                "not rewritten, because it is not proved".to_owned(),
                left.collect(),
            ));
        }
        Ok(noted(said, &answer.notes))
    }

    fn fmt(&self, args: &FmtArgs) -> Result<Answer, OpsError> {
        let names = args.references.iter().map(|name| self.reference(name));
        let request = normalize::Request {
            documents: names.collect(),
        };
        let dry_run = args.dry_run || !args.normalize;
        self.call(dry_run, |call| normalize::run(self.ws, &request, call))
    }

    fn tick(&self, args: &TickArgs) -> Result<Answer, OpsError> {
        let all = |names: &[String]| names.iter().map(|name| self.reference(name)).collect();
        let request = items::Request {
            step: Step::Tick,
            items: all(&args.items),
            reason: args.reason.clone(),
            waive: all(&args.waive),
        };
        self.call(args.dry_run, |call| items::run(self.ws, &request, call))
    }

    fn items(&self, step: Step, args: &ItemArgs) -> Result<Answer, OpsError> {
        let names = args.items.iter().map(|name| self.reference(name));
        let request = items::Request {
            step,
            items: names.collect(),
            reason: args.reason.clone(),
            waive: Vec::new(),
        };
        self.call(args.dry_run, |call| items::run(self.ws, &request, call))
    }

    fn states(&self, step: Move, args: &MoveArgs) -> Result<Answer, OpsError> {
        let all = |names: &[String]| names.iter().map(|name| self.reference(name)).collect();
        let request = states::Request {
            step,
            documents: all(&args.documents),
            reason: args.reason.clone(),
            by: args.by.as_deref().map(|name| self.reference(name)),
            waive: all(&args.waive),
            word: args.word.clone(),
            author: args.reason.as_ref().and_then(|_| self.git_user()),
            stay: args.stay,
        };
        self.call(args.dry_run, |call| states::run(self.ws, &request, call))
    }

    fn log(&self, args: &EntryArgs) -> Result<Answer, OpsError> {
        let request = log::Request {
            reference: self.reference(&args.reference),
            text: args.text.clone(),
            role: args.role.map(Into::into),
            rationale: args.rationale.clone(),
            alternatives: args.alternatives.clone(),
            evidence: args.evidence.clone(),
            author: args.author.clone().or_else(|| self.git_user()),
        };
        self.call(args.dry_run, |call| log::run(self.ws, &request, call))
    }

    pub(crate) fn call<T>(
        &self,
        dry_run: bool,
        run: impl FnOnce(&Call<'_>) -> Result<T, OpsError>,
    ) -> Result<T, OpsError> {
        let writer = Writer::new(self.ws.root(), &state_dir()?);
        let here = self.here(None)?;
        run(&Call {
            writer: &writer,
            desk: Some(here.desk()),
            now: now()?.instant,
            dry_run,
            expect: &[],
        })
    }

    /// True where a change was killed and waits for the next one.
    pub(super) fn is_interrupted(&self) -> bool {
        let mut folders = paths::state_dirs(&|name| std::env::var_os(name)).into_iter();
        folders.any(|folder| Writer::new(self.ws.root(), &folder).is_interrupted())
    }

    pub(super) fn git_user(&self) -> Option<String> {
        git_user(self.ws.root())
    }
}

/// The name that git writes into commits here.
pub(crate) fn git_user(root: &Path) -> Option<String> {
    let output = Command::new("git")
        .args(["config", "user.name"])
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let name = String::from_utf8(output.stdout).ok()?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
