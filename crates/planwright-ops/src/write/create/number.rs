//! Which numbers are taken: in the work tree, on all branches, in all other work trees.

use std::collections::BTreeSet;
use std::path::PathBuf;

use planwright_workspace::history::{History, NoHistory};
use planwright_workspace::{Entry, Workspace};

use super::place::{home, is_state};

/// The documents whose numbers must differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::write) struct Series {
    /// The letters in front of the number, and others that mean the same, in lower case.
    letters: Vec<String>,
    /// The folder they are counted in. Letters are counted in the whole repository.
    home: String,
    /// The folder that the new document goes into, or whose folder it makes.
    folder: String,
}

impl Series {
    /// The series that the path of a new document, with its gaps, belongs to.
    pub(in crate::write) fn of(ws: &Workspace, pattern: &str) -> Option<Self> {
        let parts: Vec<&str> = pattern.split('/').collect();
        let at = parts.iter().position(|part| part.contains("{{n"))?;
        let folder = parts[..at].join("/");
        let before = parts[at].split("{{n").next()?;
        let letters: String = before.chars().filter(|c| c.is_alphanumeric()).collect();
        let letters = letters.to_lowercase();
        let mut known = vec![letters.clone()];
        for group in ws.dialects().id_prefixes() {
            if group
                .iter()
                .any(|other| other.eq_ignore_ascii_case(&letters))
            {
                known.extend(group.iter().map(|other| other.to_lowercase()));
            }
        }
        known.retain(|letters| !letters.is_empty());
        Some(Self {
            letters: known,
            home: home(&folder).to_owned(),
            folder,
        })
    }

    /// What reservations call it.
    pub(in crate::write) fn name(&self) -> String {
        match self.letters.iter().min() {
            Some(letters) => letters.clone(),
            None => format!("{}/", self.home),
        }
    }

    /// The number that a path takes.
    fn of_path(&self, path: &str) -> Option<u64> {
        if !self.letters.is_empty() {
            return path.split('/').filter_map(|part| self.of_name(part)).max();
        }
        let rest = path.strip_prefix(&self.home)?;
        let rest = if self.home.is_empty() {
            rest
        } else {
            rest.strip_prefix('/')?
        };
        let part = rest.split('/').find(|part| !is_state(part))?;
        self.of_name(part)
    }

    /// The number that a name begins with.
    fn of_name(&self, name: &str) -> Option<u64> {
        if self.letters.is_empty() {
            return leading(name).filter(|_| !is_day(name));
        }
        self.letters.iter().find_map(|letters| {
            let head = name.get(..letters.len())?;
            let rest = name.get(letters.len()..)?;
            let rest = rest.strip_prefix(['-', '_', ' ']).unwrap_or(rest);
            head.eq_ignore_ascii_case(letters).then(|| leading(rest))?
        })
    }

    fn of_entry(&self, entry: &Entry<'_>) -> Option<u64> {
        let ids = entry.aliases.iter().filter(|_| !self.letters.is_empty());
        let ids = ids.filter_map(|alias| self.of_name(alias)).max();
        ids.max(self.of_path(entry.path))
    }
}

/// The number that a text begins with; years and stamps are none.
fn leading(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let behind = text[digits..].chars().next();
    let ends = behind.is_none_or(|c| !c.is_alphabetic());
    ((1..=6).contains(&digits) && ends).then(|| text[..digits].parse().ok())?
}

/// `2026-03-01-x`, `2026-03`: a day or month.
fn is_day(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..4).all(is_digit) && bytes.get(4) == Some(&b'-') && is_digit(5) && is_digit(6)
}

/// What is known of the repository beside the work tree.
pub(in crate::write) struct Elsewhere {
    git: Option<History>,
    /// Why other branches and work trees are not known.
    pub(in crate::write) note: Option<String>,
}

impl Elsewhere {
    pub(in crate::write) fn open(ws: &Workspace) -> Self {
        match ws.branches() {
            Ok(git) => Self {
                git: Some(git),
                note: None,
            },
            Err(NoHistory::NotARepository) => Self {
                git: None,
                note: None,
            },
            Err(error) => Self {
                git: None,
                note: Some(unknown(&error)),
            },
        }
    }

    /// The folder that all work trees of the repository share.
    pub(in crate::write) fn shared(&self, ws: &Workspace) -> PathBuf {
        let shared = self.git.as_ref().map(History::common_dir);
        shared.unwrap_or(ws.root()).to_owned()
    }

    /// The branch that is checked out.
    pub(super) fn branch(&self) -> Option<&str> {
        self.git.as_ref()?.branch()
    }

