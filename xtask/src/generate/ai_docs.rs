//! `docs/ai/plans/{active,completed}/<date>-<slug>.md` with long front matter.

use std::fmt::Write as _;

use super::document::{Draft, Stage, capital, mark};
use super::words::Topic;

pub(crate) fn path(stage: Stage, topic: Topic) -> String {
    let folder = match stage {
        Stage::Done => "completed",
        Stage::Draft | Stage::Active => "active",
    };
    format!("docs/ai/plans/{folder}/{}.md", topic.slug())
}

pub(crate) fn write(draft: &mut Draft<'_>) -> String {
    let topic = draft.topic();
    let status = match draft.stage {
        Stage::Draft => "draft",
        Stage::Active => "active",
        // Some plans are moved and never closed.
        Stage::Done if draft.words.once_in(6) => "active",
        Stage::Done => "completed",
    };
    let (created, owner) = (draft.date(), draft.words.person());
    let total = draft.task_count();
    let phases = total.div_ceil(4);
    let mut head = format!(
        "---\ntype: plan\ntitle: \"{title}\"\nstatus: {status}\ncreated: {created}\nlast_updated: {updated}\n\
         lifecycle: {status}\nreviewed: {updated}\nexpires: 2027-01-31\nai:\n  priority: {priority}\n  \
         context_load: on_demand\n  triggers:\n    - {trigger}\n    - plan\n  token_budget: 2500\n\
         owner: {owner}\nstakeholders:\n  - {other}\nrelated_code:\n  - {code}\n",
        title = topic.title(),
        updated = draft.date(),
        priority = draft.words.pick(&["high", "medium", "low"]),
        trigger = topic.object_slug(),
        other = draft.words.person(),
        code = draft.words.path(),
    );
    if let Some(other) = draft.earlier() {
        let _ = writeln!(head, "related_plans:\n  - ./{}.md", other.slug());
    }
    let _ = write!(
        head,
        "---\n\n# {}\n\n**Status:** {}\n\n**Owner:** {}\n\n**Timeline:** {created} to 2026-03-31\n\n---\n\n\
         ## Executive Summary\n\n{}\n\n",
        topic.title(),
        capital(status),
        capital(owner),
        draft.words.sentence(),
    );
    let mut tail = String::from("## Implementation Phases\n\n");
    let ticked = draft.ticked(total);
    for task in 0..total {
        let phase = task / 4 + 1;
        if task % 4 == 0 {
            let _ = write!(
                tail,
                "### Phase {phase}: {} (Week {phase})\n\n**Priority:** {}\n\n**Goal:** {}\n\n#### Tasks\n\n",
                capital(&draft.words.thing()),
                draft.words.pick(&["Critical", "High", "Medium"]),
                draft.words.sentence(),
            );
        }
        let _ = writeln!(
            tail,
            "- [{}] **Task {}:** {}",
            mark(task < ticked),
            task + 1,
            draft.words.step()
        );
        if draft.words.once_in(3) {
            let _ = writeln!(tail, "  - Owner: {}", capital(draft.words.person()));
            let _ = writeln!(tail, "  - Estimate: {} days", 1 + draft.words.below(5));
            if task > 0 {
                let _ = writeln!(tail, "  - Depends on: Task {}", 1 + draft.words.below(task));
            }
        }
        if task % 4 == 3 || task + 1 == total {
            let _ = write!(
                tail,
                "\n#### Deliverables\n\n- [{}] {}\n\n",
                mark(task < ticked),
                draft.words.sentence()
            );
        }
    }
    if phases > 2 {
        let _ = write!(
            tail,
            "## Risks\n\n| Risk | Probability | Impact | Mitigation |\n|---|---|---|---|\n| {} | Low | High | {} |\n\n",
            draft.words.thing(),
            draft.words.step(),
        );
    }
    let _ = write!(
        tail,
        "## Success Criteria\n\n- [ ] {}\n",
        draft.words.sentence()
    );
    draft.assemble(&head, "## Current State", &tail)
}
