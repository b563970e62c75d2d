//! `plan move`, `plan rename`, `plan archive`.

use planwright_dialect::slug;
use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::Style;
use planwright_syntax::{Kind, Span};
use planwright_workspace::{Workspace, path};

use super::Relocation;
use crate::reference;
use crate::write::{Answer, Call, Done, Draft, Operation};
use crate::{ErrorKind, Hint, OpsError};

/// What is to be moved or renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The document, as it was given.
    pub reference: String,
    /// The path from the root that was given, where a folder is there.
    pub folder: Option<String>,
}

/// Where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// A path from the root.
    pub path: String,
    /// It ended with a slash: a folder to put it in.
    pub into: bool,
}

/// Names of files whose folder says what they are about.
const GENERIC: [&str; 10] = [
    "plan", "spec", "tasks", "task", "readme", "index", "prd", "design", "proposal", "research",
];

/// Moves a document or a folder.
///
/// # Errors
/// When nothing answers to the reference, the destination is taken, ignored or outside, or a file
/// cannot be written.
pub fn relocate(
    ws: &Workspace,
    subject: &Subject,
    to: &Destination,
    call: &Call<'_>,
) -> Result<Answer, OpsError> {
    let (from, index) = find(ws, subject, "move")?;
    let name = path::name(&from);
    let inside = |folder: &str| path::join(folder, name).unwrap_or_default();
    let is_file = !ws.is_folder(&from);
    let ending = |path: &str| {
        path::name(path)
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_owned())
    };
    let is_folder = to.into || ws.is_folder(&to.path) || is_file && ending(&to.path).is_none();
    let target = if is_folder {
        inside(&to.path)
    } else if is_file && ending(&to.path) != ending(&from) {
        let message = format!("{} has another ending than {from}", to.path);
        return Err(OpsError::new(ErrorKind::Usage, message));
    } else {
        to.path.clone()
    };
    let relocation = Relocation::plan(ws, &[(from.clone(), target.clone())])?;
    let label = format!("move {} {}", subject.reference, to.path);
    let done = vec![moved(ws, &from, &target, index)];
    run(ws, call, "move", label, &relocation, &done)
}

/// Moves documents, or the folders of features, into the archive.
///
/// # Errors
/// As [`relocate`]; when there is no archive.
pub fn archive(ws: &Workspace, subjects: &[Subject], call: &Call<'_>) -> Result<Answer, OpsError> {
    let (mut pairs, mut done) = (Vec::new(), Vec::new());
    for subject in subjects {
        let (from, index) = find(ws, subject, "archive")?;
        let folder = path::parent(&from);
        let dialect = index.map_or("", |index| ws.entry(index).dialect);
        if index.is_some_and(|index| ws.entry(index).archived) {
            let message = format!("{from} lies in the archive already");
            return Err(OpsError::new(ErrorKind::Refused, message));
        }
        let found = ws
            .dialects()
            .archive_of(dialect, folder, &|path| ws.is_folder(path));
        let Some(archive) = found else {
            let beside = path::join(folder, "archive").unwrap_or_default();
            let message = format!("there is no archive for {from}");
            return Err(
                OpsError::new(ErrorKind::Refused, message).with_hint(Hint::Run(format!(
                    "plan move {} {beside}/",
                    subject.reference
                ))),
            );
        };
        let target = format!("{archive}/{}", path::name(&from));
        if pairs.iter().all(|(known, _)| *known != from) {
            done.push(moved(ws, &from, &target, index));
            pairs.push((from, target));
        }
    }
    let relocation = Relocation::plan(ws, &pairs)?;
    let names: Vec<&str> = subjects
        .iter()
        .map(|subject| subject.reference.as_str())
        .collect();
    let label = format!("archive {}", names.join(" "));
    run(ws, call, "archive", label, &relocation, &done)
}

