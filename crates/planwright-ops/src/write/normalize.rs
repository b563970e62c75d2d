//! `plan fmt`: documents in the form of their dialect, with every word as it was.

use planwright_workspace::Workspace;

use super::{Answer, Call, Done, Operation, gone};
use crate::{ErrorKind, OpsError, claims, reference};

/// Which documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// References of the documents.
    pub documents: Vec<String>,
}

/// Brings documents into the form of their dialect. A dry run says what would change.
///
/// # Errors
/// When a reference names no document, somebody else holds it, or a file cannot be written.
pub fn run(ws: &Workspace, request: &Request, call: &Call<'_>) -> Result<Answer, OpsError> {
    let mut paths: Vec<String> = Vec::new();
    for name in &request.documents {
        let index = reference::document(ws, name, "fmt")?;
        let entry = ws.entry(index);
        if entry.template {
            let message = format!("`{name}` is a form, and is what documents are brought into");
            return Err(OpsError::new(ErrorKind::Usage, message));
        }
        if !paths.iter().any(|known| known == entry.path) {
            paths.push(entry.path.to_owned());
        }
    }
    let operation = Operation {
        ws,
        call,
        verb: "fmt",
        label: format!("fmt {}", request.documents.join(" ")),
        keys: paths
            .iter()
            .filter_map(|path| claims::document_key(ws, path))
            .collect(),
    };
    operation.run(&paths, |drafts| {
        let mut all = Vec::new();
        for path in &paths {
            let draft = drafts.get_mut(path).ok_or_else(|| gone(path))?;
            let normal = ws.dialects().normalize(&draft.reading, call.now);
            let document = draft.document();
            let done = normal.made.iter().map(|made| Done {
                reference: document.reference.clone(),
                path: path.clone(),
                line: 1,
                what: "form",
                before: None,
                after: Some(made.form.as_str().to_owned()),
                native: (!made.words.is_empty()).then(|| made.words.join(", ")),
                text: made.count.to_string(),
                changed: true,
            });
            let done: Vec<Done> = done.collect();
            if done.is_empty() {
                all.push(Done {
                    reference: document.reference.clone(),
                    path: path.clone(),
                    line: 1,
                    what: "form",
                    before: None,
                    after: None,
                    native: None,
                    text: document.title.text.clone(),
                    changed: false,
                });
            } else {
                draft.replace(normal.bytes);
                all.extend(done);
            }
        }
        Ok(all)
    })
}
