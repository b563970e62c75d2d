use planwright_model::{DocumentState, StateClaim, StateSource};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW201",
    name: "state-disagrees",
    category: Category::State,
    reason: "whoever reads the other line believes the opposite",
    page: page!("state-disagrees"),
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let document = doc.document();
    // The reader decides whether claims disagree; here is shown where.
    if doc.diagnostics(RULE.name).next().is_none() {
        return;
    }
    let Some((first, others)) = document.state_claims.split_first() else {
        return;
    };
    let known = |claim: &&StateClaim| claim.value != DocumentState::Unknown;
    let differing = others.iter().filter(known);
    for other in differing.filter(|other| other.value != first.value) {
        let message = format!(
            "{} says `{}`, {} says `{}`",
            place(other.source),
            native(other),
            place(first.source),
            native(first),
        );
        findings
            .at(doc, doc.claim_span(other), message)
            .help("let both say what holds, or keep one of them")
            .label(doc, doc.claim_span(first), "this one counts");
    }
}

fn native(claim: &StateClaim) -> &str {
    claim.native.as_deref().unwrap_or_default()
}

fn place(source: Option<StateSource>) -> &'static str {
    match source {
        Some(StateSource::FrontMatter) => "the front matter",
        Some(StateSource::Footer) => "the footer",
        Some(StateSource::Heading) => "the heading",
        Some(StateSource::Board) => "the board",
        Some(StateSource::Header) | None => "the header",
    }
}
