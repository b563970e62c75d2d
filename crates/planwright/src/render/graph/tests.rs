use insta::assert_snapshot;
use planwright_model::Progress;

use super::*;

fn document(name: &str, title: &str) -> Node {
    Node {
        reference: name.to_owned(),
        title: title.to_owned(),
        path: Some(format!("docs/{name}.md")),
        kind: Some("plan".to_owned()),
        state: Some("active".to_owned()),
        progress: Some(Progress { done: 1, total: 3 }),
        ..Node::default()
    }
}

fn edge(from: usize, to: usize, kind: RelationType) -> Edge {
    Edge { from, to, kind }
}

fn repository() -> Answer {
    Answer {
        schema: "planwright/graph@1",
        nodes: vec![
            document("a", "A \"quoted\" plan & <b>"),
            document("b", "b"),
            document("c", "C"),
            document("d", "D, on its own in a circle"),
            document("e", "E"),
        ],
        edges: vec![
            edge(0, 1, RelationType::DependsOn),
            edge(0, 2, RelationType::Implements),
            edge(1, 2, RelationType::DependsOn),
            edge(2, 1, RelationType::DependsOn),
            edge(3, 4, RelationType::Related),
            edge(4, 3, RelationType::Related),
        ],
        cycles: vec![vec![1, 2]],
        alone: 3,
        ..Answer::default()
    }
}

fn plan() -> Answer {
    let inner = |node, reference: &str, title: &str, within| Node {
        node,
        reference: reference.to_owned(),
        title: title.to_owned(),
        state: Some("todo".to_owned()),
        within: Some(within),
        ..Node::default()
    };
    Answer {
        center: Some(0),
        nodes: vec![
            document("a", "A"),
            document("b", "B"),
            Node {
                node: NodeKind::Missing,
                reference: "gone.md".to_owned(),
                ..Node::default()
            },
            inner(NodeKind::Phase, "a#1", "Phase 1: Foundations", 0),
            inner(NodeKind::Phase, "a#2", "Phase 2: House", 0),
            inner(NodeKind::Task, "a#T1", "Dig", 3),
            inner(NodeKind::Task, "a#T2", "Build", 4),
        ],
        edges: vec![
            edge(0, 2, RelationType::DependsOn),
            edge(1, 0, RelationType::DependsOn),
            edge(4, 3, RelationType::DependsOn),
            edge(6, 5, RelationType::DependsOn),
        ],
        ..Answer::default()
    }
}

#[test]
fn a_circle_is_named_and_not_walked_twice() {
    assert_snapshot!(tree(&repository(), &Style::plain(80)));
}

#[test]
fn a_plan_with_its_neighbours_and_its_inside() {
    assert_snapshot!(tree(&plan(), &Style::plain(80)));
}

#[test]
fn graphviz() {
    assert_snapshot!(dot(&repository()));
}

#[test]
fn mermaid_of_a_plan() {
    assert_snapshot!(mermaid(&plan()));
}

#[test]
fn text_cannot_leave_its_quotes() {
    let node = Node {
        reference: "x\\".to_owned(),
        title: "\"]; n0 -> n1 `*_*` #35;\n".to_owned(),
        ..Node::default()
    };
    assert_eq!(
        dot_text(&node_text(&node)),
        "x\\\\\\n\\\"]; n0 -> n1 `*_*` #35; "
    );
    assert_eq!(
        mermaid_text(&node_text(&node)),
        "x#92;<br/>#34;]#59; n0 -#62; n1 #96;#42;#95;#42;#96; #35;35#59; "
    );
}
