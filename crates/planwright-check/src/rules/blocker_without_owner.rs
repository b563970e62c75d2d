use planwright_model::Blocker;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::prose;
use crate::rule::{Category, Check, Rule, page};
use crate::tables::is_unsaid;
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW605",
    name: "blocker-without-owner",
    category: Category::Governance,
    reason: "what nobody resolves by a day keeps blocking",
    page: page!("blocker-without-owner"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    if !document.holds_work() || document.state.value.is_closed() {
        return;
    }
    let open = || document.blockers.iter().filter(|blocker| !is_over(doc, blocker));
    // The form of AI-docs asks for both; elsewhere what one blocker says the others owe.
    let asks = document.dialect == "ai-docs" && open().all(|blocker| !is_ordered(doc, blocker));
    let asks_owner = asks || open().any(|blocker| blocker.owner.is_some());
    let asks_eta = asks || open().any(|blocker| blocker.eta.is_some());
    // What several blockers say the others owe.
    let is_kept = open().filter(|blocker| blocker.owner.is_some() && blocker.eta.is_some()).count() > 1
        || asks && document.state.line.is_some() && doc.parsed().front_matter.is_some();
    for blocker in open() {
        let text = prose::item_text(doc, blocker.line).to_lowercase();
        // `Owner: TBD` says nothing.
        let is_said = |line: &&str| !line.split_once(':').is_some_and(|(_, value)| is_unsaid(value));
        let text: String = text.lines().filter(is_said).collect();
        let lacks = |value: &Option<String>| value.as_deref().is_none_or(is_unsaid);
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let mut missing = Vec::new();
        if asks_owner && lacks(&blocker.owner) && !says(&["owner", "assigned to", "responsible"]) {
            missing.push("owner");
        }
        if asks_eta && lacks(&blocker.eta) && !says(&["eta", "expected", "due ", "until ", " by 20"]) {
            missing.push("ETA");
        }
        if !missing.is_empty() {
            let what = short(blocker.text.trim_matches(['*', ' ']));
            findings
                .at(
                    doc,
                    doc.line_span(blocker.line),
                    format!("the blocker `{what}` has no {}", missing.join(" and no ")),
                )
                .help("say who resolves it and by when, or remove it when it is over")
                .sure_if(is_kept);
        }
    }
}

/// True below a heading that says more than that there are blockers: `4.2 Blockers (in the order of work)`
/// heads findings.
fn is_ordered(doc: &DocumentView, blocker: &Blocker) -> bool {
    let mut sections = doc.document().sections.iter().rev();
    let home = sections.find(|section| section.line < blocker.line);
    home.is_some_and(|section| section.title.contains('('))
}

fn is_over(doc: &DocumentView, blocker: &Blocker) -> bool {
    let text = prose::item_text(doc, blocker.line).to_lowercase();
    let text = text.trim_start_matches(['-', '*', '+', ' ', '_', '(']);
    blocker.resolved
        || text.contains("unblocked")
        || ["no ", "none", "nothing", "n/a", "not blocked", "nil", "~~", "✅"]
            .iter()
            .any(|word| text.starts_with(word))
}
