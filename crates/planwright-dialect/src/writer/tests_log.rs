//! Tests of entries of the log.

use planwright_model::LogRole;

use super::tests::{PLAN, change, entry, lines};
use super::*;

pub(super) const LIVING: &str = "\
# Cache

This ExecPlan is a living document.

## Progress

- [x] (2026-01-04 10:00Z) Measured the reads.
- [ ] Write the cache.

## Surprises & Discoveries

None yet.

## Decision Log

- Decision: Keep it in memory.
  Rationale: It is small.
  Date/Author: 2026-01-04 / Ann

## Plan of Work

Words.
";

#[test]
fn an_entry_looks_like_its_neighbours() {
    let mut decision = entry(LogRole::Decision, "Evict the oldest.");
    decision.rationale = Some("Simple.".to_owned());
    decision.alternatives = Some("LFU".to_owned());
    decision.author = Some("Bea".to_owned());
    let mut discovery = entry(LogRole::Discovery, "Reads are fast.");
    discovery.evidence = Some("2 ms".to_owned());
    for (entry, expected) in [
        (
            entry(LogRole::Progress, "Wrote the cache."),
            "+- [x] (2026-03-02 22:15Z) Wrote the cache.",
        ),
        (
            decision,
            "+- Decision: Evict the oldest.\n+  Rationale: Simple.\n+  Alternatives: LFU\n+  Date/Author: 2026-03-02 / Bea",
        ),
        (
            discovery,
            "-None yet.\n+- Observation: Reads are fast.\n+  Evidence: 2 ms",
        ),
        (
            entry(LogRole::Outcome, "It works."),
            "+## Outcomes & Retrospective\n+\n+- (2026-03-02) It works.\n+",
        ),
    ] {
        assert_eq!(lines(PLAN, LIVING, &Change::Log(entry)), expected);
    }
}

#[test]
fn the_newest_entry_stands_where_the_newest_stand() {
    let text = "# Cache\n\n## Tasks\n\n- [ ] x\n\n## Update Log\n\n* **2026-02-03**: Later.\n* **2026-01-02**: First.\n";
    assert_eq!(
        lines(
            "plans/x.md",
            text,
            &Change::Log(entry(LogRole::Update, "Now."))
        ),
        "+* **2026-03-02**: Now."
    );
    assert!(
        change(
            "plans/x.md",
            text,
            &Change::Log(entry(LogRole::Update, "Now."))
        )
        .unwrap()
        .contains("## Update Log\n\n* **2026-03-02**: Now.\n* **2026-02-03**")
    );
}

#[test]
fn words_of_an_entry_stay_words() {
    let text = entry(LogRole::Progress, "one\n\n## Two {day} `x`");
    let new = change(PLAN, LIVING, &Change::Log(text)).unwrap();
    assert!(new.contains("Z) one ## Two {day} `x`\n"), "{new}");
}

#[test]
fn a_log_that_is_missing_is_made_in_its_place() {
    let text = "# Cache\n\nThis ExecPlan is a living document.\n\n## Progress\n\n- [ ] Write it\n\n## Plan of Work\n\nWords.";
    let new = change(
        PLAN,
        text,
        &Change::Log(entry(LogRole::Decision, "No disk.")),
    )
    .unwrap();
    assert_eq!(
        new,
        "# Cache\n\nThis ExecPlan is a living document.\n\n## Progress\n\n- [ ] Write it\n\n## Decision Log\n\n- Decision: No disk.\n  Date/Author: 2026-03-02\n\n## Plan of Work\n\nWords."
    );
    let new = change(
        PLAN,
        text,
        &Change::Log(entry(LogRole::Update, "Looked at.")),
    )
    .unwrap();
    assert!(
        new.ends_with("Words.\n\n## Update Log\n\n- 2026-03-02: Looked at."),
        "{new}"
    );
}

#[test]
fn a_log_that_is_made_leaves_the_foot_of_the_document() {
    let text = "# Cache\n\n## Tasks\n\n- [ ] Write it\n\n---\n\n**Last Updated**: 2026-01-05\n";
    let asked = Change::Log(entry(LogRole::Progress, "Begun."));
    assert_eq!(
        change("plans/x.md", text, &asked).unwrap(),
        "# Cache\n\n## Tasks\n\n- [ ] Write it\n\n## Progress\n\n- 2026-03-02 22:15Z Begun.\n\n---\n\n**Last Updated**: 2026-01-05\n"
    );
}
