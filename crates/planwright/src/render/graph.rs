use std::collections::HashSet;
use std::fmt::Write as _;

use planwright_model::{ItemState, RelationType};
use planwright_ops::graph::{Answer, Edge, Node, NodeKind};

use super::bar::ratio;
use super::line::{Line, Page, Paint};
use super::style::Style;
use super::text::clean;
use super::{counted, unreadable};

/// A tree for people: every document under what refers to it, its own structure below.
pub(crate) fn tree(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    let mut tree = Tree::new(answer, style);
    match answer.center {
        Some(center) => {
            page.extend(tree.branch(center, None));
            page.extend(incoming(answer, center, style));
            let inside = structure(answer, center, style);
            if !inside.is_empty() {
                page.gap();
                page.extend(inside);
            }
        }
        None => {
            for root in roots(answer) {
                let told = tree.mentioned.contains(&root) && tree.outgoing[root].is_empty();
                if !told && !tree.printed.contains(&root) {
                    page.extend(tree.branch(root, None));
                }
            }
        }
    }
    notes(&mut page, answer, style);
    unreadable(&mut page, &answer.unreadable, style);
    page.finish(style)
}

struct Tree<'a> {
    answer: &'a Answer,
    style: &'a Style,
    outgoing: Vec<Vec<Edge>>,
    printed: HashSet<usize>,
    mentioned: HashSet<usize>,
}

/// A tree deeper than this runs off every screen.
const DEEPEST: usize = 40;

/// A node still to be printed.
struct Pending {
    edge: Option<Edge>,
    node: usize,
    /// What stands to the left of it: for each level, whether more siblings follow.
    open: Vec<bool>,
}

impl<'a> Tree<'a> {
    fn new(answer: &'a Answer, style: &'a Style) -> Self {
        let mut outgoing = vec![Vec::new(); answer.nodes.len()];
        for edge in &answer.edges {
            if is_document(&answer.nodes[edge.from]) {
                outgoing[edge.from].push(*edge);
            }
        }
        for edges in &mut outgoing {
            edges.sort_by_key(|edge| (!carries(edge), edge.kind, edge.to));
        }
        Self {
            answer,
            style,
            outgoing,
            printed: HashSet::new(),
            mentioned: HashSet::new(),
        }
    }

    /// A node and everything under it. What was printed before is named and not repeated, so that
    /// a circle ends where it began.
    fn branch(&mut self, root: usize, edge: Option<Edge>) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut stack = vec![Pending {
            edge,
            node: root,
            open: Vec::new(),
        }];
        let mut path: Vec<usize> = Vec::new();
        while let Some(Pending { edge, node, open }) = stack.pop() {
            path.truncate(open.len());
            let mut line = self.rail(&open);
            if let Some(edge) = edge {
                line = line.dim(format!("{} ", edge.kind.as_str().replace('_', " ")));
            }
            line = line.append(label(&self.answer.nodes[node], self.style));
            if open.len() == DEEPEST {
                line = line.dim(format!("  {} deeper", self.style.signs().ellipsis));
            } else if edge.is_some_and(|edge| !carries(&edge)) {
                self.mentioned.insert(node);
            } else if path.contains(&node) {
                line = line.paint(Paint::Warn, format!("  {} cycle", self.style.signs().back));
            } else if self.printed.insert(node) {
                path.push(node);
                let children = &self.outgoing[node];
                for (at, edge) in children.iter().enumerate().rev() {
                    let mut open = open.clone();
                    open.push(at + 1 < children.len());
                    stack.push(Pending {
                        edge: Some(*edge),
                        node: edge.to,
                        open,
                    });
                }
            } else if !self.outgoing[node].is_empty() {
                line = line.dim("  (above)");
            }
            lines.push(self.fit(line));
        }
        lines
    }

    fn rail(&self, open: &[bool]) -> Line {
        let signs = self.style.signs();
        let mut line = Line::new();
        for (level, more) in open.iter().enumerate() {
            let last = level + 1 == open.len();
            line = line.dim(match (last, more) {
                (true, true) => signs.tree_fork,
                (true, false) => signs.tree_last,
                (false, true) => signs.tree_down,
                (false, false) => "   ",
            });
        }
        line
    }

    fn fit(&self, line: Line) -> Line {
        match self.style.width {
            Some(columns) => line.cut(columns, self.style),
            None => line,
        }
    }
}

