use std::borrow::Cow;

use planwright_model::{DocumentState, StateClaim, StateSource};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::{is_plain_state, is_sentence, short};

pub(super) static RULE: Rule = Rule {
    code: "PW201",
    name: "state-disagrees",
    category: Category::State,
    reason: "whoever reads the other line believes the opposite",
    page: page!("state-disagrees"),
    archived: true,
    folds: true,
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
    let differing = differing.filter(|other| other.value != first.value);
    // Beside no work, what is agreed and what is in force are one.
    let in_force = |claim: &StateClaim| matches!(claim.value, DocumentState::Approved | DocumentState::Active);
    let differing = differing.filter(|other| document.holds_work() || !in_force(first) || !in_force(other));
    // What is put away was done, or was not.
    let is_put_away = |claim: &StateClaim| native(claim).to_lowercase().starts_with("archiv");
    let differing = differing.filter(|other| !(is_put_away(first) && other.value.is_closed()));
    let differing = differing.filter(|other| !is_of_the_work(&document.dialect, other) && !looks_ahead(other));
    for other in differing.filter(|other| !are_shades(first, other)) {
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
            // What stands at the foot may be said of the writing.
            .sure_if(other.source != Some(StateSource::Footer) && is_plain(first) && is_plain(other) && !is_review(first, other) && (are_of_the_head(first, other) || first.value.is_closed() != other.value.is_closed()))
            .label(doc, doc.claim_span(first), "this one counts");
    }
}

/// True for a heading that tells how far the work is where the document's state cannot: Archcore's
/// `accepted` is the last that a document gets, whether it has been carried out or not.
fn is_of_the_work(dialect: &str, claim: &StateClaim) -> bool {
    dialect == "archcore" && claim.source == Some(StateSource::Heading)
}

/// True for a foot that says what comes next: `Ready for the migration`, below a document that is done.
fn looks_ahead(claim: &StateClaim) -> bool {
    let native = claim.native.as_deref().unwrap_or_default().to_lowercase();
    let words = native.trim_start_matches(|c: char| !c.is_alphanumeric());
    claim.source == Some(StateSource::Footer) && words.starts_with("ready ")
}

/// True for an open state beside a remark in other words about one that is open too: `active`, and
/// `Proposal. Ann reviews it, then it becomes the spec.`
fn are_shades(one: &StateClaim, other: &StateClaim) -> bool {
    let is_remark = |claim: &StateClaim| is_sentence(claim.native.as_deref().unwrap_or_default());
    let is_open = |claim: &StateClaim| !claim.value.is_closed();
    (is_remark(one) || is_remark(other)) && is_open(one) && is_open(other)
}

/// True for a state in a word or two, with or without a remark behind it.
fn is_plain(claim: &StateClaim) -> bool {
    let native = claim.native.as_deref().unwrap_or_default();
    is_plain_state(native) && !is_sentence(native)
}

/// True for what was agreed on beside how far it got since: `approved` stays true of what is done.
fn is_review(one: &StateClaim, other: &StateClaim) -> bool {
    let is_agreed = |claim: &StateClaim| claim.value == DocumentState::Approved;
    let is_carried_out = |claim: &StateClaim| matches!(claim.value, DocumentState::Active | DocumentState::Done);
    is_agreed(one) && is_carried_out(other) || is_agreed(other) && is_carried_out(one)
}

/// True where both stand at the top of the document, or in its front matter.
fn are_of_the_head(one: &StateClaim, other: &StateClaim) -> bool {
    let is_of_it = |claim: &StateClaim| matches!(claim.source, Some(StateSource::FrontMatter | StateSource::Header | StateSource::Board));
    is_of_it(one) && is_of_it(other)
}

fn native(claim: &StateClaim) -> Cow<'_, str> {
    short(claim.native.as_deref().unwrap_or_default())
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
