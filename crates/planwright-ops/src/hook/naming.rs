//! The open tasks that name files.

use memchr::memmem::Finder;
use planwright_workspace::path::{join, name, parent};
use planwright_workspace::{Entry, Workspace};

/// Files that are looked for; of a larger change the first.
const FILES: usize = 100;

/// An open task that names files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) reference: String,
    pub(super) path: String,
    pub(super) text: String,
    /// The files, from the root.
    pub(super) files: Vec<String>,
    /// True where it also names folders, globs or what is not there.
    pub(super) is_vague: bool,
}

/// The open tasks of live plans that name one of some paths, in the order of their place.
pub(super) fn open_tasks(ws: &Workspace, paths: &[String]) -> Vec<Task> {
    let names = paths.iter().take(FILES).map(|path| name(path));
    let finders: Vec<Finder<'_>> = names.map(Finder::new).collect();
    if finders.is_empty() {
        return Vec::new();
    }
    let is_open = |entry: &Entry<'_>| {
        entry.total > entry.done && !entry.template && !entry.archived && !entry.state.is_closed()
    };
    let entries: Vec<Entry<'_>> = ws.entries().collect();
    let kept: Vec<usize> = (0..entries.len())
        .filter(|index| is_open(&entries[*index]))
        .collect();
    let found = ws.look_through(&kept, |index, bytes| {
        let named = finders.iter().any(|finder| finder.find(bytes).is_some());
        named.then_some(index)
    });
    let mut tasks = Vec::new();
    for index in found.into_iter().flatten() {
        let own = entries[index].path;
        let Ok(reading) = ws.read(own) else {
            continue;
        };
        for item in &reading.document.items {
            if item.files.is_empty() || item.state.is_closed() || !item.role.is_work() {
                continue;
            }
            let mut task = Task {
                reference: item.reference.clone(),
                path: own.to_owned(),
                text: item.text.clone(),
                files: Vec::new(),
                is_vague: false,
            };
            for written in &item.files {
                let places = [join("", written), join(parent(own), written)];
                let mut places = places.into_iter().flatten();
                match places.find(|place| paths.contains(place) || ws.exists(place)) {
                    Some(place) => task.files.push(place),
                    None => task.is_vague = true,
                }
            }
            if task.files.iter().any(|file| paths.contains(file)) {
                tasks.push(task);
            }
        }
    }
    tasks
}
