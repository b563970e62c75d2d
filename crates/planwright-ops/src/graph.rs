//! `plan graph`: documents and what they need, or one plan from the inside.

use std::collections::{BTreeSet, HashMap, HashSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use planwright_model::{
    Document, DocumentState, Endpoint, ItemRole, ItemState, Progress, RelationType,
};
use planwright_workspace::{Entry, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{OpsError, Unreadable, answer, reference};

/// What to draw.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// A document, with everything that is joined to it; the whole repository when `None`.
    pub reference: Option<String>,
}

/// Nodes and edges.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/graph@1"))]
    pub schema: &'static str,
    /// Index in `nodes` of the document asked for.
    pub center: Option<usize>,
    /// Nodes; edges name them by their index.
    pub nodes: Vec<Node>,
    /// Directed edges.
    pub edges: Vec<Edge>,
    /// Groups of nodes that need each other in a circle, each by its indices.
    pub cycles: Vec<Vec<usize>>,
    /// Documents without any relation, which are left out.
    pub alone: u32,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// A document, or a phase or task of the one asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Node {
    /// What it is.
    pub node: NodeKind,
    /// Its reference; for what was not found, the target as written.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Its title or text.
    pub title: String,
    /// Its path, for a document.
    pub path: Option<String>,
    /// Its line, for a phase or task.
    pub line: Option<u32>,
    /// Kind of the document.
    pub kind: Option<String>,
    /// State of the document, or state of the phase or task.
    pub state: Option<String>,
    /// Tasks done and all tasks, for a document.
    pub progress: Option<Progress>,
    /// Index of the node that it is part of: the document of a phase, the phase of a task.
    pub within: Option<usize>,
}

/// What a node stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A document.
    #[default]
    Document,
    /// A phase of the document asked for.
    Phase,
    /// A task of the document asked for.
    Task,
    /// A target that nothing answers to.
    Missing,
}

/// `from` stands to `to` as `type` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Edge {
    /// Index of the source.
    pub from: usize,
    /// Index of the target.
    pub to: usize,
    /// The relation.
    #[serde(rename = "type")]
    pub kind: RelationType,
}

/// A relation between entries, or from an entry to a target that was not found.
struct Relation<'a> {
    from: usize,
    to: Option<usize>,
    target: &'a str,
    kind: RelationType,
}

/// Draws the relations of the repository, or of one document.
pub fn run(ws: &Workspace, request: &Request) -> Result<Answer, OpsError> {
    let center = match &request.reference {
        Some(name) => Some(reference::document(ws, name, "graph")?),
        None => None,
    };
    let entries: Vec<Entry<'_>> = answer::entries(ws);
    let relations: Vec<Relation<'_>> = ws
        .graph()
        .links()
        .iter()
        .filter(|link| {
            link.to.is_some()
                || matches!(link.relation.endpoint, Endpoint::Document | Endpoint::Item)
        })
        .map(|link| Relation {
            from: link.from,
            to: link.to,
            target: &link.relation.target,
            kind: link.relation.kind,
        })
        .collect();
    let mut answer = draw(&entries, &relations, center);
    if let Some(center) = center {
        let document = ws.read(entries[center].path)?.document;
        inside(&mut answer, &document);
    }
    answer.cycles = cycles(&answer);
    answer.unreadable = answer::unreadable(ws);
    Ok(answer)
}

fn draw(entries: &[Entry<'_>], relations: &[Relation<'_>], center: Option<usize>) -> Answer {
    let shown = match center {
        Some(center) => neighbourhood(relations, center),
        None => relations
            .iter()
            .filter(|relation| relation.to.is_some_and(|to| to != relation.from))
            .flat_map(|relation| [Some(relation.from), relation.to])
            .flatten()
            .collect(),
    };
    let mut answer = Answer {
        schema: "planwright/graph@1",
        ..Answer::default()
    };
    let mut index: HashMap<usize, usize> = HashMap::new();
    for entry in shown {
        index.insert(entry, answer.nodes.len());
        answer.nodes.push(document_node(&entries[entry]));
    }
    answer.center = center.and_then(|center| index.get(&center).copied());
    let mut missing: HashMap<&str, usize> = HashMap::new();
    let mut edges: BTreeSet<Edge> = BTreeSet::new();
    for relation in relations {
        let Some(from) = index.get(&relation.from).copied() else {
            continue;
        };
        let to = match relation.to {
            Some(to) => index.get(&to).copied(),
            // What is not found matters to whoever asked for this document.
            None if center == Some(relation.from) => {
                Some(*missing.entry(relation.target).or_insert_with(|| {
                    answer.nodes.push(Node {
                        node: NodeKind::Missing,
                        reference: relation.target.to_owned(),
                        ..Node::default()
                    });
                    answer.nodes.len() - 1
                }))
            }
            None => None,
        };
        if let Some(to) = to.filter(|to| *to != from) {
            edges.insert(Edge {
                from,
                to,
                kind: relation.kind,
            });
        }
    }
    answer.edges = edges.into_iter().collect();
    if center.is_none() {
        let listed = entries.iter().filter(|entry| !entry.template).count();
        answer.alone = u32::try_from(listed.saturating_sub(answer.nodes.len())).unwrap_or(u32::MAX);
    }
    answer
}

