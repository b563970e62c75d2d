//! Reading is total: whatever the bytes and the path, a document comes back whose parts hang
//! together.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;
use std::sync::LazyLock;

use planwright_dialect::{Dialects, Reading};
use proptest::prelude::*;

/// Paths that lead to each dialect and to several kinds.
const PATHS: [&str; 9] = [
    ".archcore/a/b.plan.md",
    "docs/plans/active/b.md",
    "docs/execplans/b.md",
    "dev_ops/plans/PLAN-001-b.md",
    "specs/001-b/tasks.md",
    "specs/001-b/plan.md",
    "specs/001-b/spec.md",
    "TODO.md",
    ".dev_ops/board.json",
];

/// Pieces of plans. Strung together they make documents that no author would write.
const TOKENS: &[&str] = &[
    "---\n",
    "title: a\n",
    "status: active\n",
    "status: [\n",
    "related_code:\n  - a.rs\n",
    "# ",
    "## Tasks\n",
    "## Progress\n",
    "## Decision Log\n",
    "## Acceptance Criteria\n",
    "## Risks\n",
    "## Dependencies\n",
    "## Update Log\n",
    "## Open Questions\n",
    "## Status\n",
    "### Phase 1: A\n",
    "### Phase 1: A\n",
    "## Phase 2\n",
    "**M1**\n",
    "### Task 3: A\n",
    "Milestone 2 - B\n",
    "Tasks:\n",
    "**Deliverables:**\n",
    "- [ ] ",
    "- [x] ",
    "- [~] ",
    "  - [ ] ",
    "    - [X] ",
    "1. ",
    "9999999999. ",
    "T001 ",
    "T001-T999 ",
    "T002 ",
    "[P] ",
    "[US1] ",
    "2.1 ",
    "DB-1 ",
    "(depends on T001)",
    "(depends on T002-T001)",
    "Depends on: Task 3\n",
    "  - Owner: a\n",
    "  - Estimate: 1-2 days\n",
    "**Status:** Done\n",
    "Status: ",
    "T001 → T002\n",
    "- Phase 2 depends on Phase 1\n",
    "(2025-10-01 13:00Z) ",
    "[2025-13-45 99:99 UTC] ",
    "~~",
    "**",
    "`",
    "```\n",
    "~~~\n",
    "<!--",
    "-->",
    "> ",
    "|",
    "| a | b |\n|---|---|\n| c | d |\n",
    "===\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "[a](b.md)",
    "[[a]]",
    "@src/a.rs",
    "\u{feff}",
    "\0",
    "é",
    "任务",
    "阶段 1：",
    "✅",
    "{",
    "}",
    "\"items\": [",
    "{\"id\": \"a\", \"title\": \"b\"}",
    "]",
    ",",
];

static DIALECTS: LazyLock<Dialects> = LazyLock::new(|| Dialects::load(&[]).0);

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(TOKENS), 0..60).prop_map(|tokens| tokens.concat())
}

fn path() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&PATHS[..])
}

/// Checks that the parts of a document hang together.
fn check(path: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    let Reading {
        document, parsed, ..
    } = DIALECTS.read(path, bytes.to_vec());
    let last = parsed.source.line_count();

    let lines = document
        .title
        .line
        .into_iter()
        .chain(document.state_claims.iter().filter_map(|claim| claim.line))
        .chain(document.sections.iter().flat_map(|s| [s.line, s.end_line]))
        .chain(document.phases.iter().flat_map(|p| [p.line, p.end_line]))
        .chain(document.items.iter().flat_map(|i| [i.line, i.end_line]))
        .chain(document.log.iter().map(|entry| entry.line))
        .chain(document.relations.iter().map(|relation| relation.line))
        .chain(document.code_refs.iter().map(|code| code.line))
        .chain(document.commands.iter().map(|command| command.line))
        .chain(document.risks.iter().map(|risk| risk.line))
        .chain(document.metrics.iter().map(|metric| metric.line))
        .chain(document.milestones.iter().map(|milestone| milestone.line))
        .chain(document.blockers.iter().map(|blocker| blocker.line))
        .chain(document.questions.iter().map(|question| question.line))
        .chain(document.requirements.iter().map(|r| r.line))
        .chain(document.placeholders.iter().map(|p| p.line))
        .chain(document.diagnostics.iter().map(|d| d.line));
    for line in lines {
        prop_assert!((1..=last).contains(&line), "line {line} of {last}");
    }

    let phases: HashSet<u32> = document.phases.iter().map(|phase| phase.line).collect();
    let items: HashSet<u32> = document.items.iter().map(|item| item.line).collect();
    for phase in &document.phases {
        prop_assert!(phase.line <= phase.end_line, "{phase:?}");
        if let Some(parent) = phase.parent {
            prop_assert!(phases.contains(&parent) && parent < phase.line, "{phase:?}");
        }
        for needed in &phase.depends_on {
            if let Some(line) = needed.strip_prefix("phase:") {
                prop_assert!(phases.contains(&line.parse::<u32>().unwrap()), "{phase:?}");
            }
        }
    }
    let mut references = HashSet::new();
    for item in &document.items {
        prop_assert!(item.line <= item.end_line, "{item:?}");
        prop_assert!(!item.text.contains('\n'), "{item:?}");
        prop_assert!(
            references.insert(&item.reference),
            "twice: {}",
            item.reference
        );
        if let Some(phase) = item.phase {
            prop_assert!(phases.contains(&phase), "no phase in line {phase}");
        }
        if let Some(parent) = item.parent {
            prop_assert!(items.contains(&parent), "no item in line {parent}");
            prop_assert!(parent < item.line, "{item:?}");
        }
        if item.ready {
            prop_assert!(!item.state.is_closed(), "{item:?}");
        }
    }
    prop_assert!(document.progress.done <= document.progress.total);

    // The same bytes give the same document, and a summary says nothing else.
    let again = DIALECTS.read(path, bytes.to_vec()).document;
    prop_assert_eq!(&document, &again);
    if let Some(summary) = DIALECTS.summarise(path, bytes.to_vec()) {
        prop_assert_eq!(&summary.state, &document.state);
        prop_assert_eq!(&summary.phases, &document.phases);
        let mut items = document.items.clone();
        for (item, brief) in items.iter_mut().zip(&summary.items) {
            // What a list does not show, a summary may leave out.
            item.fingerprint.clone_from(&brief.fingerprint);
        }
        prop_assert_eq!(&summary.items, &items);
        prop_assert_eq!(&summary.log, &document.log);
        prop_assert_eq!(&summary.progress, &document.progress);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(path in path(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(path, &bytes)?;
    }

    #[test]
    fn any_text(path in path(), text in "\\PC{0,200}") {
        check(path, text.as_bytes())?;
    }

    #[test]
    fn any_soup_of_tokens(path in path(), text in soup()) {
        check(path, text.as_bytes())?;
    }

    /// A soup with bytes cut out of it, so that marks and characters break in the middle.
    #[test]
    fn any_damaged_soup(path in path(), text in soup(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..6)) {
        let mut bytes = text.into_bytes();
        for cut in cuts {
            if !bytes.is_empty() {
                bytes.remove(cut.index(bytes.len()));
            }
        }
        check(path, &bytes)?;
    }
}

/// Found by the soups; each broke the reader once.
#[test]
fn inputs_that_broke_it() {
    for text in ["## Tasks\n\n✅**M1** Milestone 2 - B\n"] {
        for path in PATHS {
            check(path, text.as_bytes()).unwrap();
        }
    }
}
