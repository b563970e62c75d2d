//! `plan check`: what in the plans is not true.

mod answer;
mod baseline;
mod scope;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use planwright_check::{CONFIG_PATH, Config, Finding as Found, Project, Report, SourceText, fix};
use planwright_model::Level;
use planwright_workspace::{Workspace, WriteError};

pub use answer::{Answer, Edit, Finding, Fix, Fixed, Related, Skipped, Source, Summary};
pub use baseline::Baseline;
pub use planwright_check::{Now, Reader};
pub use scope::Target;

use crate::write::{self, Call};
use crate::{ErrorKind, Hint, OpsError, explain};

/// How often fixes are applied before what is left is reported: one fix can make room for another.
const ROUNDS: usize = 10;

/// What to do with fixes.
#[derive(Clone, Copy, Debug, Default)]
pub enum Fixing<'a> {
    /// Report them.
    #[default]
    Report,
    /// Show what they would change.
    Preview,
    /// Apply them, in one operation.
    Write(&'a Call<'a>),
}

/// What to check.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Files, folders and references; everything where there are none.
    pub targets: Vec<Target>,
    /// Codes, names or categories of the rules to run.
    pub select: Vec<String>,
    /// Codes, names or categories of the rules to leave out.
    pub ignore: Vec<String>,
    /// Only files that differ from where this revision and `HEAD` part.
    pub changed: Option<String>,
    /// Findings that are known and not reported.
    pub baseline: Option<Baseline>,
    /// What to do with fixes.
    pub fixing: Fixing<'a>,
    /// Whether the answer is to hold the text of files that findings point into.
    pub sources: bool,
    /// Whether findings are to be known again after edits.
    pub fingerprints: bool,
    /// When it is.
    pub now: Now,
}

/// Checks, and fixes where that is asked for. `reader` is what looked at documents while the workspace
/// was opened, where anything did.
///
/// # Errors
/// When the configuration, a rule or a target means nothing, or a file could not be written.
pub fn run(
    ws: &Workspace,
    request: &Request<'_>,
    reader: Option<&Reader>,
) -> Result<Answer, OpsError> {
    for word in request.select.iter().chain(&request.ignore) {
        if planwright_check::select(word).is_empty() {
            return Err(explain::no_rule(word));
        }
    }
    let config = config(ws)?;
    let scope = scope::paths(ws, &request.targets)?;
    let scope = scope::changed(ws, scope, request.changed.as_deref())?;
    let mut fixed: BTreeMap<String, fix::Change> = BTreeMap::new();
    let mut round = 0;
    loop {
        let also = scope.as_deref().unwrap_or_default();
        let mut project = Project::read(ws, config.clone(), request.now, also);
        // What is changed here is not what was read while opening; and rules that are off found
        // nothing then.
        if let Some(reader) = reader.filter(|_| round == 0 && request.select.is_empty()) {
            project = project.with_kept(reader);
        }
        let unsaved = fixed.iter();
        let unsaved = unsaved.map(|(path, change)| (path.clone(), change.after.clone()));
        project = project.with_unsaved(unsaved.collect());
        let report = planwright_check::check(
            &project,
            &planwright_check::Request {
                select: request.select.clone(),
                ignore: request.ignore.clone(),
                paths: scope.clone(),
            },
        );
        let (found, baselined) = fresh(&project, &report, request);
        let changes = match request.fixing {
            Fixing::Write(_) if round == ROUNDS => Vec::new(),
            Fixing::Report => Vec::new(),
            Fixing::Preview | Fixing::Write(_) => {
                fix::apply(&project, found.iter().map(|(found, _)| *found))
            }
        };
        round += 1;
        if matches!(request.fixing, Fixing::Write(_)) && !changes.is_empty() {
            for change in changes {
                let known = fixed.get_mut(&change.path);
                match known {
                    Some(known) => {
                        known.after = change.after;
                        known.fixed += change.fixed;
                    }
                    None => {
                        fixed.insert(change.path.clone(), change);
                    }
                }
            }
            continue;
        }
        if let Fixing::Write(call) = request.fixing {
            write::fix::run(ws, &fixed, call)?;
        }
        fixed.extend(
            changes
                .into_iter()
                .map(|change| (change.path.clone(), change)),
        );
        let mut answer = answer(ws, &project, &found, fixed, request);
        if let Some(scope) = &scope {
            let is_meant = |path: &str| scope.iter().any(|meant| meant == path);
            let checked = project.paths().filter(|path| is_meant(path));
            answer.summary.checked = checked.count() as u32;
        }
        answer.summary.suppressed = report.suppressed;
        answer.summary.baselined = baselined;
        answer.skipped = skipped(&project, &report);
        return Ok(answer);
    }
}

