use planwright_dialect::folders::{agrees, claim};
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
            "active", "in-progress", "in_progress", "completed", "complete", "done", "finished",
            "implemented", "shipped", "closed", "draft", "drafts", "paused", "blocked", "abandoned", "rejected", "superseded",
        ]),
        help: "names of folders that say how far the documents in them are",
    }],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let document = doc.document();
    if !document.holds_work() {
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
    if document.state.value == DocumentState::Unknown {
        if document.state.native.is_none() {
            by_tasks(doc, folder, claimed, findings);
        }
        return;
    }
    if agrees(claimed, document.state.value) {
        return;
    }
    let native = document.state.native.as_deref().unwrap_or_default();
    // `Canonical roadmap` says what counts, and not how far it is.
    if native.to_lowercase().starts_with("canonical") {
        return;
    }
    let native = short(native);
    let message = format!("lies in `{folder}/` and says `{native}`");
    findings
        .at(doc, doc.state_span(), message)
        .help(format!("set the state that `{folder}/` stands for, or move the file"));
}

/// Where only the folder says how far a plan is, its boxes may say otherwise.
fn by_tasks(doc: &DocumentView, folder: &str, claimed: DocumentState, findings: &mut Findings) {
    let said = doc.document().stated_progress();
    let open = said.total - said.done;
    let (message, help) = match claimed {
        DocumentState::Active if open == 0 && said.total > 1 => (
            format!("lies in `{folder}/`, and all {} tasks are done", said.total),
            "move the file to the finished ones, or add the task that is missing",
        ),
        DocumentState::Done if open > 0 => (
            format!("lies in `{folder}/`, and {open} of {} tasks {} open", said.total, if open == 1 { "is" } else { "are" }),
            "tick what is done, cancel what will not be, or move the file back",
        ),
        _ => return,
    };
    findings.at(doc, doc.title_span(), message).help(help);
}
