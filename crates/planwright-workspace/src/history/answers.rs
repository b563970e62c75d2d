//! Questions about times, paths and branches.

use super::commit::Commit;
use super::id::Id;
use super::paths::{PathSet, Rule, ends_with};
use super::view::{self, Touch};
use super::{History, find};

/// From when on commits are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// All of them.
    Ever,
    /// Those made (as the committer) after a moment, in seconds since the Unix epoch.
    Time(i64),
    /// Those that do not lead to a commit. All of them when that one is not known.
    Commit(Id),
}

/// What was done on the current branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchWork<'a> {
    /// The branch that it will be merged into (`origin/main`).
    pub base: &'a str,
    /// The commit in which both were the same. `None` when they have none in common.
    pub merge_base: Option<Commit<'a>>,
    /// The commits that the base does not have, the youngest first.
    pub commits: Vec<Commit<'a>>,
}

impl History {
    /// The first commit of the repository: of those without parents, the one written first.
    ///
    /// In a shallow clone, or where there are more commits than are read, this is only the oldest
    /// that is known: see [`History::horizon`].
    pub fn first_commit(&self) -> Option<Commit<'_>> {
        self.roots().min_by_key(|commit| commit.author().seconds)
    }

    /// The commits without known parents. A repository can have several.
    pub fn roots(&self) -> impl Iterator<Item = Commit<'_>> {
        self.commits()
            .filter(|commit| commit.parents().next().is_none())
    }

    /// The commits that touched the file at a path, through its renames, the youngest first. For a
    /// path that is not there any more, up to where it went.
    pub fn touches(&self, path: &str) -> Vec<Commit<'_>> {
        let touches = self.followed(path);
        touches.iter().map(|touch| self.at(touch.place)).collect()
    }

    pub(super) fn followed(&self, path: &str) -> Vec<Touch> {
        let path = self.path(path);
        path.map_or_else(Vec::new, |path| self.view.followed(&self.facts, path))
    }

    /// The commit with which the file at a path began, under whatever name.
    pub fn first_touch(&self, path: &str) -> Option<Commit<'_>> {
        self.followed(path).last().map(|touch| self.at(touch.place))
    }

    /// The last commit that touched a path; that removed it, for one that is gone.
    pub fn last_touch(&self, path: &str) -> Option<Commit<'_>> {
        let touches = self.view.touches(&self.facts, self.path(path)?);
        touches.first().map(|touch| self.at(touch.place))
    }

    /// The commits that touched any path of a set, the youngest first. [`Commit::paths`] says which.
    pub fn touching(&self, paths: &PathSet, since: Since) -> Vec<Commit<'_>> {
        let mut places = self.places(paths);
        match since {
            Since::Ever => {}
            Since::Time(time) => {
                places.retain(|place| self.at(*place).committer().seconds > time);
            }
            Since::Commit(id) => {
                let is_before = view::reached(&self.facts, find(&self.facts, Some(id)));
                places.retain(|place| !is_before[self.at(*place).number as usize]);
            }
        }
        places.into_iter().map(|place| self.at(place)).collect()
    }

    /// The last commit that touched any path of a set.
    pub fn last_touching(&self, paths: &PathSet) -> Option<Commit<'_>> {
        self.places(paths).first().map(|place| self.at(*place))
    }

    /// Places of the commits that touched any path of a set, in their order.
    fn places(&self, paths: &PathSet) -> Vec<u32> {
        let mut places: Vec<u32> = Vec::new();
        let mut add = |path: u32| {
            let touches = self.view.touches(&self.facts, path);
            places.extend(touches.iter().map(|touch| touch.place));
        };
        for rule in paths.rules() {
            match rule {
                Rule::Path(path) => {
                    if let Some(path) = self.path(path) {
                        add(path);
                    }
                    let folder = if path.is_empty() { "" } else { "/" };
                    self.below(&format!("{path}{folder}")).for_each(&mut add);
                }
                Rule::Ending(end) => {
                    let name = crate::path::name(end);
                    let named = self.view.paths_named(&self.facts, name).iter().copied();
                    let ending =
                        |path: &u32| self.shown(*path).is_some_and(|path| ends_with(path, end));
                    named.filter(ending).for_each(&mut add);
                }
                Rule::Glob(glob, start) => {
                    let matching =
                        |path: &u32| self.shown(*path).is_some_and(|path| glob.is_match(path));
                    self.below(start).filter(matching).for_each(&mut add);
                }
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Numbers of the touched paths that begin so.
    pub(super) fn below(&self, start: &str) -> impl Iterator<Item = u32> {
        let start = format!("{}{start}", self.repo.prefix);
        self.view.paths_below(&self.facts, &start).iter().copied()
    }

    /// The commit written or made nearest to an instant and at most `window` seconds away from it.
    pub fn nearest(&self, instant: i64, window: i64) -> Option<Commit<'_>> {
        let moments = self.view.moments(&self.facts);
        let at = moments.partition_point(|(moment, _)| *moment < instant);
        let around = [at.checked_sub(1), Some(at)].into_iter().flatten();
        let around = around.filter_map(|at| moments.get(at));
        let away = |moment: i64| moment.abs_diff(instant);
        let near = around
            .filter(|(moment, _)| i64::try_from(away(*moment)).is_ok_and(|away| away <= window));
        let nearest = near.min_by_key(|(moment, place)| (away(*moment), *place))?;
        Some(self.at(nearest.1))
    }

    /// The commits of the current branch that its base does not have. `None` without a base.
    pub fn branch_work(&self) -> Option<BranchWork<'_>> {
        let (base, tip) = self.base()?;
        let is_in_base = view::reached(&self.facts, find(&self.facts, Some(tip)));
        let is_merged = |commit: &Commit<'_>| is_in_base[commit.number as usize];
        Some(BranchWork {
            base,
            merge_base: self.commits().find(is_merged),
            commits: self.commits().filter(|commit| !is_merged(commit)).collect(),
        })
    }
}
