//! What the targets of relations and code references are.

use planwright_model::{CodeRef, Endpoint, Relation, RelationType};

use crate::index::Name;
use crate::names::Wanted;
use crate::stored::StoredRelation;
use crate::{Entry, Workspace, path, stored};

/// What a target is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A document of the workspace.
    Document(usize),
    /// A file or folder of the repository that is none.
    Path(String),
    /// Something outside the repository.
    Url,
    /// Nothing that could be found.
    Nothing,
}

/// A document whose relations are resolved.
pub(crate) struct Origin<'a> {
    path: &'a str,
    /// Its index, where it is listed.
    own: Option<usize>,
    /// The index of the first document that does not come before it.
    place: usize,
}

impl Workspace {
    /// Where a document stands whose relations are to be resolved.
    pub(crate) fn origin<'a>(&self, path: &'a str) -> Origin<'a> {
        let own = self.find_known(path);
        Origin {
            path,
            own,
            place: own.unwrap_or_else(|| self.opened.docs.position(path)),
        }
    }

    /// Relations of the document at a path, resolved as they stand now.
    pub fn resolved(
        &self,
        path: &str,
        relations: impl Iterator<Item = Relation>,
    ) -> impl Iterator<Item = Relation> {
        self.stray();
        let mut relations = relations.peekable();
        let origin = relations.peek().map(|_| self.origin(path));
        relations.filter_map(move |mut relation| {
            self.resolve_relation(origin.as_ref()?, &mut relation);
            Some(relation)
        })
    }

    /// Finds what a relation points to.
    fn target(&self, from: &Origin<'_>, relation: &Relation) -> Target {
        let written = unwrap(&relation.target);
        if is_url(written) {
            return Target::Url;
        }
        let (place, _) = written.split_once('#').unwrap_or((written, ""));
        let place = path::decode(place);
        if place.is_empty() {
            return match from.own {
                Some(index) if written.starts_with('#') => Target::Document(index),
                _ => Target::Nothing,
            };
        }
        if is_pattern(&place) {
            return self.pattern_target(from, &place);
        }
        let looks_like_path = place.contains(['/', '\\']) || has_extension(&place);
        let by_name = || self.name_target(from, &place);
        if looks_like_path {
            self.path_target(from, &place).or_else(by_name)
        } else {
            by_name().or_else(|| self.path_target(from, &place))
        }
        .unwrap_or(Target::Nothing)
    }

    /// The documents that an entry needs first, by what it states, and what files such as
    /// `.archcore/.sync-state.json` state about it: index and relation. Reads no document, and
    /// costs less than the graph: nothing but these relations is resolved. `entry` is the entry at
    /// `index`; where it says that it needs nothing, its relations are not even loaded.
    ///
    /// # Panics
    /// When `index` is not below [`Workspace::len`].
    pub fn needs(&self, index: usize, entry: &Entry<'_>) -> Vec<(usize, Relation)> {
        self.stray();
        let is_need = |kind: RelationType| kind == RelationType::DependsOn;
        let path = entry.path;
        let own = if entry.needs {
            stored::relations(self.link_bytes(index))
        } else {
            Vec::new()
        };
        let own = own.into_iter().filter(|relation| is_need(relation.kind));
        let stated = self.stated().about(path);
        let stated = stated.filter(|relation| is_need(relation.kind)).cloned();
        let mut needs = own
            .map(StoredRelation::to_relation)
            .chain(stated)
            .peekable();
        if needs.peek().is_none() {
            return Vec::new();
        }
        let origin = self.origin(path);
        needs
            .filter_map(|mut relation| {
                let found = self.resolve_relation(&origin, &mut relation)?;
                Some((found, relation))
            })
            .collect()
    }

    /// Fills in what was found.
    pub(crate) fn resolve_relation(
        &self,
        from: &Origin<'_>,
        relation: &mut Relation,
    ) -> Option<usize> {
        let target = self.target(from, relation);
        relation.resolved = target != Target::Nothing;
        relation.path = None;
        match target {
            Target::Document(index) => {
                relation.path = Some(stored::path(self.opened.docs.head(index)).to_owned());
                if relation.endpoint != Endpoint::Item {
                    relation.endpoint = Endpoint::Document;
                }
                Some(index)
            }
            Target::Path(path) => {
                relation.endpoint = Endpoint::Path;
                relation.path = Some(path);
                None
            }
            Target::Url => {
                relation.endpoint = Endpoint::Url;
                None
            }
            Target::Nothing => None,
        }
    }

    /// The document, file or folder at a path from the document's folder or from the root.
    fn path_target(&self, from: &Origin<'_>, written: &str) -> Option<Target> {
        let mut missing: [Option<String>; 2] = [None, None];
        for (place, missing) in places(from.path, written).zip(&mut missing) {
            let found = self.find_known(&place).or_else(|| {
                let is_named = place.as_bytes().ends_with(b".md");
                if is_named {
                    None
                } else {
                    self.find_known(&format!("{place}.md"))
                }
            });
            if let Some(index) = found {
                return Some(Target::Document(index));
            }
            *missing = Some(place);
        }
        let exists = |path: &String| !path.is_empty() && self.exists(path);
        missing.into_iter().flatten().find(exists).map(Target::Path)
    }

    /// The document that answers to a name best; of several the nearest in the tree.
    fn name_target(&self, from: &Origin<'_>, name: &str) -> Option<Target> {
        let find = |name: &str| self.answering(&Wanted::new(name, self.team.prefixes()));
        let mut found = find(name);
        if found.is_empty() && name.contains('/') {
            found = find(path::name(name));
        }
        if let [only] = &*found {
            return Some(Target::Document(only.document as usize));
        }
        self.nearest_of(from, &found).map(Target::Document)
    }

    /// The one document among several, given in the order of their paths, that shares most folders
    /// with another. `None` when several share as many.
    fn nearest_of(&self, from: &Origin<'_>, found: &[Name]) -> Option<usize> {
        // Documents that share folders stand together in the order of paths, so that the nearest
        // stand beside the place where `from` belongs.
        let path = |name: &&Name| stored::path(self.opened.docs.head(name.document as usize));
        let at = found.partition_point(|name| (name.document as usize) < from.place);
        let mut before = found[..at].iter().rev();
        let mut after = found[at..]
            .iter()
            .filter(|name| Some(name.document as usize) != from.own);
        let near = [before.next(), before.next(), after.next(), after.next()];
        let near = near.into_iter().flatten();
        let shared = |name: &&Name| path::shared_folders(path(name), from.path);
        let most = near.clone().map(|name| shared(&name)).max()?;
        let mut nearest = near.filter(|name| shared(name) == most);
        let only = nearest.next()?;
        nearest.next().is_none().then_some(only.document as usize)
    }

    /// A pattern stands for paths that may come and go: what must exist is the folder before it.
    fn pattern_target(&self, from: &Origin<'_>, pattern: &str) -> Target {
        if let Some(target) = self.path_target(from, pattern) {
            return target;
        }
        let fixed = pattern.split('/').take_while(|part| !is_pattern(part));
        let fixed: Vec<&str> = fixed.collect();
        let folder = fixed.join("/");
        let exists = |path: &String| path.is_empty() || self.exists(path);
        if folder.is_empty() || places(from.path, &folder).any(|path| exists(&path)) {
            Target::Path(pattern.to_owned())
        } else {
            Target::Nothing
        }
    }

    /// Says whether the tree has what a code reference of the document at `from` names.
    pub(crate) fn resolve_code(&self, from: &str, code: &mut CodeRef) {
        let written = path::decode(unwrap(&code.path)).into_owned();
        let mut paths = places(from, &written).peekable();
        code.exists = if paths.peek().is_none() {
            None
        } else if paths.any(|path| path.is_empty() || self.exists(&path)) {
            Some(true)
        } else if is_pattern(&written) {
            None
        } else {
            Some(false)
        };
    }
}

