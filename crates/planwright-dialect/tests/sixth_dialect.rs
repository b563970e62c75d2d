//! A team's own dialect is data: one `dialect.toml`, and nothing is compiled.

use planwright_dialect::{DialectFolder, Dialects, Reading};
use planwright_model::{DocumentState, ItemRole, ItemState, RelationType};

/// A dialect of a shipyard: its own words for states, sections, phases, fields and relations.
const SHIPYARD: &str = r#"
title = "Shipyard: work sheets"
phase_words = ["deck"]
state_keys = ["stand"]

[[detect]]
score = 200
when.path = ["**/yard/**/*.md"]

[[kind]]
is = "template"
template = true
when.placeholder_title = true

[[kind]]
is = "plan"

[states]
active = ["under way"]
done = ["at sea"]

[sections]
tasks = ["jobs"]
criteria = ["fit for sea when"]

[fields]
owner = ["bosun"]

[relations]
depends_on = ["waits for"]
"#;

const SHEET: &str = "\
---
title: New keel
stand: under way
bosun: Maren
waits for: dry-dock.md
---

## Jobs

### Deck 1: Below the water

- [x] Take off the old keel
- [ ] Lay the new one

### Deck 2: Above the water

- [ ] Paint

## Fit for sea when

- It floats
";

fn folder(name: &str, manifest: &str) -> DialectFolder {
    DialectFolder {
        name: name.to_owned(),
        origin: format!(".planwright/dialects/{name}"),
        manifest: manifest.to_owned(),
        templates: Vec::new(),
    }
}

fn read(folders: &[DialectFolder], path: &str, text: &str) -> Reading {
    let (dialects, problems) = Dialects::load(folders);
    assert!(problems.is_empty(), "{problems:?}");
    dialects.read(path, text.as_bytes().to_vec())
}

#[test]
fn is_recognised_and_read() {
    let reading = read(
        &[folder("shipyard", SHIPYARD)],
        "yard/sheets/keel.md",
        SHEET,
    );
    let document = reading.document;
    assert_eq!(document.dialect, "shipyard");
    assert_eq!(document.kind, "plan");
    assert!(reading.recognition.reasons[0].contains("**/yard/**/*.md"));

    assert_eq!(document.state.value, DocumentState::Active);
    assert_eq!(document.state.native.as_deref(), Some("under way"));
    assert_eq!(document.state.line, Some(3));
    assert_eq!(document.field("owner").collect::<Vec<_>>(), ["Maren"]);

    let phases: Vec<(u32, Option<&str>)> = document
        .phases
        .iter()
        .map(|phase| (phase.line, phase.id.as_deref()))
        .collect();
    assert_eq!(phases, [(10, Some("1")), (15, Some("2"))]);

    let items: Vec<_> = document
        .items
        .iter()
        .map(|item| (item.line, item.role, item.state, item.phase))
        .collect();
    assert_eq!(
        items,
        [
            (12, ItemRole::Task, ItemState::Done, Some(10)),
            (13, ItemRole::Task, ItemState::Todo, Some(10)),
            (17, ItemRole::Task, ItemState::Todo, Some(15)),
            (21, ItemRole::Criterion, ItemState::Todo, None),
        ]
    );

    let relations: Vec<_> = document
        .relations
        .iter()
        .map(|relation| (relation.kind, relation.target.as_str(), relation.line))
        .collect();
    assert_eq!(relations, [(RelationType::DependsOn, "dry-dock.md", 5)]);
    assert!(
        document.diagnostics.is_empty(),
        "{:?}",
        document.diagnostics
    );
}

/// Without the folder the same bytes are some Markdown whose words nobody knows.
#[test]
fn is_what_makes_the_difference() {
    let document = read(&[], "yard/sheets/keel.md", SHEET).document;
    assert_eq!(document.dialect, "generic");
    assert_eq!(document.state.value, DocumentState::Unknown);
    assert_eq!(document.phases, []);
    assert_eq!(document.relations, []);
}

#[test]
fn leaves_other_files_alone() {
    let reading = read(
        &[folder("shipyard", SHIPYARD)],
        ".archcore/keel.plan.md",
        "---\ntitle: Keel\nstatus: accepted\n---\n\n## Tasks\n\n- [ ] Lay it\n",
    );
    assert_eq!(reading.document.dialect, "archcore");
    assert_eq!(reading.document.state.value, DocumentState::Approved);
}

