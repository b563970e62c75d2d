//! `.archcore/<area>/<slug>.<type>.md` and `.sync-state.json`.

use std::fmt::Write as _;

use super::document::{Draft, Stage, mark};
use super::words::{Topic, Words};

const AREAS: [&str; 5] = ["platform", "billing", "delivery", "identity", "insight"];
/// Half of the documents are plans; the rest is what plans refer to.
const KINDS: [&str; 10] = [
    "prd", "plan", "adr", "plan", "plan", "spec", "plan", "rule", "plan", "guide",
];

fn kind(index: usize) -> &'static str {
    KINDS[index % KINDS.len()]
}

/// Path below `.archcore`.
fn inner_path(index: usize, topic: Topic) -> String {
    format!(
        "{}/{}.{}.md",
        AREAS[index % AREAS.len()],
        topic.slug(),
        kind(index)
    )
}

pub(crate) fn path(index: usize, topic: Topic) -> String {
    format!(".archcore/{}", inner_path(index, topic))
}

pub(crate) fn write(draft: &mut Draft<'_>) -> String {
    let topic = draft.topic();
    let status = match draft.stage {
        Stage::Draft => "draft",
        _ if draft.words.once_in(8) => "rejected",
        _ => "accepted",
    };
    let mut head = format!(
        "---\ntitle: \"{}\"\nstatus: {status}\ntags:\n  - \"{}\"\n  - \"{}\"\n---\n\n",
        topic.title(),
        topic.object_slug(),
        AREAS[draft.index % AREAS.len()],
    );
    let mut tail = String::new();
    if kind(draft.index) == "plan" {
        let _ = write!(
            head,
            "## Goal\n\n{} {}\n\n",
            draft.words.sentence(),
            draft.words.sentence()
        );
        tail.push_str("## Tasks\n\n");
        let total = draft.task_count();
        let ticked = draft.ticked(total);
        for task in 0..total {
            if task % 5 == 0 {
                let _ = write!(
                    tail,
                    "### Phase {} — {}\n\n",
                    task / 5 + 1,
                    draft.words.thing()
                );
            }
            let _ = writeln!(tail, "- [{}] {}", mark(task < ticked), draft.words.step());
            if task % 5 == 4 || task + 1 == total {
                tail.push('\n');
            }
        }
        tail.push_str("## Acceptance Criteria\n\n");
        for _ in 0..3 {
            let _ = writeln!(tail, "- {}", draft.words.sentence());
        }
        if let Some(other) = draft.earlier() {
            let _ = write!(
                tail,
                "\n## Dependencies\n\n- Depends on: {}.plan.md\n",
                other.slug()
            );
        }
        draft.assemble(&head, "## Context", &tail)
    } else {
        let _ = write!(head, "## Context\n\n{}\n\n", draft.words.sentence());
        let _ = write!(tail, "## Consequences\n\n- {}\n", draft.words.sentence());
        draft.assemble(&head, "## Decision", &tail)
    }
}

/// The relations of a folder: each document implements, extends or depends on an earlier one.
pub(crate) fn sync_state(topics: &[Topic], words: &mut Words) -> String {
    let mut text = String::from("{\n  \"version\": 1,\n  \"files\": {},\n  \"relations\": [");
    for (index, topic) in topics.iter().enumerate().skip(1) {
        let target = words.below(index);
        let _ = write!(
            text,
            "{}\n    {{\n      \"source\": \"{}\",\n      \"target\": \"{}\",\n      \"type\": \"{}\"\n    }}",
            if index > 1 { "," } else { "" },
            inner_path(index, *topic),
            inner_path(target, topics[target]),
            words.pick(&["implements", "depends_on", "extends", "related"]),
        );
    }
    text.push_str("\n  ]\n}\n");
    text
}