/// The rules that had no history to ask.
fn skipped(project: &Project<'_>, report: &Report) -> Option<Skipped> {
    let rules: Vec<&'static str> = report.silent.iter().map(|rule| rule.name).collect();
    let reason = project.why_no_history().filter(|_| !rules.is_empty())?;
    Some(Skipped {
        rules,
        reason: reason.to_owned(),
    })
}

/// What the baseline does not know, each with its fingerprint, and how much it knows.
fn fresh<'a>(
    project: &Project<'_>,
    report: &'a Report,
    request: &Request<'_>,
) -> (Vec<(&'a Found, String)>, u32) {
    let mut baseline = request.baseline.clone().unwrap_or_default();
    let all = report.findings.iter();
    let is_asked = request.fingerprints || request.baseline.is_some();
    let mut sources = Sources::new(project);
    let mut found: Vec<(&Found, String)> = all
        .map(|found| {
            let print = is_asked.then(|| baseline::fingerprint(&mut sources, found));
            (found, print.unwrap_or_default())
        })
        .collect();
    let before = found.len();
    found.retain(|(found, fingerprint)| !baseline.takes(found, fingerprint));
    let known = (before - found.len()) as u32;
    (found, known)
}

/// The configuration of the repository.
pub(crate) fn config(ws: &Workspace) -> Result<Config, OpsError> {
    if !ws.exists(CONFIG_PATH) {
        return Ok(Config::default());
    }
    let bytes = ws.read_bytes(CONFIG_PATH)?;
    let text = String::from_utf8_lossy(&bytes);
    Config::parse(&text).map_err(|error| {
        let message = error.to_string();
        let error = error.help.into_iter().map(Hint::Note);
        error.fold(
            OpsError::new(ErrorKind::Usage, message),
            OpsError::with_hint,
        )
    })
}

impl From<WriteError> for OpsError {
    fn from(error: WriteError) -> Self {
        let wanted = matches!(error, WriteError::Changed { .. });
        let said = Self::new(ErrorKind::Io, error.to_string());
        if wanted {
            said.with_hint(Hint::Note(
                "nothing of it was written; run it again".to_owned(),
            ))
        } else {
            said
        }
    }
}

fn answer(
    ws: &Workspace,
    project: &Project<'_>,
    found: &[(&Found, String)],
    fixed: BTreeMap<String, fix::Change>,
    request: &Request<'_>,
) -> Answer {
    let mut sources = Sources::new(project);
    let count = |is: &dyn Fn(&Found) -> bool| {
        let counted = found.iter().filter(|(found, _)| is(found));
        counted.count() as u32
    };
    let files: BTreeSet<&str> = found.iter().map(|(found, _)| found.path.as_str()).collect();
    let written = fixed.values().map(|change| change.fixed).sum();
    let summary = Summary {
        errors: count(&|found| found.level == Level::Error),
        warnings: count(&|found| found.level == Level::Warning),
        infos: count(&|found| found.level == Level::Info),
        files: files.len() as u32,
        checked: project.paths().count() as u32,
        fixable: count(&|found| found.fix.is_some()),
        fixed: if matches!(request.fixing, Fixing::Write(_)) {
            written
        } else {
            0
        },
        ..Summary::default()
    };
    Answer {
        schema: "planwright/check@1",
        findings: found
            .iter()
            .map(|(found, fingerprint)| answer::finding(&mut sources, found, fingerprint.clone()))
            .collect(),
        summary,
        unreadable: crate::answer::unreadable(ws),
        skipped: None,
        sources: if request.sources {
            shown(&mut sources, found)
        } else {
            BTreeMap::new()
        },
        fixed: fixed
            .into_values()
            .map(|change| Fixed {
                path: change.path,
                before: change.before,
                after: change.after,
            })
            .collect(),
    }
}

/// The texts of files, each read once.
struct Sources<'a> {
    project: &'a Project<'a>,
    known: HashMap<String, Option<SourceText<'a>>>,
}

impl<'a> Sources<'a> {
    fn new(project: &'a Project<'_>) -> Self {
        Self {
            project,
            known: HashMap::new(),
        }
    }

    fn get(&mut self, path: &str) -> Option<&SourceText<'a>> {
        if !self.known.contains_key(path) {
            let source = self.project.source(path);
            self.known.insert(path.to_owned(), source);
        }
        self.known.get(path)?.as_ref()
    }
}

/// The text of every file that a finding shows.
fn shown(sources: &mut Sources<'_>, findings: &[(&Found, String)]) -> BTreeMap<String, Source> {
    let mut shown = BTreeMap::new();
    for (found, _) in findings {
        let labels = found.labels.iter().map(|label| &label.path);
        for path in labels.chain([&found.path]) {
            if !shown.contains_key(path)
                && let Some(source) = sources.get(path)
            {
                shown.insert(path.clone(), Source::new(source.text()));
            }
        }
    }
    shown
}
