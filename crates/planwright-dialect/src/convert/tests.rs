use std::sync::LazyLock;

use super::*;

/// 2026-03-02 22:15:30 UTC.
const NOW: i64 = 1_772_489_730;

fn dialects() -> &'static Dialects {
    static DIALECTS: LazyLock<Dialects> = LazyLock::new(|| Dialects::load(&[]).0);
    &DIALECTS
}

/// Where a plan lies in each dialect.
const PLACES: [(&str, &str); 6] = [
    ("ai-docs", "docs/plans/active/till.md"),
    ("archcore", ".archcore/till/till.plan.md"),
    ("dev-ops", ".dev_ops/docs/plans/PLN-004-till.md"),
    ("execplan", "docs/execplans/till.md"),
    ("generic", "plans/till.md"),
    ("spec-kit", "specs/004-till/plan.md"),
];

const AI_DOCS: &str = "---
type: plan
title: \"New till\"
status: active
created: 2026-01-12
last_updated: 2026-02-20
owner: Dana
ai:
  priority: high
  triggers:
    - till
related_code:
  - src/till/
related_plans:
  - ../completed/old-till.md
---

# New till

**Status:** Active

**Timeline:** 2026-01-12 to 2026-03-20

## Executive Summary

One till for every counter, see [the old one](../completed/old-till.md).

## Implementation Phases

### Phase 1: Try it (Weeks 1-4)

**Priority:** High

#### Tasks

- [x] **Task 1:** Count the coins in `src/till/coins.rs`
  - Owner: Dana
  - Estimate: 3 days
- [ ] **Task 2:** Print the receipt
  - Depends on: Task 1

#### Deliverables

- [ ] A report of the differences

### Phase 2: Everywhere

#### Tasks

- [-] **Task 3:** Move the old tills

## Risks

| Risk | Probability | Impact | Mitigation |
|------|-------------|--------|------------|
| The drawer jams | Medium | High | A key at every counter |

## Open Questions

- [ ] Do we keep the old tills for a month?
";

const EXECPLAN: &str = "# New till

This ExecPlan is a living document. `Progress`, `Surprises & Discoveries`, `Decision Log` and
`Outcomes & Retrospective` are kept up to date while the work goes on.

Status: IN PROGRESS

## Purpose / Big Picture

One till for every counter.

## Progress

- [x] (2026-03-01 10:00Z) Count the coins.
- [ ] Print the receipt.

## Surprises & Discoveries

- Observation: The drawer opens by itself
  Evidence: `src/till/drawer.rs`

## Decision Log

- Decision: Coins first
  Rationale: they are counted most
  Date/Author: 2026-03-01 / Dana

## Outcomes & Retrospective

None yet.

## Validation and Acceptance

- [ ] `cargo test -p till` passes
";

const ARCHCORE: &str = "---
title: \"New till\"
status: accepted
tags: [till, counter]
---

## Goal

One till for every counter.

## Tasks

### Phase 1 — Try it

- [x] Count the coins @src/till/coins.rs
- [ ] Print the receipt

### Phase 2 — Everywhere

- [ ] Move the old tills

## Acceptance Criteria

- The sums agree
- The receipt is readable

## Risks

- The drawer jams: a key at every counter
";

const DEV_OPS: &str = "---
id: \"PLN-004\"
type: plan
date: \"2026-01-12\"
status: Active
---

# PLN-004 - New till

## Goal

One till for every counter.

## Checklist

- [x] **[test]** Count the coins
  - Files: `tests/coins.rs`
- [ ] **[code]** Print the receipt
  - Files: `src/till/receipt.rs`

## Acceptance Criteria

- The sums agree

## Verification

- Tests: `cargo test -p till`
";

const GENERIC: &str = "# Plan: New till

**Status:** Completed
**Owner:** Dana
**Created:** 2026-01-12

## Goal

One till for every counter.

## Tasks

### Phase 1: Try it

