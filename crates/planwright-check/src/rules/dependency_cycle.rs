use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use planwright_model::{Level, RelationType};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW303",
    name: "dependency-cycle",
    category: Category::References,
    level: Some(Level::Error),
    reason: "what waits for itself can never begin",
    page: page!("dependency-cycle"),
    check: Check::All(&[Check::Document(between_items), Check::Project(between_documents)]),
    ..Rule::DEFAULT
};

fn between_documents(project: &Project<'_>, findings: &mut Findings) {
    let ws = project.workspace();
    let needs = |from: usize| {
        let links = ws.graph().outgoing(from);
        // What is over waits for nothing, and a name that leads back to its own document was read
        // wrongly.
        links
            .filter(move |link| link.relation.kind == RelationType::DependsOn && link.to != Some(from))
            .filter(move |link| !ws.entry(link.from).state.is_closed())
    };
    let edges = (0..ws.len()).flat_map(|from| needs(from).filter_map(move |link| Some((from, link.to?))));
    for cycle in cycles(ws.len(), edges) {
        let names = cycle.iter().map(|at| ws.entry(*at).reference);
        let message = format!("waits for itself: {}", path(names));
        let Some(doc) = project.document(ws.entry(cycle[0]).path) else {
            continue;
        };
        let span_of = |doc: &DocumentView, from: usize, to: usize| {
            let line = needs(from)
                .find(|link| link.to == Some(to))
                .map_or(0, |link| link.relation.line);
            if line == 0 { doc.title_span() } else { doc.line_span(line) }
        };
        let next = |at: usize| cycle[(at + 1) % cycle.len()];
        let is_stated = (0..cycle.len()).all(|at| {
            let mut links = needs(cycle[at]).filter(|link| link.to == Some(next(at)));
            links.any(|link| matches!(link.relation.source.as_str(), "front matter" | "header"))
        });
        let finding = findings.at(doc, span_of(doc, cycle[0], next(0)), message);
        finding.sure_if(is_stated);
        finding.help("remove the dependency that does not hold");
        for (at, entry) in cycle.iter().enumerate().skip(1) {
            let Some(other) = project.document(ws.entry(*entry).path) else {
                continue;
            };
            let text = format!("needs `{}`", ws.entry(next(at)).reference);
            finding.label(other, span_of(other, *entry, next(at)), text);
        }
    }
}

fn between_items(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    if doc.document().state.value.is_closed() {
        return;
    }
    let items = &doc.document().items;
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    let mut twice: Vec<&str> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(id) = item.id.as_deref()
            && by_id.insert(id, at).is_some()
        {
            twice.push(id);
        }
    }
    // Which of two is meant nobody can tell.
    for id in twice {
        by_id.remove(id);
    }
    let waiting = items.iter().enumerate().filter(|(_, item)| !item.state.is_closed());
    let edges = waiting.flat_map(|(from, item)| {
        let ids = item.depends_on.iter();
        ids.filter_map(|id| by_id.get(id.as_str()))
            .map(move |to| (from, *to))
            .collect::<Vec<_>>()
    });
    let edges: Vec<(usize, usize)> = edges.collect();
    if edges.is_empty() {
        return;
    }
    for cycle in cycles(items.len(), edges.into_iter()) {
        let names = cycle
            .iter()
            .map(|at| items[*at].id.as_deref().unwrap_or_default());
        let message = format!("waits for itself: {}", path(names));
        let id = |at: usize| items[at].id.as_deref().unwrap_or_default();
        let is_said = (0..cycle.len()).all(|at| says(doc, &items[cycle[at]], id(cycle[(at + 1) % cycle.len()])));
        let finding = findings.at(doc, doc.item_span(&items[cycle[0]]), message);
        finding.sure_if(is_said);
        finding.help("remove the dependency that does not hold");
        for (at, item) in cycle.iter().enumerate().skip(1) {
            let next = &items[cycle[(at + 1) % cycle.len()]];
            let text = format!("needs {}", next.id.as_deref().unwrap_or_default());
            finding.label(doc, doc.item_span(&items[*item]), text);
        }
    }
}

/// True where an item says itself that it needs another one: behind a word of dependence, or in its
/// row of a table.
fn says(doc: &DocumentView, item: &planwright_model::Item, id: &str) -> bool {
    const NEEDS: [&str; 7] = ["depend", "require", "needs", "after", "blocked by", "waits", "prerequisite"];
    let (wanted, mut lines) = (id.to_lowercase(), item.line..=item.end_line);
    lines.any(|line| {
        let text = doc.text(doc.line_span(line)).to_lowercase();
        let said = NEEDS.iter().filter_map(|word| text.find(word)).min();
        let from = said.or_else(|| text.starts_with('|').then_some(0));
        from.is_some_and(|from| text[from..].contains(&wanted))
    })
}

/// One shortest cycle through the first node of each knot, each node waiting for the next.
pub(super) fn cycles(count: usize, edges: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut graph: DiGraph<(), ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = (0..count).map(|_| graph.add_node(())).collect();
    for (from, to) in edges {
        graph.update_edge(nodes[from], nodes[to], ());
    }
    let mut found: Vec<Vec<usize>> = Vec::new();
    for knot in tarjan_scc(&graph) {
        let first = knot.iter().copied().min().unwrap_or_default();
        if knot.len() > 1 || graph.contains_edge(first, first) {
            found.push(shortest(&graph, first));
        }
    }
    found.sort();
    found
}

/// The shortest way from a node back to itself, which there must be.
fn shortest(graph: &DiGraph<(), ()>, start: NodeIndex) -> Vec<usize> {
    let mut came: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    'search: while let Some(at) = queue.pop_front() {
        let mut next: Vec<NodeIndex> = graph.neighbors(at).collect();
        next.sort();
        for to in next {
            if to == start {
                came.insert(start, at);
                break 'search;
            }
            if let std::collections::btree_map::Entry::Vacant(entry) = came.entry(to) {
                entry.insert(at);
                queue.push_back(to);
            }
        }
    }
    let mut cycle = Vec::new();
    let mut at = start;
    while let Some(before) = came.get(&at) {
        cycle.push(before.index());
        at = *before;
        if at == start {
            break;
        }
    }
    cycle.reverse();
    cycle
}

/// `a -> b -> a`
pub(super) fn path<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let first = names.first().copied().unwrap_or_default();
    format!("{} -> {first}", names.join(" -> "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_begins_at_its_first_node_and_is_as_short_as_can_be() {
        let edges = [(1, 2), (2, 3), (3, 1), (2, 1), (0, 1), (4, 4)];
        assert_eq!(cycles(5, edges.into_iter()), [vec![1, 2], vec![4]]);
        assert_eq!(cycles(3, [(0, 1), (1, 2)].into_iter()), Vec::<Vec<usize>>::new());
    }
}
