use std::collections::BTreeSet;

use planwright_model::{Level, RelationType};

use super::dependency_cycle::{cycles, path};
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW214",
    name: "supersession-cycle",
    category: Category::State,
    level: Some(Level::Error),
    reason: "each sends the reader to the other, and neither holds",
    page: page!("supersession-cycle"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let ws = project.workspace();
    let mut edges: BTreeSet<(usize, usize)> = BTreeSet::new();
    for link in ws.graph().links() {
        let is_about = matches!(link.relation.kind, RelationType::Supersedes | RelationType::SupersededBy);
        if is_about
            && link.to == Some(link.from)
            && let Some(doc) = project.document(ws.entry(link.from).path)
        {
            findings
                .at(doc, doc.line_span(link.relation.line.max(1)), "takes its own place")
                .help("name the document that it replaces, or remove the line");
        }
        if let Some(to) = link.to.filter(|to| *to != link.from) {
            match link.relation.kind {
                RelationType::Supersedes => edges.insert((link.from, to)),
                RelationType::SupersededBy => edges.insert((to, link.from)),
                _ => false,
            };
        }
    }
    for cycle in cycles(ws.len(), edges.iter().copied()) {
        let docs: Vec<_> = cycle.iter().filter_map(|at| project.document(ws.entry(*at).path)).collect();
        let Some((first, others)) = docs.split_first() else {
            continue;
        };
        let names = cycle.iter().map(|at| ws.entry(*at).reference);
        let line = |index: usize| {
            let is_of_it = |link: &&planwright_workspace::Link| {
                matches!(link.relation.kind, RelationType::Supersedes | RelationType::SupersededBy)
                    && link.relation.line > 0
                    && link.to.is_some_and(|to| cycle.contains(&to))
            };
            ws.graph().outgoing(index).find(is_of_it).map_or(1, |link| link.relation.line)
        };
        let finding = findings.at(first, first.line_span(line(cycle[0])), format!("takes its own place: {}", path(names)));
        finding.help("keep the relation of the later document alone");
        for (doc, at) in others.iter().zip(&cycle[1..]) {
            finding.label(doc, doc.line_span(line(*at)), "and back");
        }
    }
}