/// Gives a document another title and its file, or the folder of its feature, the name that goes with
/// it. A name without blanks and capitals is only that of the file.
///
/// # Errors
/// As [`relocate`]; when the title cannot be written.
pub fn rename(
    ws: &Workspace,
    subject: &Subject,
    name: &str,
    call: &Call<'_>,
) -> Result<Answer, OpsError> {
    let name = name.trim();
    let is_slug = name.contains(['-', '_']) && !name.contains(' ') || slug(name) == name;
    let words = slug(name);
    if words.is_empty() || name.contains(['\n', '\r', '/']) {
        let message = format!("`{name}` is no title and no name of a file");
        return Err(OpsError::new(ErrorKind::Usage, message));
    }
    let (from, index) = find(ws, subject, "rename")?;
    let stem = path::stem(&from).to_lowercase();
    let is_file = !ws.is_folder(&from);
    let keeps_file = is_file && GENERIC.contains(&stem.as_str());
    if keeps_file && is_slug {
        let message = format!("{from} has a name that tools look for");
        return Err(OpsError::new(ErrorKind::Refused, message));
    }
    let new = renamed(path::name(&from), &words, is_file)?;
    let target = path::join(path::parent(&from), &new).unwrap_or_default();
    let mut relocation = Relocation::default();
    let mut done = Vec::new();
    if !keeps_file && target != from {
        relocation = Relocation::plan(ws, &[(from.clone(), target.clone())])?;
        done.push(moved(ws, &from, &target, index));
    }
    let label = format!("rename {} {name}", subject.reference);
    let document = index.map(|index| ws.entry(index).path.to_owned());
    let Some(document) = document.filter(|_| !is_slug) else {
        if relocation.is_empty() {
            let message = format!("{from} has that name already");
            return Err(OpsError::new(ErrorKind::Refused, message));
        }
        return run(ws, call, "rename", label, &relocation, &done);
    };
    // The documents of a feature have one title behind their labels.
    let own = ws
        .read(&document)
        .map_err(OpsError::from)?
        .document
        .title
        .text;
    let beside = ws.entries().filter(|entry| {
        entry.path != document && entry.initiative == from && bare(entry.title) == bare(&own)
    });
    let mut titles = vec![(document.clone(), own.clone(), titled(&own, name))];
    titles.extend(beside.map(|entry| {
        let (old, new) = (entry.title.to_owned(), titled(entry.title, name));
        (entry.path.to_owned(), old, new)
    }));
    for (path, old, new) in &titles {
        relocation.title(path, old, new);
    }
    let operation = Operation {
        ws,
        call,
        verb: "rename",
        label,
        keys: relocation.keys(ws),
    };
    let paths: Vec<String> = titles.iter().map(|(path, ..)| path.clone()).collect();
    operation.run_with(&paths, &relocation, |drafts| {
        let mut all = done.clone();
        for (path, _, new) in &titles {
            let draft = drafts
                .get_mut(path)
                .ok_or_else(|| crate::write::gone(path))?;
            all.extend(retitle(draft, new)?);
        }
        Ok(all)
    })
}

fn run(
    ws: &Workspace,
    call: &Call<'_>,
    verb: &'static str,
    label: String,
    relocation: &Relocation,
    done: &[Done],
) -> Result<Answer, OpsError> {
    let operation = Operation {
        ws,
        call,
        verb,
        label,
        keys: relocation.keys(ws),
    };
    operation.run_with(&[], relocation, |_| Ok(done.to_vec()))
}

/// The path that is meant, of a document or a folder, and the document that stands for it.
fn find(
    ws: &Workspace,
    subject: &Subject,
    verb: &str,
) -> Result<(String, Option<usize>), OpsError> {
    let reference = subject.reference.trim_end_matches('/');
    if let Some(folder) = &subject.folder {
        if folder.is_empty() {
            let message = "the root of the repository cannot be moved";
            return Err(OpsError::new(ErrorKind::Usage, message));
        }
        let index = match ws.resolve(reference) {
            planwright_workspace::Resolution::Document(index) => Some(index),
            _ => None,
        };
        return Ok((folder.clone(), index));
    }
    let index = reference::document(ws, reference, verb)?;
    let entry = ws.entry(index);
    let is_feature =
        entry.initiative != entry.path && is_name_of(path::name(entry.initiative), reference);
    let path = if is_feature {
        entry.initiative
    } else {
        entry.path
    };
    Ok((path.to_owned(), Some(index)))
}

