use planwright_model::DocumentState;
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;

use crate::document::DocumentView;
use crate::finding::{Findings, Fix};
use crate::project::Project;
use crate::registry::{self, Listed};
use crate::rule::{Category, Check, Rule, page};
use crate::text::{is_plain_state, short};

pub(super) static RULE: Rule = Rule {
    code: "PW215",
    name: "index-disagrees",
    category: Category::State,
    reason: "the list that people open first shows the plan where it is not",
    page: page!("index-disagrees"),
    fixable: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let docs = registry::lists(project);
    findings.in_each(&docs, |doc, findings| in_list(project, doc, findings));
}

fn in_list(project: &Project<'_>, index: &DocumentView, findings: &mut Findings) {
    let listed = registry::listed(project, index);
    for entry in &listed {
        let state = entry.doc.facts().state;
        let (is_open, is_closed) = (!state.is_closed() && state != DocumentState::Unknown, state.is_closed());
        let is_wrong = match entry.claim {
            Some(DocumentState::Active) => is_closed,
            Some(DocumentState::Done) => is_open,
            _ => false,
        };
        // Where its folder says the same as the list, the plan's own word is the odd one, and
        // `folder-disagrees` says so.
        let folder = entry.doc.folder().rsplit('/').next().unwrap_or_default();
        let is_filed = is_open && matches!(folder, "completed" | "complete" | "done" | "implemented" | "closed" | "archive");
        if !is_wrong || is_filed {
            continue;
        }
        let native = short(entry.doc.facts().native());
        let message = format!("listed under `{}`, and `{}` says `{native}`", short(entry.heading), entry.doc.path());
        let finding = findings.at(index, entry.span, message);
        // Where nothing else that is listed there agrees, the heading means something else.
        let beside = listed.iter().filter(|other| other.heading_line == entry.heading_line && other.line != entry.line);
        let (agree, others) = beside.fold((0, 0), |(agree, others), other| {
            let state = other.doc.facts().state;
            let is_it = state != DocumentState::Unknown && state.is_closed() == is_open;
            (agree + u32::from(is_it), others + 1)
        });
        finding.sure_if(is_plain_state(entry.doc.facts().native()) && agree * 2 >= others);
        finding.help("list it where its state belongs, or correct the state");
        finding.label_spot(entry.doc.path(), entry.doc.facts().stated, "its state");
        if let Some(fix) = moved(index, entry, &listed, is_closed) {
            finding.fix(fix);
        }
    }
}

/// Moves a line to the end of the one list where it belongs.
fn moved(index: &DocumentView, entry: &Listed<'_>, listed: &[Listed<'_>], is_closed: bool) -> Option<Fix> {
    let wanted = if is_closed { DocumentState::Done } else { DocumentState::Active };
    let others: Vec<&Listed<'_>> = listed.iter().filter(|other| other.claim == Some(wanted)).collect();
    let last = others.last()?;
    let one_list = others.iter().all(|other| other.heading_line == last.heading_line);
    let (from, to) = (line(index, entry.line)?, line(index, last.line)?);
    // Both are lines of the same shape, and no further lines hang under them.
    let marker = |span: Span| index.text(span).get(..2).map(str::to_owned);
    let is_list = |span: Span| marker(span).is_some_and(|marker| matches!(marker.as_str(), "- " | "* " | "+ "));
    let is_single = |number: u32| {
        let next = index.text(index.parsed().source.line_span(number + 1));
        next.trim().is_empty() || !next.starts_with([' ', '\t'])
    };
    let fits = one_list && is_list(from) && marker(from) == marker(to) && is_single(entry.line) && is_single(last.line);
    if !fits {
        return None;
    }
    let words = index.text(from).to_owned();
    let edits = vec![Edit::replace(from, ""), Edit::insert(to.end, words)];
    Some(Fix::new(index.path(), format!("move the line to `{}`", last.heading), edits))
}

/// A line with its end. `None` where it has none.
fn line(index: &DocumentView, number: u32) -> Option<Span> {
    let source = &index.parsed().source;
    let span = source.line_span(number);
    let next = source.line_span(number + 1);
    (number < source.line_count() && next.start > span.start)
        .then(|| Span::new(span.start as usize, next.start as usize))
}
