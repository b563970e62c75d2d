//! `plan undo`: takes back the last operation.

use planwright_workspace::Workspace;
use planwright_workspace::write::Changed;

use super::{Answer, Call, Done};
use crate::{OpsError, claims};

/// Takes back the operation that was written last. What is open again by it is free to be claimed again.
///
/// # Errors
/// When there is none, one of its files has changed since, or cannot be written.
pub fn run(ws: &Workspace, call: &Call<'_>) -> Result<Answer, OpsError> {
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
    let mut answer = Answer::new("undo", call.dry_run, done, &undone.files);
    let paths = undone
        .files
        .iter()
        .flat_map(|file| [Some(&file.path), file.from.as_ref()]);
    let paths: Vec<&str> = paths.flatten().map(String::as_str).collect();
    // The files are as they were, whatever becomes of claims.
    if let Some(desk) = call.desk.filter(|_| !call.dry_run)
        && let Err(error) = claims::reopen(ws, &paths, desk)
    {
        answer.notes.push(error.message);
    }
    Ok(answer)
}