/// True for a reference that means a folder: its name, its number, or the words behind the number.
fn is_name_of(folder: &str, reference: &str) -> bool {
    let name = path::name(reference);
    let digits = folder.len()
        - folder
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    let (number, words) = folder.split_at(digits);
    let bare = |number: &str| number.trim_start_matches('0').to_owned();
    name.eq_ignore_ascii_case(folder)
        || !number.is_empty()
            && (bare(name) == bare(number)
                || words
                    .trim_start_matches(['-', '_'])
                    .eq_ignore_ascii_case(name))
}

/// What moved, as the answer tells it.
fn moved(ws: &Workspace, from: &str, to: &str, index: Option<usize>) -> Done {
    let entry = index.map(|index| ws.entry(index));
    let is_file = entry.as_ref().is_some_and(|entry| entry.path == from);
    let reference = match &entry {
        Some(entry) if is_file && !entry.reference.is_empty() => entry.reference,
        _ => path::name(from),
    };
    Done {
        reference: reference.to_owned(),
        path: to.to_owned(),
        line: 1,
        what: "path",
        before: Some(from.to_owned()),
        after: Some(to.to_owned()),
        native: None,
        text: entry.map_or(String::new(), |entry| entry.title.to_owned()),
        changed: true,
    }
}

/// A name with other words: ids, numbers and dates in front of them stay, and kinds behind them.
fn renamed(old: &str, words: &str, is_file: bool) -> Result<String, OpsError> {
    let (stem, ending) = match old.split_once('.') {
        Some((stem, ending)) if is_file && !stem.is_empty() => (stem, format!(".{ending}")),
        _ => (old, String::new()),
    };
    let front = front(stem);
    let (id, rest) = stem.split_at(front);
    let given = self::front(words);
    let (own, words) = words.split_at(given);
    let is_same = own
        .trim_end_matches('-')
        .eq_ignore_ascii_case(id.trim_end_matches(['-', '_']));
    let words = if own.is_empty() || is_same {
        words.to_owned()
    } else if id.is_empty() {
        format!("{own}{words}")
    } else {
        let message = format!("`{old}` keeps its number; name it without `{own}`");
        return Err(OpsError::new(ErrorKind::Usage, message));
    };
    let words = if rest.contains('_') && !rest.contains('-') {
        words.replace('-', "_")
    } else {
        words
    };
    let is_upper = rest.contains(char::is_alphabetic) && !rest.contains(char::is_lowercase);
    let words = if is_upper {
        words.to_uppercase()
    } else {
        words
    };
    // Behind a name that is nothing but an id.
    let joint = if !id.is_empty() && rest.is_empty() && !id.ends_with(['-', '_']) {
        "-"
    } else {
        ""
    };
    Ok(format!("{id}{joint}{words}{ending}"))
}

/// The length of what numbers a name: `2026-01-02-`, `PLAN-004-`, `012-`.
fn front(stem: &str) -> usize {
    let bytes = stem.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let joint = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b'-' | b'_'));
    let letters = bytes.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    if (1..=8).contains(&letters) && joint(letters) {
        let number = digits(letters + 1);
        let end = letters + 1 + number;
        return match () {
            () if number == 0 => 0,
            () if end == stem.len() => end,
            () if joint(end) => end + 1,
            () => 0,
        };
    }
    let mut end = 0;
    while digits(end) > 0 && (joint(end + digits(end)) || end + digits(end) == bytes.len()) {
        end += digits(end);
        end += usize::from(end < bytes.len());
    }
    end
}

/// The length of what a title has in front: `Plan: `, `ADR-004: `.
fn label(title: &str) -> usize {
    let label = title.split_once(": ").map(|(label, _)| label);
    let label = label.filter(|label| label.split(' ').count() <= 3);
    label.map_or(0, |label| label.len() + 2)
}

/// A title without what it has in front.
fn bare(title: &str) -> &str {
    &title[label(title)..]
}

