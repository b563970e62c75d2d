//! Evidence in the section that a document has for it: `Artifacts and Notes`, `Evidence`.

use planwright_model::LogRole;
use planwright_syntax::splice::Edit;

use super::log::Log;
use super::{LogLine, Refusal, Subject};

/// Ways to add it, and a line to tell of where none will do.
pub(super) fn edits(subject: &Subject<'_>, text: &str) -> Result<(u32, Vec<Vec<Edit>>), Refusal> {
    let log = Log::of(subject, "artifacts", LogRole::Update).ok_or(Refusal::NoEvidence)?;
    let entry = LogLine {
        role: LogRole::Update,
        text: text.to_owned(),
        rationale: None,
        alternatives: None,
        evidence: None,
        author: None,
    };
    let mut ways: Vec<Vec<Edit>> = log.in_place_of_nothing(&entry).into_iter().collect();
    ways.push(vec![log.at_end(&entry)]);
    Ok((log.line, ways))
}
