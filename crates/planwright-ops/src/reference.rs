use planwright_workspace::{Resolution, Workspace};

use crate::{ErrorKind, Hint, OpsError};

/// What a reference points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A whole document, by its index.
    Document(usize),
    /// The item or phase that starts at a line of it.
    Place(usize, u32),
}

/// Resolves a reference to a document or to a place inside one.
pub(crate) fn target(ws: &Workspace, reference: &str) -> Result<Target, OpsError> {
    if reference.trim().is_empty() {
        return Err(OpsError::new(ErrorKind::Usage, "the reference is empty"));
    }
    let resolution = ws.resolve(reference);
    // Where the document is there, it is the place inside it that is not.
    if let Resolution::Nothing(nearest) = &resolution
        && let Some((name, place)) = reference.trim().rsplit_once('#')
        && matches!(ws.resolve(name), Resolution::Document(_))
    {
        return Err(missing_place(name, place, nearest.clone()));
    }
    from_resolution(reference, resolution)
}

fn missing_place(name: &str, place: &str, nearest: Vec<String>) -> OpsError {
    OpsError::new(
        ErrorKind::NotFound,
        format!("`{name}` has no item, phase or section `{place}`"),
    )
    .with_hint(Hint::Nearest(nearest))
    .with_hint(Hint::Run(format!("plan show {name}")))
}

/// Resolves a reference that must name a whole document.
pub(crate) fn document(ws: &Workspace, reference: &str, verb: &str) -> Result<usize, OpsError> {
    match target(ws, reference)? {
        Target::Document(index) => Ok(index),
        Target::Place(index, _) => {
            let whole = ws.entry(index).reference.to_owned();
            Err(OpsError::new(
                ErrorKind::Usage,
                format!("`{reference}` names a place inside `{whole}`; `{verb}` takes a document"),
            )
            .with_hint(Hint::Run(format!("plan {verb} {whole}"))))
        }
    }
}

fn from_resolution(reference: &str, resolution: Resolution) -> Result<Target, OpsError> {
    match resolution {
        Resolution::Document(index) => Ok(Target::Document(index)),
        Resolution::Line(index, line) => Ok(Target::Place(index, line)),
        Resolution::Ambiguous(candidates) => Err(OpsError::new(
            ErrorKind::Ambiguous,
            format!(
                "`{reference}` can mean {} {}",
                candidates.len(),
                if reference.contains('#') {
                    "places"
                } else {
                    "documents"
                }
            ),
        )
        .with_hint(Hint::Candidates(candidates))),
        Resolution::Nothing(nearest) => Err(OpsError::new(
            ErrorKind::NotFound,
            format!("nothing answers to `{reference}`"),
        )
        .with_hint(Hint::Nearest(nearest))
        .with_hint(Hint::Run("plan list --all".to_owned()))),
    }
}

/// The references of all documents with their titles, for completion.
pub fn names(ws: &Workspace) -> Vec<(String, String)> {
    ws.entries()
        .map(|entry| (entry.reference.to_owned(), entry.title.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ambiguous_name_lists_its_candidates() {
        let candidates = vec!["auth-api".to_owned(), "auth-web".to_owned()];
        let error = from_resolution("auth", Resolution::Ambiguous(candidates.clone())).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Ambiguous);
        assert_eq!(error.message, "`auth` can mean 2 documents");
        assert_eq!(error.hints, [Hint::Candidates(candidates)]);
    }

    #[test]
    fn an_unknown_name_without_neighbours_points_at_the_list() {
        let error = from_resolution("zzz", Resolution::Nothing(Vec::new())).unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
        assert_eq!(error.hints, [Hint::Run("plan list --all".to_owned())]);
    }

    #[test]
    fn a_place_that_is_not_there_points_at_its_document() {
        let error = missing_place("auth", "T099", vec!["auth#T009".to_owned()]);
        assert_eq!(error.message, "`auth` has no item, phase or section `T099`");
        assert_eq!(
            error.hints,
            [
                Hint::Nearest(vec!["auth#T009".to_owned()]),
                Hint::Run("plan show auth".to_owned())
            ]
        );
    }

    #[test]
    fn a_place_keeps_its_line() {
        assert_eq!(
            from_resolution("x#2", Resolution::Line(3, 40)),
            Ok(Target::Place(3, 40))
        );
    }
}
