use std::collections::BTreeMap;

use planwright_model::{Item, ItemRole};

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};

/// How many tasks a finding points at.
const SHOWN: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "PW209",
    name: "twin-items-disagree",
    category: Category::State,
    reason: "one of the two files shows work that is done as open, and somebody will start it",
    page: page!("twin-items-disagree"),
    archived: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    // The plan and the tasks of one feature lie in one folder.
    let mut features: BTreeMap<&str, Vec<Doc<'_>>> = BTreeMap::new();
    for doc in project.docs().filter(|doc| !doc.facts().claims.boxes.is_empty()) {
        features.entry(doc.folder()).or_default().push(doc);
    }
    for docs in features.values() {
        for (at, one) in docs.iter().enumerate() {
            for other in &docs[at + 1..] {
                if may_disagree(one, other)
                    && let (Some(one), Some(other)) = (one.whole(), other.whole())
                {
                    compare(one, other, findings);
                }
            }
        }
    }
}

/// The boxes of a plan or list of tasks that is one of several in its folder, and whether each is
/// closed.
pub(super) fn boxes(doc: &DocumentView) -> Vec<(String, bool)> {
    let is_part = matches!(doc.stem().to_lowercase().as_str(), "plan" | "tasks" | "todo");
    if !is_part || doc.document().template || !doc.is_listed() {
        return Vec::new();
    }
    let tasks = tasks(doc).into_iter();
    tasks.map(|(id, item)| (id.to_owned(), item.state.is_closed())).collect()
}

fn may_disagree(one: &Doc<'_>, other: &Doc<'_>) -> bool {
    // Both are in the order of their ids.
    let theirs = &other.facts().claims.boxes;
    one.facts().claims.boxes.iter().any(|(id, is_closed)| {
        let twin = theirs.binary_search_by(|(other, _)| other.cmp(id));
        twin.is_ok_and(|at| theirs[at].1 != *is_closed)
    })
}

fn compare(one: &DocumentView, other: &DocumentView, findings: &mut Findings) {
    let (mine, theirs) = (tasks(one), tasks(other));
    let differing: Vec<(&Item, &Item)> = mine
        .iter()
        .filter_map(|(id, item)| Some((*item, *theirs.get(id)?)))
        .filter(|(a, b)| a.state.is_closed() != b.state.is_closed() && is_same(&a.text, &b.text))
        .collect();
    // One finding for each direction: all that is open here and done there.
    for is_open_in_one in [true, false] {
        let pairs = differing.iter().map(|(a, b)| if is_open_in_one { (*a, *b) } else { (*b, *a) });
        let pairs: Vec<(&Item, &Item)> = pairs.filter(|(open, _)| !open.state.is_closed()).collect();
        let (doc, twin) = if is_open_in_one { (one, other) } else { (other, one) };
        let Some((first, _)) = pairs.first() else {
            continue;
        };
        let id = first.id.as_deref().unwrap_or_default();
        let what = match pairs.len() {
            1 => format!("{id} is open here and closed"),
            2 => format!("{id} and another task are open here and closed"),
            more => format!("{id} and {} other tasks are open here and closed", more - 1),
        };
        let finding = findings.at(doc, doc.item_span(first), format!("{what} in `{}`", twin.path()));
        finding.help("tick them in both files, or keep the boxes in one of them alone");
        for (_, closed) in pairs.iter().take(SHOWN) {
            finding.label_in(twin.path(), twin.item_span(closed), "closed");
        }
    }
}

/// The boxes of a document by their ids, those left out that two tasks share.
fn tasks(doc: &DocumentView) -> BTreeMap<&str, &Item> {
    let mut all: BTreeMap<&str, Option<&Item>> = BTreeMap::new();
    let items = doc.document().items.iter();
    for item in items.filter(|item| item.role == ItemRole::Task && item.mark.is_some()) {
        if let Some(id) = item.id.as_deref() {
            all.entry(id).and_modify(|known| *known = None).or_insert(Some(item));
        }
    }
    all.into_iter().filter_map(|(id, item)| Some((id, item?))).collect()
}

/// True for two wordings of one task: numbers alone are too often given twice.
fn is_same(a: &str, b: &str) -> bool {
    let words = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(60).collect()
    };
    let (a, b) = (words(a), words(b));
    !a.is_empty() && (a.starts_with(&b) && b.len() > 8 || b.starts_with(&a) && a.len() > 8 || strsim::normalized_levenshtein(&a, &b) >= 0.7)
}
