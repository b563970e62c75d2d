//! Reads a document: from blocks to the model.

pub(crate) mod deps;
mod estimate;
pub(crate) mod header;
mod items;
mod lead;
mod log;
mod named;
pub(crate) mod phases;
mod ready;
mod records;
mod references;

use planwright_model::{Diagnostic, Document, Level, Placeholder, Section, StateClaim};
use planwright_syntax::{Kind, Parsed, ProblemKind};

use crate::outline::Outline;
use crate::recognise::Recognition;
use crate::vocabulary::Vocabulary;
use crate::words::slug;

/// How many placeholders of one document are listed.
const MAX_PLACEHOLDERS: usize = 200;

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
    let aliases = aliases(path, &fields, &title.text);
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
        document.commands = records::commands(&outline);
        document.review = records::review(&outline, &document.fields);
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
        if state.value == State::Done && open > 0 {
            diagnostics.push(Diagnostic::new(
                "done-with-open-items",
                Level::Warning,
                line,
                format!(
                    "says done, and {open} of {} {} open",
                    progress.total,
                    if open == 1 { "task is" } else { "tasks are" }
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

/// Names that find a document, the shortest telling one first: its id, its number, its slug.
fn aliases(
    path: &str,
    fields: &std::collections::BTreeMap<String, planwright_model::FieldValue>,
    title: &str,
) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut push = |alias: &str| {
        let alias = alias.trim();
        if !alias.is_empty()
            && alias.len() < 160
            && !crate::words::is_placeholder(alias)
            && !out.iter().any(|other| other.eq_ignore_ascii_case(alias))
        {
            out.push(alias.to_owned());
        }
    };
    let parts: Vec<&str> = path.split('/').collect();
    let name = parts.last().copied().unwrap_or(path);
    let stem = name
        .strip_suffix(".md")
        .or_else(|| name.strip_suffix(".markdown"))
        .or_else(|| name.strip_suffix(".json"))
        .unwrap_or(name);
    let folder = parts.len().checked_sub(2).map(|at| parts[at]);
    if let Some(id) = fields
        .get("id")
        .and_then(planwright_model::FieldValue::first)
    {
        push(id);
    }
    let prefix_id = id_of(stem);
    if let Some(id) = prefix_id {
        push(id);
    }
    // `plan.md` says nothing by itself: its folder is its name.
    let common = matches!(
        stem.to_ascii_lowercase().as_str(),
        "plan"
            | "spec"
            | "tasks"
            | "research"
            | "readme"
            | "index"
            | "proposal"
            | "design"
            | "quickstart"
            | "data-model"
            | "board"
            | "task"
            | "prd"
            | "todo"
            | "requirements"
            | "checklist"
            | "plans"
    );
    if common && let Some(folder) = folder {
        push(&format!("{folder}/{stem}"));
        let digits = folder.bytes().take_while(u8::is_ascii_digit).count();
        if digits >= 2 && folder[digits..].starts_with('-') {
            push(&format!("{}/{stem}", &folder[..digits]));
        }
        if stem.eq_ignore_ascii_case("plan") {
            push(folder);
        }
    } else {
        push(stem);
    }
    if let Some(slug) = fields
        .get("slug")
        .and_then(planwright_model::FieldValue::first)
    {
        push(slug);
    }
    if let Some((bare, kind)) = stem.rsplit_once('.')
        && !kind.is_empty()
    {
        push(bare);
    }
    let rest = undated(stem);
    if rest != stem && !rest.is_empty() {
        push(rest);
    }
    if let Some(id) = prefix_id
        && let Some(rest) = stem.strip_prefix(id)
    {
        push(rest.trim_start_matches(['-', '_', ' ']));
    }
    let title = slug(title);
    if title.len() > 3 {
        push(&title);
    }
    out
}

/// The id that a file or folder name begins with: `PLAN-001` of `PLAN-001-slug`, `012` of
/// `012-slug`, `EP-0016` of `EP-0016-slug`.
pub fn id_of(stem: &str) -> Option<&str> {
    let letters = stem.bytes().take_while(u8::is_ascii_alphabetic).count();
    let dash = usize::from(letters > 0 && stem[letters..].starts_with('-'));
    let digits = stem[letters + dash..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let end = letters + dash + digits;
    let ends = stem[end..].is_empty() || stem[end..].starts_with(['-', '_', ' ']);
    let lettered = letters > 0 && letters <= 8 && dash == 1 && digits >= 1;
    let numbered = letters == 0 && (2..=4).contains(&digits) && undated(stem) == stem;
    (ends && (lettered || numbered)).then(|| &stem[..end])
}

/// A slug without a leading date: `2026-01-02-slug`.
fn undated(stem: &str) -> &str {
    let bytes = stem.as_bytes();
    let dated = bytes.len() > 11
        && bytes[..10].iter().enumerate().all(|(at, b)| {
            if at == 4 || at == 7 {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
        && matches!(bytes[10], b'-' | b'_');
    if dated { &stem[11..] } else { stem }
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

/// Text that is still to be filled in. Links, task tags and boxes are none.
fn placeholders(outline: &Outline<'_>) -> Vec<Placeholder> {
    let mut found = Vec::new();
    let parsed = outline.parsed;
    if let Some(matter) = &parsed.front_matter {
        for (n, line) in parsed.text(matter.inner).lines().enumerate() {
            let line_number = parsed.source.line(matter.inner.start) + n as u32;
            let value = line.split_once(':').map_or(line, |(_, value)| value);
            let value = value
                .split(" #")
                .next()
                .unwrap_or(value)
                .trim()
                .trim_start_matches("- ")
                .trim_matches(['"', '\'']);
            let choice = value.starts_with('[') && value.contains('|');
            let words = value.starts_with('[')
                && value.ends_with(']')
                && value.contains(' ')
                && !value.contains(',')
                && !value.contains(['"', '\'']);
            if choice || words || value.contains("{{") || value == "YYYY-MM-DD" {
                found.push(Placeholder {
                    line: line_number,
                    text: value.to_owned(),
                });
            }
        }
    }
    for node in parsed.tree.nodes() {
        if found.len() >= MAX_PLACEHOLDERS {
            break;
        }
        if !matches!(
            node.kind,
            Kind::Paragraph | Kind::Item | Kind::Heading(_) | Kind::TableCell
        ) {
            continue;
        }
        let mut id_line = None;
        let text = parsed.text(node.span);
        if matches!(node.kind, Kind::Item) && text.contains('\n') {
            id_line = text.lines().next();
        }
        let text = id_line.unwrap_or(text);
        for (at, len) in placeholder_spans(text) {
            let line = parsed.source.line(node.span.start + at as u32);
            let text = text[at..at + len].to_owned();
            if !found
                .iter()
                .any(|other| other.line == line && other.text == text)
            {
                found.push(Placeholder { line, text });
            }
        }
    }
    found.sort_by_key(|placeholder| placeholder.line);
    found
}

/// Byte ranges of `[Words to fill in]`, `[UPPER_CASE]`, `{{name}}`, `YYYY-MM-DD` in one block.
fn placeholder_spans(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(['[', '{', 'Y', '`']) {
        let start = at + found;
        let rest = &text[start..];
        at = start + 1;
        if let Some(inner) = rest.strip_prefix('`') {
            at = inner
                .find('`')
                .map_or(text.len(), |close| start + close + 2);
        } else if rest.starts_with("{{") {
            if let Some(close) = rest
                .find("}}")
                .filter(|close| *close < 60 && !rest[..*close].contains('\n'))
            {
                out.push((start, close + 2));
                at = start + close + 2;
            }
        } else if rest.starts_with("YYYY-MM-DD") {
            out.push((start, 10));
            at = start + 10;
        } else if let Some(inner) = rest.strip_prefix('[') {
            let Some(close) = inner.find(']').filter(|close| (3..120).contains(close)) else {
                continue;
            };
            let word = &inner[..close];
            let after = &inner[close + 1..];
            let link = after.starts_with(['(', '[', ':'])
                || word.starts_with(['^', '[', '!'])
                || word.contains(['[', '\n', '`']);
            let prose = word.contains(' ') && word.starts_with(|c: char| c.is_alphabetic());
            let capitals = word.len() >= 4
                && word
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b' ' | b'#' | b'/'));
            let clarify = word.starts_with("NEEDS CLARIFICATION");
            if !link
                && (prose && word.split(' ').count() <= 14 || capitals || clarify)
                && !word.starts_with("DONE")
                && !word.starts_with("BLOCKED")
            {
                out.push((start, close + 2));
            }
            at = start + close + 2;
        }
    }
    out
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
