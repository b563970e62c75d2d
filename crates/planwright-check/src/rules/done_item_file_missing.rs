use std::collections::HashSet;

use planwright_model::{Item, ItemState};
use planwright_workspace::history::PathSet;
use planwright_workspace::path::join;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::paths::moved;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW307",
    name: "done-item-file-missing",
    category: Category::References,
    level: None,
    reason: "the task says that it made the file: it was not made, or has moved since",
    page: page!("done-item-file-missing"),
    check: Check::Suspect(is_suspect, check),
    ..Rule::DEFAULT
};

/// Words that a task begins with that leaves a file behind.
const MAKES: [&str; 7] = ["create", "created", "add", "added", "write", "wrote", "implement"];

/// Words of a task after which a file is elsewhere or gone.
const REMOVES: [&str; 14] = [
    "remove", "delet", "renam", "move", "replac", "drop", "instead", "obsolete", "deprecat", "supersed", "merge into", "e.g.",
    "n/a", "fold",
];

fn is_suspect(doc: &DocumentView, _: &Context) -> bool {
    made(doc).next().is_some()
}

/// The tasks that are done and say that they made a file, each with its path.
fn made(doc: &DocumentView) -> impl Iterator<Item = (&Item, &String)> {
    let items = doc.document().items.iter().filter(|item| item.state == ItemState::Done);
    items.filter_map(|item| {
        let lower = item.text.to_lowercase();
        let makes = lower.split_whitespace().next().is_some_and(|first| MAKES.contains(&first));
        if !makes || REMOVES.iter().any(|word| lower.contains(word)) {
            return None;
        }
        // The first path is what is made; others may be named in passing.
        item.files.first().filter(|path| is_file(path)).map(|path| (item, path))
    })
}

fn check(project: &Project<'_>, doc: &DocumentView, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for (item, path) in made(doc) {
        // `src/x.rs` that grew into `src/x/` is still there.
        let exists = |path: Option<String>| {
            path.is_some_and(|path| {
                let grown = path.rsplit_once('.').map(|(folder, _)| folder);
                project.exists(&path) || grown.is_some_and(|folder| project.exists(folder))
            })
        };
        // A path from a folder that is not said cannot be looked up: its first folder has to be there.
        let first = path.split('/').next().unwrap_or_default();
        if !project.exists(first) || exists(join("", path)) || exists(join(doc.folder(), path)) {
            continue;
        }
        // What was made and taken away later, or lies in the folder of a package, was made.
        let place = moved(project, path);
        if place.is_none() && was_there(project, path) {
            continue;
        }
        // Several tasks on one file are one file that is missing.
        if !seen.insert(path) {
            continue;
        }
        let lines = item.line..=item.end_line;
        if let Some(span) = lines.into_iter().find_map(|line| doc.find_in_line(line, path)) {
            findings
                .at(doc, span, format!("done, and `{path}` is not there"))
                .help(match place {
                    Some((_, how)) => format!("{how}: write where the file is now"),
                    None => "take the tick back, or write where the file is now".to_owned(),
                });
        }
    }
}

/// True where a commit touched the path, or one that ends with it.
fn was_there(project: &Project<'_>, path: &str) -> bool {
    let anywhere = PathSet::new([path.to_owned(), format!("**/{path}")]);
    let history = project.history();
    history.is_some_and(|history| history.last_touching(&anywhere).is_some())
}

/// True for the path of one file in a folder.
fn is_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.contains('/') && name.contains('.') && !path.starts_with('.')
        && !path.contains(['*', '{', '<', '$', '[']) && !path.contains("...")
}
