//! `docs/execplans/<slug>.md`: living plans with a dated progress list and a decision log.

use std::fmt::Write as _;

use super::document::{Draft, Stage, mark};
use super::words::Topic;

pub(crate) fn path(topic: Topic) -> String {
    format!("docs/execplans/{}.md", topic.slug())
}

pub(crate) fn write(draft: &mut Draft<'_>) -> String {
    let topic = draft.topic();
    let mut head = format!(
        "# {}\n\nThis ExecPlan is a living document. The sections `Progress`, `Surprises & Discoveries`, \
         `Decision Log`, and `Outcomes & Retrospective` are kept up to date as work proceeds.\n\n",
        topic.title()
    );
    if draft.words.once_in(2) {
        let status = match draft.stage {
            Stage::Draft => "DRAFT",
            Stage::Active => "IN PROGRESS",
            Stage::Done => "COMPLETE",
        };
        let _ = write!(head, "Status: {status}\n\n");
    }
    let _ = write!(
        head,
        "## Purpose / Big Picture\n\n{}\n\n",
        draft.words.sentence()
    );
    head.push_str("## Progress\n\n");
    let total = draft.task_count();
    let ticked = draft.ticked(total);
    for task in 0..total {
        let step = draft.words.step();
        if task < ticked {
            let _ = writeln!(
                head,
                "- [x] ({} {}Z) {step}.",
                draft.date(),
                draft.words.clock()
            );
        } else {
            let _ = writeln!(head, "- [{}] {step}.", mark(false));
        }
    }
    head.push_str("\n## Surprises & Discoveries\n\n");
    let entries = (total / 6).max(1);
    for _ in 0..entries {
        let _ = writeln!(
            head,
            "- Observation: {}\n  Evidence: {}",
            draft.words.sentence(),
            draft.words.sentence()
        );
    }
    head.push_str("\n## Decision Log\n\n");
    for _ in 0..entries {
        let _ = writeln!(
            head,
            "- Decision: {}\n  Rationale: {}\n  Date/Author: {} / {}",
            draft.words.step(),
            draft.words.sentence(),
            draft.date(),
            draft.words.person(),
        );
    }
    let outcome = match draft.stage {
        Stage::Done => draft.words.sentence(),
        Stage::Draft | Stage::Active => "Not finished yet.".to_owned(),
    };
    let _ = write!(head, "\n## Outcomes & Retrospective\n\n{outcome}\n\n");
    let mut tail = String::from("## Concrete Steps\n\n");
    for step in 1..=3 {
        let _ = writeln!(tail, "{step}. {}.", draft.words.step());
    }
    let _ = write!(
        tail,
        "\n## Validation and Acceptance\n\nRun `cargo test -p {}` and expect no failure.\n\n\
         ## Interfaces and Dependencies\n\n{}\n",
        topic.object_slug(),
        draft.words.sentence(),
    );
    if let Some(other) = draft.earlier() {
        let _ = write!(
            tail,
            "\nBuilds on [{}]({}.md).\n",
            other.title(),
            other.slug()
        );
    }
    draft.assemble(&head, "## Context and Orientation", &tail)
}
