//! The revision of a document: a short name of its bytes, by which a writer says what it has read.

use planwright_workspace::Workspace;
use rapidhash::v3::rapidhash_v3;

use crate::{ErrorKind, Hint, OpsError};

/// The revision of a document at a path from the repository's root.
///
/// # Errors
/// When the file cannot be read.
pub fn revision(ws: &Workspace, path: &str) -> Result<String, OpsError> {
    Ok(of(&ws.read_bytes(path)?))
}

/// The revision that a file with these bytes has. Twelve digits of a hash: enough to notice that
/// somebody else has written, and no promise against somebody who wants to deceive.
pub(super) fn of(bytes: &[u8]) -> String {
    format!("{:012x}", rapidhash_v3(bytes) >> 16)
}

/// Refuses to change a document that is at none of the revisions that were expected.
pub(super) fn expected(expected: &[String], path: &str, bytes: &[u8]) -> Result<(), OpsError> {
    let is = of(bytes);
    if expected.is_empty() || expected.contains(&is) {
        return Ok(());
    }
    let message = format!("{path} changed since it was read: it is at revision {is} now");
    Err(OpsError::new(ErrorKind::Refused, message)
        .with_hint(Hint::Run(format!("plan show {path}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_somebody_else_changed_is_refused() {
        let read = [of(b"- [ ] a\n")];
        assert!(expected(&read, "plan.md", b"- [ ] a\n").is_ok());
        let error = expected(&read, "plan.md", b"- [x] a\n").unwrap_err();
        assert_eq!(error.kind, ErrorKind::Refused);
        assert!(
            error.message.starts_with("plan.md changed since"),
            "{error}"
        );
    }

    #[test]
    fn who_expects_nothing_writes_to_any_revision() {
        assert!(expected(&[], "plan.md", b"- [x] a\n").is_ok());
    }
}