fn is_document(node: &Node) -> bool {
    matches!(node.node, NodeKind::Document | NodeKind::Missing)
}

/// True for a relation that orders documents. Those that are only related are named, not followed:
/// everything is related to everything.
fn carries(edge: &Edge) -> bool {
    edge.kind != RelationType::Related
}

/// Documents to begin with: first those above others, then what is only related, then one of every
/// circle.
fn roots(answer: &Answer) -> Vec<usize> {
    let ends = |end: fn(&Edge) -> usize| -> HashSet<usize> {
        answer
            .edges
            .iter()
            .filter(|edge| carries(edge))
            .map(end)
            .collect()
    };
    let (sources, targets) = (ends(|edge| edge.from), ends(|edge| edge.to));
    let all = || (0..answer.nodes.len()).filter(|node| is_document(&answer.nodes[*node]));
    let above = all().filter(|node| sources.contains(node) && !targets.contains(node));
    let loose = all().filter(|node| !targets.contains(node));
    above.chain(loose).chain(all()).collect()
}

fn label(node: &Node, style: &Style) -> Line {
    if node.node == NodeKind::Missing {
        return Line::new()
            .paint(
                Paint::Bad,
                format!("{} {}", style.signs().cross, node.reference),
            )
            .dim("  not found");
    }
    let path = node.path.as_deref().unwrap_or_default();
    let mut line = Line::new().link(Paint::Note, &node.reference, path, style);
    if node.title != node.reference {
        line = line.plain("  ").plain(&node.title);
    }
    let mut about: Vec<String> = node.kind.iter().cloned().collect();
    about.extend(node.state.iter().map(|state| state.replace('_', " ")));
    about.extend(
        node.progress
            .filter(|progress| progress.total > 0)
            .map(ratio),
    );
    line.dim(format!("  {}", about.join(", ")))
}

/// The documents that refer to the one in the centre.
fn incoming(answer: &Answer, center: usize, style: &Style) -> Vec<Line> {
    let edges: Vec<&Edge> = answer
        .edges
        .iter()
        .filter(|edge| edge.to == center && is_document(&answer.nodes[edge.from]))
        .collect();
    let mut lines = Vec::new();
    if !edges.is_empty() {
        lines.push(Line::new());
    }
    for edge in edges {
        let line = Line::new()
            .dim(format!("{} ", edge.kind.inverse_label()))
            .append(label(&answer.nodes[edge.from], style));
        lines.push(
            style
                .width
                .map_or(line.clone(), |columns| line.cut(columns, style)),
        );
    }
    lines
}

/// Phases and tasks of the document in the centre, and what each needs.
fn structure(answer: &Answer, center: usize, style: &Style) -> Vec<Line> {
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); answer.nodes.len()];
    let mut needs: Vec<Vec<&str>> = vec![Vec::new(); answer.nodes.len()];
    for (at, node) in answer.nodes.iter().enumerate() {
        if let Some(within) = node.within.filter(|within| *within < at) {
            parts[within].push(at);
        }
    }
    for edge in &answer.edges {
        let target = &answer.nodes[edge.to];
        needs[edge.from].push(match target.node {
            NodeKind::Phase => target.title.as_str(),
            _ => own_name(target),
        });
    }
    let circling: HashSet<usize> = answer.cycles.iter().flatten().copied().collect();
    let mut lines = Vec::new();
    let mut stack: Vec<(usize, usize)> = parts[center].iter().rev().map(|at| (*at, 0)).collect();
    while let Some((at, depth)) = stack.pop() {
        let node = &answer.nodes[at];
        let mut line = Line::indent(2 * depth.min(8));
        if node.node == NodeKind::Phase {
            line = line.strong(&node.title);
        } else {
            let state = node.state.as_deref().and_then(ItemState::from_canonical);
            let (sign, paint) = style.signs().item(state.unwrap_or_default());
            line = line
                .paint(paint, sign)
                .plain(" ")
                .paint(Paint::Note, own_name(node));
            line = line.plain(" ").plain(&node.title);
        }
        if !needs[at].is_empty() {
            line = line.dim(format!("  needs {}", needs[at].join(", ")));
        }
        if circling.contains(&at) {
            line = line.paint(Paint::Warn, format!("  {} cycle", style.signs().back));
        }
        lines.push(
            style
                .width
                .map_or(line.clone(), |columns| line.cut(columns, style)),
        );
        stack.extend(parts[at].iter().rev().map(|part| (*part, depth + 1)));
    }
    lines
}

