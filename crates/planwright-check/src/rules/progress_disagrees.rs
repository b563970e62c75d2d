use planwright_syntax::{Kind, Span};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::text::counted;

pub(super) static RULE: Rule = Rule {
    code: "PW208",
    name: "progress-disagrees",
    category: Category::State,
    reason: "the number was right once, and nobody counts again while it stands there",
    page: page!("progress-disagrees"),
    archived: true,
    settings: &[Setting {
        name: "tolerance",
        default: Value::Number(10),
        help: "by how many points a stated percentage may be off",
    }],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// What a line says of how far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stated {
    Percent(u32),
    Of(u32, u32),
}

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let document = doc.document();
    let progress = document.progress;
    if !document.holds_work() || progress.total < 2 {
        return;
    }
    for (line, stated, words) in statements(doc) {
        let (done, total) = (progress.done, progress.total);
        let agrees = match stated {
            Stated::Percent(percent) => {
                let actual = done * 100 / total;
                let is_end = matches!(percent, 0 | 100) && percent != actual;
                !is_end && actual.abs_diff(percent) <= context.number(&RULE, "tolerance")
            }
            // Another total counts something else.
            Stated::Of(said, of) => of != total || said == done,
        };
        if !agrees {
            let span = doc.words_in_line(line, &words);
            let tasks = counted(total as usize, "task is", "tasks are");
            findings
                .at(doc, span, format!("says `{words}`, and {done} of {tasks} done"))
                .help("correct the number, or leave it out: `plan status` counts the boxes")
                // A percentage may be a guess at the effort, or count something else.
                .sure_if(matches!(stated, Stated::Of(..)) || total >= ENOUGH && said_at_the_top(doc, line));
        }
    }
}

/// So many tasks make a percentage one of tasks.
const ENOUGH: u32 = 5;

/// True for front matter, and for lines right below the title.
fn said_at_the_top(doc: &DocumentView, line: u32) -> bool {
    let sections = doc.document().sections.iter();
    sections.filter(|section| section.level > 1).all(|section| section.line > line)
}

/// Lines that state the progress of the whole document, outside of code and tables, before its
/// first task.
fn statements(doc: &DocumentView) -> Vec<(u32, Stated, String)> {
    let document = doc.document();
    // A line in a phase or behind a task may speak of a part.
    let part = document.phases.iter().map(|phase| phase.line);
    let end = part.chain(document.items.iter().map(|item| item.line)).min().unwrap_or(u32::MAX);
    let nodes = doc.parsed().tree.nodes().iter();
    let code: Vec<Span> = nodes
        .filter(|node| matches!(node.kind, Kind::Fence(_) | Kind::Indented | Kind::Table | Kind::Html))
        .map(|node| node.span)
        .collect();
    let lines = 1..end.min(doc.parsed().source.line_count() + 1);
    // Below a heading that speaks of something else, a number counts that.
    let is_general = |line: u32| {
        let below = document.sections.iter().rev().find(|section| section.line < line);
        below.is_none_or(|section| {
            let title = section.title.to_lowercase();
            section.level == 1 || ["progress", "status", "overview"].iter().any(|word| title.contains(word))
                || matches!(section.role.as_deref(), Some("progress" | "progress_tracking" | "purpose"))
        })
    };
    let lines = lines.filter(|line| is_general(*line));
    let lines = lines.filter(|line| {
        let span = doc.line_span(*line);
        !code.iter().any(|code| code.start <= span.start && span.end <= code.end)
    });
    lines
        .filter_map(|line| {
            let (stated, words) = read(doc.text(doc.line_span(line)))?;
            Some((line, stated, words))
        })
        .collect()
}

/// `Progress: 60%`, `**Overall progress**: 12/20 tasks`, `Completion: 3 of 8`.
fn read(line: &str) -> Option<(Stated, String)> {
    const LABELS: [&str; 9] = [
        "progress", "overall progress", "total progress", "completion", "overall completion", "percent complete",
        "completed", "tasks completed", "tasks done",
    ];
    let (label, rest) = line.split_once(':')?;
    let is_mark = |c: char| !c.is_alphanumeric();
    let label = label.trim_matches(is_mark).to_lowercase().replace(['_', '-'], " ");
    if !LABELS.contains(&label.as_str()) {
        return None;
    }
    let rest = rest.trim_start_matches(['*', '_', ' ', '~', '"', '`']);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let end = digits(rest);
    let first: u32 = rest[..end].parse().ok()?;
    let behind = &rest[end..];
    if let Some(tail) = behind.strip_prefix('%').or_else(|| behind.strip_prefix(" %")) {
        let words = &rest[..rest.len() - tail.len()];
        // `85% (93/109 tools)` counts something else.
        let aside = tail.find('(').map_or("", |at| &tail[at..]);
        if of_another(aside) {
            return None;
        }
        return (first <= 100).then(|| (Stated::Percent(first), words.to_owned()));
    }
    let second = ["/", " / ", " of "].iter().find_map(|sign| behind.strip_prefix(sign))?;
    let len = digits(second);
    let total: u32 = second[..len].parse().ok()?;
    let tail = &second[len..];
    // `12/20 tests` and a date are no count of tasks.
    let unit = tail.trim_start();
    let is_tasks = ["task", "item", "step", "box", "complete", "done"].iter().any(|word| unit.to_lowercase().starts_with(word));
    let stands_alone = unit.trim_matches(['*', '`', '"', '.', ' ']).is_empty() || unit.starts_with(['(', ',', ';', '—', '|']);
    let words = &rest[..rest.len() - tail.len()];
    (is_tasks || stands_alone).then(|| (Stated::Of(first, total), words.to_owned()))
}

/// True for a fraction in parentheses whose unit is named and is no task: `(93/109 tools)`, `(1 of 5 phases)`.
fn of_another(tail: &str) -> bool {
    let inner = tail.trim_start().trim_start_matches('(');
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(inner);
    let sign = ["/", " of ", " / "].iter().find_map(|sign| inner[first..].strip_prefix(sign));
    let Some(behind) = sign.filter(|_| first > 0) else {
        return false;
    };
    let unit = behind[digits(behind)..].trim_start().to_lowercase();
    unit.starts_with(char::is_alphabetic)
        && !["task", "item", "step", "box", "complete", "done"].iter().any(|word| unit.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_numbers_are_read() {
        for (line, expected) in [
            ("Progress: 60%", Some(Stated::Percent(60))),
            ("**Overall Progress**: ~60% complete", Some(Stated::Percent(60))),
            ("- **Completion:** 3 of 8", Some(Stated::Of(3, 8))),
            ("> Progress: 12/20 tasks (two blocked)", Some(Stated::Of(12, 20))),
            ("progress: 12/20 tests", None),
            ("Progress: 2026-01-02", None),
            ("Progress: 12/20/2026", None),
            ("Progress: good", None),
            ("Overall progress: 85% (93/109 tools)", None),
            ("Progress: 31% complete (1 of 5 phases)", None),
            ("Overall progress: 85% (17/20 tasks)", Some(Stated::Percent(85))),
            ("Coverage: 60%", None),
        ] {
            assert_eq!(read(line).map(|(stated, _)| stated), expected, "{line}");
        }
    }
}