/// The common words hold in every dialect; a dialect's own win over them.
#[test]
fn adds_to_the_common_words() {
    let manifest = SHIPYARD.replace(
        r#"done = ["at sea"]"#,
        r#"done = ["at sea"]
draft = ["approved"]"#,
    );
    let folders = [folder("shipyard", &manifest)];
    for (word, state) in [
        ("at sea", DocumentState::Done),
        ("completed", DocumentState::Done),
        ("approved", DocumentState::Draft),
    ] {
        let text = format!("---\nstand: {word}\n---\n\n# Keel\n");
        let document = read(&folders, "yard/keel.md", &text).document;
        assert_eq!(document.state.value, state, "{word}");
        assert_eq!(document.state.native.as_deref(), Some(word));
    }
}

#[test]
fn reads_a_language_that_nothing_else_knows() {
    let manifest = r#"
title = "作業票"
phase_words = ["工程"]
state_keys = ["状態"]

[[detect]]
score = 200
when.front_matter = ["状態"]

[[kind]]
is = "plan"

[states]
active = ["作業中"]

[sections]
tasks = ["作業"]
"#;
    let text =
        "---\n状態: 作業中\n---\n\n# 移行\n\n## 作業\n\n### 工程 1: 準備\n\n- [x] 表を作る\n";
    let document = read(&[folder("作業票", manifest)], "docs/移行.md", text).document;
    assert_eq!(document.dialect, "作業票");
    assert_eq!(document.state.value, DocumentState::Active);
    assert_eq!(document.phases.len(), 1);
    assert_eq!(document.items[0].role, ItemRole::Task);
    assert_eq!(document.items[0].phase, Some(9));
    assert_eq!(document.items[0].text, "表を作る");
}

#[test]
fn wins_over_a_built_in_of_the_same_name() {
    let manifest = SHIPYARD.replace("Shipyard: work sheets", "Our own ExecPlans");
    let (dialects, problems) = Dialects::load(&[folder("execplan", &manifest)]);
    assert!(problems.is_empty(), "{problems:?}");
    let ours: Vec<&str> = dialects
        .iter()
        .filter(|dialect| dialect.name == "execplan")
        .map(|dialect| dialect.title.as_str())
        .collect();
    assert_eq!(ours, ["Our own ExecPlans"]);
    assert_eq!(
        dialects.get("execplan").unwrap().origin,
        ".planwright/dialects/execplan"
    );
}

/// Asserts that a manifest is refused at a line, in words that hold `says`, and that the other
/// dialects work on.
#[track_caller]
fn refused(manifest: &str, line: u32, says: &str) {
    let (dialects, problems) =
        Dialects::load(&[folder("broken", manifest), folder("shipyard", SHIPYARD)]);
    let [(path, problem)] = problems.as_slice() else {
        panic!("one problem expected: {problems:?}");
    };
    assert_eq!(path, ".planwright/dialects/broken/dialect.toml");
    assert_eq!(problem.code, "dialect-invalid");
    assert!(problem.message.contains(says), "{}", problem.message);
    assert_eq!(problem.line, line, "{}", problem.message);
    assert!(dialects.get("broken").is_none());
    assert!(dialects.get("shipyard").is_some());
    assert!(dialects.get("archcore").is_some());
}

#[test]
fn syntax_errors_are_told_with_their_line() {
    refused("title = \"x\"\n\nphase_words = [\n", 3, "");
}

#[test]
fn unknown_keys_are_told_with_their_line() {
    refused(
        "title = \"x\"\nphase_wrods = [\"deck\"]\n",
        2,
        "phase_wrods",
    );
    refused("[[detect]]\nscore = 1\nwhen.paths = [\"**\"]\n", 3, "paths");
}

#[test]
fn values_of_a_wrong_type_are_told_with_their_line() {
    refused(
        "title = \"x\"\n\n[states]\ndone = \"at sea\"\n",
        4,
        "string",
    );
}

#[test]
fn unknown_states_are_told() {
    refused("[states]\nfinished = [\"at sea\"]\n", 2, "finished");
}

#[test]
fn unknown_relations_are_told() {
    refused("[relations]\nawaits = [\"waits for\"]\n", 2, "awaits");
}

#[test]
fn bad_globs_are_told() {
    refused(
        "[[detect]]\nscore = 1\nwhen.path = [\"docs/[a-.md\"]\n",
        3,
        "docs/[a-.md",
    );
    refused(
        "title = \"x\"\ninitiative = [\n  \"docs/[a-\",\n]\n",
        3,
        "docs/[a-",
    );
}
