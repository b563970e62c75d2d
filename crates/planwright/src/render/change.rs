use planwright_ops::write::{Answer, Done};

use super::diff;
use super::line::{Line, Page, Paint};
use super::style::Style;

/// What a verb changed, a line for each; for a dry run the diff.
pub(crate) fn change(answer: &Answer, style: &Style) -> String {
    if answer.dry_run {
        let files = answer.files.iter();
        return files.map(|file| diff::diff(&file.diff, style)).collect();
    }
    let mut page = Page::new();
    for done in &answer.done {
        page.push(line(done, style));
    }
    page.finish(style)
}

fn line(done: &Done, style: &Style) -> Line {
    let arrow = style.signs().arrow;
    let name = Line::new().paint(Paint::Note, &done.reference).plain(" ");
    let said = match done.what {
        "undo" => Line::new()
            .path(Paint::Plain, &done.path, style)
            .plain(" is what it was before ")
            .strong(format!("`plan {}`", done.text)),
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
    let said = said.plain("  ").place(&done.path, done.line, style);
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
                done("undo", "", "x", "tick auth#T012"),
            ],
            files: Vec::new(),
            notes: Vec::new(),
        };
        assert_snapshot!(change(&answer, &Style::plain(80)));
    }
}
