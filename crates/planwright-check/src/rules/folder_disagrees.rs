use std::collections::BTreeMap;

use planwright_dialect::folders::{agrees, claim};
use planwright_model::DocumentState;

use crate::finding::{Findings, Spot};
use crate::project::{Doc, Project};
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
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let folders = project.context().words(&RULE, "folders");
    let mut units: BTreeMap<&str, Vec<Placed<'_>>> = BTreeMap::new();
    for doc in project.docs().filter(|doc| doc.facts().holds_work) {
        let Some(placed) = Placed::of(doc, &folders) else {
            continue;
        };
        match placed.unit {
            // What is finished lies beside what is not, as long as the whole is in work.
            Some(unit) if placed.claimed == DocumentState::Active => units.entry(unit).or_default().push(placed),
            _ => report(&placed, &[], findings),
        }
    }
    for unit in units.into_values() {
        let is_over = |placed: &&Placed<'_>| placed.wrong().is_some();
        let is_silent = |placed: &Placed<'_>| {
            let facts = placed.doc.facts();
            facts.native.is_none() && facts.said.total == 0
        };
        let wrong: Vec<&Placed<'_>> = unit.iter().filter(is_over).collect();
        if unit.iter().all(|placed| is_silent(placed) || placed.wrong().is_some())
            && let Some(first) = wrong.iter().find(|placed| placed.doc.facts().kind == "plan").or(wrong.first())
        {
            report(first, &wrong, findings);
        }
    }
}

/// A document in a folder that says how far it is.
struct Placed<'a> {
    doc: Doc<'a>,
    /// The folder's name, and what it stands for.
    folder: &'a str,
    claimed: DocumentState,
    /// The folder below it where the document lies with others of its undertaking.
    unit: Option<&'a str>,
}

impl<'a> Placed<'a> {
    fn of(doc: Doc<'a>, folders: &[String]) -> Option<Self> {
        let path = doc.folder();
        let mut end = path.len();
        let folder = path.rsplit('/').find(|name| {
            let is_it = folders.contains(&name.to_lowercase());
            end -= if is_it { 0 } else { (name.len() + 1).min(end) };
            is_it
        })?;
        let below = path[end..].trim_start_matches('/').split('/').next().unwrap_or_default();
        let unit = (!below.is_empty()).then(|| &path[..end + 1 + below.len()]);
        Some(Self { doc, folder, claimed: claim(&folder.to_lowercase())?, unit })
    }

    /// What does not agree, where it is said, and what to do about it.
    fn wrong(&self) -> Option<(String, Spot, String)> {
        let (facts, folder) = (self.doc.facts(), self.folder);
        if facts.state == DocumentState::Unknown {
            return self.by_tasks().filter(|_| facts.native.is_none());
        }
        // `Canonical roadmap` says what counts, and not how far it is.
        // The final version of a report is no state of work either.
        let is_final = self.claimed == DocumentState::Done && facts.native().eq_ignore_ascii_case("final");
        if is_final || agrees(self.claimed, facts.state) || facts.native().to_lowercase().starts_with("canonical") {
            return None;
        }
        let message = format!("lies in `{folder}/` and says `{}`", short(facts.native()));
        Some((message, facts.stated, format!("set the state that `{folder}/` stands for, or move the file")))
    }

    /// Where only the folder says how far a plan is, its boxes may say otherwise.
    fn by_tasks(&self) -> Option<(String, Spot, String)> {
        let (facts, folder) = (self.doc.facts(), self.folder);
        let said = facts.said;
        let open = said.total - said.done;
        let (message, help) = match self.claimed {
            DocumentState::Active if open == 0 && said.total > 1 => (
                format!("lies in `{folder}/`, and all {} tasks are done", said.total),
                "move the file to the finished ones, or add the task that is missing",
            ),
            DocumentState::Done if open > 0 => (
                format!("lies in `{folder}/`, and {open} of {} tasks {} open", said.total, if open == 1 { "is" } else { "are" }),
                "tick what is done, cancel what will not be, or move the file back",
            ),
            _ => return None,
        };
        Some((message, facts.title, help.to_owned()))
    }
}

fn report(placed: &Placed<'_>, others: &[&Placed<'_>], findings: &mut Findings) {
    let Some((message, spot, help)) = placed.wrong() else {
        return;
    };
    let finding = findings.at_spot(placed.doc.path(), spot, message);
    finding.help(help);
    for other in others.iter().filter(|other| other.doc.path() != placed.doc.path()) {
        if let Some((_, spot, _)) = other.wrong() {
            finding.label_spot(other.doc.path(), spot, "as well");
        }
    }
}
