use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision::{self, Line, modals};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW908",
    name: "subjectless-obligation",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "an obligation that names nobody obliges nobody",
    page: page!("subjectless-obligation"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// Endings of participles, and what ends so and is none.
const ENDINGS: [&str; 2] = ["ed", "en"];
/// Participles without these endings, or shorter than others.
const IRREGULAR: [&str; 22] = [
    "kept", "shown", "read", "sent", "built", "held", "run", "set", "made", "known", "found", "put", "cut", "paid",
    "told", "left", "met", "brought", "split", "drawn", "thrown", "lent",
];
const NONE: [&str; 6] = ["open", "even", "then", "when", "seven", "often"];

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    for (line, block) in precision::lines(doc) {
        if line != Line::Clause {
            continue;
        }
        for (start, end) in modals(block.words) {
            let Some(rest) = block.words[end..].strip_prefix(" be ") else {
                continue;
            };
            let len = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
            let verb = &rest[..len];
            let is_regular = len > 3 && ENDINGS.iter().any(|ending| verb.ends_with(ending)) && !NONE.contains(&verb);
            let is_participle = is_regular || IRREGULAR.contains(&verb);
            // `by the server` names who has to.
            let names_actor = rest[len..].trim_start().starts_with("by ");
            let is_word = !rest[len..].starts_with(['-', '_']);
            if is_participle && is_word && !names_actor {
                let span = block.part(start, end + 4 + len);
                findings
                    .at(doc, span, format!("`{}` does not say who has to do it", doc.text(span)))
                    .help("make the component that is obliged the subject of the sentence");
            }
        }
    }
}
