use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision::Line;
use crate::rule::{Category, Check, Rule, page};
use crate::{precision, prose};

pub(super) static RULE: Rule = Rule {
    code: "PW903",
    name: "ambiguous-alternative",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "whoever follows it has to guess which branch binds",
    page: page!("ambiguous-alternative"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    for (line, block) in precision::lines(doc) {
        if !matches!(line, Line::Clause | Line::Step) {
            continue;
        }
        let words = prose::lower(block.words);
        let found = ["and/or", "and / or", "и/или"].into_iter().flat_map(|mark| prose::find(&words, mark));
        for (start, end) in found {
            let span = block.part(start, end);
            findings
                .at(doc, span, format!("`{}` leaves open which of the two binds", doc.text(span)))
                .help("write `and`, write `or`, or make two lines of it");
        }
    }
}
