use planwright_ops::write::Done;
use planwright_ops::write::create::Answer;
use planwright_ops::write::renumber;

use super::line::{Line, Page, Paint};
use super::style::Style;
use super::{counted, diff};

/// How many places that are left to fill in are named.
const SHOWN: usize = 3;

/// A new document: where it lies, what it is joined to, what is left to fill in; for a dry run the
/// diff.
pub(crate) fn new(answer: &Answer, style: &Style) -> String {
    if answer.dry_run {
        let files = answer.files.iter();
        return files.map(|file| diff::diff(&file.diff, style)).collect();
    }
    let mut page = Page::new();
    let native = answer.native.as_deref().map(|word| format!(" (`{word}`)"));
    page.push(
        Line::new()
            .path(Paint::Good, &answer.path, style)
            .plain(format!("  {} ", answer.title))
            .dim(format!(
                "{} {}, {}{}",
                answer.dialect,
                answer.kind,
                answer.state.replace('_', " "),
                native.unwrap_or_default()
            )),
    );
    for link in &answer.links {
        if link.what == "list" {
            page.push(listed(link, style));
            continue;
        }
        let word = link.after.as_deref().unwrap_or_default().replace('_', " ");
        let place = if link.line == 0 {
            Line::new().path(Paint::Plain, &link.path, style)
        } else {
            Line::new().place(&link.path, link.line, style)
        };
        page.push(
            Line::new()
                .plain("  ")
                .paint(Paint::Note, &link.reference)
                .plain(format!(" {word} "))
                .path(Paint::Plain, &link.text, style)
                .plain("  ")
                .append(place),
        );
    }
    if !answer.placeholders.is_empty() {
        let count = counted(answer.placeholders.len() as u32, "place", "places");
        let mut lines: Vec<u32> = answer.placeholders.iter().map(|left| left.line).collect();
        lines.dedup();
        let first: Vec<String> = lines.iter().take(SHOWN).map(ToString::to_string).collect();
        let word = if lines.len() == 1 { "line" } else { "lines" };
        let more = if lines.len() > SHOWN { " ..." } else { "" };
        page.push(Line::new().plain("  ").dim(format!(
            "{count} to fill in, {word} {}{more}",
            first.join(", ")
        )));
    }
    for note in &answer.notes {
        page.push(
            Line::new()
                .plain("  ")
                .paint(Paint::Note, "note")
                .plain(format!(": {note}")),
        );
    }
    page.finish(style)
}

/// A list that names the new document.
fn listed(link: &Done, style: &Style) -> Line {
    let heading = link.after.as_deref().filter(|heading| !heading.is_empty());
    let under = heading.map_or(String::new(), |heading| format!(" under {heading}"));
    Line::new()
        .plain(format!("  listed{under}  "))
        .place(&link.path, link.line, style)
}

/// A document with another number: where it lies, which files follow, what could not be proved; for a
/// dry run the diff.
pub(crate) fn renumber(answer: &renumber::Answer, style: &Style) -> String {
    let mut page = Page::new();
    if !answer.dry_run {
        let arrow = style.signs().arrow;
        for moved in &answer.moved {
            page.push(
                Line::new()
                    .dim(format!("{} {arrow} ", answer.before))
                    .paint(Paint::Good, &answer.after)
                    .plain("  ")
                    .path(Paint::Plain, &moved.to, style),
            );
        }
        for path in &answer.rewritten {
            page.push(
                Line::new()
                    .plain("  rewritten  ")
                    .path(Paint::Plain, path, style),
            );
        }
    }
    for left in &answer.left {
        page.push(
            Line::new()
                .plain("  ")
                .paint(Paint::Bad, "left")
                .plain("  ")
                .place(&left.path, left.line, style)
                .plain(format!("  `{}`: {}", left.text, left.why)),
        );
    }
    for note in &answer.notes {
        page.push(
            Line::new()
                .plain("  ")
                .paint(Paint::Note, "note")
                .plain(format!(": {note}")),
        );
    }
    let diffs = answer.files.iter().filter(|_| answer.dry_run);
    let diffs: String = diffs.map(|file| diff::diff(&file.diff, style)).collect();
    diffs + &page.finish(style)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_model::Placeholder;
    use planwright_ops::write::Done;

    use super::*;

    fn answer() -> Answer {
        let left = |line: u32| Placeholder {
            line,
            text: "[What it does]".to_owned(),
        };
        Answer {
            schema: "planwright/new@1",
            dry_run: false,
            path: "docs/plans/active/search.md".to_owned(),
            reference: "search".to_owned(),
            id: None,
            number: None,
            dialect: "ai-docs".to_owned(),
            kind: "plan".to_owned(),
            title: "Search".to_owned(),
            state: "draft".to_owned(),
            native: Some("Draft".to_owned()),
            form: "built-in".to_owned(),
            links: vec![Done {
                reference: "search".to_owned(),
                path: "docs/plans/active/search.md".to_owned(),
                line: 7,
                what: "link",
                before: None,
                after: Some("depends_on".to_owned()),
                native: None,
                text: "docs/plans/active/index.md".to_owned(),
                changed: true,
            }],
            placeholders: vec![left(9), left(9), left(12), left(14), left(20)],
            notes: vec!["there are no plans here yet: written as `ai-docs`".to_owned()],
            files: Vec::new(),
        }
    }

    #[test]
    fn a_new_document_tells_where_it_lies_and_what_is_left() {
        assert_snapshot!(new(&answer(), &Style::plain(80)));
    }
}