/// The part of a reference after `#`.
fn own_name(node: &Node) -> &str {
    node.reference.rsplit_once('#').map_or("", |(_, name)| name)
}

fn notes(page: &mut Page, answer: &Answer, style: &Style) {
    page.gap();
    for cycle in &answer.cycles {
        let names: Vec<&str> = cycle
            .iter()
            .map(|node| answer.nodes[*node].reference.as_str())
            .collect();
        page.push(
            Line::new()
                .paint(Paint::Warn, style.signs().back)
                .plain(" need each other in a circle: ")
                .plain(names.join(", ")),
        );
    }
    if answer.alone > 0 {
        let count = counted(answer.alone, "document stands", "documents stand");
        page.push(Line::new().dim(format!("{count} alone")));
    }
}

/// Graphviz.
pub(crate) fn dot(answer: &Answer) -> String {
    let mut out =
        String::from("digraph plans {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n");
    for (at, node) in answer.nodes.iter().enumerate() {
        let look = match node.node {
            NodeKind::Document => "",
            NodeKind::Phase => ", shape=folder",
            NodeKind::Task => ", shape=plain",
            NodeKind::Missing => ", style=dashed",
        };
        let _ = writeln!(
            out,
            "  n{at} [label=\"{}\"{look}];",
            dot_text(&node_text(node))
        );
        if let Some(within) = node.within {
            let _ = writeln!(out, "  n{within} -> n{at} [style=dotted, arrowhead=none];");
        }
    }
    for edge in &answer.edges {
        let look = if in_cycle(answer, edge) {
            ", color=red"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "  n{} -> n{} [label=\"{}\"{look}];",
            edge.from,
            edge.to,
            edge.kind.as_str().replace('_', " ")
        );
    }
    out.push_str("}\n");
    out
}

/// A Mermaid flowchart.
pub(crate) fn mermaid(answer: &Answer) -> String {
    let mut out = String::from("flowchart LR\n");
    for (at, node) in answer.nodes.iter().enumerate() {
        let text = mermaid_text(&node_text(node));
        let (open, close) = match node.node {
            NodeKind::Document => ("[", "]"),
            NodeKind::Phase => ("[[", "]]"),
            NodeKind::Task => ("(", ")"),
            NodeKind::Missing => ("{{", "}}"),
        };
        let _ = writeln!(out, "  n{at}{open}\"{text}\"{close}");
        if let Some(within) = node.within {
            let _ = writeln!(out, "  n{within} --- n{at}");
        }
    }
    for edge in &answer.edges {
        let arrow = if in_cycle(answer, edge) { "==>" } else { "-->" };
        let label = edge.kind.as_str().replace('_', " ");
        let _ = writeln!(out, "  n{} {arrow}|\"{label}\"| n{}", edge.from, edge.to);
    }
    out
}

fn in_cycle(answer: &Answer, edge: &Edge) -> bool {
    edge.kind == RelationType::DependsOn
        && answer
            .cycles
            .iter()
            .any(|cycle| cycle.contains(&edge.from) && cycle.contains(&edge.to))
}

fn node_text(node: &Node) -> String {
    let name = match node.node {
        NodeKind::Task => own_name(node),
        NodeKind::Phase => "",
        NodeKind::Document | NodeKind::Missing => node.reference.as_str(),
    };
    let lines: Vec<&str> = [name, node.title.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    clean(&if lines.len() == 2 && lines[0] == lines[1] {
        name.to_owned()
    } else {
        lines.join("\u{b6}")
    })
}

/// Text inside a quoted string of Graphviz; the pilcrow that parts name and title ends the line.
fn dot_text(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\u{b6}', "\\n")
}

/// Text inside a quoted label of Mermaid, which reads HTML entities and, without them, Markdown.
fn mermaid_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{b6}' => out.push_str("<br/>"),
            '"' | '#' | '&' | '<' | '>' | '`' | '*' | '_' | '\\' | ';' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
