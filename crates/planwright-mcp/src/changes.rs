//! What changes on the disk, told to clients that asked for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use planwright_workspace::watch::Watch;
use planwright_workspace::{Entry, Options, Workspace};
use tokio::sync::broadcast;

use crate::resources;
use crate::session::Host;

/// One change that was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    /// True when documents came or went.
    pub(crate) list: bool,
    /// Resources whose content is another now.
    pub(crate) uris: Arc<[String]>,
}

/// Watches the repository from the first listener on.
#[derive(Debug)]
pub(crate) struct Changes {
    host: Arc<Host>,
    told: broadcast::Sender<Changed>,
    started: std::sync::Once,
}

impl Changes {
    pub(crate) fn new(host: Arc<Host>) -> Arc<Self> {
        Arc::new(Self {
            host,
            told: broadcast::Sender::new(64),
            started: std::sync::Once::new(),
        })
    }

    /// Changes from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Changed> {
        let told = self.told.subscribe();
        self.started.call_once(|| {
            let (host, told) = (Arc::clone(&self.host), self.told.clone());
            // Ends with the process. Where the system cannot watch, nobody is told of changes, and
            // every call still answers with what is there.
            std::thread::spawn(move || watch(&host, &told));
        });
        told
    }
}

fn watch(host: &Host, told: &broadcast::Sender<Changed>) -> Option<()> {
    let options = Options {
        dir: host.dir.clone(),
        cache_dir: host.cache_dir.clone(),
    };
    let mut watch = Watch::new(Vec::new()).ok()?;
    let mut before = None;
    loop {
        let ws = loop {
            let ws = Workspace::open(&options).ok()?;
            if !watch.follow(&ws).ok()? {
                break ws;
            }
        };
        let after = stamps(&ws);
        if let Some(before) = before.replace(after.clone())
            && let Some(changed) = difference(&before, &after)
        {
            // No listener is no mistake: one may come.
            let _ = told.send(changed);
        }
        watch.wait(&ws).ok()?;
    }
}

/// When a document was changed and, where that was just now, at which revision it is: seconds do not
/// tell two changes apart that follow each other quickly.
type Stamps = BTreeMap<String, (i64, Option<String>)>;

/// Seconds within which a second change may go unnoticed.
const JUST_NOW: i64 = 2;

fn stamps(ws: &Workspace) -> Stamps {
    let newest = ws.entries().map(|entry| entry.mtime).max().unwrap_or(0);
    let stamp = |entry: Entry<'_>| {
        let is_new = entry.mtime >= newest - JUST_NOW;
        let revision = is_new.then(|| planwright_ops::write::revision(ws, entry.path).ok());
        (entry.path.to_owned(), (entry.mtime, revision.flatten()))
    };
    ws.entries().map(stamp).collect()
}

fn difference(before: &Stamps, after: &Stamps) -> Option<Changed> {
    let list = before.len() != after.len() || after.keys().any(|path| !before.contains_key(path));
    let is_new = |(path, (time, revision)): &(&String, &(i64, Option<String>))| {
        before.get(*path).is_some_and(|(known, read)| {
            known != time || (read.is_some() && revision.is_some() && read != revision)
        })
    };
    let uris = after
        .iter()
        .filter(is_new)
        .map(|(path, _)| resources::uri(path));
    let uris: Arc<[String]> = uris.collect();
    (list || !uris.is_empty()).then_some(Changed { list, uris })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamps(of: &[(&str, i64, &str)]) -> Stamps {
        let stamp = |(path, time, revision): &(&str, i64, &str)| {
            let revision = (!revision.is_empty()).then(|| (*revision).to_owned());
            ((*path).to_owned(), (*time, revision))
        };
        of.iter().map(stamp).collect()
    }

    #[test]
    fn a_second_change_in_the_same_second_is_noticed() {
        let (before, after) = (stamps(&[("a.md", 5, "x")]), stamps(&[("a.md", 5, "y")]));
        let changed = difference(&before, &after).unwrap();
        assert_eq!(&*changed.uris, [resources::uri("a.md")]);
        assert!(!changed.list);
    }

    #[test]
    fn growing_old_is_no_change() {
        let before = stamps(&[("a.md", 5, "x")]);
        assert_eq!(difference(&before, &stamps(&[("a.md", 5, "")])), None);
    }

    #[test]
    fn what_comes_and_goes_changes_the_list() {
        let before = stamps(&[("a.md", 5, "")]);
        let after = stamps(&[("b.md", 5, "")]);
        let changed = difference(&before, &after).unwrap();
        assert!(changed.list && changed.uris.is_empty());
    }
}
