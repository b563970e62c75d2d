use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::form::is_put_away;
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::tokens;

pub(super) static RULE: Rule = Rule {
    code: "PW804",
    name: "document-too-large",
    category: Category::Context,
    level: Some(Level::Info),
    reason: "what no host takes in one piece is read in part, and nobody knows which",
    page: page!("document-too-large"),
    settings: &[Setting {
        name: "tokens",
        default: Value::Number(25_000),
        help: "how many tokens (o200k) the host with the widest channel reads in one piece",
    }],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let most = context.number(&RULE, "tokens");
    // Nobody reads a list of changes in one piece.
    let is_log = matches!(doc.stem().to_lowercase().as_str(), "changelog" | "changes" | "history" | "news" | "releases");
    // What a program wrote from the code grows with it.
    let head = doc.parsed().source.text().lines().take(12).collect::<String>().to_lowercase();
    let is_generated = head.contains("generated") && ["do not edit", "don't edit", "not edit by hand"].iter().any(|words| head.contains(words));
    let is_over = ["completed", "complete", "done", "implemented"].iter().any(|word| doc.stem().to_lowercase().ends_with(word));
    if doc.document().state.value.is_closed() || is_over || is_put_away(doc.folder()) || is_log || is_generated {
        return;
    }
    let document = doc.document();
    let Some(tokens) = tokens::count_near(doc, most).filter(|tokens| *tokens > most) else {
        return;
    };
    // Where everything is ticked, nobody works from it any more.
    let said = document.stated_progress();
    let is_finished = said.total > 0 && said.done == said.total;
    findings
        .at(
            doc,
            doc.title_span(),
            format!("measures {tokens} tokens, more than the {most} that a host reads in one piece"),
        )
        .sure_if(document.holds_work() && !is_finished || matches!(document.kind.as_str(), "spec" | "prd" | "adr" | "rfc" | "constitution"))
        .help("move finished phases, logs or evidence into documents of their own and link them");
}
