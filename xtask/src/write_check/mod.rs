//! Tries every verb that writes on every document of a corpus, in memory, and checks what came of it:
//! how many lines the change touches, and whether re-reading shows it and nothing else.
//!
//! What is checked here is checked a second time, in another way than the writer does it itself.

mod bounds;
mod edits;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use planwright_dialect::writer::{Change, LogLine, Note, Refusal};
use planwright_dialect::{Dialects, Reading};
use planwright_model::{Document, DocumentState, ItemState, LogRole};

use crate::run::line;

/// 2026-03-02 22:15:30 UTC.
const NOW: i64 = 1_772_489_730;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The corpus, laid out as `<dialect>/<repository>/...`.
    dir: PathBuf,
    /// Try so many items of a document with each verb.
    #[arg(long, default_value_t = 6)]
    items: usize,
    /// Try one document of so many.
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Try this verb only: `tick`, `log progress`, `fmt`.
    #[arg(long)]
    verb: Option<String>,
    /// List every refusal, not only their reasons.
    #[arg(long)]
    refusals: bool,
}

/// What came of the trials of a verb in a dialect.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    done: u32,
    /// The document says so already.
    already: u32,
    /// The dialect has no word or no place for it.
    no_word: u32,
    /// A task that is as far as its steps.
    follows: u32,
    /// No safe place was found.
    refused: u32,
    violations: u32,
}

#[derive(Default)]
struct Report {
    tallies: BTreeMap<(&'static str, String), Tally>,
    reasons: BTreeMap<String, u32>,
    refusals: Vec<String>,
    violations: Vec<String>,
    documents: u32,
}

/// Runs all trials. Fails where a change did what it must not.
pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let dialects = Dialects::load(&[]).0;
    let mut report = Report::default();
    let mut repositories = Vec::new();
    let mut seen = 0;
    for dialect in folders(&args.dir)? {
        repositories.extend(folders(&dialect)?);
    }
    for repository in repositories {
        for file in ignore::WalkBuilder::new(&repository)
            .standard_filters(false)
            .sort_by_file_path(Ord::cmp)
            .build()
        {
            let file = file?;
            let path = file.path();
            let inside = path
                .strip_prefix(&repository)?
                .to_string_lossy()
                .replace('\\', "/");
            if !path.is_file()
                || !dialects.is_candidate(&inside)
                || inside.strip_suffix(".json").is_some()
            {
                continue;
            }
            let bytes = std::fs::read(path)?;
            let reading = dialects.read(&inside, bytes);
            if !reading.recognition.listed || reading.document.template {
                continue;
            }
            seen += 1;
            if (seen - 1) % args.every.max(1) != 0 {
                continue;
            }
            report.documents += 1;
            let shown = path.strip_prefix(&args.dir)?.display().to_string();
            let is_meant = |verb: &str| args.verb.as_deref().is_none_or(|only| only == verb);
            if is_meant("fmt") {
                report.normalize(&dialects, &reading, &shown);
            }
            let changes = changes(&reading.document, args.items).into_iter();
            for (verb, change) in changes.filter(|(verb, _)| is_meant(verb)) {
                report.attempt(&dialects, &reading, &shown, verb, &change);
            }
        }
    }
    report.print(args.refusals);
    Ok(if report.violations.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn folders(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("cannot open {}", dir.display()))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    Ok(found)
}

/// The changes to try on a document.
fn changes(document: &Document, most: usize) -> Vec<(&'static str, Change)> {
    let mut all = Vec::new();
    let note = |word: &str| {
        Some(Note {
            word: word.to_owned(),
            text: "for a reason".to_owned(),
        })
    };
    let steps = [
        ("tick", ItemState::Done, None),
        ("start", ItemState::InProgress, None),
        ("block", ItemState::Blocked, note("blocked")),
        ("cancel", ItemState::Cancelled, note("cancelled")),
        ("reopen", ItemState::Todo, None),
    ];
    for (verb, state, note) in steps {
        let items = document.items.iter().filter(|item| item.state != state);
        let count = items.clone().count();
        // Spread over the document, the first and the last among them.
        for item in items.step_by(count.div_ceil(most.max(1)).max(1)) {
            let note = note.clone();
            let line = item.line;
            all.push((verb, Change::Item { line, state, note }));
        }
    }
    for (verb, state) in [
        ("approve", DocumentState::Approved),
        ("activate", DocumentState::Active),
        ("pause", DocumentState::Paused),
        ("complete", DocumentState::Done),
        ("supersede", DocumentState::Superseded),
        ("abandon", DocumentState::Abandoned),
        ("reject", DocumentState::Rejected),
    ] {
        let change = Change::State {
            state,
            native: None,
            habit: None,
        };
        all.push((verb, change));
    }
    for (verb, role) in [
        ("log progress", LogRole::Progress),
        ("log decision", LogRole::Decision),
        ("log discovery", LogRole::Discovery),
        ("log outcome", LogRole::Outcome),
        ("log update", LogRole::Update),
    ] {
        let entry = LogLine {
            role,
            text: "Wrote the words of an entry".to_owned(),
            rationale: (role == LogRole::Decision).then(|| "It was due".to_owned()),
            alternatives: None,
            evidence: (role == LogRole::Discovery).then(|| "This line".to_owned()),
            author: Some("Ann".to_owned()),
        };
        all.push((verb, Change::Log(entry)));
    }
    all.extend(edits::changes(document, most));
    all
}

impl Report {
    fn attempt(
        &mut self,
        dialects: &Dialects,
        reading: &Reading,
        shown: &str,
        verb: &'static str,
        change: &Change,
    ) {
        let key = (verb, reading.document.dialect.clone());
        let tally = self.tallies.entry(key).or_default();
        let told = match change {
            Change::Item { line, .. }
            | Change::Text { line, .. }
            | Change::Attribute { line, .. }
            | Change::Move { line, .. } => format!("{shown}:{line}: {verb}"),
            _ => format!("{shown}: {verb}"),
        };
        let old = reading.parsed.source.bytes();
        let new = match dialects.change(reading, change, NOW) {
            Ok(new) if new == old => {
                tally.already += 1;
                return;
            }
            Ok(new) => new,
            Err(Refusal::NoWord { .. } | Refusal::NoKey { .. } | Refusal::NoSection { .. }) => {
                tally.no_word += 1;
                return;
            }
            Err(Refusal::FollowsParts { .. }) => {
                tally.follows += 1;
                return;
            }
            Err(refusal) => {
                tally.refused += 1;
                let reason = match &refusal {
                    Refusal::NoPlace { why, .. } => without_digits(why),
                    other => other.to_string(),
                };
                *self.reasons.entry(reason).or_default() += 1;
                self.refusals.push(format!("{told}: {refusal}"));
                return;
            }
        };
        tally.done += 1;
        let after = dialects.read(&reading.document.path, new.clone());
        let found = bounds::violation(reading, &after, change)
            .or_else(|| round_trip(dialects, reading, &after, change));
        if let Some(found) = found {
            tally.violations += 1;
            self.violations.push(format!("{told}: {found}"));
        }
    }

