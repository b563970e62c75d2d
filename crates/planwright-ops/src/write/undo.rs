//! `plan undo`: takes back the last operation.

use planwright_workspace::write::Changed;

use super::{Answer, Call, Done};
use crate::OpsError;

/// Takes back the operation that was written last.
///
/// # Errors
/// When there is none, one of its files has changed since, or cannot be written.
pub fn run(call: &Call<'_>) -> Result<Answer, OpsError> {
    let undone = call.writer.undo(call.dry_run)?;
    let done = undone.files.iter().map(|file: &Changed| Done {
        reference: file.path.clone(),
        path: file.path.clone(),
        line: 1,
        what: "undo",
        before: file.from.clone(),
        after: match (&file.from, &file.after) {
            (Some(_), _) => Some(file.path.clone()),
            (None, None) => Some("removed".to_owned()),
            (None, Some(_)) => None,
        },
        native: None,
        text: undone.label.clone(),
        changed: true,
    });
    let done = done.collect();
    Ok(Answer::new("undo", call.dry_run, done, &undone.files))
}