- [x] T001 Count the coins
- [x] T002 Print the receipt (depends on T001)

## Acceptance Criteria

- [x] The sums agree

## Notes

Written on a train.
";

const SPEC_KIT: &str = "# Implementation Plan: New till

**Branch**: `004-till` | **Date**: 2026-01-12 | **Spec**: [spec.md](./spec.md)

**Input**: Feature specification from `specs/004-till/spec.md`

## Summary

One till for every counter.

## Technical Context

**Language/Version**: Rust 1.95
**Storage**: files

## Constitution Check

- [x] No till without a test
- [ ] No coin is counted twice

## Phase 1: Setup

- [x] T001 Count the coins in `src/till/coins.rs`
- [ ] T002 [P] Print the receipt (depends on T001)
";

fn text_of(dialect: &str) -> &'static str {
    match dialect {
        "ai-docs" => AI_DOCS,
        "archcore" => ARCHCORE,
        "dev-ops" => DEV_OPS,
        "execplan" => EXECPLAN,
        "spec-kit" => SPEC_KIT,
        _ => GENERIC,
    }
}

fn place(dialect: &str) -> &'static str {
    let found = PLACES.iter().find(|(name, _)| *name == dialect);
    found.unwrap().1
}

fn convert(from: &str, text: &str, to: &str) -> Converted {
    let reading = dialects().read(place(from), text.as_bytes().to_vec());
    assert_eq!(reading.document.dialect, from, "{text}");
    let wanted = Wanted {
        dialect: to,
        form: "plan",
        path: place(to),
        values: values(&reading).with("id", "PLN-004"),
        now: NOW,
    };
    dialects().convert(&reading, &wanted).unwrap()
}

#[test]
fn there_and_back_keeps_every_field() {
    let mut failures = Vec::new();
    // Of a plan of no dialect nothing tells that it is none of another.
    let places = PLACES.iter().filter(|(name, _)| *name != "generic");
    for (from, path) in places.clone() {
        let text = text_of(from);
        let before = dialects().read(path, text.as_bytes().to_vec()).document;
        for (to, _) in places.clone().filter(|(name, _)| name != from) {
            let there = convert(from, text, to);
            let lost = there.losses.iter().filter(|loss| loss.kept.is_none());
            let lost: Vec<_> = lost.collect();
            assert!(lost.is_empty(), "{from} → {to}: {lost:#?}");
            let there_text = String::from_utf8(there.bytes).unwrap();
            let back = convert(to, &there_text, from);
            let mut left = losses::differences(&before, &back.document);
            // A form that owes a state begins with its first one.
            left.retain(|left| !left.starts_with("state unknown"));
            if !left.is_empty() {
                failures.push(format!("{from} → {to} → {from}: {left:#?}\n{there_text}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn a_loss_is_told() {
    let done = GENERIC;
    let there = convert("generic", done, "archcore");
    let told: Vec<String> = there
        .losses
        .iter()
        .map(|loss| {
            format!(
                "{}: {} [{}]",
                loss.what,
                loss.text,
                loss.kept.as_deref().unwrap_or("-")
            )
        })
        .collect();
    assert!(
        told.iter().any(|told| told.starts_with("state: ")),
        "{told:#?}"
    );
    assert!(
        told.iter()
            .any(|told| told == "section: Notes [kept under its own heading]"),
        "{told:#?}"
    );
}

#[test]
fn headings_and_head_are_those_of_the_form() {
    let there = convert("archcore", ARCHCORE, "execplan");
    let text = String::from_utf8(there.bytes).unwrap();
    insta::assert_snapshot!(text);
    let there = convert("execplan", EXECPLAN, "ai-docs");
    let text = String::from_utf8(there.bytes).unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_there_already_stays_as_it_is() {
    let again = convert("ai-docs", AI_DOCS, "ai-docs");
    assert!(
        again.losses.iter().all(|loss| loss.kept.is_some()),
        "{:?}",
        again.losses
    );
}
