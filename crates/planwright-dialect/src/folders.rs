//! Folders that say how far the documents in them are: `active/`, `completed/`.

use planwright_model::DocumentState;

use crate::Dialects;

/// Names of such folders, those to be written first.
const NAMES: [(&str, DocumentState); 18] = [
    ("active", DocumentState::Active),
    ("in-progress", DocumentState::Active),
    ("in_progress", DocumentState::Active),
    ("current", DocumentState::Active),
    ("completed", DocumentState::Done),
    ("complete", DocumentState::Done),
    ("done", DocumentState::Done),
    ("finished", DocumentState::Done),
    ("implemented", DocumentState::Done),
    ("shipped", DocumentState::Done),
    ("closed", DocumentState::Done),
    ("draft", DocumentState::Draft),
    ("drafts", DocumentState::Draft),
    ("paused", DocumentState::Paused),
    ("blocked", DocumentState::Blocked),
    ("abandoned", DocumentState::Abandoned),
    ("rejected", DocumentState::Rejected),
    ("superseded", DocumentState::Superseded),
];

/// What a folder's name says of what lies in it.
pub fn claim(folder: &str) -> Option<DocumentState> {
    let lower = folder.to_lowercase();
    let known = NAMES.iter().find(|(name, _)| *name == lower);
    let known = known.map(|(_, state)| *state);
    known.or_else(|| DocumentState::from_canonical(&lower))
}

/// What a path says of the document there: `search_completed.md`, or else its folders, the nearest
/// first.
pub fn claim_of(path: &str) -> Option<DocumentState> {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (_, ending) = name
        .strip_suffix(".md")?
        .rsplit_once(['_', '.'])
        .unwrap_or_default();
    let is_over = matches!(
        ending.to_ascii_lowercase().as_str(),
        "completed" | "done" | "archived"
    );
    is_over
        .then_some(DocumentState::Done)
        .or_else(|| folders.rsplit('/').find_map(claim))
}

/// True when a document of some state may lie in a folder for another: whatever is not over can be
/// found among what is active, and whatever is over among what is done.
pub fn agrees(folder: DocumentState, state: DocumentState) -> bool {
    match folder {
        DocumentState::Active => !state.is_closed(),
        DocumentState::Done => state.is_closed(),
        other => other == state,
    }
}

/// The folder where a document of a state belongs that lies in `folder` now; `None` where it is right
/// as it is. Only where the folder, or one above it, says how far its documents are, and where beside
/// it lies one for the state. Beside `active/` there is always a place for `completed/`, and the
/// other way round: git keeps no empty folders.
pub fn home(folder: &str, state: DocumentState, exists: &dyn Fn(&str) -> bool) -> Option<String> {
    let parts: Vec<&str> = folder.split('/').collect();
    let is_known = |part: &str| {
        NAMES
            .iter()
            .any(|(name, _)| part.eq_ignore_ascii_case(name))
    };
    let at = parts.iter().rposition(|part| is_known(part))?;
    let claimed = claim(parts[at])?;
    if claimed == state {
        return None;
    }
    let beside = |name: &str| {
        let mut path = parts[..at].to_vec();
        path.push(name);
        path.join("/")
    };
    let is_there = |name: &&str| exists(&beside(name));
    let exact = NAMES.iter().filter(|(_, own)| *own == state);
    let mut exact = exact.map(|(name, _)| *name);
    let wanted = if state.is_closed() {
        DocumentState::Done
    } else {
        DocumentState::Active
    };
    let mut fitting = NAMES.iter().filter(|(_, own)| *own == wanted);
    let found = exact.find(is_there).or_else(|| {
        if agrees(claimed, state) {
            return None;
        }
        let there = fitting.find(|(name, _)| is_there(name));
        there.map(|(name, _)| *name).or(match parts[at] {
            "active" if state.is_closed() => Some("completed"),
            "completed" if !state.is_closed() => Some("active"),
            _ => None,
        })
    })?;
    let mut path = vec![beside(found)];
    path.extend(parts[at + 1..].iter().map(|part| (*part).to_owned()));
    Some(path.join("/"))
}

