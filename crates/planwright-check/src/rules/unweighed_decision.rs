use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::prose::{self, Block, Shape};
use crate::rule::{Category, Check, Rule, page};
use crate::{precision, text::short};

pub(super) static RULE: Rule = Rule {
    code: "PW911",
    name: "unweighed-decision",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "why an alternative lost is what nobody can find out later",
    page: page!("unweighed-decision"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// So many words behind the name of an alternative are more than another name.
const ENOUGH: usize = 6;

/// Beginnings of words that tell why an alternative lost.
const REASONS: [&str; 30] = [
    "revert*", "removed", "abandoned",
    "reject*", "ruled out", "defer*", "discard*", "dropped", "declin*", "supersed*", "not chosen", "because", "but",
    "however", "too", "would", "does not", "cannot", "fails", "lacks", "con", "cons", "drawback*", "no", "not",
    "without", "instead", "отклон*", "отверг*", "исключ*",
];

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    if doc.document().kind != "adr" || !precision::is_asked(doc) {
        return;
    }
    let blocks: Vec<_> = prose::blocks(doc).collect();
    let is_top = |block: &&Block<'_>| {
        block.section.starts_with("Alternatives")
            && matches!(block.shape, Shape::Item { numbered: true, nested: false })
    };
    let alternatives: Vec<&Block<'_>> = blocks.iter().filter(is_top).collect();
    if let [only] = alternatives[..] {
        findings
            .at(
                doc,
                doc.line_span(doc.line(only.span.start)),
                "the only alternative: the decision was compared with one thing",
            )
            .help("add what else was possible, at least to leave things as they were");
    }
    for block in alternatives {
        let line = doc.line(block.span.start);
        let text = prose::lower(prose::item_text(doc, line));
        // Words behind the name weigh it, whichever they are.
        let behind = [" — ", " – ", " - ", ": ", ". "].iter().filter_map(|mark| text.split_once(mark));
        let is_weighed = behind.map(|(_, behind)| behind.split_whitespace().count()).max() >= Some(ENOUGH);
        if !is_weighed && !REASONS.iter().any(|reason| prose::find(&text, reason).next().is_some()) {
            let name = doc.text(block.span).replace("**", "");
            let name = short(name.trim());
            findings
                .at(doc, doc.line_span(line), format!("does not say why it lost: `{name}`"))
                .help("write what ruled it out");
        }
    }
}
