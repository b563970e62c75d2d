use planwright_ops::write::{Answer, Done, Left};

use super::diff;
use super::line::{Line, Page, Paint};
use super::style::Style;

/// So many places that were not rewritten are shown.
pub(crate) const SHOWN: usize = 20;

/// What a verb changed, a line for each; for a dry run the diff.
pub(crate) fn change(answer: &Answer, style: &Style) -> String {
    if answer.dry_run && !answer.files.is_empty() {
        let files = answer.files.iter();
        return files.map(|file| diff::diff(&file.diff, style)).collect();
    }
    let mut page = Page::new();
    for done in &answer.done {
        page.push(line(done, style));
    }
    if answer.done.is_empty() {
        match answer.verb.as_str() {
            "registry" => page.push(Line::new().dim("every list is up to date")),
            "import" | "sync" if answer.left.is_empty() => {
                page.push(Line::new().dim("board and plans agree"));
            }
            _ => {}
        }
    }
    for found in answer.left.iter().take(SHOWN) {
        let said = Line::new().dim(format!(" left as it is: {} ({})", found.text, found.why));
        page.push(
            Line::new()
                .place(&found.path, found.line, style)
                .append(said),
        );
    }
    page.finish(style)
}

/// Something that was not rewritten, in plain words.
pub(crate) fn left(left: &Left) -> String {
    format!("{}:{} {} ({})", left.path, left.line, left.text, left.why)
}

/// What was brought into the form of the dialect.
fn form(done: &Done) -> String {
    let count = &done.text;
    let (one, more) = match done.after.as_deref() {
        Some("line_endings") => (
            "line ending is that of the others",
            "line endings are those of the others",
        ),
        Some("trailing_space") => ("line ended in white space", "lines ended in white space"),
        Some("blank_lines") => ("run of blank lines", "runs of blank lines"),
        Some("marks") => ("box or list rewritten", "boxes or lists rewritten"),
        Some("states") => ("state spelled", "states spelled"),
        Some("dates") => ("day written", "days written"),
        Some("keys") => ("key added", "keys added"),
        Some("sections") => ("section added", "sections added"),
        _ => return "is in the form of its dialect".to_owned(),
    };
    let said = format!("{count} {}", if count == "1" { one } else { more });
    match &done.native {
        Some(words) => format!("{said}: {words}"),
        None => said,
    }
}

