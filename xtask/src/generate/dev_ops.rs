//! `.dev_ops/docs/plans/PLN-001-slug.md` and `.dev_ops/board.json`.

use std::fmt::Write as _;

use super::document::{Draft, Stage, capital, mark};
use super::words::{Topic, Words, date};

const COLUMNS: [(&str, &str); 6] = [
    ("col-backlog", "Backlog"),
    ("col-understand", "Understand"),
    ("col-plan", "Plan"),
    ("col-implement", "Implement"),
    ("col-verify", "Verify"),
    ("col-done", "Done"),
];

pub(crate) fn path(topic: Topic) -> String {
    format!(
        ".dev_ops/docs/plans/PLN-{:03}-{}.md",
        topic.number,
        topic.slug()
    )
}

pub(crate) fn write(draft: &mut Draft<'_>) -> String {
    let topic = draft.topic();
    let number = topic.number;
    let status = match draft.stage {
        Stage::Draft => "draft",
        Stage::Active => "active",
        Stage::Done => "complete",
    };
    let related = draft
        .earlier()
        .map(|other| format!("PLN-{:03}", other.number))
        .unwrap_or_default();
    let mut head = format!(
        "---\nid: PLN-{number:03}\ntype: plan\nstatus: {status}\ncreated_at: {}T{}:00.000000\n\
         related_docs: [{related}]\nrelated_code: [{}]\n---\n\n# {}\n\n## Goal\n\n{}\n\n",
        draft.date(),
        draft.words.clock(),
        draft.words.path(),
        topic.title(),
        draft.words.sentence(),
    );
    let _ = write!(head, "Parent task: `TASK-{number:03}`.\n\n");
    let mut tail = String::from("## Proposed Changes\n\n");
    let total = draft.task_count();
    let ticked = draft.ticked(total);
    for task in 0..total {
        if task % 6 == 0 {
            let _ = write!(tail, "### {}\n\n", capital(&draft.words.thing()));
        }
        let _ = writeln!(tail, "- [{}] {}", mark(task < ticked), draft.words.step());
        if task % 6 == 5 || task + 1 == total {
            tail.push('\n');
        }
    }
    let _ = write!(
        tail,
        "## Verification\n\n- [{}] Run `pytest tests/{}` and read the log.\n\n## Related\n\n{}\n",
        mark(draft.stage == Stage::Done),
        topic.object_slug(),
        draft.words.sentence(),
    );
    draft.assemble(&head, "## Context", &tail)
}

/// A board with one task for each plan.
pub(crate) fn board(topics: &[Topic], words: &mut Words) -> String {
    let places: Vec<usize> = topics.iter().map(|_| words.below(COLUMNS.len())).collect();
    let mut text = String::from("{\n  \"version\": 1,\n  \"columns\": [");
    for (at, (id, name)) in COLUMNS.iter().enumerate() {
        let tasks: Vec<String> = (0..topics.len())
            .filter(|task| places[*task] == at)
            .map(|task| format!("\"TASK-{:03}\"", topics[task].number))
            .collect();
        let _ = write!(
            text,
            "{}\n    {{ \"id\": \"{id}\", \"name\": \"{name}\", \"taskIds\": [{}] }}",
            if at > 0 { "," } else { "" },
            tasks.join(", "),
        );
    }
    text.push_str("\n  ],\n  \"items\": [");
    for (at, topic) in topics.iter().enumerate() {
        let _ = write!(
            text,
            "{}\n    {{ \"id\": \"TASK-{:03}\", \"columnId\": \"{}\", \"title\": \"{}\", \"updatedAt\": \"{}T{}:00.000Z\" }}",
            if at > 0 { "," } else { "" },
            topic.number,
            COLUMNS[places[at]].0,
            topic.title(),
            date(at * 9 + words.below(9)),
            words.clock(),
        );
    }
    text.push_str("\n  ]\n}\n");
    text
}
