//! The commits that count, in order, and which of them touched a path.

use std::collections::BinaryHeap;
use std::sync::OnceLock;

use super::facts::{Facts, NONE};
use super::log::Status;

/// A commit touched a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Touch {
    /// Place of the commit in [`View::order`].
    pub(crate) place: u32,
    /// Number of the change.
    pub(crate) change: u32,
    /// The file went away to another path with this change.
    pub(crate) is_source: bool,
}

/// The history that leads to one commit.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// Numbers of the commits, children before their parents and otherwise the youngest first.
    pub(crate) order: Vec<u32>,
    touches: OnceLock<Touches>,
    /// Numbers of the touched paths, in the order of the name at their end.
    named: OnceLock<Vec<u32>>,
    /// Moments of all commits with their places, sorted.
    moments: OnceLock<Vec<(i64, u32)>>,
}

#[derive(Debug)]
struct Touches {
    ends: Vec<u32>,
    all: Vec<Touch>,
    /// Numbers of the paths that are touched, in the order of their text.
    sorted: Vec<u32>,
}

impl View {
    /// What leads to `tip`.
    pub(crate) fn new(facts: &Facts, tip: Option<u32>) -> Self {
        let is_reached = reached(facts, tip);
        let mut children = vec![0_u32; facts.len()];
        let reached = (0..facts.len() as u32).filter(|commit| is_reached[*commit as usize]);
        for parent in reached.flat_map(|commit| facts.parents(commit)) {
            if *parent != NONE {
                children[*parent as usize] += 1;
            }
        }
        let mut order = Vec::new();
        let key = |commit: u32| {
            (
                facts.committer(commit).seconds,
                facts.id_bytes(commit),
                commit,
            )
        };
        let mut ready: BinaryHeap<_> = tip.into_iter().map(key).collect();
        while let Some((.., commit)) = ready.pop() {
            order.push(commit);
            for parent in facts.parents(commit) {
                if *parent == NONE {
                    continue;
                }
                let left = &mut children[*parent as usize];
                *left -= 1;
                if *left == 0 {
                    ready.push(key(*parent));
                }
            }
        }
        Self {
            order,
            ..Self::default()
        }
    }

    /// The touches of a path by its number, the youngest first.
    pub(crate) fn touches(&self, facts: &Facts, path: u32) -> &[Touch] {
        let touches = self.all_touches(facts);
        let start = path
            .checked_sub(1)
            .map_or(0, |at| touches.ends[at as usize]);
        &touches.all[start as usize..touches.ends[path as usize] as usize]
    }

    /// Numbers of the touched paths that begin with `prefix`, in the order of their text.
    pub(crate) fn paths_below(&self, facts: &Facts, prefix: &str) -> &[u32] {
        let sorted = &self.all_touches(facts).sorted;
        let text = |path: &u32| facts.paths().get(*path);
        let start = sorted.partition_point(|path| text(path) < prefix);
        let len = sorted[start..].partition_point(|path| text(path).starts_with(prefix));
        &sorted[start..start + len]
    }

    /// The number of a path that is touched.
    pub(crate) fn path(&self, facts: &Facts, path: &str) -> Option<u32> {
        let sorted = &self.all_touches(facts).sorted;
        let found = sorted.binary_search_by(|number| facts.paths().get(*number).cmp(path));
        found.ok().map(|at| sorted[at])
    }

    /// Numbers of the touched paths that end in a file or folder of this name.
    pub(crate) fn paths_named(&self, facts: &Facts, name: &str) -> &[u32] {
        let text = |path: &u32| crate::path::name(facts.paths().get(*path));
        let named = self.named.get_or_init(|| {
            let mut named = self.all_touches(facts).sorted.clone();
            named.sort_by_key(text);
            named
        });
        let start = named.partition_point(|path| text(path) < name);
        let len = named[start..].partition_point(|path| text(path) == name);
        &named[start..start + len]
    }

    fn all_touches(&self, facts: &Facts) -> &Touches {
        self.touches.get_or_init(|| {
            let mut ends = vec![0_u32; facts.paths().len()];
            let sides = |number: usize| {
                let change = facts.change(number);
                [(change.path, false), (change.from, true)]
                    .into_iter()
                    .filter(|(path, _)| *path != NONE)
            };
            let changes = |commit: &u32| facts.changes(*commit);
            for (path, _) in self.order.iter().flat_map(changes).flat_map(sides) {
                ends[path as usize] += 1;
            }
            let mut start = 0;
            for end in &mut ends {
                // For now where the path's touches begin; each that is filled in moves it on.
                start += std::mem::replace(end, start);
            }
            let none = Touch {
                place: 0,
                change: 0,
                is_source: false,
            };
            let mut all = vec![none; start as usize];
            for (place, commit) in (0..).zip(&self.order) {
                for number in changes(commit) {
                    for (path, is_source) in sides(number) {
                        let at = &mut ends[path as usize];
                        all[*at as usize] = Touch {
                            place,
                            change: number as u32,
                            is_source,
                        };
                        *at += 1;
                    }
                }
            }
            let is_touched = |path: &u32| {
                let at = *path as usize;
                at.checked_sub(1).map_or(0, |before| ends[before]) < ends[at]
            };
            let mut sorted: Vec<u32> = (0..ends.len() as u32).filter(is_touched).collect();
            sorted.sort_unstable_by_key(|path| facts.paths().get(*path));
            Touches { ends, all, sorted }
        })
    }

    /// The touches of the file that is at a path now, the youngest first, through its renames.
    ///
    /// Where a name was given up by one file and taken by another, the other's are left out; a
    /// file that was removed and came back under its name is the same one.
    pub(crate) fn followed(&self, facts: &Facts, path: u32) -> Vec<Touch> {
        let mut found = Vec::new();
        let (mut name, mut after) = (path, 0);
        loop {
            let touches = self.touches(facts, name);
            let start = touches.partition_point(|touch| touch.place < after);
            let mut renamed = None;
            for (at, touch) in touches[start..].iter().enumerate() {
                if touch.is_source && (at > 0 || !found.is_empty()) {
                    break;
                }
                found.push(*touch);
                let change = facts.change(touch.change as usize);
                if !touch.is_source && change.status == Status::Renamed {
                    renamed = Some((change.from, touch.place + 1));
                    break;
                }
            }
            match renamed {
                Some((from, place)) => (name, after) = (from, place),
                None => return found,
            }
        }
    }

    /// Moments at which commits were written or made, sorted, with the places of the commits.
    pub(crate) fn moments(&self, facts: &Facts) -> &[(i64, u32)] {
        self.moments.get_or_init(|| {
            let places = (0..).zip(&self.order);
            let mut moments: Vec<(i64, u32)> = places
                .flat_map(|(place, commit)| {
                    let both = [facts.author(*commit), facts.committer(*commit)];
                    both.map(|moment| (moment.seconds, place))
                })
                .collect();
            moments.sort_unstable();
            moments.dedup();
            moments
        })
    }
}

/// Which commits lead to `tip`, itself among them.
pub(crate) fn reached(facts: &Facts, tip: Option<u32>) -> Vec<bool> {
    let mut is_reached = vec![false; facts.len()];
    if let Some(tip) = tip {
        is_reached[tip as usize] = true;
        // Parents have smaller numbers than their children.
        for commit in (0..=tip).rev() {
            if is_reached[commit as usize] {
                for parent in facts.parents(commit) {
                    if *parent != NONE {
                        is_reached[*parent as usize] = true;
                    }
                }
            }
        }
    }
    is_reached
}
