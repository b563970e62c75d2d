//! What has to be done before a document can be.

use planwright_model::{Document, Item, ItemRole};

use super::Missing;
use crate::{ErrorKind, Hint, OpsError, artifacts};

/// What keeps a document from being done: tasks that are open; criteria, gates, deliverables and
/// checks that have a box and no tick; blockers that are not resolved. Conditions without a box
/// cannot be ticked, and so keep nobody.
pub(super) fn missing(document: &Document) -> Vec<Missing> {
    let is_open = |item: &&Item| {
        let counts = match item.role {
            ItemRole::Task | ItemRole::Subtask => true,
            ItemRole::Question => false,
            _ => artifacts::has_box(item),
        };
        counts && !item.state.is_closed()
    };
    // A task that is done says so for its steps, too.
    let is_covered = |item: &&Item| {
        item.role != ItemRole::Subtask
            || !document
                .items
                .iter()
                .any(|task| Some(task.line) == item.parent && task.state.is_closed())
    };
    let items = document.items.iter().filter(is_open).filter(is_covered);
    let blockers = document.blockers.iter().filter(|blocker| !blocker.resolved);
    let blockers = blockers.map(|blocker| Missing {
        reference: None,
        line: blocker.line,
        what: "blocker".to_owned(),
        text: blocker.text.clone(),
    });
    items.map(Missing::item).chain(blockers).collect()
}

/// The refusal, with all that is missing.
pub(super) fn refusal(document: &Document, missing: &[Missing]) -> OpsError {
    let mut kinds: Vec<(&str, u32)> = Vec::new();
    for found in missing {
        match kinds.iter_mut().find(|(what, _)| *what == found.what) {
            Some((_, count)) => *count += 1,
            None => kinds.push((&found.what, 1)),
        }
    }
    let kinds = kinds.iter().map(|(what, count)| match (*what, *count) {
        (what, 1) => format!("1 {what}"),
        ("criterion", count) => format!("{count} criteria"),
        (what, count) => format!("{count} {what}s"),
    });
    let kinds: Vec<String> = kinds.collect();
    let message = format!(
        "`{}` is not done, open: {}",
        document.reference,
        kinds.join(", ")
    );
    let error = OpsError::new(ErrorKind::Refused, message).with_missing(missing.to_vec());
    let named = |wants_proof: bool| {
        let mut found = missing.iter();
        let found = found.find(|found| (found.what == "proof") == wants_proof);
        found.map(|found| found.reference.as_ref())
    };
    let (open, proof) = (named(false).flatten(), named(true));
    let error = match open {
        Some(open) => error.with_hint(Hint::Run(format!("plan tick {open}"))),
        None => error,
    };
    let error = match proof {
        Some(_) => error.with_hint(Hint::Run(format!(
            "plan verify {} --run",
            document.reference
        ))),
        None => error,
    };
    let error = match open.or(proof.flatten()) {
        Some(first) => error.with_hint(Hint::Run(format!(
            "plan complete {} --waive {first} --reason TEXT",
            document.reference
        ))),
        None => error,
    };
    if missing.iter().any(|found| found.what == "blocker") {
        return error.with_hint(Hint::Note(
            "a blocker is over when its words say so: resolved, or struck through".to_owned(),
        ));
    }
    error
}

#[cfg(test)]
mod tests {
    use planwright_dialect::Dialects;

    use super::*;

    fn found(text: &str) -> Vec<String> {
        let dialects = Dialects::load(&[]).0;
        let reading = dialects.read("plans/x.md", text.as_bytes().to_vec());
        let missing = missing(&reading.document);
        let told = missing
            .iter()
            .map(|found| format!("{} {}", found.what, found.text));
        told.collect()
    }

    #[test]
    fn open_work_ticks_and_blockers_are_missing() {
        let text = "# x\n\n## Tasks\n\n- [x] a\n  - [ ] a step of what is done\n- [ ] b\n- [-] c\n\n## Acceptance Criteria\n\n- [ ] fast\n- small\n\n## Definition of Done\n\n- [x] tested\n\n## Open Questions\n\n- [ ] Why?\n\n## Blockers\n\n- No machine\n- ~~No time~~ resolved\n";
        assert_eq!(
            found(text),
            ["task b", "criterion fast", "blocker No machine"]
        );
    }

    #[test]
    fn nothing_is_missing_where_all_is_closed() {
        assert!(found("# x\n\n## Tasks\n\n- [x] a\n- [-] b\n").is_empty());
        assert!(found("# x\n\nWords.\n").is_empty());
    }
}
