//! What references mean.

use planwright_model::{Document, Item, ItemRole, ItemState, Phase, Section};

use super::{Repository, document, workspace_of};
use crate::resolve::find_place;
use crate::{Resolution, Workspace};

fn documents() -> Vec<Document> {
    let mut archived = document("docs/archive/login.md", "login", &[], "Login");
    archived.archived = true;
    let mut template = document("docs/plans/template.md", "template", &[], "Token refresh");
    template.template = true;
    vec![
        archived,
        template,
        document(
            ".archcore/auth/use-postgres.adr.md",
            "use-postgres",
            &[],
            "Use PostgreSQL",
        ),
        document(
            ".archcore/auth/token-refresh.plan.md",
            "token-refresh",
            &[],
            "Token refresh",
        ),
        document("docs/plans/login.md", "login", &[], "A way in"),
        document(
            "plans/PLN-001-rate-limits.md",
            "PLN-001",
            &[],
            "Rate limits",
        ),
        document(
            "plans/PLN-012-retry.md",
            "PLN-012",
            &["retry-policy"],
            "Retry",
        ),
        document("research/RES-007-queues.md", "RES-007", &[], "Which queue"),
        document("tasks/TSK-003.md", "TSK-003", &[], "Write the parser"),
        document(
            "specs/012-checkout/spec.md",
            "012-checkout/spec",
            &[],
            "Checkout",
        ),
        document(
            "specs/014-search/plan.md",
            "014-search/plan",
            &[],
            "Search the site",
        ),
        document(
            "specs/014-search/tasks.md",
            "014-search/tasks",
            &[],
            "Search, by task",
        ),
        document("docs/2026-03-01-outage.md", "outage", &[], "What went down"),
        document("docs/Größe.md", "Größe", &[], "Über die Größe"),
    ]
}

fn meaning(workspace: &Workspace, reference: &str) -> String {
    match workspace.resolve(reference) {
        Resolution::Document(index) => workspace.entry(index).path.to_owned(),
        Resolution::Line(index, line) => format!("{}:{line}", workspace.entry(index).path),
        Resolution::Ambiguous(names) => format!("? {}", names.join(", ")),
        Resolution::Nothing(names) => format!("- {}", names.join(", ")),
    }
}

#[test]
fn any_unambiguous_name_finds_a_document() {
    let repository = Repository::new(&[]);
    let workspace = workspace_of(&repository, "docs", &documents());
    for (reference, expected) in [
        // Paths: from the user's folder, then from the root; with and without the extension.
        ("plans/login.md", "docs/plans/login.md"),
        ("plans/login", "docs/plans/login.md"),
        ("docs/plans/login.md", "docs/plans/login.md"),
        (
            "../plans/PLN-001-rate-limits.md",
            "plans/PLN-001-rate-limits.md",
        ),
        (
            "plans/PLN-001-rate-limits.md",
            "plans/PLN-001-rate-limits.md",
        ),
        ("docs/archive/login.md", "docs/archive/login.md"),
        ("./plans/../plans/login.md", "docs/plans/login.md"),
        // References; what is archived gives way.
        ("login", "docs/plans/login.md"),
        ("LOGIN", "docs/plans/login.md"),
        ("use-postgres", ".archcore/auth/use-postgres.adr.md"),
        ("use-postgres.adr", ".archcore/auth/use-postgres.adr.md"),
        ("use-postgres.adr.md", ".archcore/auth/use-postgres.adr.md"),
        ("Use_Postgres", ".archcore/auth/use-postgres.adr.md"),
        (
            "auth/use-postgres.adr",
            ".archcore/auth/use-postgres.adr.md",
        ),
        // Identifiers, however they are cut short and padded.
        ("PLN-001", "plans/PLN-001-rate-limits.md"),
        ("PLAN-001", "plans/PLN-001-rate-limits.md"),
        ("plan-1", "plans/PLN-001-rate-limits.md"),
        ("PLN-001-rate-limits", "plans/PLN-001-rate-limits.md"),
        ("PLAN-1-rate-limits", "plans/PLN-001-rate-limits.md"),
        ("RESEARCH-7", "research/RES-007-queues.md"),
        ("TASK-003", "tasks/TSK-003.md"),
        // Numbers, the words behind them, aliases.
        ("7", "research/RES-007-queues.md"),
        ("007", "research/RES-007-queues.md"),
        ("rate-limits", "plans/PLN-001-rate-limits.md"),
        ("retry-policy", "plans/PLN-012-retry.md"),
        ("012-checkout", "specs/012-checkout/spec.md"),
        ("12-checkout", "specs/012-checkout/spec.md"),
        ("outage", "docs/2026-03-01-outage.md"),
        ("2026-03-01-outage", "docs/2026-03-01-outage.md"),
        // Titles.
        ("which-queue", "research/RES-007-queues.md"),
        ("Which queue", "research/RES-007-queues.md"),
        ("write-the-parser", "tasks/TSK-003.md"),
        ("größe", "docs/Größe.md"),
        ("ÜBER DIE GRÖSSE", "- Größe"),
        // The beginning of a name, where only one begins so.
        ("use-po", ".archcore/auth/use-postgres.adr.md"),
        ("rate", "plans/PLN-001-rate-limits.md"),
        ("014-search/p", "specs/014-search/plan.md"),
        // Several.
        ("12", "? PLN-012, 012-checkout/spec"),
        ("014-search", "? 014-search/plan, 014-search/tasks"),
        ("token-refresh", ".archcore/auth/token-refresh.plan.md"),
        // Nothing.
        ("use-postgrse", "- use-postgres"),
        ("PLN-0011", "- PLN-001, PLN-012"),
        ("quite different", "- "),
        ("", "- "),
        ("../../etc/passwd", "- "),
    ] {
        assert_eq!(meaning(&workspace, reference), expected, "{reference:?}");
    }
}