    /// A document in its dialect's form says what it said, and is in that form.
    fn normalize(&mut self, dialects: &Dialects, reading: &Reading, shown: &str) {
        let normal = dialects.normalize(reading, NOW);
        let key = ("fmt", reading.document.dialect.clone());
        let tally = self.tallies.entry(key).or_default();
        if normal.made.is_empty() {
            tally.already += 1;
            return;
        }
        tally.done += 1;
        let after = dialects.read(&reading.document.path, normal.bytes.clone());
        let again = dialects.normalize(&after, NOW);
        let found = bounds::other_meaning(&reading.document, &after.document).or_else(|| {
            let forms = again.made.iter().map(|made| made.form.as_str());
            let forms: Vec<&str> = forms.collect();
            (!forms.is_empty()).then(|| format!("a second time changes {}", forms.join(", ")))
        });
        if let Some(found) = found {
            tally.violations += 1;
            self.violations.push(format!("{shown}: fmt: {found}"));
        }
    }

    fn print(&self, refusals: bool) {
        line(&format!("{} documents", self.documents));
        line("verb             dialect     done already no word as steps refused WRONG");
        for ((verb, dialect), tally) in &self.tallies {
            line(&format!(
                "{verb:16} {dialect:10} {:5} {:7} {:7} {:8} {:7} {:5}",
                tally.done,
                tally.already,
                tally.no_word,
                tally.follows,
                tally.refused,
                tally.violations
            ));
        }
        let sum = |of: fn(&Tally) -> u32| self.tallies.values().map(of).sum::<u32>();
        line(&format!(
            "changes made: {}; refused: {}; wrong: {}",
            sum(|tally| tally.done),
            sum(|tally| tally.refused),
            sum(|tally| tally.violations)
        ));
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (reason, count) in reasons {
            line(&format!("{count:5}  {reason}"));
        }
        if refusals {
            self.refusals.iter().for_each(|told| line(told));
        }
        self.violations
            .iter()
            .for_each(|told| line(&format!("WRONG {told}")));
    }
}

fn without_digits(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// An item with a box that is set and set back leaves the bytes.
fn round_trip(
    dialects: &Dialects,
    before: &Reading,
    after: &Reading,
    change: &Change,
) -> Option<String> {
    if let Change::Link { relation, .. } = change {
        return edits::link_and_back(dialects, before, after, *relation);
    }
    let Change::Item { line, .. } = change else {
        return None;
    };
    let item = before
        .document
        .items
        .iter()
        .find(|item| item.line == *line)?;
    let mark = item.mark.as_deref()?;
    if mark.chars().count() != 3 || !mark.starts_with('[') {
        return None;
    }
    let back = Change::Item {
        line: *line,
        state: item.state,
        note: None,
    };
    match dialects.change(after, &back, NOW) {
        Err(refusal) => Some(format!("no way back: {refusal}")),
        // Of two marks for one state the more frequent is written.
        Ok(bytes) if bytes.len() == before.parsed.source.bytes().len() => {
            let differ = bytes.iter().zip(before.parsed.source.bytes());
            let count = differ.filter(|(a, b)| a != b).count();
            (count > 1).then(|| "the way back leaves other bytes".to_owned())
        }
        Ok(_) => Some("the way back leaves other bytes".to_owned()),
    }
}
