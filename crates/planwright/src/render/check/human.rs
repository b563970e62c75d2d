use std::borrow::Cow;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};
use planwright_model::Level;
use planwright_ops::check::{Answer, Finding, Related};

use super::super::line::{Line, Page, Paint, escape};
use super::super::style::Style;
use super::super::text::clean;
use super::super::{counted, unreadable};
use super::totals;

/// Every finding in its source, and what they come to.
pub(crate) fn human(answer: &Answer, style: &Style) -> String {
    let renderer = if style.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let decor = if style.unicode {
        DecorStyle::Unicode
    } else {
        DecorStyle::Ascii
    };
    let renderer = renderer.decor_style(decor).term_width(style.page(160));
    let mut out = String::new();
    for found in &answer.findings {
        let text = renderer.render(&[group(answer, found, style)]);
        out.push_str(&linked(text, found, style));
        out.push_str("\n\n");
    }
    out.push_str(&summary(answer, style));
    out
}

/// Makes the place of a finding lead to its file, where the terminal can be clicked.
fn linked(text: String, found: &Finding, style: &Style) -> String {
    let Some(root) = &style.hyperlinks else {
        return text;
    };
    let path = clean(&style.stand.shown(&found.path));
    let place = format!("{path}:{}:{}", found.line, found.column);
    let link = format!(
        "\x1b]8;;{root}/{}\x1b\\{place}\x1b]8;;\x1b\\",
        escape(&found.path)
    );
    text.replacen(&place, &link, 1)
}

fn group<'a>(answer: &'a Answer, found: &'a Finding, style: &Style) -> Group<'a> {
    let title = match found.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Info => Title::INFO,
    };
    let title = title.primary_title(clean(&found.message)).id(found.name);
    let mut group = Group::with_title(title);
    let mut files = vec![found.path.as_str()];
    for related in &found.related {
        if !files.contains(&related.path.as_str()) {
            files.push(&related.path);
        }
    }
    for path in files {
        let primary = (path == found.path).then_some(&found.span);
        let related: Vec<&Related> = found
            .related
            .iter()
            .filter(|related| related.path == path)
            .collect();
        group = group.element(snippet(answer, path, primary, &related, style));
    }
    if let Some(help) = &found.help {
        let help = if found.fix.is_some() {
            format!("{} (--fix does it)", clean(help))
        } else {
            clean(help)
        };
        group = group.element(Title::HELP.message(help));
    }
    group
}

fn snippet<'a>(
    answer: &'a Answer,
    path: &'a str,
    primary: Option<&std::ops::Range<usize>>,
    related: &[&'a Related],
    style: &Style,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let spans = || {
        primary
            .into_iter()
            .chain(related.iter().map(|related| &related.span))
    };
    let start = spans().map(|span| span.start).min().unwrap_or_default();
    let end = spans().map(|span| span.end).max().unwrap_or_default();
    let (line, base, text) = answer
        .sources
        .get(path)
        .map_or((1, 0, ""), |source| source.window(start..end));
    let inside = |span: &std::ops::Range<usize>| {
        let start = span.start.saturating_sub(base).min(text.len());
        let end = span.end.saturating_sub(base).min(text.len());
        // One line of a long span says where it is.
        let end = text[start..end].find('\n').map_or(end, |at| start + at);
        start..end.max(start)
    };
    let mut snippet = Snippet::source(tame(text))
        .line_start(line)
        .path(clean(&style.stand.shown(path)));
    if let Some(span) = primary {
        snippet = snippet.annotation(AnnotationKind::Primary.span(inside(span)));
    }
    for related in related {
        let label = clean(&related.message);
        let annotation = AnnotationKind::Context.span(inside(&related.span));
        snippet = snippet.annotation(annotation.label(label));
    }
    snippet
}

/// Text without the control characters that the renderer lets through. Offsets stay true.
fn tame(text: &str) -> Cow<'_, str> {
    let is_wild = |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}');
    if !text.contains(is_wild) {
        return Cow::Borrowed(text);
    }
    let tamed = text.chars().map(|c| match c {
        c if !is_wild(c) => c,
        c if c.len_utf8() == 2 => '\u{b7}',
        _ => char::REPLACEMENT_CHARACTER,
    });
    Cow::Owned(tamed.collect())
}

/// What the findings come to.
pub(crate) fn summary(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    let summary = &answer.summary;
    unreadable(&mut page, &answer.unreadable, style);
    let documents = counted(summary.checked, "document", "documents");
    if summary.fixed > 0 {
        let line = counted(summary.fixed, "finding", "findings");
        page.push(Line::new().paint(Paint::Good, format!("{line} put right")));
    }
    if answer.findings.is_empty() {
        page.push(Line::new().paint(Paint::Good, format!("{documents}, nothing found")));
    } else {
        let worst = if summary.errors > 0 {
            Paint::Bad
        } else {
            Paint::Warn
        };
        let files = counted(summary.files, "file", "files");
        page.push(
            Line::new()
                .paint(worst, totals(summary))
                .plain(format!(" in {files} of {documents}")),
        );
    }
    if summary.fixable > 0 {
        let these = if summary.fixable == 1 {
            "1 of them".to_owned()
        } else {
            format!("{} of them", summary.fixable)
        };
        page.push(Line::new().dim(format!("{these} can be fixed: plan check --fix --dry-run")));
    }
    if summary.suppressed > 0 {
        let comments = counted(summary.suppressed, "finding is", "findings are");
        page.push(Line::new().dim(format!("{comments} ignored by comments")));
    }
    if summary.baselined > 0 {
        let known = counted(summary.baselined, "finding is", "findings are");
        page.push(Line::new().dim(format!("{known} in the baseline")));
    }
    page.finish(style)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::render::check::example;

    #[test]
    fn what_is_tamed_keeps_its_length() {
        let text = "a\u{9b}31m\u{2028}b";
        assert_eq!(tame(text), "a·31m\u{fffd}b");
        assert_eq!(tame(text).len(), text.len());
    }

    #[test]
    fn places_lead_to_their_files_and_colours_are_whole() {
        let style = Style {
            color: true,
            hyperlinks: Some("file:///r".to_owned()),
            ..Style::plain(80)
        };
        let text = human(&example::answer(), &style);
        let link =
            "\x1b]8;;file:///r/docs/plans/search.md\x1b\\docs/plans/search.md:9:13\x1b]8;;\x1b\\";
        assert!(text.contains(link), "{text:?}");
        assert!(text.contains("\x1b[0m"), "{text:?}");
    }

    #[test]
    fn findings_stand_in_their_source() {
        assert_snapshot!(human(&example::answer(), &Style::plain(80)));
    }
}
