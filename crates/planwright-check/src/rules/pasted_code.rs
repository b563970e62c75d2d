use planwright_model::Level;
use planwright_syntax::Kind;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision;
use crate::rule::{Category, Check, Rule, Setting, Value, page};

pub(super) static RULE: Rule = Rule {
    code: "PW913",
    name: "pasted-code",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "a copy of the code is out of date with the next commit",
    page: page!("pasted-code"),
    settings: &[Setting {
        name: "lines",
        default: Value::Number(MOST),
        help: "how many lines of code a document that argues may hold in one piece",
    }],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

const MOST: u32 = 15;

/// Kinds that argue; a rule, a guide or a pattern needs the exact text.
const ARGUING: [&str; 8] = ["adr", "rfc", "prd", "plan", "mrd", "brd", "urd", "srs"];

/// What is drawn, or shown because its form is the point.
const DRAWN: [&str; 11] = [
    "mermaid", "text", "plantuml", "dot", "ascii", "diff", "json", "yaml", "yml", "toml", "markdown",
];

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    if !ARGUING.contains(&doc.document().kind.as_str()) || !precision::is_asked(doc) {
        return;
    }
    let most = context.number(&RULE, "lines");
    let tree = &doc.parsed().tree;
    let fences = tree.nodes().iter().filter(|node| matches!(node.kind, Kind::Fence(_)));
    for fence in fences {
        let info = tree.string_of(fence.kind).trim().to_lowercase();
        let lines = doc.text(fence.span).trim_end().lines().count().saturating_sub(2);
        if lines as u32 > most && !info.is_empty() && !DRAWN.iter().any(|drawn| info.starts_with(drawn)) {
            let span = doc.line_span(doc.line(fence.span.start));
            findings
                .at(doc, span, format!("{lines} lines of code in a document that argues"))
                .help("refer to the file (`@path/to/file`) and keep the lines that the argument needs");
        }
    }
}
