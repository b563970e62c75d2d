//! Where relations and code references lead.

use planwright_model::{CodeRef, Endpoint, Relation, RelationType};

use super::{Repository, document, workspace_of};

fn relation(target: &str) -> Relation {
    Relation {
        kind: RelationType::Related,
        target: target.to_owned(),
        endpoint: Endpoint::Document,
        line: 1,
        source: "link".to_owned(),
        resolved: false,
        path: None,
    }
}

#[test]
fn targets_resolve_from_the_folder_the_root_and_by_name() {
    let repository = Repository::new(&[
        ("src/main.rs", ""),
        ("docs/README.md", ""),
        ("docs/a b.png", ""),
    ]);
    let mut old = document("old/adr/ADR-015.md", "ADR-015", &[], "Old");
    old.archived = true;
    let documents = [
        document("docs/plans/x.md", "x", &[], "X"),
        document("docs/plans/spec.md", "spec", &[], "Spec"),
        document("other/spec.md", "spec", &[], "Spec"),
        document("docs/adr/0001-use-x.md", "0001-use-x", &[], "Use X"),
        document("docs/adr/ADR-015.md", "ADR-015", &[], "Fifteen"),
        document("far/away/spec.md", "spec", &[], "Spec"),
        document(
            ".archcore/db/use-postgres.adr.md",
            "use-postgres",
            &[],
            "Use PostgreSQL",
        ),
        old,
    ];
    let workspace = workspace_of(&repository, "", &documents);
    for (target, endpoint, path) in [
        ("spec.md", Endpoint::Document, Some("docs/plans/spec.md")),
        (
            "./spec.md#goal",
            Endpoint::Document,
            Some("docs/plans/spec.md"),
        ),
        (
            "../adr/0001-use-x.md#context",
            Endpoint::Document,
            Some("docs/adr/0001-use-x.md"),
        ),
        (
            "docs/adr/0001-use-x.md",
            Endpoint::Document,
            Some("docs/adr/0001-use-x.md"),
        ),
        (
            "/docs/adr/0001-use-x",
            Endpoint::Document,
            Some("docs/adr/0001-use-x.md"),
        ),
        (
            "use-postgres.adr.md",
            Endpoint::Document,
            Some(".archcore/db/use-postgres.adr.md"),
        ),
        (
            "db/use-postgres.adr.md",
            Endpoint::Document,
            Some(".archcore/db/use-postgres.adr.md"),
        ),
        ("ADR-015", Endpoint::Document, Some("docs/adr/ADR-015.md")),
        ("adr-15", Endpoint::Document, Some("docs/adr/ADR-015.md")),
        (
            "[[use-postgres|the database]]",
            Endpoint::Document,
            Some(".archcore/db/use-postgres.adr.md"),
        ),
        (
            "@docs/plans/spec.md",
            Endpoint::Document,
            Some("docs/plans/spec.md"),
        ),
        ("#tasks", Endpoint::Document, Some("docs/plans/x.md")),
        // The nearest of several.
        ("spec", Endpoint::Document, Some("docs/plans/spec.md")),
        // Files that are no documents.
        ("../../src/main.rs", Endpoint::Path, Some("src/main.rs")),
        ("src/", Endpoint::Path, Some("src")),
        ("../README.md", Endpoint::Path, Some("docs/README.md")),
        ("../a%20b.png", Endpoint::Path, Some("docs/a b.png")),
        ("src/**/*.rs", Endpoint::Path, Some("src/**/*.rs")),
        // Elsewhere.
        ("https://example.org/spec.md", Endpoint::Url, None),
        ("mailto:ann@example.org", Endpoint::Url, None),
    ] {
        let mut relation = relation(target);
        workspace.resolve_relation(&workspace.origin("docs/plans/x.md"), &mut relation);
        assert_eq!(
            (relation.endpoint, relation.path.as_deref()),
            (endpoint, path),
            "{target}"
        );
        assert!(relation.resolved, "{target}");
    }
    for target in [
        "nothing.md",
        "../../../etc/passwd",
        "/etc/passwd",
        "none/**/*.rs",
        "ADR-016",
        "",
        "@",
    ] {
        let mut relation = relation(target);
        workspace.resolve_relation(&workspace.origin("docs/plans/x.md"), &mut relation);
        assert_eq!(
            (relation.resolved, relation.path),
            (false, None),
            "{target}"
        );
    }
}

#[test]
fn an_ambiguous_name_is_not_guessed() {
    let repository = Repository::new(&[]);
    let documents = [
        document("docs/plans/x.md", "x", &[], "X"),
        document("a/spec.md", "spec", &[], "Spec"),
        document("b/spec.md", "spec", &[], "Spec"),
    ];
    let workspace = workspace_of(&repository, "", &documents);
    let mut relation = relation("spec");
    assert_eq!(
        workspace.resolve_relation(&workspace.origin("docs/plans/x.md"), &mut relation),
        None
    );
    assert!(!relation.resolved);
    // From a folder that holds one of them it is not ambiguous.
    assert_eq!(
        workspace.resolve_relation(&workspace.origin("a/deep/y.md"), &mut relation),
        Some(0)
    );
}

