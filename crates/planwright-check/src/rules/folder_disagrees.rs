use planwright_model::DocumentState;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW202",
    name: "folder-disagrees",
    category: Category::State,
    reason: "a list by folder and a list by state show different plans",
    page: page!("folder-disagrees"),
    archived: true,
    settings: &[Setting {
        name: "folders",
        default: Value::Words(&[
            "active", "in-progress", "in_progress", "completed", "complete", "done", "draft",
            "drafts", "paused", "blocked", "abandoned", "rejected", "superseded",
        ]),
        help: "names of folders that say how far the documents in them are",
    }],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let document = doc.document();
    if document.state.value == DocumentState::Unknown || !document.holds_work() {
        return;
    }
    let folders = context.words(&RULE, "folders");
    let said = doc.folder().rsplit('/').find_map(|name| {
        let lower = name.to_lowercase();
        folders.contains(&lower).then(|| (name, claim(&lower)))
    });
    let Some((folder, Some(claimed))) = said else {
        return;
    };
    if agrees(claimed, document.state.value) {
        return;
    }
    let native = short(document.state.native.as_deref().unwrap_or_default());
    let message = format!("lies in `{folder}/` and says `{native}`");
    findings
        .at(doc, doc.state_span(), message)
        .help(format!("set the state that `{folder}/` stands for, or move the file"));
}

/// What a folder's name says of what lies in it.
fn claim(folder: &str) -> Option<DocumentState> {
    Some(match folder {
        "active" | "in-progress" | "in_progress" | "current" => DocumentState::Active,
        "completed" | "complete" | "done" | "finished" => DocumentState::Done,
        "draft" | "drafts" => DocumentState::Draft,
        other => DocumentState::from_canonical(other)?,
    })
}

/// True when a document of some state may lie in a folder for another: whatever is not over can be
/// found among what is active, and whatever is over among what is done.
fn agrees(folder: DocumentState, state: DocumentState) -> bool {
    match folder {
        DocumentState::Active => !state.is_closed(),
        DocumentState::Done => state.is_closed(),
        other => other == state,
    }
}