pub(super) fn line(done: &Done, style: &Style) -> Line {
    let arrow = style.signs().arrow;
    let name = Line::new().paint(Paint::Note, &done.reference).plain(" ");
    let text = |word: &Option<String>| word.clone().unwrap_or_default();
    let said = match done.what {
        "undo" if done.before.as_deref().is_some_and(|from| !from.is_empty()) => Line::new()
            .path(Paint::Plain, &done.path, style)
            .plain(" lies where it did before ")
            .strong(format!("`plan {}`", done.text)),
        "path" => {
            let said = name
                .dim(format!("{} {arrow} ", text(&done.before)))
                .path(Paint::Good, &text(&done.after), style)
                .plain(format!("  {}", done.text));
            return cut(said, style);
        }
        "title" => name.plain("is called ").paint(Paint::Good, &done.text),
        "list" => {
            let list = |word: &Option<String>| match word.as_deref() {
                None => None,
                Some("") => Some("the list".to_owned()),
                Some(heading) => Some(format!("`{heading}`")),
            };
            let said = match (list(&done.before), list(&done.after)) {
                (Some(from), Some(to)) => format!("listed under {to}, not {from}"),
                (None, Some(to)) => format!("added to {to}"),
                (Some(from), None) => format!("removed from {from}"),
                (None, None) => String::new(),
            };
            name.plain(said)
        }
        "sibling" => name.paint(
            Paint::Warn,
            format!("still says {}", text(&done.after).replace('_', " ")),
        ),
        "references" => {
            let count = text(&done.after);
            let word = if count == "1" {
                "reference"
            } else {
                "references"
            };
            return Line::new()
                .path(Paint::Plain, &done.path, style)
                .dim(format!(" {count} {word} rewritten"));
        }
        "source" if done.before.is_some() => name
            .dim("was ")
            .plain(text(&done.before))
            .dim(": its cards follow"),
        "source" => name
            .dim("is the card of ")
            .paint(Paint::Note, text(&done.after))
            .plain(format!("  {}", done.text)),
        "reading" => name
            .plain("is read there as ")
            .paint(Paint::Warn, text(&done.after))
            .dim(format!(", not {}", text(&done.before))),
        "undo" => Line::new()
            .path(Paint::Plain, &done.path, style)
            .plain(match done.after {
                Some(_) => " is gone, as before ",
                None => " is what it was before ",
            })
            .strong(format!("`plan {}`", done.text)),
        "link" | "unlink" if !done.changed => name
            .dim(done.after.as_deref().unwrap_or_default().replace('_', " "))
            .plain(" ")
            .path(Paint::Plain, &done.text, style)
            .dim(" already"),
        "form" => name.plain(form(done)),
        "unlink" => name
            .dim("no longer ")
            .plain(done.after.as_deref().unwrap_or_default().replace('_', " "))
            .plain(" ")
            .path(Paint::Plain, &done.text, style),
        "add" => name
            .dim("new ")
            .paint(Paint::Good, done.after.as_deref().unwrap_or_default())
            .plain(format!("  {}", done.text)),
        "text" if done.changed => name
            .dim(format!(
                "{} {arrow} ",
                done.before.as_deref().unwrap_or_default()
            ))
            .plain(&done.text),
        "order" if done.changed => name
            .paint(Paint::Good, done.after.as_deref().unwrap_or_default())
            .plain(format!("  {}", done.text)),
        "text" | "order" => name.dim("is so already"),
        what @ ("owner" | "estimate" | "depends_on") => {
            let what = what.replace('_', " ");
            let none = |word: &Option<String>| word.as_deref().unwrap_or("none").to_owned();
            if done.changed {
                name.dim(format!("{what} {} {arrow} ", none(&done.before)))
                    .paint(Paint::Good, none(&done.after))
                    .plain(format!("  {}", done.text))
            } else {
                name.dim(format!("{what} is {} already", none(&done.after)))
            }
        }
        "link" => name
            .plain(done.after.as_deref().unwrap_or_default().replace('_', " "))
            .plain(" ")
            .path(Paint::Plain, &done.text, style),
        "log" => name
            .plain(format!("{}: ", done.after.as_deref().unwrap_or_default()))
            .plain(&done.text),
        _ if !done.changed => {
            let state = done.after.as_deref().unwrap_or_default();
            name.dim(format!("is {} already", state.replace('_', " ")))
        }
        what => {
            let said =
                |word: &Option<String>| word.as_deref().unwrap_or_default().replace('_', " ");
            let word = match (what, &done.native) {
                ("state", Some(native)) => format!("{} (`{native}`)", said(&done.after)),
                ("waiver", _) => "waived".to_owned(),
                _ => said(&done.after),
            };
            name.dim(format!("{} {arrow} ", said(&done.before)))
                .paint(Paint::Good, word)
                .plain(format!("  {}", done.text))
        }
    };
    if done.what == "undo" {
        return said;
    }
    cut(said.plain("  ").place(&done.path, done.line, style), style)
}

fn cut(said: Line, style: &Style) -> Line {
    style
        .width
        .map_or(said.clone(), |columns| said.cut(columns, style))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn done(what: &'static str, before: &str, after: &str, text: &str) -> Done {
        Done {
            reference: "auth#T012".to_owned(),
            path: "docs/auth.md".to_owned(),
            line: 12,
            what,
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
            native: None,
            text: text.to_owned(),
            changed: before != after,
        }
    }

    #[test]
    fn a_change_is_a_line() {
        let mut state = done("state", "draft", "in_review", "Auth");
        state.native = Some("Review".to_owned());
        let answer = Answer {
            schema: "planwright/change@1",
            verb: "tick".to_owned(),
            dry_run: false,
            done: vec![
                done("item", "todo", "done", "Write it"),
                done("item", "done", "done", "Write it"),
                done("waiver", "todo", "cancelled", "Test it"),
                state,
                done("log", "", "progress", "Moved the sessions"),
                done("link", "", "superseded_by", "docs/new.md"),
                Done {
                    after: None,
                    ..done("undo", "", "", "tick auth#T012")
                },
                done("undo", "", "removed", "new plan 'Auth'"),
            ],
            files: Vec::new(),
            left: Vec::new(),
            notes: Vec::new(),
        };
        assert_snapshot!(change(&answer, &Style::plain(80)));
    }

    #[test]
    fn an_edit_is_a_line() {
        let mut unowned = done("owner", "ann", "", "Write it");
        unowned.after = None;
        let mut new = done("add", "", "task", "Write it");
        new.changed = true;
        let answer = Answer {
            schema: "planwright/change@1",
            verb: "edit".to_owned(),
            dry_run: true,
            done: vec![
                new,
                done("text", "Write", "Write it", "Write it"),
                done("order", "", "before auth#T010", "Write it"),
                unowned,
                done("depends_on", "T009", "T009, T010", "Write it"),
                done("estimate", "2h", "2h", "Write it"),
                done("unlink", "", "depends_on", "docs/new.md"),
                done("link", "related", "related", "docs/new.md"),
            ],
            files: Vec::new(),
            left: Vec::new(),
            notes: Vec::new(),
        };
        assert_snapshot!(change(&answer, &Style::plain(80)));
    }
}