#[test]
fn code_exists_where_the_tree_has_it() {
    let repository = Repository::new(&[("src/app/[id].ts", ""), ("docs/plans/local.rs", "")]);
    let workspace = workspace_of(&repository, "", &[]);
    for (path, expected) in [
        ("src/app/", Some(true)),
        ("src/app/[id].ts", Some(true)),
        ("local.rs", Some(true)),
        ("./src/app", Some(true)),
        ("/src/app", Some(true)),
        ("src/none.rs", Some(false)),
        ("src/**/*.ts", None),
        ("src/<name>.rs", None),
        ("../../../outside.rs", None),
    ] {
        let mut code = CodeRef {
            path: path.to_owned(),
            line: 1,
            exists: None,
        };
        workspace.resolve_code("docs/plans/x.md", &mut code);
        assert_eq!(code.exists, expected, "{path}");
    }
}

#[test]
fn the_graph_joins_what_documents_state() {
    let repository = Repository::new(&[]);
    let mut documents = [
        document("a.md", "a", &[], "A"),
        document("b.md", "b", &[], "B"),
        document("c.md", "c", &[], "C"),
    ];
    let depends = |target: &str| Relation {
        kind: RelationType::DependsOn,
        ..relation(target)
    };
    documents[0].relations = vec![depends("b.md"), depends("b"), depends("missing.md")];
    documents[1].relations = vec![depends("c"), relation("https://example.org")];
    documents[2].relations = vec![depends("a.md")];
    let workspace = workspace_of(&repository, "", &documents);
    let graph = workspace.graph();
    let ends: Vec<_> = graph
        .links()
        .iter()
        .map(|link| (link.from, link.to, link.relation.resolved))
        .collect();
    assert_eq!(
        ends,
        [
            (0, Some(1), true),
            (0, None, false),
            (1, Some(2), true),
            (1, None, true),
            (2, Some(0), true)
        ]
    );
    let depends = RelationType::DependsOn;
    assert_eq!(graph.impact(2), [(1, 1, depends), (0, 2, depends)]);
    assert_eq!(graph.incoming(1).count(), 1);
}

#[test]
fn the_needs_of_one_document_are_those_of_the_graph() {
    let repository = Repository::new(&[]);
    let mut documents = [
        document("a.md", "a", &[], "A"),
        document("b.md", "b", &[], "B"),
    ];
    let of = |kind: RelationType, target: &str| Relation {
        kind,
        ..relation(target)
    };
    documents[0].relations = vec![
        of(RelationType::Related, "b.md"),
        of(RelationType::DependsOn, "b.md"),
        of(RelationType::DependsOn, "nothing"),
    ];
    let workspace = workspace_of(&repository, "", &documents);
    let needs = workspace.needs(0, &workspace.entry(0));
    let graph = workspace.graph().outgoing(0);
    let graph = graph
        .filter(|link| link.relation.kind == RelationType::DependsOn)
        .filter_map(|link| Some((link.to?, link.relation.clone())));
    assert!(needs.iter().cloned().eq(graph));
    assert_eq!(needs.len(), 1);
    assert_eq!(workspace.needs(1, &workspace.entry(1)), []);
}

fn sync_state(target: &str) -> String {
    format!(
        r#"{{"relations": [{{"source": "db/use-x.adr.md", "target": "{target}", "type": "implements"}}]}}"#
    )
}

#[test]
fn relations_stated_in_another_file_belong_to_the_document() {
    let repository = Repository::new(&[
        (
            ".archcore/db/use-x.adr.md",
            "---\ntitle: Use X\nstatus: accepted\n---\n\n## Context\n",
        ),
        (
            ".archcore/db/why-x.prd.md",
            "---\ntitle: Why X\nstatus: accepted\n---\n\n## Goal\n",
        ),
        (".archcore/.sync-state.json", &sync_state("db/why-x.prd.md")),
    ]);
    let stated = |workspace: &crate::Workspace| {
        let index = workspace.find(".archcore/db/use-x.adr.md").unwrap();
        let linked: Vec<_> = workspace
            .graph()
            .outgoing(index)
            .map(|link| link.to)
            .collect();
        let read = workspace
            .read(".archcore/db/use-x.adr.md")
            .unwrap()
            .document
            .relations;
        let read: Vec<_> = read
            .into_iter()
            .map(|relation| (relation.source, relation.path))
            .collect();
        (linked, read)
    };
    let source = "sync-state".to_owned();
    let path = Some(".archcore/db/why-x.prd.md".to_owned());
    for _ in 0..2 {
        let workspace = repository.open_later();
        assert_eq!(
            stated(&workspace),
            (vec![Some(1)], vec![(source.clone(), path.clone())])
        );
        assert_eq!(workspace.relation_diagnostics(), []);
    }
    repository.write(".archcore/.sync-state.json", &sync_state("db/gone.prd.md"));
    for _ in 0..2 {
        let workspace = repository.open_later();
        assert_eq!(
            stated(&workspace),
            (vec![None], vec![(source.clone(), None)])
        );
    }
    repository.write(".archcore/.sync-state.json", "{ not json");
    for _ in 0..2 {
        let workspace = repository.open_later();
        assert_eq!(stated(&workspace), (vec![], vec![]));
        let problems = workspace.relation_diagnostics();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].0, ".archcore/.sync-state.json");
    }
    repository.remove(".archcore/.sync-state.json");
    for _ in 0..2 {
        let workspace = repository.open_later();
        assert_eq!(stated(&workspace), (vec![], vec![]));
        assert_eq!(workspace.relation_diagnostics(), []);
    }
}
