use planwright_model::{DocumentState, RelationType};
use planwright_workspace::Link;

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW213",
    name: "superseded-but-open",
    category: Category::State,
    reason: "two documents that exclude each other both say that they hold",
    page: page!("superseded-but-open"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// `**Superseded by**: [ADR 002`
const WORDS: usize = 5;

fn check(project: &Project<'_>, findings: &mut Findings) {
    let ws = project.workspace();
    for link in ws.graph().links() {
        let Some(to) = link.to.filter(|to| *to != link.from) else {
            continue;
        };
        let (new, old) = match link.relation.kind {
            RelationType::Supersedes => (link.from, to),
            RelationType::SupersededBy => (to, link.from),
            _ => continue,
        };
        let (Some(new), Some(old)) = (project.find(ws.entry(new).path), project.find(ws.entry(old).path)) else {
            continue;
        };
        let (holds, state) = (new.facts().state, old.facts().state);
        // What is still a proposal replaces nothing yet.
        let is_in_force = matches!(holds, DocumentState::Approved | DocumentState::Active | DocumentState::Done);
        if !is_in_force || state.is_closed() || state == DocumentState::Unknown || old.facts().template {
            continue;
        }
        let stated = stated_in(project, link);
        if speaks_of_a_part(stated, link) {
            continue;
        }
        let native = short(old.facts().native());
        let message = format!("says `{native}`, and `{}` takes its place", new.path());
        let finding = findings.at_spot(old.path(), old.facts().stated, message);
        finding.help("set it to superseded, or remove the relation where only a part is replaced");
        if let Some(stated) = stated.filter(|_| link.relation.line > 0) {
            finding.label(stated, stated.line_span(link.relation.line), "stated here");
        }
    }
}

fn stated_in<'a>(project: &'a Project<'_>, link: &Link) -> Option<&'a DocumentView> {
    project.document(project.workspace().entry(link.from).path)
}

/// True for `Supersedes: the wiring half of [x](x.md)` and for `none (extends [x](x.md))`: what stands
/// between the label and what is named is more than another name.
fn speaks_of_a_part(doc: Option<&DocumentView>, link: &Link) -> bool {
    let relation = &link.relation;
    let Some(doc) = doc.filter(|_| relation.source != "front matter" && relation.line > 0) else {
        return false;
    };
    let line = doc.text(doc.line_span(relation.line)).to_lowercase();
    let target = relation.target.to_lowercase();
    let Some((before, after)) = line.split_once(&target) else {
        return false;
    };
    let label = before.rfind("supersed").map_or(before, |at| &before[at..]);
    if label.split_whitespace().count() > WORDS || after.contains("part of") || after.contains("partial") {
        return true;
    }
    let Some((_, between)) = label.split_once(':') else {
        return false;
    };
    // Words of the link itself, of its path and of names before it say nothing.
    let own = between.rsplit(['[', ',', ';', '`', '(']).next().unwrap_or_default();
    let said = if between.contains(['[', '`']) { between.split(['[', '`']).next().unwrap_or_default() } else { own };
    let is_name = |word: &str| matches!(word, "adr" | "rfc" | "plan" | "spec" | "and" | "the" | "by" | "document");
    let mut words = said.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().any(char::is_alphabetic));
    !said.contains('/') && words.any(|word| !is_name(word))
}
