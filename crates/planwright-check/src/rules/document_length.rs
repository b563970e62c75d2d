use planwright_model::Level;
use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision;
use crate::rule::{Category, Check, Rule, Setting, Value, page};

pub(super) static RULE: Rule = Rule {
    code: "PW912",
    name: "document-length",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "a document of a line says too little to be of use, and a spec of many pages describes instead of specifying",
    page: page!("document-length"),
    settings: &[
        Setting {
            name: "characters",
            default: Value::Number(200),
            help: "how many characters a document has at least below its front matter",
        },
        Setting {
            name: "spec-lines",
            default: Value::Number(120),
            help: "how many lines a spec has at most below its front matter",
        },
    ],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    if !precision::is_asked(doc) {
        return;
    }
    let source = &doc.parsed().source;
    let start = doc.parsed().front_matter.as_ref().map_or(0, |matter| matter.outer.end);
    let body = source.slice(Span {
        start,
        end: source.text().len() as u32,
    });
    let body = body.trim();
    let characters = body.chars().count();
    let least = context.number(&RULE, "characters") as usize;
    if characters < least {
        findings
            .at(doc, doc.title_span(), format!("has {characters} characters, fewer than {least}"))
            .help("write what the document is for, or remove it until there is something to write");
        return;
    }
    let lines = body.lines().count();
    let most = context.number(&RULE, "spec-lines") as usize;
    if doc.document().kind == "spec" && lines > most {
        findings
            .at(doc, doc.title_span(), format!("this spec has {lines} lines, more than {most}"))
            .help("split it by capability, and move what only explains into a doc or guide");
    }
}