/// The document and everything joined to it directly, and what those need in turn: a plan is
/// understood from what it hangs on, not from all that is ever mentioned.
fn neighbourhood(relations: &[Relation<'_>], center: usize) -> BTreeSet<usize> {
    let mut shown = BTreeSet::from([center]);
    for relation in relations {
        if relation.from == center {
            shown.extend(relation.to);
        } else if relation.to == Some(center) {
            shown.insert(relation.from);
        }
    }
    let mut needs: HashMap<usize, Vec<usize>> = HashMap::new();
    for relation in relations
        .iter()
        .filter(|relation| relation.kind == RelationType::DependsOn)
    {
        needs.entry(relation.from).or_default().extend(relation.to);
    }
    let mut queue: Vec<usize> = shown.iter().copied().collect();
    while let Some(at) = queue.pop() {
        queue.extend(
            needs
                .remove(&at)
                .into_iter()
                .flatten()
                .filter(|to| shown.insert(*to)),
        );
    }
    shown
}

fn document_node(entry: &Entry<'_>) -> Node {
    Node {
        node: NodeKind::Document,
        reference: entry.reference.to_owned(),
        title: entry.title.to_owned(),
        path: Some(entry.path.to_owned()),
        kind: Some(entry.kind.to_owned()),
        state: (entry.state != DocumentState::Unknown).then(|| entry.state.as_str().to_owned()),
        progress: Some(Progress {
            done: entry.done,
            total: entry.total,
        }),
        ..Node::default()
    }
}

/// Adds the phases and tasks of the document in the centre, and what they need.
fn inside(answer: &mut Answer, document: &Document) {
    let center = answer.center;
    let mut by_line: HashMap<u32, usize> = HashMap::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let first = answer.nodes.len();
    for phase in &document.phases {
        by_line.insert(phase.line, answer.nodes.len());
        answer.nodes.push(Node {
            node: NodeKind::Phase,
            reference: phase.reference.clone(),
            title: phase.title.clone(),
            line: Some(phase.line),
            state: phase.state.map(state_word),
            within: phase
                .parent
                .and_then(|line| by_line.get(&line).copied())
                .or(center),
            ..Node::default()
        });
    }
    let tasks = || {
        document
            .items
            .iter()
            .filter(|item| item.role == ItemRole::Task)
    };
    for task in tasks() {
        let at = answer.nodes.len();
        let own = task.reference.rsplit_once('#').map_or("", |(_, own)| own);
        for name in task.id.as_deref().into_iter().chain([own]) {
            by_name.entry(name.to_lowercase()).or_insert(at);
        }
        answer.nodes.push(Node {
            node: NodeKind::Task,
            reference: task.reference.clone(),
            title: task.text.clone(),
            line: Some(task.line),
            state: Some(state_word(task.state)),
            within: task
                .phase
                .and_then(|line| by_line.get(&line).copied())
                .or(center),
            ..Node::default()
        });
    }
    let needs = document
        .phases
        .iter()
        .map(|phase| &phase.depends_on)
        .chain(tasks().map(|task| &task.depends_on))
        .enumerate();
    let mut edges: BTreeSet<Edge> = BTreeSet::new();
    for (offset, names) in needs {
        for name in names {
            let phase = name
                .strip_prefix("phase:")
                .and_then(|line| line.parse().ok());
            let to = match phase {
                Some(line) => by_line.get(&line),
                None => by_name.get(&name.to_lowercase()),
            };
            if let Some(to) = to.copied() {
                edges.insert(Edge {
                    from: first + offset,
                    to,
                    kind: RelationType::DependsOn,
                });
            }
        }
    }
    answer.edges.extend(edges);
}

fn state_word(state: ItemState) -> String {
    state.as_str().to_owned()
}

/// Circles of `depends_on`, each in the order of its indices.
fn cycles(answer: &Answer) -> Vec<Vec<usize>> {
    let mut graph: DiGraph<(), (), usize> = DiGraph::default();
    for _ in &answer.nodes {
        graph.add_node(());
    }
    let mut loops: HashSet<usize> = HashSet::new();
    for edge in answer
        .edges
        .iter()
        .filter(|edge| edge.kind == RelationType::DependsOn)
    {
        if edge.from == edge.to {
            loops.insert(edge.from);
        }
        graph.add_edge(NodeIndex::new(edge.from), NodeIndex::new(edge.to), ());
    }
    let mut cycles: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .map(|group| {
            let mut group: Vec<usize> = group.into_iter().map(NodeIndex::index).collect();
            group.sort_unstable();
            group
        })
        .filter(|group| group.len() > 1 || loops.contains(&group[0]))
        .collect();
    cycles.sort();
    cycles
}

#[cfg(test)]
mod tests {
    use planwright_model::{Item, Phase};

    use super::*;

    fn entries() -> Vec<Entry<'static>> {
        ["a", "b", "c", "d"]
            .map(|path| Entry {
                path,
                reference: path,
                title: path,
                kind: "plan",
                ..Entry::default()
            })
            .to_vec()
    }

    fn needs(from: usize, to: usize) -> Relation<'static> {
        Relation {
            from,
            to: Some(to),
            target: "",
            kind: RelationType::DependsOn,
        }
    }

    fn names(answer: &Answer) -> Vec<&str> {
        answer
            .nodes
            .iter()
            .map(|node| node.reference.as_str())
            .collect()
    }

    #[test]
    fn the_whole_repository_leaves_out_what_stands_alone() {
        let answer = draw(&entries(), &[needs(0, 1), needs(0, 1), needs(2, 2)], None);
        assert_eq!(names(&answer), ["a", "b"]);
        assert_eq!(answer.edges.len(), 1);
        assert_eq!(answer.alone, 2);
    }

    #[test]
    fn a_neighbourhood_holds_what_is_needed_all_the_way_down() {
        let related = Relation {
            from: 2,
            to: Some(3),
            target: "",
            kind: RelationType::Related,
        };
        let missing = Relation {
            from: 1,
            to: None,
            target: "gone.md",
            kind: RelationType::Implements,
        };
        let answer = draw(
            &entries(),
            &[needs(0, 1), needs(1, 2), related, missing],
            Some(1),
        );
        assert_eq!(names(&answer), ["a", "b", "c", "gone.md"]);
        assert_eq!(answer.center, Some(1));
        assert_eq!(answer.nodes[3].node, NodeKind::Missing);
    }

    #[test]
    fn a_circle_is_found_and_a_chain_is_none() {
        let mut answer = draw(
            &entries(),
            &[needs(0, 1), needs(1, 2), needs(2, 0), needs(2, 3)],
            None,
        );
        answer.cycles = cycles(&answer);
        assert_eq!(answer.cycles, [[0, 1, 2]]);
    }

    #[test]
    fn a_long_chain_does_not_exhaust_the_stack() {
        let edges = (1..100_000).map(|n| Edge {
            from: n - 1,
            to: n,
            kind: RelationType::DependsOn,
        });
        let answer = Answer {
            nodes: vec![Node::default(); 100_000],
            edges: edges.collect(),
            ..Answer::default()
        };
        assert!(cycles(&answer).is_empty());
    }

    #[test]
    fn a_plan_from_the_inside_joins_tasks_by_id_and_phases_by_line() {
        let item = |line: u32, id: &str, phase: u32, needs: &[&str]| Item {
            reference: format!("a#{id}"),
            id: Some(id.to_owned()),
            text: id.to_owned(),
            phase: Some(phase),
            depends_on: needs.iter().map(|name| (*name).to_owned()).collect(),
            ..Item::new(line, ItemRole::Task)
        };
        let phase = |line: u32, needs: &[&str]| Phase {
            reference: format!("a#{line}"),
            line,
            depends_on: needs.iter().map(|name| (*name).to_owned()).collect(),
            ..Phase::default()
        };
        let document = Document {
            phases: vec![phase(10, &[]), phase(20, &["phase:10"])],
            items: vec![item(11, "T1", 10, &[]), item(21, "T2", 20, &["t1", "T9"])],
            ..Document::default()
        };
        let mut answer = draw(&entries(), &[], Some(0));
        inside(&mut answer, &document);
        let edges: Vec<(usize, usize)> = answer
            .edges
            .iter()
            .map(|edge| (edge.from, edge.to))
            .collect();
        assert_eq!(edges, [(2, 1), (4, 3)]);
        assert_eq!(answer.nodes[4].within, Some(2));
    }
}