impl Dialects {
    /// The folder where what lies in `folder` is archived: an archive in it or beside it, the folder
    /// for what is done, else the archive that the dialect has there. `None` where there is none.
    pub fn archive_of(
        &self,
        dialect: &str,
        folder: &str,
        exists: &dyn Fn(&str) -> bool,
    ) -> Option<String> {
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        let inside = |folder: &str, name: &str| {
            if folder.is_empty() {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            }
        };
        let names = || self.archive.iter().map(String::as_str);
        let done = NAMES
            .iter()
            .filter(|(_, state)| *state == DocumentState::Done);
        let beside = [folder, above]
            .into_iter()
            .filter(|place| *place == folder || !folder.is_empty());
        let mut there = beside
            .clone()
            .flat_map(|place| names().map(move |name| inside(place, name)));
        if let Some(found) = there.find(|path| exists(path)) {
            return Some(found);
        }
        if let Some(found) = home(folder, DocumentState::Done, exists) {
            return Some(found);
        }
        let mut there =
            beside.flat_map(|place| done.clone().map(move |(name, _)| inside(place, name)));
        if let Some(found) = there.find(|path| exists(path)) {
            return Some(found);
        }
        let patterns = self.get(dialect)?.manifest.initiative.iter();
        let mut own = patterns.filter_map(|pattern| {
            let (place, name) = pattern.strip_suffix("/*")?.rsplit_once('/')?;
            let place = place.strip_prefix("**/")?;
            let is_here = folder == place || folder.ends_with(&format!("/{place}"));
            (is_here && self.archive.iter().any(|known| known == name)).then_some(name)
        });
        own.next().map(|name| inside(folder, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DocumentState as S;

    #[test]
    fn a_document_lies_where_its_state_belongs() {
        let there = [
            "docs/active",
            "docs/done",
            "docs/paused",
            "x/drafts",
            "x/active",
            "y/in-progress",
        ];
        let exists = |path: &str| there.contains(&path);
        for (folder, state, expected) in [
            ("docs/active", S::Done, Some("docs/done")),
            ("docs/active", S::Abandoned, Some("docs/done")),
            ("docs/active", S::Paused, Some("docs/paused")),
            ("docs/active", S::Blocked, None),
            ("docs/active/2026", S::Done, Some("docs/done/2026")),
            ("docs/done", S::Active, Some("docs/active")),
            ("docs/done", S::Superseded, None),
            ("x/drafts", S::Active, Some("x/active")),
            ("z/active", S::Done, Some("z/completed")),
            ("z/completed", S::Active, Some("z/active")),
            ("y/in-progress", S::Done, None),
            ("docs/plans", S::Done, None),
            ("active", S::Done, Some("completed")),
        ] {
            let found = home(folder, state, &exists);
            assert_eq!(found.as_deref(), expected, "{folder} {state}");
        }
    }

    #[test]
    fn an_archive_is_found_or_known_of_the_dialect() {
        let dialects = Dialects::load(&[]).0;
        let there = [
            "docs/plans/archive",
            "a/completed",
            "b/active",
            "c/old",
            "root/_archive",
        ];
        let exists = |path: &str| there.contains(&path);
        for (dialect, folder, expected) in [
            ("ai-docs", "docs/plans", Some("docs/plans/archive")),
            ("ai-docs", "docs/plans/2026", Some("docs/plans/archive")),
            ("ai-docs", "a/active", Some("a/completed")),
            ("ai-docs", "b/active", Some("b/completed")),
            ("execplan", "a", Some("a/completed")),
            ("spec-kit", "specs", Some("specs/_archive")),
            (
                "generic",
                "openspec/changes",
                Some("openspec/changes/archive"),
            ),
            ("generic", "c", None),
            ("archcore", ".archcore/auth", None),
        ] {
            let found = dialects.archive_of(dialect, folder, &exists);
            assert_eq!(found.as_deref(), expected, "{folder}");
        }
    }
}