    /// The numbers of a series that are taken. With `by_branch`, branches are named after the numbers
    /// as well.
    pub(in crate::write) fn taken(
        &mut self,
        ws: &Workspace,
        series: &Series,
        by_branch: bool,
    ) -> BTreeSet<u64> {
        let of = |ws: &Workspace| -> Vec<u64> {
            let entries = ws.entries().filter_map(|entry| series.of_entry(&entry));
            let mut taken: Vec<u64> = entries.collect();
            // Cards of boards have ids of the same series.
            let boards = ws.entries().filter(|entry| {
                !series.letters.is_empty()
                    && entry.kind == "index"
                    && entry.path.strip_suffix(".json").is_some()
            });
            for board in boards {
                let items = ws.read(board.path).map(|read| read.document.items);
                let ids = items.into_iter().flatten().filter_map(|item| item.id);
                taken.extend(ids.filter_map(|id| series.of_name(&id)));
            }
            taken
        };
        let mut taken: BTreeSet<u64> = of(ws).into_iter().collect();
        for folder in [&series.folder, &series.home] {
            let names = ws.names_in(folder);
            taken.extend(names.iter().filter_map(|name| series.of_name(name)));
        }
        if let Some(git) = &self.git {
            if let Err(error) = on_branches(ws, git, series, by_branch, &mut taken) {
                self.note = Some(unknown(&error));
            }
            for root in git.other_roots(ws.root()).unwrap_or_default() {
                taken.extend(ws.beside(&root).iter().flat_map(of));
            }
        }
        taken
    }
}

fn unknown(error: &NoHistory) -> String {
    format!("numbers of other branches are not known: {error}")
}

fn on_branches(
    ws: &Workspace,
    git: &History,
    series: &Series,
    by_branch: bool,
    taken: &mut BTreeSet<u64>,
) -> Result<(), NoHistory> {
    let dialects = ws.dialects();
    let found = git.branches(usize::MAX, &|path| dialects.is_candidate(path))?;
    let documents = found.documents.iter();
    taken.extend(documents.filter_map(|document| series.of_path(&document.path)));
    if by_branch {
        let names = found
            .branches
            .iter()
            .filter_map(|branch| branch.name.rsplit('/').next());
        taken.extend(names.filter_map(|name| series.of_name(name)));
    }
    if series.letters.is_empty() {
        return Ok(());
    }
    // Ids stand in the documents, too: in those that are not here as well, and on boards that hold
    // other cards there.
    let other = found.documents.iter().filter(|document| {
        document.path.strip_suffix(".json").is_some() || ws.find(&document.path).is_none()
    });
    let (paths, blobs): (Vec<&str>, Vec<_>) = other
        .map(|document| (document.path.as_str(), document.blob))
        .unzip();
    if blobs.is_empty() {
        return Ok(());
    }
    let read = git.blobs()?.read_all(&blobs, |at, bytes| {
        let document = bytes.and_then(|bytes| dialects.summarise(paths[at], bytes.to_vec()));
        let aliases = document.iter().flat_map(|document| &document.aliases);
        let cards = document.iter().flat_map(|document| &document.items);
        let ids = cards.filter_map(|card| card.id.as_ref().filter(|_| card.stage.is_some()));
        taken.extend(aliases.chain(ids).filter_map(|name| series.of_name(name)));
    });
    read.map_err(|error| NoHistory::Failed {
        command: "git cat-file".to_owned(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(letters: &[&str], home: &str) -> Series {
        Series {
            letters: letters
                .iter()
                .map(|letters| (*letters).to_owned())
                .collect(),
            home: home.to_owned(),
            folder: home.to_owned(),
        }
    }

    #[test]
    fn letters_count_everywhere_and_numbers_in_their_folder() {
        let plans = series(&["pln", "plan"], ".dev_ops/docs/plans");
        for (path, expected) in [
            (".dev_ops/docs/plans/PLN-007-x.md", Some(7)),
            ("archive/PLAN-0012.md", Some(12)),
            ("artifacts/plan_3.md", Some(3)),
            ("docs/planning-9.md", None),
            ("docs/PLN-x.md", None),
        ] {
            assert_eq!(plans.of_path(path), expected, "{path}");
        }
        let specs = series(&[], "specs");
        for (path, expected) in [
            ("specs/012-x/plan.md", Some(12)),
            ("specs/_archive/003-y/spec.md", Some(3)),
            ("specs/x/004-y.md", None),
            ("other/012-x/plan.md", None),
            ("specs2/012-x/plan.md", None),
            ("specs/2026-03-01-x.md", None),
            ("specs/3d-view/plan.md", None),
        ] {
            assert_eq!(specs.of_path(path), expected, "{path}");
        }
        assert_eq!(series(&[], "").of_path("7-x.md"), Some(7));
    }
}
