use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};
use planwright_model::Level;
use planwright_ops::check::{Answer, Finding, Related};

use super::super::line::{Line, Page, Paint, escape};
use super::super::style::Style;
use super::super::text::{clean, prefix, width};
use super::super::{counted, unreadable};
use super::fold::{self, Entry};
use super::totals;

/// Every finding in its source, and what they come to. Where many say the same, and not `all` are
/// asked for, the first few stand for them.
pub(crate) fn human(answer: &Answer, all: bool, style: &Style) -> String {
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
    let mut hidden = 0;
    for entry in fold::fold(&answer.findings, all) {
        let found = match entry {
            Entry::Finding(found) => found,
            Entry::More(more) => {
                hidden += more.count;
                let mut page = Page::new();
                page.push(more.line(style));
                out.push_str(&page.finish(style));
                out.push('\n');
                continue;
            }
        };
        let text = renderer.render(&[group(answer, found, style)]);
        out.push_str(&linked(text, found, style));
        out.push_str("\n\n");
    }
    out.push_str(&summary(answer, hidden, style));
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
    primary: Option<&Range<usize>>,
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
    let inside = |span: &Range<usize>| {
        let start = span.start.saturating_sub(base).min(text.len());
        let end = span.end.saturating_sub(base).min(text.len());
        // One line of a long span says where it is.
        let end = text[start..end].find('\n').map_or(end, |at| start + at);
        start..end.max(start)
    };
    let mut spans: Vec<Range<usize>> = spans().map(inside).collect();
    let text = shorten(&tame(text), &mut spans, style);
    let mut snippet = Snippet::source(text)
        .line_start(line)
        .path(clean(&style.stand.shown(path)));
    let mut spans = spans.into_iter();
    if let Some(span) = primary.and_then(|_| spans.next()) {
        snippet = snippet.annotation(AnnotationKind::Primary.span(span));
    }
    for (related, span) in related.iter().zip(spans) {
        let label = clean(&related.message);
        let annotation = AnnotationKind::Context.span(span);
        snippet = snippet.annotation(annotation.label(label));
    }
    snippet
}

/// Text whose lines are cut to the page where no span points into them; the renderer sees to the
/// others. The spans point to the same places afterwards.
fn shorten(text: &str, spans: &mut [Range<usize>], style: &Style) -> String {
    /// What the renderer puts in front of a line.
    const GUTTER: usize = 8;
    let columns = style.page(160) - GUTTER;
    let old = spans.to_vec();
    let mut out = String::with_capacity(text.len());
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let is_last = end == text.len();
        let mut is_annotated = false;
        for (old, new) in old.iter().zip(spans.iter_mut()) {
            if old.start >= start && (old.start < end || is_last) {
                *new = out.len() + old.start - start..out.len() + old.end - start;
                is_annotated = true;
            }
        }
        let words = line.trim_end_matches(['\r', '\n']);
        if is_annotated || width(words) <= columns {
            out.push_str(line);
        } else {
            out.push_str(prefix(words, columns - 1).0);
            out.push_str(style.signs().ellipsis);
            out.push_str(&line[words.len()..]);
        }
        start = end;
    }
    out
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

/// What the findings come to, some of them `hidden`.
pub(crate) fn summary(answer: &Answer, hidden: usize, style: &Style) -> String {
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
    if hidden > 0 {
        page.push(Line::new().dim(format!("{hidden} of them not shown: plan check --all")));
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
    if let Some(skipped) = &answer.skipped {
        let rules = counted(skipped.rules.len() as u32, "rule", "rules");
        page.push(Line::new().dim(format!("{rules} did not run: {}", skipped.reason)));
    }
    page.finish(style)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_ops::check::Skipped;

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
        let text = human(&example::answer(), false, &style);
        let link =
            "\x1b]8;;file:///r/docs/plans/search.md\x1b\\docs/plans/search.md:9:13\x1b]8;;\x1b\\";
        assert!(text.contains(link), "{text:?}");
        assert!(text.contains("\x1b[0m"), "{text:?}");
    }

    #[test]
    fn findings_stand_in_their_source() {
        assert_snapshot!(human(&example::answer(), false, &Style::plain(80)));
    }

    #[test]
    fn of_many_that_say_the_same_the_first_are_shown() {
        let answer = example::many();
        assert_snapshot!(human(&answer, false, &Style::plain(80)));
        assert_eq!(
            human(&answer, true, &Style::plain(80))
                .matches("dangling-link")
                .count(),
            6
        );
    }

    #[test]
    fn rules_that_did_not_run_are_counted() {
        let mut answer = example::answer();
        answer.findings.clear();
        answer.skipped = Some(Skipped {
            rules: vec!["idle-plan", "ticked-without-work"],
            reason: "the clone is shallow".to_owned(),
        });
        let text = summary(&answer, 0, &Style::plain(80));
        assert!(
            text.contains("\n2 rules did not run: the clone is shallow\n"),
            "{text}"
        );
        let text = super::super::github::github(&answer);
        let line = "::notice title=Rules that did not run::the clone is shallow (idle-plan, ticked-without-work)";
        assert!(text.contains(line), "{text}");
    }

    #[test]
    fn long_lines_without_a_span_are_cut_and_spans_keep_their_words() {
        let text = format!(
            "here\n{}\nthere {}\r\nend",
            "long ".repeat(20),
            "x".repeat(90)
        );
        let find = |text: &str, words: &str| {
            let start = text.find(words).unwrap();
            start..start + words.len()
        };
        let mut spans = ["here", "end", "there"].map(|words| find(&text, words));
        let cut = shorten(&text, &mut spans, &Style::plain(60));
        let words: Vec<&str> = spans.iter().map(|span| &cut[span.clone()]).collect();
        assert_eq!(words, ["here", "end", "there"]);
        let widths: Vec<usize> = cut.lines().map(width).collect();
        assert_eq!(widths, [4, 52, 96, 3]);
        // A place at the very end.
        let end = text.len()..text.len();
        let mut spans = [end];
        let cut = shorten(&text, &mut spans, &Style::plain(60));
        assert_eq!(spans[0], cut.len()..cut.len());
    }
}
