use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::form::{is_put_away, is_surely_work};
use crate::project::Project;
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
    check: Check::Suspect(is_suspect, check),
    ..Rule::DEFAULT
};

fn is_suspect(doc: &DocumentView, context: &Context) -> bool {
    // Nobody reads a list of changes in one piece.
    let is_log = matches!(doc.stem().to_lowercase().as_str(), "changelog" | "changes" | "history" | "news" | "releases");
    // Nor what was said, word for word.
    let title = doc.document().title.text.to_lowercase();
    let is_log = is_log || ["conversation", "transcript", "chat history"].iter().any(|word| title.contains(word));
    // What a program wrote from the code grows with it.
    let head = doc.parsed().source.text().lines().take(12).collect::<String>().to_lowercase();
    let is_generated = head.contains("generated") && ["do not edit", "don't edit", "not edit by hand"].iter().any(|words| head.contains(words));
    let is_over = ["completed", "complete", "done", "implemented"].iter().any(|word| doc.stem().to_lowercase().ends_with(word));
    let is_left = !doc.document().state.value.is_closed() && !is_over && !is_put_away(doc.folder()) && !is_log && !is_generated;
    is_left && tokens(doc, context).is_some()
}

fn tokens(doc: &DocumentView, context: &Context) -> Option<(u32, u32)> {
    let most = context.number(&RULE, "tokens");
    let tokens = tokens::count_near(doc, most).filter(|tokens| *tokens > most)?;
    Some((tokens, most))
}

fn check(project: &Project<'_>, doc: &DocumentView, findings: &mut Findings) {
    let Some((tokens, most)) = tokens(doc, project.context()).filter(|_| !is_summed_up(project, doc)) else {
        return;
    };
    let document = doc.document();
    // Where everything is ticked, nobody works from it any more.
    let said = document.stated_progress();
    let is_finished = said.total > 0 && said.done == said.total;
    findings
        .at(
            doc,
            doc.title_span(),
            format!("measures {tokens} tokens, more than the {most} that a host reads in one piece"),
        )
        .sure_if(document.holds_work() && !is_finished && is_surely_work(doc) || matches!(document.kind.as_str(), "spec" | "prd" | "adr" | "rfc" | "constitution"))
        .help("move finished phases, logs or evidence into documents of their own and link them");
}

/// True for `04-02-PLAN.md` beside `04-02-SUMMARY.md`, which is written when the plan was carried out,
/// and for what was written before it: `04-RESEARCH.md`.
fn is_summed_up(project: &Project<'_>, doc: &DocumentView) -> bool {
    let before = ["-RESEARCH.md", "-CONTEXT.md", "-PATTERNS.md"];
    let phase = before.iter().find_map(|end| doc.path().strip_suffix(end));
    let summary = doc.path().strip_suffix("-PLAN.md").map(|stem| format!("{stem}-SUMMARY.md"));
    let summary = summary.or_else(|| phase.map(|phase| format!("{phase}-01-SUMMARY.md")));
    summary.is_some_and(|path| project.exists(&path))
}