/// Where a path written in a document may lead: from its folder, then from the root. None of them
/// leads out of the repository.
fn places(from: &str, written: &str) -> impl Iterator<Item = String> {
    let folder = path::parent(from);
    let is_from_root = folder.is_empty() || written.starts_with(['/', '\\']);
    let first = if is_from_root {
        None
    } else {
        path::join(folder, written)
    };
    first
        .into_iter()
        .chain(std::iter::once_with(move || path::join("", written)).flatten())
}

/// A target without what marks it as one: `[[x|label]]`, `<x>`, back-ticks, a leading `@`.
fn unwrap(target: &str) -> &str {
    let mut target = target.trim();
    for (open, close) in [("[[", "]]"), ("<", ">"), ("`", "`"), ("\"", "\"")] {
        let inner = target
            .strip_prefix(open)
            .and_then(|target| target.strip_suffix(close));
        if let Some(inner) = inner {
            target = inner.trim();
            if open == "[[" {
                target = target.split('|').next().unwrap_or(target).trim();
            }
        }
    }
    target.strip_prefix('@').unwrap_or(target)
}

fn is_url(target: &str) -> bool {
    let scheme = target.split(':').next().unwrap_or("");
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|char: char| char.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.'));
    is_scheme && (target[scheme.len()..].starts_with("://") || target.starts_with("mailto:"))
}

/// True for a glob, or for text that stands for a name to be put in.
fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '{', '}', '<', '>', '$', '[', ']'])
        || path.contains("...")
        || path.contains('…')
}

fn has_extension(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && (1..=5).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_lose_their_marks() {
        for (written, expected) in [
            ("[[slug|the plan]]", "slug"),
            ("[[ slug ]]", "slug"),
            ("<a b.md>", "a b.md"),
            ("`x.md`", "x.md"),
            ("@docs/x.md", "docs/x.md"),
            (" x ", "x"),
        ] {
            assert_eq!(unwrap(written), expected, "{written}");
        }
    }

    #[test]
    fn urls_are_told_from_paths() {
        for url in ["https://a.b/c", "http://x", "mailto:a@b.c", "git+ssh://x/y"] {
            assert!(is_url(url), "{url}");
        }
        for path in [
            "docs/x.md",
            "C:/x",
            "phase:12",
            "a.md:12",
            "//x",
            "ADR-1: title",
        ] {
            assert!(!is_url(path), "{path}");
        }
    }

    #[test]
    fn places_never_leave_the_repository() {
        for (from, written, expected) in [
            ("docs/plans/x.md", "../y.md", &["docs/y.md"][..]),
            ("x.md", "../y.md", &[]),
            ("docs/x.md", "/y.md", &["y.md"]),
            ("docs/x.md", "y.md", &["docs/y.md", "y.md"]),
            ("x.md", "y.md", &["y.md"]),
        ] {
            assert!(
                places(from, written).eq(expected.iter().copied()),
                "{from} {written}"
            );
        }
    }
}
