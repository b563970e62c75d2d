//! Where lines go that have no neighbour: into a section, or into one that is made for them.

use planwright_model::Section;
use planwright_syntax::splice::Edit;

use super::Subject;
use crate::outline::ListItem;
use crate::reader::phases;
use crate::template::SectionRule;
use crate::words::is_nothing;

/// The list marker that the document uses.
pub(super) fn marker(subject: &Subject<'_>) -> &'static str {
    let stars = |item: &&ListItem<'_>| subject.parsed.text(item.span).starts_with('*');
    let items = &subject.outline.items;
    let starred = items.iter().filter(stars).count();
    if starred * 2 > items.len() { "*" } else { "-" }
}

fn is_blank_or_rule(line: &str) -> bool {
    line.trim().is_empty() || is_rule(line)
}

pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && (line.bytes().all(|b| b == b'-') || line.bytes().all(|b| b == b'*'))
}

/// The section of a role: a heading before a label, the first of each.
pub(super) fn find(subject: &Subject<'_>, role: &str) -> Option<usize> {
    let sections = subject.outline.sections.iter().enumerate();
    let held = sections.filter(|(_, section)| section.role == Some(role));
    let (at, _) = held.min_by_key(|(_, section)| section.level > 6)?;
    Some(at)
}

/// True where a table stands in a section.
pub(super) fn has_table(subject: &Subject<'_>, section: usize) -> bool {
    let mut tables = subject.outline.tables.iter();
    tables.any(|table| table.section == section)
}

/// Lines behind a line, a blank one between.
pub(super) fn behind(subject: &Subject<'_>, end_line: u32, text: &str) -> Edit {
    let source = &subject.parsed.source;
    let newline = subject.newline();
    let mut last = end_line.max(1);
    while last > 1 && is_blank_or_rule(source.line_text(last)) {
        last -= 1;
    }
    Edit::insert(
        source.line_span(last).end,
        format!("{newline}{newline}{text}"),
    )
}

/// Lines instead of the words that there is none yet, where nothing else stands in a section.
pub(super) fn in_place_of_nothing(
    subject: &Subject<'_>,
    section: usize,
    text: &str,
) -> Option<Vec<Edit>> {
    let outline = &subject.outline;
    let first = outline.sections[section].line;
    let last = phases::end_line(outline, section);
    let inside = |line: u32| line > first && line <= last;
    let paras = outline.paras.iter().filter(|para| inside(para.line));
    let items = outline.items.iter().filter(|item| inside(item.line));
    let mut spans = paras
        .map(|para| para.span)
        .chain(items.map(|item| item.span));
    let span = spans.next().filter(|_| spans.next().is_none())?;
    let said = subject.parsed.text(span).trim();
    let said = said.trim_start_matches(['-', '*', '+', ' ']);
    // A form's own words are for a person to replace.
    let is_form = said.starts_with(['[', '{', '<']);
    if !is_nothing(said) || is_form || outline.tables.iter().any(|table| inside(table.line)) {
        return None;
    }
    Some(vec![Edit::replace(span, text)])
}

/// Lines behind everything that stands in a section itself: its subsections may hold something else.
pub(super) fn at_end(subject: &Subject<'_>, section: usize, text: &str) -> Edit {
    let sections = &subject.outline.sections;
    let first = sections[section].line;
    let end_line = phases::end_line(&subject.outline, section);
    let below = sections[section + 1..]
        .iter()
        .find(|section| section.level <= 6);
    let last = below.map_or(end_line, |section| end_line.min(section.line - 1));
    up_to(subject, first, last, text)
}

/// Lines in front of the first label in a section: what stands below `**Exit gate:**` may be something
/// else.
pub(super) fn before_labels(subject: &Subject<'_>, section: usize, text: &str) -> Option<Edit> {
    let sections = &subject.outline.sections;
    let label = sections.get(section + 1).filter(|next| next.level > 6)?;
    let first = sections[section].line;
    Some(up_to(subject, first, label.line.checked_sub(1)?, text))
}

/// Lines behind the last that is written between two lines of the document.
fn up_to(subject: &Subject<'_>, first: u32, mut last: u32, text: &str) -> Edit {
    let source = &subject.parsed.source;
    let newline = subject.newline();
    while last > first && is_blank_or_rule(source.line_text(last)) {
        last -= 1;
    }
    let before = source.line_text(last).trim_start();
    let marker: String = text.chars().take(1).collect();
    let follows = last > first && before.starts_with(&marker);
    let gap = if follows { "" } else { newline };
    Edit::insert(source.line_span(last).end, format!("{newline}{gap}{text}"))
}

/// Ways to make a section with its first lines; the line in front. It stands where the document's
/// form has `own`, else at the end: in front of what stands at the foot, where that would be read as
/// something else behind a heading.
pub(super) fn make(
    subject: &Subject<'_>,
    own: impl Fn(&SectionRule) -> bool,
    title: &str,
    text: &str,
) -> (u32, Vec<Vec<Edit>>) {
    let source = &subject.parsed.source;
    let template = subject.dialects.template_of(subject.document);
    let rules = template.map_or(&[][..], |template| template.sections.as_slice());
    let own = rules.iter().position(own);
    let title = own.map_or(title, |at| rules[at].title.as_str());
    let level = own.map_or(2, |at| rules[at].level);
    let sections = &subject.document.sections;
    let is_peer = |found: &&Section| found.level <= level;
    // Behind the nearest section in front of it that the document has, else before the next one.
    let before = own.and_then(|own| {
        let mut above = rules[..own].iter().rev();
        above.find_map(|rule| rule.find(sections).filter(is_peer))
    });
    let behind = own.and_then(|own| {
        let mut below = rules[own + 1..].iter();
        below.find_map(|rule| rule.find(sections).filter(is_peer))
    });
    let mut lines = vec![match (before, behind) {
        (Some(section), _) => section.end_line,
        (None, Some(section)) => section.line - 1,
        (None, None) => source.line_count(),
    }];
    let mut foot = (1..=source.line_count()).rev().take(12);
    lines.extend(
        foot.find(|line| is_rule(source.line_text(*line)))
            .map(|line| line - 1),
    );
    let last = sections.iter().rev().find(|found| is_peer(found));
    lines.extend(last.map(|section| section.line - 1));
    let heading = format!("{} {title}", "#".repeat(usize::from(level)));
    let newline = subject.newline();
    let body = format!("{newline}{newline}{heading}{newline}{newline}{text}");
    let places = lines.iter().map(|line| {
        let mut last = (*line).max(1);
        while last > 1 && source.line_text(last).trim().is_empty() {
            last -= 1;
        }
        vec![Edit::insert(source.line_span(last).end, body.as_str())]
    });
    (lines[0], places.collect())
}
