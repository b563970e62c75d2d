//! `plan check --fix`: what fixes make of files, written as one operation.

use std::collections::BTreeMap;

use planwright_check::fix::Change;
use planwright_workspace::{Workspace, WriteError};

use super::{Call, Done, Operation};
use crate::{OpsError, claims};

/// Writes what fixes made of files: all of them or none, so that `undo` takes all back.
///
/// # Errors
/// When a file no longer holds what was checked, somebody else holds it, or it cannot be written.
pub(crate) fn run(
    ws: &Workspace,
    changes: &BTreeMap<String, Change>,
    call: &Call<'_>,
) -> Result<(), OpsError> {
    if changes.is_empty() {
        return Ok(());
    }
    let paths: Vec<String> = changes.keys().cloned().collect();
    let keys = paths.iter().filter_map(|path| claims::rest_key(ws, path));
    let operation = Operation {
        ws,
        call,
        verb: "check",
        label: "check --fix".to_owned(),
        keys: keys.collect(),
    };
    let done = operation.run(&paths, |drafts| {
        let mut done = Vec::new();
        for (path, change) in changes {
            let draft = drafts.get_mut(path).ok_or_else(|| super::gone(path))?;
            if draft.reading.parsed.source.bytes() != change.before {
                return Err(WriteError::Changed { path: path.clone() }.into());
            }
            draft.replace(change.after.clone());
            let document = draft.document();
            done.push(Done {
                reference: document.reference.clone(),
                path: path.clone(),
                line: 1,
                what: "fix",
                before: None,
                after: None,
                native: None,
                text: document.title.text.clone(),
                changed: true,
            });
        }
        Ok(done)
    });
    done.map(|_| ())
}
