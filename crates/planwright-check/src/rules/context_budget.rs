use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::tokens;

pub(super) static RULE: Rule = Rule {
    code: "PW801",
    name: "context-budget",
    category: Category::Context,
    level: Some(Level::Warning),
    reason: "whoever packs context by the declared size overruns the budget",
    page: page!("context-budget"),
    settings: &[Setting {
        name: "tolerance",
        default: Value::Number(10),
        help: "per cent by which a document may exceed its budget",
    }],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let budget = doc.document().field("token_budget").next();
    let Some(budget) = budget.and_then(read) else {
        return;
    };
    let tolerance = u64::from(context.number(&RULE, "tolerance"));
    let most = u64::from(budget) * (100 + tolerance) / 100;
    let most = u32::try_from(most).unwrap_or(u32::MAX);
    let Some(tokens) = tokens::count_near(doc, most).filter(|tokens| *tokens > most) else {
        return;
    };
    let span = ["token_budget", "ai.token_budget"]
        .iter()
        .find_map(|key| doc.front_matter(key))
        .unwrap_or_else(|| doc.title_span());
    findings
        .at(doc, span, format!("declares {budget} tokens and measures {tokens} (o200k)"))
        .help("shorten the document, or declare what it costs");
}

/// `4000`, `4_000`, `4,000`, `~4k`.
fn read(text: &str) -> Option<u32> {
    let text = text.trim().trim_start_matches(['~', '<', '=', '≤']).trim();
    let number: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '_' | ','))
        .filter(char::is_ascii_digit)
        .collect();
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | ','));
    let number: u32 = number.parse().ok()?;
    let number = if rest.starts_with(['k', 'K']) {
        number.checked_mul(1000)?
    } else {
        number
    };
    (number > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_written_in_many_ways() {
        for (text, expected) in [
            ("4000", Some(4000)),
            ("4_000", Some(4000)),
            ("4,000 tokens", Some(4000)),
            ("~4k", Some(4000)),
            ("0", None),
            ("small", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
