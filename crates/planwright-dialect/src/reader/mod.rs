//! Reads a document: from blocks to the model.

pub(crate) mod aliases;
mod covers;
pub(crate) mod deps;
pub(crate) mod estimate;
pub(crate) mod header;
pub(crate) mod item_state;
mod items;
mod lead;
pub(crate) mod log;
mod named;
pub(crate) mod phases;
mod placeholders;
mod ready;
mod records;
pub(crate) mod references;

use planwright_model::{Diagnostic, Document, Level, Section, StateClaim};
use planwright_syntax::{Parsed, ProblemKind};

pub(crate) use items::{Label, label};

use aliases::aliases;
use placeholders::placeholders;

use crate::outline::Outline;
use crate::recognise::Recognition;
use crate::vocabulary::Vocabulary;

/// How much of a document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What lists, the overview and the graph need: head, phases, items, log, relations, blockers.
    Summary,
    /// All of it.
    Whole,
}

/// Reads what a document says.
pub(crate) fn read(
    path: &str,
    parsed: &Parsed,
    recognition: &Recognition,
    words: &Vocabulary,
    initiative: String,
    archived: bool,
    depth: Depth,
) -> Document {
    let outline = Outline::new(parsed, words);
    let kind = recognition.kind.as_str();
    let mut diagnostics = problems(parsed);
    let title = header::title(&outline, path);
    let pairs = header::read_pairs(&outline, words);
    let mut fields = header::fields(&outline, words, &pairs);
    fields.remove("title");
    let claims = header::states(&outline, words, &pairs);
    let state = claims
        .first()
        .filter(|claim| claim.source != Some(planwright_model::StateSource::Heading))
        .cloned()
        .unwrap_or(StateClaim::SILENT);
    // A title made of the path names nothing that the path does not.
    let written = title.line.map_or("", |_| title.text.as_str());
    let aliases = aliases(path, &fields, written);
    let reference = aliases.first().cloned().unwrap_or_else(|| path.to_owned());
    let template = recognition.template;
    let mut document = Document {
        path: path.to_owned(),
        dialect: recognition.dialect.clone(),
        kind: recognition.kind.clone(),
        aliases,
        title,
        state,
        archived,
        template,
        initiative,
        fields,
        ..Document::default()
    };
    document.state_claims = claims;
    document.relations = references::relations(&outline, words, &pairs, path);
    document.log = log::read(&outline, kind);
    let counted = phases::counted(&outline, kind);
    document.phases = phases::read(&outline, &counted, &reference);
    document.items = items::read(&outline, kind, words, &counted);
    items::name(&mut document.items, &document.phases, &reference);
    deps::read(&outline, &mut document.items, &mut document.phases);
    document.blockers = records::blockers(&outline);
    if depth == Depth::Whole {
        items::mark_words(&mut document.items);
        document.sections = sections(&outline);
        document.code_refs = references::code_refs(&outline, &document.relations);
        document.risks = records::risks(&outline);
        document.metrics = records::metrics(&outline);
        document.milestones = records::milestones(&outline);
        document.questions = records::questions(&outline, &document.items, template);
        document.requirements = records::requirements(&outline, kind);
        document.commands = records::commands(&outline, &document.items);
        document.review = records::review(&outline, &document.fields, template);
        document.placeholders = placeholders(&outline);
    }
    document.reference = reference;
    ready::finish(&mut document);
    judge(&document, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.line);
    document.diagnostics = diagnostics;
    document
}

/// What is wrong with the bytes, as diagnostics.
fn problems(parsed: &Parsed) -> Vec<Diagnostic> {
    parsed
        .problems
        .iter()
        .map(|problem| {
            let (level, help) = match problem.kind {
                ProblemKind::Utf16 => (Level::Error, Some("save the file as UTF-8")),
                ProblemKind::FrontMatterInvalid => (Level::Error, Some("quote values that begin with `@`, `*`, `[` or hold `: `; until then only plain `key: value` lines count")),
                ProblemKind::FrontMatterUnclosed => (Level::Error, Some("close it with a line `---`")),
                ProblemKind::NotUtf8 => (Level::Warning, Some("save the file as UTF-8; these bytes are kept as they are")),
                ProblemKind::UnclosedFence => (Level::Warning, Some("close the fence; tasks below it are not counted")),
                ProblemKind::DuplicateKey => (Level::Warning, None),
                ProblemKind::Nul | ProblemKind::Mojibake | ProblemKind::MixedLineEndings => (Level::Info, None),
            };
            let line = parsed.source.line_text(parsed.source.line(problem.span.start)).trim_start();
            let is_box = ["- [ ]", "- [x]", "- [X]"].iter().any(|mark| line.starts_with(mark));
            let help = match problem.kind {
                ProblemKind::FrontMatterInvalid if is_box => Some("boxes are no YAML: move the list below the front matter, or quote each entry"),
                ProblemKind::UnclosedFence if !problem.message.contains("never") => Some("close the fence, or indent all its lines as far as the list"),
                _ => help,
            };
            let diagnostic = Diagnostic::new(problem.kind.code(), level, parsed.source.line(problem.span.start), problem.message.clone());
            match help {
                Some(help) => diagnostic.with_help(help),
                None => diagnostic,
            }
        })
        .collect()
}