#[test]
fn a_reference_that_two_documents_share_is_told_apart_by_path() {
    let repository = Repository::new(&[]);
    let twins = [
        document("a/x.md", "x", &[], "X"),
        document("b/x.md", "x", &[], "X"),
    ];
    let workspace = workspace_of(&repository, "", &twins);
    assert_eq!(meaning(&workspace, "x"), "? a/x.md, b/x.md");
    assert_eq!(meaning(&workspace, "b/x"), "b/x.md");
}

fn item(line: u32, reference: &str, id: Option<&str>, phase: u32) -> Item {
    Item {
        reference: reference.to_owned(),
        id: id.map(str::to_owned),
        state: ItemState::Done,
        text: format!("item {line}"),
        phase: Some(phase),
        fingerprint: format!("f{line}"),
        ..Item::new(line, ItemRole::Task)
    }
}

#[test]
fn places_inside_a_document_are_found() {
    let phase = |line, reference: &str, id: Option<&str>, title: &str| Phase {
        reference: reference.to_owned(),
        line,
        title: title.to_owned(),
        id: id.map(str::to_owned),
        ..Phase::default()
    };
    let section = |line, title: &str| Section {
        line,
        title: title.to_owned(),
        ..Section::default()
    };
    let document = Document {
        phases: vec![
            phase(10, "x#1", Some("1"), "Set up"),
            phase(20, "x#2", Some("2"), "Build"),
            phase(30, "x#B", Some("B"), "Ship it"),
        ],
        items: vec![
            item(11, "x#T001", Some("T001"), 10),
            item(21, "x#2.1", None, 20),
            item(22, "x#T012", Some("T012"), 20),
            item(23, "x#2.3", None, 20),
            item(31, "x#B.1", None, 30),
            item(32, "x#DB-1", Some("DB-1"), 30),
            item(33, "x#DB-1", Some("DB-1"), 30),
        ],
        sections: vec![section(1, "Goal"), section(40, "Risks and Mitigation")],
        ..Document::default()
    };
    for (place, expected) in [
        ("T001", vec![11]),
        ("t1", vec![11]),
        ("T012", vec![22]),
        ("2.1", vec![21]),
        ("2.2", vec![22]),
        ("2.3", vec![23]),
        ("1.1", vec![11]),
        ("b.1", vec![31]),
        ("2", vec![20]),
        ("phase-2", vec![20]),
        ("Phase B", vec![30]),
        ("ship-it", vec![30]),
        ("phase:20", vec![20]),
        ("f23", vec![23]),
        ("risks-and-mitigation", vec![40]),
        ("DB-1", vec![32, 33]),
        ("2.9", vec![]),
        ("T099", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(find_place(&document, place).1, expected, "{place:?}");
    }
}

#[test]
fn a_place_that_is_not_there_is_not_taken_for_the_document() {
    let repository = Repository::new(&[("docs/plans/login.md", "# Login\n")]);
    let workspace = repository.open();
    assert_eq!(
        meaning(&workspace, "docs/plans/login.md#"),
        "docs/plans/login.md"
    );
    assert!(meaning(&workspace, "docs/plans/login.md#T099").starts_with('-'));
}

const FEATURE: [(&str, &str); 5] = [
    (
        "specs/014-search/research.md",
        "# Research: Search\n\n## Phase 2: Compare\n\n- [ ] Read three papers\n",
    ),
    (
        "specs/014-search/spec.md",
        "# Feature Specification: Search\n\n**Status**: Draft\n",
    ),
    (
        "specs/014-search/plan.md",
        "# Implementation Plan: Search\n\n## Phase 0: Look around\n\n- [ ] T001 Ask the users\n",
    ),
    (
        "specs/014-search/tasks.md",
        "# Tasks: Search\n\n## Phase 1: Set up\n\n- [x] T001 Choose a tokenizer\n\n\
         ## Phase 2: Build\n\n- [ ] T005 Write the index\n  on every change\n- [ ] T006 Rank\n",
    ),
    (
        "specs/015-login/tasks.md",
        "# Tasks: Login\n\n## Phase 1: Set up\n\n- [ ] T009 Choose a hash\n",
    ),
];

#[test]
fn the_name_of_a_feature_leads_into_all_its_documents() {
    let repository = Repository::new(&FEATURE);
    let workspace = repository.open();
    for (reference, expected) in [
        ("014-search", "specs/014-search/plan.md"),
        ("014", "specs/014-search/plan.md"),
        ("specs/014-search", "specs/014-search/plan.md"),
        ("specs/014-search/", "specs/014-search/plan.md"),
        ("014-search#T005", "specs/014-search/tasks.md:9"),
        ("14#T005", "specs/014-search/tasks.md:9"),
        ("search#t5", "specs/014-search/tasks.md:9"),
        ("specs/014-search#T005", "specs/014-search/tasks.md:9"),
        ("014-search#2", "specs/014-search/tasks.md:7"),
        ("014-search#2.2", "specs/014-search/tasks.md:11"),
        ("014-search#0", "specs/014-search/plan.md:3"),
        (
            "014-search#T001",
            "? 014-search/plan#T001, 014-search/tasks#T001",
        ),
        ("014-search/tasks#T001", "specs/014-search/tasks.md:5"),
        (
            "014-search#T015",
            "- 014-search/plan#T001, 014-search/tasks#T001, 014-search/tasks#T005",
        ),
        // One document is no feature.
        ("014-search/plan#T005", "- 014-search/plan#T001"),
    ] {
        assert_eq!(meaning(&workspace, reference), expected, "{reference:?}");
    }
}

#[test]
fn a_line_of_a_file_is_the_item_or_phase_that_it_belongs_to() {
    let repository = Repository::new(&FEATURE);
    let workspace = repository.open_in("specs");
    for (reference, expected) in [
        ("specs/014-search/tasks.md:9", "specs/014-search/tasks.md:9"),
        ("014-search/tasks.md:10", "specs/014-search/tasks.md:9"),
        ("014-search/tasks.md:8", "specs/014-search/tasks.md:7"),
        ("014-search/tasks.md:1", "specs/014-search/tasks.md"),
        ("nowhere.md:3", "- "),
    ] {
        assert_eq!(meaning(&workspace, reference), expected, "{reference:?}");
    }
}

#[test]
fn a_name_that_a_page_and_a_board_share_leads_into_both() {
    let repository = Repository::new(&[
        (
            ".dev_ops/board.md",
            "# Board\n\nStatus: Active\n\n- [ ] T001 Look at it\n",
        ),
        (
            ".dev_ops/board.json",
            "{\"columns\": [{\"id\": \"todo\", \"name\": \"To do\"}],\n \"items\": [\n\
             {\"id\": \"TASK-003\", \"columnId\": \"todo\", \"title\": \"Count\"}]}\n",
        ),
    ]);
    let workspace = repository.open();
    assert_eq!(
        meaning(&workspace, ".dev_ops/board#T001"),
        ".dev_ops/board.md:5"
    );
    assert_eq!(
        meaning(&workspace, ".dev_ops/board#TASK-003"),
        ".dev_ops/board.json:3"
    );
}

#[test]
fn a_place_is_found_again_in_a_later_reading() {
    let text = "# Search\n\n- [ ] T001 Index\n- [ ] T002 Rank\n";
    let repository = Repository::new(&[("docs/plans/search.md", text)]);
    let workspace = repository.open();
    assert_eq!(meaning(&workspace, "search#T002"), "docs/plans/search.md:4");
    repository.write(
        "docs/plans/search.md",
        &text.replace("# Search\n", "# Search\n\nWhy.\n"),
    );
    let document = workspace.read("docs/plans/search.md").unwrap().document;
    assert_eq!(workspace.line_in(&document, "search#T002"), Some(6));
    assert_eq!(
        workspace.line_in(&document, "docs/plans/search.md:5"),
        Some(5)
    );
    assert_eq!(workspace.line_in(&document, "search#T003"), None);
}

#[test]
fn a_place_goes_before_the_beginning_of_another_name() {
    let task = "# Search\n\n## Tasks\n\n- [ ] T2 Rank\n";
    let repository = Repository::new(&[
        ("docs/plans/search.md", task),
        (
            "docs/plans/search-t2-later.md",
            "# Later\n\n- [ ] T7 Wait\n",
        ),
    ]);
    let workspace = repository.open();
    for (reference, expected) in [
        ("search#T2", "docs/plans/search.md:5"),
        ("docs/plans/search.md:5", "docs/plans/search.md:5"),
        ("search#T2-l", "docs/plans/search-t2-later.md"),
    ] {
        assert_eq!(meaning(&workspace, reference), expected, "{reference}");
    }
}