/// A new title behind what the old one has in front.
fn titled(old: &str, new: &str) -> String {
    if new.contains(": ") {
        return new.to_owned();
    }
    format!("{}{new}", &old[..label(old)])
}

/// Writes another title wherever the document states it.
fn retitle(draft: &mut Draft<'_>, title: &str) -> Result<Option<Done>, OpsError> {
    let old = draft.document().title.clone();
    let refused = |draft: &Draft<'_>, why: &str| {
        let message = format!(
            "cannot change the title of {}: {why}",
            draft.document().path
        );
        OpsError::new(ErrorKind::Refused, message)
    };
    if old.text == title || old.line.is_none() {
        return Ok(None);
    }
    let parsed = &draft.reading.parsed;
    let mut edits = Vec::new();
    if let Some(value) = parsed
        .front_matter
        .as_ref()
        .and_then(|matter| matter.get("title"))
        && let planwright_syntax::yaml::ValueKind::Scalar(text, style) = &value.kind
        && *text == old.text
    {
        let special = title.contains([
            ':', '#', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '\\',
        ]);
        let text = if special || *style != Style::Plain {
            format!("\"{}\"", title.replace('\\', "\\\\").replace('"', "\\\""))
        } else {
            title.to_owned()
        };
        edits.push(Edit::replace(value.span, text));
    }
    let heading = parsed
        .tree
        .nodes()
        .iter()
        .find(|node| matches!(node.kind, Kind::Heading(1)));
    if let Some(heading) = heading {
        let text = parsed.text(heading.span);
        if let Some(at) = text.find(&old.text) {
            let start = heading.span.start as usize + at;
            edits.push(Edit::replace(
                Span::new(start, start + old.text.len()),
                title,
            ));
        }
    }
    if edits.is_empty() {
        return Err(refused(draft, "it is written in a way of its own"));
    }
    let new = planwright_syntax::splice::apply(parsed.source.bytes(), &edits);
    let new = new.map_err(|error| refused(draft, &error.to_string()))?;
    draft.replace(new);
    let document = draft.document();
    if document.title.text != title {
        let why = format!("it would be read as `{}`", document.title.text);
        return Err(refused(draft, &why));
    }
    Ok(Some(Done {
        reference: document.reference.clone(),
        path: document.path.clone(),
        line: document.title.line.unwrap_or(1),
        what: "title",
        before: Some(old.text),
        after: Some(title.to_owned()),
        native: None,
        text: title.to_owned(),
        changed: true,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number_and_kind() {
        for (old, words, expected) in [
            ("001-gift-cards", "vouchers", Some("001-vouchers")),
            ("PLAN-004-login.md", "sign-in", Some("PLAN-004-sign-in.md")),
            (
                "2026-01-02-login.md",
                "sign-in",
                Some("2026-01-02-sign-in.md"),
            ),
            (
                "use-redis.adr.md",
                "use-postgres",
                Some("use-postgres.adr.md"),
            ),
            ("my_plan.md", "other-plan", Some("other_plan.md")),
            ("LOGIN_PLAN.md", "sign-in", Some("SIGN_IN.md")),
            ("PLAN-004.md", "sign-in", Some("PLAN-004-sign-in.md")),
            ("001-gift-cards", "001-vouchers", Some("001-vouchers")),
            ("001-gift-cards", "002-vouchers", None),
            ("login.md", "4-weeks", Some("4-weeks.md")),
        ] {
            let is_file = old.contains('.');
            let found = renamed(old, words, is_file);
            assert_eq!(found.ok().as_deref(), expected, "{old}");
        }
    }

    #[test]
    fn a_folder_is_named_by_its_number_or_words() {
        for name in ["012-login", "12", "012", "login", "specs/012-login"] {
            assert!(is_name_of("012-login", name), "{name}");
        }
        for name in ["tasks", "WP01", "013"] {
            assert!(!is_name_of("012-login", name), "{name}");
        }
    }

    #[test]
    fn a_title_keeps_its_label() {
        assert_eq!(titled("Plan: move", "Stay"), "Plan: Stay");
        assert_eq!(titled("Move", "Stay: at home"), "Stay: at home");
    }
}
