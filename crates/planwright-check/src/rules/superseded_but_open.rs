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
/// behind the label is more than names.
fn speaks_of_a_part(doc: Option<&DocumentView>, link: &Link) -> bool {
    let relation = &link.relation;
    let Some(doc) = doc.filter(|_| relation.source != "front matter" && relation.line > 0) else {
        return false;
    };
    let line = doc.text(doc.line_span(relation.line)).to_lowercase();
    let label = line.rfind("supersed").map_or(line.as_str(), |at| &line[at..]);
    let Some((_, value)) = label.split_once([':', '|']) else {
        // `Superseded by [x](x.md)` in a state of its own.
        return label.split(&relation.target.to_lowercase()).next().is_some_and(|before| before.split_whitespace().count() > WORDS);
    };
    names_more(value)
}

/// True for words that are no link, code, path or id, and join none.
fn names_more(value: &str) -> bool {
    const JOINING: [&str; 12] = ["adr", "rfc", "plan", "spec", "prd", "and", "the", "by", "document", "docs", "see", "und"];
    let mut rest = value;
    let mut said = String::new();
    // What stands in brackets and behind them is a link, what stands in ticks a path.
    while let Some(at) = rest.find(['[', '`']) {
        said.push_str(&rest[..at]);
        let close = if rest[at..].starts_with('`') { rest[at + 1..].find('`').map(|end| at + end + 2) } else { rest[at..].find(']').map(|end| at + end + 1) };
        let Some(close) = close else { break };
        rest = &rest[close..];
        if let Some(end) = rest.strip_prefix('(').and_then(|inner| inner.find(')')) {
            rest = &rest[end + 2..];
        }
        said.push(' ');
    }
    said.push_str(rest);
    let is_name = |word: &str| word.contains(|c: char| c.is_ascii_digit()) || word.contains(".md") || word.contains('/');
    let words = said.split([' ', ',', ';', '(', ')', '*', '|']).filter(|word| word.chars().any(char::is_alphabetic));
    let mut words = words.filter(|word| !is_name(word));
    words.any(|word| !JOINING.contains(&word.trim_matches(|c: char| !c.is_alphanumeric())))
}

#[cfg(test)]
mod tests {
    use super::names_more;

    #[test]
    fn names_are_told_from_words() {
        for (value, expected) in [
            (" [adr 2: two shelves](0002-two.md)", false),
            (" adr-0002, adr-0003 and `docs/adr/0004.md`", false),
            ("** adr-0002", false),
            (" none (extends adr-0002)", true),
            (" part of [adr 2](0002.md)", true),
            (" amends adr-0002 (does not supersede it)", true),
        ] {
            assert_eq!(names_more(value), expected, "{value}");
        }
    }
}
