//! `specs/001-slug/{spec,plan,tasks}.md`.

use std::fmt::Write as _;

use super::document::{Draft, Stage, capital, mark};
use super::words::Topic;

/// The documents of a feature in the order of their making.
pub(crate) const PARTS: [&str; 3] = ["spec", "plan", "tasks"];

fn folder(topic: Topic) -> String {
    format!("{:03}-{}", topic.number, topic.object_slug())
}

pub(crate) fn path(topic: Topic, part: &str) -> String {
    format!("specs/{}/{part}.md", folder(topic))
}

pub(crate) fn write(draft: &mut Draft<'_>, part: &str) -> String {
    match part {
        "spec" => spec(draft),
        "plan" => plan(draft),
        _ => tasks(draft),
    }
}

fn spec(draft: &mut Draft<'_>) -> String {
    let topic = draft.topic();
    let status = match draft.stage {
        Stage::Draft => "Draft",
        Stage::Active => "In Progress",
        Stage::Done => "Implemented",
    };
    let stories = (draft.size / 1_500).clamp(1, 6);
    let mut head = format!(
        "# Feature Specification: {}\n\n**Feature Branch**: `{}`\n**Created**: {}\n**Status**: {status}\n\n\
         ## User Scenarios & Testing *(mandatory)*\n\n",
        topic.title(),
        folder(topic),
        draft.date(),
    );
    for story in 1..=stories {
        let _ = write!(
            head,
            "### User Story {story} - {} (Priority: P{story})\n\n{}\n\n**Acceptance Scenarios**:\n\n\
             1. **Given** a {}, **When** the {} changes, **Then** {}\n\n",
            capital(&draft.words.thing()),
            draft.words.sentence(),
            draft.words.thing(),
            draft.words.thing(),
            draft.words.sentence(),
        );
    }
    let mut tail = String::from("## Requirements *(mandatory)*\n\n### Functional Requirements\n\n");
    for requirement in 1..=stories * 2 {
        let _ = writeln!(
            tail,
            "- **FR-{requirement:03}**: System MUST keep it: {}",
            draft.words.sentence()
        );
    }
    tail.push_str("\n## Success Criteria *(mandatory)*\n\n### Measurable Outcomes\n\n");
    for outcome in 1..=2 {
        let _ = writeln!(tail, "- **SC-{outcome:03}**: {}", draft.words.sentence());
    }
    draft.assemble(&head, "### Edge Cases", &tail)
}

fn plan(draft: &mut Draft<'_>) -> String {
    let topic = draft.topic();
    let head = format!(
        "# Implementation Plan: {}\n\n**Branch**: `{branch}` | **Date**: {} | **Spec**: [spec.md](./spec.md)\n\
         **Input**: Feature specification from `/specs/{branch}/spec.md`\n\n## Summary\n\n{}\n\n\
         ## Technical Context\n\n**Language/Version**: Rust 1.95\n**Storage**: {}\n**Testing**: cargo test\n\n\
         ## Constitution Check\n\n- [{}] {}\n- [{}] {}\n\n",
        topic.title(),
        draft.date(),
        draft.words.sentence(),
        draft.words.thing(),
        mark(draft.stage != Stage::Draft),
        draft.words.sentence(),
        mark(draft.stage == Stage::Done),
        draft.words.sentence(),
        branch = folder(topic),
    );
    let mut tail = String::from("## Project Structure\n\n```text\n");
    for _ in 0..4 {
        let _ = writeln!(tail, "{}", draft.words.path());
    }
    tail.push_str("```\n");
    draft.assemble(&head, "## Research", &tail)
}

fn tasks(draft: &mut Draft<'_>) -> String {
    let topic = draft.topic();
    let mut head = format!(
        "# Tasks: {}\n\n**Input**: Design documents from `/specs/{}/`\n**Prerequisites**: plan.md (required), \
         spec.md (required for user stories)\n\n## Format: `[ID] [P?] [Story] Description`\n\n\
         - **[P]**: Can run in parallel (different files, no dependencies)\n\
         - **[Story]**: Which user story this task belongs to\n\n",
        topic.title(),
        folder(topic),
    );
    // A task list is mostly tasks.
    let total = (draft.size / 130).clamp(4, 300);
    let ticked = draft.ticked(total);
    for task in 0..total {
        let phase = task / 6 + 1;
        if task % 6 == 0 {
            let title = match phase {
                1 => "Setup (Shared Infrastructure)".to_owned(),
                2 => "Foundational (Blocking Prerequisites)".to_owned(),
                _ => format!(
                    "User Story {story} - {} (Priority: P{story})",
                    capital(&draft.words.thing()),
                    story = phase - 2
                ),
            };
            let _ = write!(
                head,
                "## Phase {phase}: {title}\n\n**Purpose**: {}\n\n",
                draft.words.sentence()
            );
        }
        let parallel = if draft.words.once_in(3) { "[P] " } else { "" };
        let story = if phase > 2 {
            format!("[US{}] ", phase - 2)
        } else {
            String::new()
        };
        let _ = write!(
            head,
            "- [{}] T{:03} {parallel}{story}{}",
            mark(task < ticked),
            task + 1,
            draft.words.step()
        );
        if task > 0 && draft.words.once_in(12) {
            let _ = write!(head, " (depends on T{:03})", 1 + draft.words.below(task));
        }
        head.push('\n');
        if task % 6 == 5 || task + 1 == total {
            let _ = write!(head, "\n**Checkpoint**: {}\n\n", draft.words.sentence());
        }
    }
    draft.assemble(
        &head,
        "## Notes",
        "## Dependencies & Execution Order\n\n- Setup (Phase 1) comes first.\n- User stories follow Phase 2.\n",
    )
}