/// What the reading itself shows to be at odds.
fn judge(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    use planwright_model::DocumentState as State;
    let state = &document.state;
    let line = state.line.unwrap_or(1);
    if document.template {
        return;
    }
    if state.value == State::Unknown
        && let Some(native) = &state.native
        && !native.is_empty()
    {
        let known = State::ALL.map(State::as_str).join(", ");
        diagnostics.push(
            Diagnostic::new(
                "state-unknown",
                Level::Warning,
                line,
                format!(
                    "`{native}` is no state that the {} dialect knows",
                    document.dialect
                ),
            )
            .with_help(format!("use a word that means one of: {known}")),
        );
    }
    if let Some(other) = document.state_claims.iter().skip(1).find(|other| {
        other.value != state.value && other.value != State::Unknown && state.value != State::Unknown
    }) {
        diagnostics.push(Diagnostic::new(
            "state-disagrees",
            Level::Warning,
            other.line.unwrap_or(line),
            format!(
                "says {} here and {} in line {line}",
                other.value, state.value
            ),
        ));
    }
    let progress = document.progress;
    if document.holds_work() && progress.total > 0 {
        let open = progress.total - progress.done;
        // A task without a box cannot be ticked: that it is open nobody says.
        let said = document.stated_progress();
        let still = said.total - said.done;
        if state.value == State::Done && open > 0 && still > 0 {
            diagnostics.push(Diagnostic::new(
                "done-with-open-items",
                Level::Warning,
                line,
                format!(
                    "says done, and {still} of {} {} open",
                    said.total,
                    if still == 1 { "task is" } else { "tasks are" }
                ),
            ));
        }
        if open == 0 && matches!(state.value, State::Draft | State::Active) {
            diagnostics.push(Diagnostic::new(
                "all-items-done",
                Level::Info,
                line,
                match progress.total {
                    1 => format!("says {}, and its only task is done", state.value),
                    total => format!("says {}, and all {total} tasks are done", state.value),
                },
            ));
        }
    }
}

fn sections(outline: &Outline<'_>) -> Vec<Section> {
    (1..outline.sections.len())
        .filter(|at| outline.sections[*at].level <= 6)
        .map(|at| {
            let section = &outline.sections[at];
            let end_line = phases::end_line(outline, at);
            Section {
                line: section.line,
                end_line,
                level: section.level,
                title: section.title.clone().into_owned(),
                role: section.role.map(str::to_owned),
                empty: is_empty(outline, section.line, end_line),
            }
        })
        .collect()
}

/// True when no line below a heading says anything.
fn is_empty(outline: &Outline<'_>, line: u32, end_line: u32) -> bool {
    if end_line - line > 30 {
        return false;
    }
    let source = &outline.parsed.source;
    let mut comment = false;
    (line + 1..=end_line).all(|line| {
        let text = source.line_text(line).trim();
        if comment || text.starts_with("<!--") {
            comment = !text.contains("-->");
            return true;
        }
        text.is_empty()
            || text.bytes().all(|b| matches!(b, b'-' | b'='))
            || crate::words::is_nothing(text.trim_start_matches(['-', '*', '+', ' ']))
    })
}

/// Gives a board that was read from JSON its names, its progress and its ready tasks.
pub(crate) fn finish_board(document: &mut Document) {
    document.aliases = aliases(
        &document.path,
        &document.fields,
        if document.title.line.is_some() {
            &document.title.text
        } else {
            ""
        },
    );
    document.reference = document
        .aliases
        .first()
        .cloned()
        .unwrap_or_else(|| document.path.clone());
    items::name(&mut document.items, &[], &document.reference);
    items::mark_words(&mut document.items);
    ready::finish(document);
}
