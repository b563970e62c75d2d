use std::collections::{BTreeSet, HashSet};

use planwright_model::{Item, ItemState};
use planwright_workspace::path::{join, name};

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::paths::moved;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW313",
    name: "code-moved",
    category: Category::References,
    level: None,
    reason: "whoever starts on the task looks for a file that is elsewhere by now",
    page: page!("code-moved"),
    needs_git: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// Beginnings of words of a task that makes the file, or that speaks of the move itself.
const MOVES: [&str; 20] = [
    "create", "add ", "write ", "copy", "move", "moving", "renam", "was ", "replac", "former",
    "delet", "remov", "split", "extract",
    "新建", "创建", "新增", "移动", "迁移", "删除",
];

/// True for a task that makes the file or moves it: not for `Rewrite the loop in x`, and what is added
/// to a file finds it there.
fn is_about_move(text: &str, path: &str) -> bool {
    let is_added_to = [format!(" to `{path}"), format!(" to {path}")]
        .iter()
        .any(|words| text.contains(words.as_str()));
    MOVES.iter().any(|word| {
        let mut found = text.match_indices(word);
        !(is_added_to && *word == "add ")
            && found.any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
    })
}

fn check(project: &Project<'_>, findings: &mut Findings) {
    let has_moved = |doc: &Doc<'_>| {
        let mut paths = doc.facts().claims.open_paths.iter();
        paths.any(|path| moved_from(project, doc.folder(), path).is_some())
    };
    let docs: Vec<Doc<'_>> = project.docs().filter(has_moved).collect();
    findings.in_each(&docs, |doc, findings| in_document(project, doc, findings));
}

/// The paths that open tasks name.
pub(super) fn paths(doc: &DocumentView) -> Vec<String> {
    let paths: BTreeSet<&String> = named(doc).map(|(_, path)| path).collect();
    paths.into_iter().cloned().collect()
}

/// The open tasks of a plan that is not over, each with the paths that it names.
fn named(doc: &DocumentView) -> impl Iterator<Item = (&Item, &String)> {
    let document = doc.document();
    // What is over tells of the code as it was then.
    let is_over = document.state.value.is_closed() || document.progress.done == document.progress.total;
    let is_meant = !is_over && document.holds_work() && doc.is_listed();
    let items = document.items.iter();
    let items = items.filter(move |item| is_meant && item.role.is_work() && is_open(item));
    items.flat_map(|item| {
        let paths = item.files.iter().filter(|path| path.contains('/'));
        paths.map(move |path| (item, path))
    })
}

fn in_document(project: &Project<'_>, doc: &DocumentView, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for (item, path) in named(doc) {
        if seen.insert(path) {
            look(project, doc, item, path, findings);
        }
    }
}

/// Where the file is that a path led to from a folder or from the root, and how to say so.
fn moved_from(project: &Project<'_>, folder: &str, path: &str) -> Option<(String, String)> {
    let places = [join("", path), join(folder, path)];
    let mut places = places.iter().flatten();
    if places.clone().any(|place| project.exists(place)) {
        return None;
    }
    places.find_map(|place| moved(project, place))
}

/// A step that nothing can be ticked of may have been done long ago.
fn is_open(item: &Item) -> bool {
    !item.state.is_closed() && (item.mark.is_some() || item.state != ItemState::Todo)
}

fn look(
    project: &Project<'_>,
    doc: &DocumentView,
    item: &Item,
    path: &str,
    findings: &mut Findings,
) {
    let Some((found, how)) = moved_from(project, doc.folder(), path) else {
        return;
    };
    let text = item.text.to_lowercase();
    let names_it = name(&found) != name(path) && text.contains(&name(&found).to_lowercase());
    if found == doc.path() || names_it || is_about_move(&text, &path.to_lowercase()) {
        return;
    }
    let mut lines = item.line..=item.end_line;
    if let Some(span) = lines.find_map(|line| doc.find_in_line(line, path)) {
        findings
            .at(doc, span, format!("`{path}` is not there any more"))
            .help(how);
    }
}

#[cfg(test)]
mod tests {
    use super::is_about_move;

    #[test]
    fn what_is_changed_in_a_file_is_not_what_makes_it() {
        for (text, expected) in [
            ("write the loop in src/a.rs", true),
            ("add src/a.rs", true),
            ("add the loop in src/a.rs", true),
            ("move the loop to src/a.rs", true),
            ("rewrite the loop in src/a.rs", false),
            ("add a check to `src/a.rs`", false),
            ("log what src/a.rs reads", false),
        ] {
            assert_eq!(is_about_move(text, "src/a.rs"), expected, "{text}");
        }
    }
}
