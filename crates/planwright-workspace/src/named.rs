//! What a call about a few documents rests on: the files that its references may lead to.
//!
//! Every folder is proven, so that what came, went or got another name is seen. Of the files only
//! those are that references may mean as they were known, those in folders that changed, and those
//! that hold ignore rules. Decision 0010 tells what that leaves out, and why it does no harm.

use std::collections::HashSet;

use crate::docs::Docs;
use crate::fresh::{Changes, DirChange};
use crate::names::Wanted;
use crate::open::Opener;
use crate::snapshot::Snapshot;
use crate::sys::hash;
use crate::tree::{Tree, file};
use crate::{name_shard, path, stored};

/// More documents than these are not looked at one by one.
const MANY: usize = 256;

/// The references that a call is about, and the folder from the root that paths are given from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    pub(crate) references: &'a [String],
    pub(crate) folder: &'a str,
}

impl Opener<'_> {
    /// The files that the answer of a call rests on, by the indexes of their folder and their own.
    /// `None` where that is too much to be told from the rest.
    pub(crate) fn rests_on(
        &self,
        named: Named<'_>,
        tree: &Tree,
        known: (&Docs, &Snapshot),
        changes: &Changes,
    ) -> Option<Vec<(usize, usize)>> {
        let (docs, snapshot) = known;
        let listed = |(dir, change): &(usize, DirChange)| {
            matches!(change, DirChange::Listed(_)).then_some(*dir)
        };
        let beside = changes.dirs.iter().filter_map(listed);
        let mut files: Vec<(usize, usize)> = beside
            .flat_map(|dir| tree.files_of(dir).map(move |file| (dir, file)))
            .collect();
        let rules = tree.live_files();
        files.extend(rules.filter(|(_, index)| tree.files[*index].is(file::RULES)));
        let mut documents: HashSet<usize> = HashSet::new();
        for form in named.references.iter().flat_map(|name| forms(name)) {
            for path in path::meant(self.root.path(), named.folder, form) {
                for path in [format!("{path}.md"), path] {
                    if let Some((dir, index)) = tree.find(path.as_bytes()) {
                        files.push((dir, index));
                        if tree.files[index].is(file::LISTED) {
                            documents.extend(docs.find(&path));
                        }
                    }
                }
            }
            let wanted = Wanted::new(form, self.team.prefixes());
            for key in [Some(&wanted.key), wanted.usual.as_ref()]
                .into_iter()
                .flatten()
            {
                let key = stored::name_hash(key);
                let names = snapshot.names(name_shard::shard_of_name(key))?;
                for name in names.find(key) {
                    documents.insert(docs.find_hashed(name.document)?);
                }
            }
        }
        let mut all = documents.clone();
        for document in documents {
            let initiative = stored::entry(docs.head(document)).initiative;
            all.extend(docs.members(initiative));
            if all.len() > MANY {
                return None;
            }
        }
        if docs.has_failed() {
            return None;
        }
        for document in all {
            files.push(tree.find(stored::path(docs.head(document)).as_bytes())?);
        }
        Some(files)
    }
}

/// What of a reference may name a document: all of it, and what stands before a place in one.
pub(crate) fn forms(reference: &str) -> impl Iterator<Item = &str> {
    let reference = reference.trim();
    let before = |mark: char| reference.rsplit_once(mark).map(|(document, _)| document);
    let forms = [Some(reference), before('#'), before(':')];
    forms.into_iter().flatten().filter(|form| !form.is_empty())
}

/// The documents of which everything is known as it is now, by the hashes of their paths.
#[derive(Debug, Default)]
pub(crate) struct Proven(HashSet<u64>);

impl Proven {
    /// The documents in some files.
    pub(crate) fn new(tree: &Tree, files: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut path = Vec::new();
        let hashes = files.map(|(dir, file)| {
            tree.file_path(dir, file, &mut path);
            hash(&path)
        });
        Self(hashes.collect())
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.0.contains(&hash(path.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_may_name_a_document_and_a_place_in_it() {
        let of = |reference: &'static str| forms(reference).collect::<Vec<_>>();
        assert_eq!(of(" PLN-1 "), ["PLN-1"]);
        assert_eq!(of("PLN-1#T001"), ["PLN-1#T001", "PLN-1"]);
        assert_eq!(of("a/b.md:12"), ["a/b.md:12", "a/b.md"]);
        assert_eq!(of("#T001"), ["#T001"]);
    }
}
