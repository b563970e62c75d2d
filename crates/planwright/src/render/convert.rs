use planwright_ops::write::convert::{Answer, Loss};

use super::diff;
use super::line::{Line, Page, Paint};
use super::style::Style;

/// What became of a document, and what was lost; for a dry run the new text.
pub(crate) fn convert(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    let said = if answer.dry_run { "would be" } else { "is" };
    page.push(
        Line::new()
            .path(Paint::Plain, &answer.path, style)
            .dim(format!(" ({}) {said} ", answer.from))
            .path(Paint::Strong, &answer.out, style)
            .dim(format!(" ({})", answer.to)),
    );
    rows(&mut page, answer, style);
    let mut out = page.finish(style);
    if answer.dry_run {
        out.push('\n');
        let files = answer.files.iter();
        out.extend(files.map(|file| diff::diff(&file.diff, style)));
    }
    out
}

/// What is lost.
pub(crate) fn losses(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    rows(&mut page, answer, style);
    page.finish(style)
}

fn rows(page: &mut Page, answer: &Answer, style: &Style) {
    let signs = style.signs();
    let (lost, kept): (Vec<&Loss>, Vec<&Loss>) =
        answer.losses.iter().partition(|loss| loss.kept.is_none());
    for loss in lost {
        let line = Line::indent(2)
            .paint(Paint::Bad, signs.cross)
            .plain(format!(" {}: ", loss.what))
            .plain(&loss.text);
        page.push(cut(line, style));
    }
    for loss in kept {
        let line = Line::indent(2)
            .paint(Paint::Warn, signs.dot)
            .plain(format!(" {}: ", loss.what))
            .plain(&loss.text)
            .dim(format!("  {}", loss.kept.as_deref().unwrap_or_default()));
        page.push(cut(line, style));
    }
}

fn cut(line: Line, style: &Style) -> Line {
    match style.width {
        Some(columns) => line.cut(columns, style),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn what_is_lost_stands_before_what_is_kept() {
        let loss = |what, text: &str, kept: Option<&str>| Loss {
            what,
            text: text.to_owned(),
            kept: kept.map(str::to_owned),
        };
        let answer = Answer {
            schema: "planwright/convert@1",
            reference: "auth".to_owned(),
            path: "docs/auth.md".to_owned(),
            from: "ai-docs".to_owned(),
            to: "execplan".to_owned(),
            form: "plan".to_owned(),
            out: "docs/execplans/auth.md".to_owned(),
            losses: vec![
                loss("section", "Timeline", Some("kept under its own heading")),
                loss("risk", "The drawer jams", None),
            ],
            is_lossy: true,
            dry_run: false,
            files: Vec::new(),
        };
        assert_snapshot!(convert(&answer, &Style::plain(80)));
    }
}
