use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::prose::{self, Shape};
use crate::rule::{Category, Check, Rule, page};
use crate::tables::is_unsaid;

pub(super) static RULE: Rule = Rule {
    code: "PW608",
    name: "rollback-empty",
    category: Category::Governance,
    reason: "data that was changed does not come back by itself",
    page: page!("rollback-empty"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// Words of work that changes stored data.
const CHANGES: [&str; 19] = [
    "data migration", "database migration", "schema migration", "migration script", "migration file",
    "migrate data", "migrate the data", "migrate existing", "run the migration", "alter table", "drop table",
    "drop column", "backfill", "schema change", "migrate the database", "migrate the schema", "migrate the table*",
    "migration for the table*", "drop the column*",
];

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    if document.kind != "plan" || document.state.value.is_closed() {
        return;
    }
    let Some(place) = empty_rollback(doc) else {
        return;
    };
    let Some(change) = data_change(doc) else {
        return;
    };
    let finding = findings.at(doc, place, "the plan changes data, and its rollback says nothing");
    finding.help("write how the data comes back, or why it cannot and what is done instead");
    finding.label(doc, change, "changes data");
}

/// A section or line that is to say how to go back, where none of them says it.
fn empty_rollback(doc: &DocumentView) -> Option<Span> {
    let sections = doc.document().sections.iter();
    let rollback = sections.filter(|section| section.role.as_deref() == Some("rollback"));
    let mut empty = None;
    for section in rollback {
        if (section.line + 1..=section.end_line).any(|line| says_something(doc, line)) {
            return None;
        }
        empty = empty.or(Some(doc.line_span(section.line)));
    }
    // `**Rollback Plan:**` with nothing behind it and nothing below.
    let count = doc.parsed().source.line_count();
    for line in 1..=count {
        let span = doc.line_span(line);
        let text = doc.text(span).trim_matches(['*', '_', '-', ' ']);
        let Some((label, value)) = text.split_once(':') else {
            continue;
        };
        let label = label.trim_matches(['*', '_', ' ']).to_lowercase();
        if !matches!(label.as_str(), "rollback plan" | "rollback" | "rollback procedure") {
            continue;
        }
        let value = value.trim_matches(['*', '_', ' ']);
        let next = (line + 1..=count)
            .map(|line| doc.text(doc.line_span(line)))
            .find(|text| !text.is_empty());
        let ends = next.is_none_or(|text| {
            ["#", "**", "---"].iter().any(|mark| text.starts_with(mark))
        });
        let is_empty = if value.is_empty() { ends } else { denies(value) };
        if !is_empty {
            return None;
        }
        empty = empty.or(Some(span));
    }
    empty
}

/// True for a line with words of its own: no heading, no bare label, no `None` or `TBD`.
fn says_something(doc: &DocumentView, line: u32) -> bool {
    let text = doc.text(doc.line_span(line));
    let bare = text.trim_matches(['-', '*', '_', '.', '(', ')', '>', ' ']);
    let value = bare.split_once(":** ").map_or(bare, |(_, value)| value);
    !text.starts_with('#') && !bare.ends_with(':') && !denies(value) && !value.starts_with("<!--")
}

fn denies(text: &str) -> bool {
    let bare = text.trim_matches(['*', '_', '.', ' ']);
    is_unsaid(text) || ["none", "n/a"].iter().any(|word| bare.eq_ignore_ascii_case(word))
}

/// The first words of the plan that tell of changed data.
fn data_change(doc: &DocumentView) -> Option<Span> {
    let blocks: Vec<_> = prose::blocks(doc).collect();
    let work = blocks.iter().filter(|block| block.shape != Shape::Cell);
    for block in work {
        let words = prose::lower(block.words);
        let found = CHANGES.iter().find_map(|change| prose::find(&words, change).next());
        if let Some((start, end)) = found {
            let before = words[..start].trim_end();
            if !["no", "without", "not", "any"].iter().any(|word| before.ends_with(word)) {
                return Some(block.part(start, end));
            }
        }
    }
    let nodes = doc.parsed().tree.nodes().iter();
    let is_code = |kind| matches!(kind, planwright_syntax::Kind::Fence(_) | planwright_syntax::Kind::Code);
    let fences = nodes.filter(|node| is_code(node.kind));
    for fence in fences {
        let text = prose::lower(doc.text(fence.span));
        for words in ["alter table", "drop table", "drop column"] {
            if let Some(at) = text.find(words) {
                let start = fence.span.start as usize + at;
                return Some(Span::new(start, start + words.len()));
            }
        }
    }
    None
}
