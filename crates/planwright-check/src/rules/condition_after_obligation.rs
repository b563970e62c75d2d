use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision::{self, Line, modals};
use crate::prose;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW906",
    name: "condition-after-obligation",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "the trigger is read too late when it stands behind the response",
    page: page!("condition-after-obligation"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    for (line, block) in precision::lines(doc) {
        let opening = block.words.trim_start_matches(['*', '_', ' ']);
        let is_ordered = ["WHEN", "WHILE", "IF", "WHERE", "When ", "While ", "If ", "Если", "Когда"]
            .iter()
            .any(|word| opening.starts_with(word));
        if line != Line::Clause || is_ordered {
            continue;
        }
        let Some((start, end)) = modals(block.words).first().copied() else {
            continue;
        };
        // A sentence of its own is no condition of this obligation.
        let rest = prose::lower(&block.words[end..]);
        let sentence = rest.find(". ").map_or(rest.as_str(), |stop| &rest[..stop]);
        let found = ["when", "if", "while", "unless", "whenever", "если", "когда"]
            .iter()
            .flat_map(|word| prose::find(sentence, word))
            .min();
        let Some((from, to)) = found else {
            continue;
        };
        // `decide if`, `check whether and when` ask; they set no condition.
        let before = sentence[..from].trim_end();
        let asks = ["as", "only", "even", "and", "or", "of", "say", "state", "states", "decide", "check", "record"]
            .iter()
            .any(|word| before.ends_with(&format!(" {word}")) || before == *word);
        let after = sentence[to..].trim_start();
        let is_aside = ["available", "possible", "needed", "present", "necessary", "applicable", "any"]
            .iter()
            .any(|word| after.starts_with(word));
        if !asks && !is_aside {
            let span = block.part(end + from, end + to);
            findings
                .at(doc, span, format!("the condition `{} ...` stands behind its obligation", doc.text(span)))
                .help("open the line with WHEN, WHILE or IF and the condition")
                .label(doc, block.part(start, end), "the obligation");
        }
    }
}
