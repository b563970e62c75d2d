//! Which files a check is about.

use planwright_workspace::{ChangedError, Resolution, Workspace};

use crate::{ErrorKind, Hint, OpsError, reference};

/// What the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As given.
    pub word: String,
    /// As a path from the root, where it can be one; empty for the root.
    pub path: Option<String>,
}

/// The files that are meant; `None` for all.
pub(super) fn paths(ws: &Workspace, targets: &[Target]) -> Result<Option<Vec<String>>, OpsError> {
    if targets.is_empty() {
        return Ok(None);
    }
    let mut all = Vec::new();
    for target in targets {
        match &target.path {
            Some(path) if path.is_empty() => return Ok(None),
            Some(path) if ws.exists(path) => {
                let folder = format!("{path}/");
                let below = ws.entries().map(|entry| entry.path.to_owned());
                let mut below: Vec<String> =
                    below.filter(|other| other.starts_with(&folder)).collect();
                if below.is_empty() && !ws.is_folder(path) {
                    // A file, listed or not.
                    ws.read_bytes(path)?;
                    below.push(path.clone());
                }
                all.append(&mut below);
            }
            _ => {
                let index = match ws.resolve(&target.word) {
                    Resolution::Document(index) | Resolution::Line(index, _) => index,
                    _ => reference::document(ws, &target.word, "check")?,
                };
                all.push(ws.entry(index).path.to_owned());
            }
        }
    }
    all.sort();
    all.dedup();
    Ok(Some(all))
}

/// Of these files, or of all, those that differ from where a revision and `HEAD` part.
pub(super) fn changed(
    ws: &Workspace,
    scope: Option<Vec<String>>,
    revision: Option<&str>,
) -> Result<Option<Vec<String>>, OpsError> {
    let Some(revision) = revision else {
        return Ok(scope);
    };
    let changed = ws.changed_since(revision).map_err(|error| {
        let kind = match error {
            ChangedError::Revision(_) => ErrorKind::Usage,
            ChangedError::Git(_) => ErrorKind::Io,
        };
        OpsError::new(kind, error.to_string()).with_hint(Hint::Note(
            "`--changed` needs a git repository and a revision of it; a shallow clone lacks most"
                .to_owned(),
        ))
    })?;
    let is_wanted = |path: &String| match &scope {
        Some(scope) => scope.contains(path),
        None => ws.find(path).is_some(),
    };
    Ok(Some(changed.into_iter().filter(is_wanted).collect()))
}
