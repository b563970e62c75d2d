//! One push, and what became of each of its refs.
//!
//! Git's exit code tells too little: a push that changed nothing because the ref was there already
//! ends with 0. What counts is the line that `--porcelain` prints for the ref, and where there is
//! none, or it says no, what the remote holds.

use std::time::Duration;

use crate::git::{Git, Said};

/// One ref of a push.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Update<'a> {
    /// The ref on the remote.
    pub(crate) name: &'a str,
    /// What it holds, where that matters: `Some(None)` for nothing.
    #[expect(clippy::option_option, reason = "anything, nothing, or an object")]
    pub(crate) old: Option<Option<&'a str>>,
    /// What it is to hold; `None` removes it.
    pub(crate) new: Option<&'a str>,
}

/// What became of one ref.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// This push changed it.
    Changed,
    /// Git here refused: it holds something else than expected.
    Stale(String),
    /// The remote refused.
    Refused(String),
    /// Nothing is known: no reply, or it holds the new object already.
    Unknown,
}

/// A push.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Push<'a> {
    pub(crate) address: &'a str,
    /// All refs or none.
    pub(crate) atomic: bool,
    /// Run the user's hooks.
    pub(crate) hooks: bool,
    pub(crate) patience: Duration,
}

impl Push<'_> {
    /// Runs it. The fates are in the order of the updates.
    pub(crate) fn run(
        self,
        git: &Git,
        updates: &[Update<'_>],
    ) -> std::io::Result<(Vec<Fate>, Said)> {
        let leases: Vec<String> = updates
            .iter()
            .filter_map(|update| {
                let old = update.old?.unwrap_or_default();
                Some(format!("--force-with-lease={}:{old}", update.name))
            })
            .collect();
        let specs: Vec<String> = updates
            .iter()
            .map(|update| format!("{}:{}", update.new.unwrap_or_default(), update.name))
            .collect();
        let mut args = vec!["push", "--porcelain", "--recurse-submodules=no"];
        if self.atomic {
            args.push("--atomic");
        }
        if !self.hooks {
            args.push("--no-verify");
        }
        args.extend(leases.iter().map(String::as_str));
        args.push(self.address);
        args.extend(specs.iter().map(String::as_str));
        let said = git.run(&args, b"", self.patience)?;
        let fates = updates.iter().map(|update| fate(&said.out, update.name));
        Ok((fates.collect(), said))
    }
}

/// `<sign>\t<from>:<to>\t<what> (<why>)`
fn fate(out: &str, name: &str) -> Fate {
    let of_ref = |line: &&str| {
        let mut parts = line.split('\t');
        let spec = parts.nth(1).unwrap_or_default();
        spec.rsplit_once(':').is_some_and(|(_, to)| to == name)
    };
    let Some(line) = out.lines().find(of_ref) else {
        return Fate::Unknown;
    };
    let what = line.split('\t').nth(2).unwrap_or_default().to_owned();
    match line.as_bytes().first() {
        Some(b' ' | b'+' | b'*' | b'-') => Fate::Changed,
        Some(b'!') if what.starts_with("[rejected]") => Fate::Stale(what),
        Some(b'!') => Fate::Refused(what),
        _ => Fate::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_line_that_says_so_is_a_change() {
        let out = "To x\n*\tabc:refs/p/a\t[new reference]\n=\tabc:refs/p/b\t[up to date]\n!\tabc:refs/p/c\t[rejected] (stale info)\n!\tabc:refs/p/d\t[remote rejected] (cannot lock ref)\n-\t:refs/p/e\t[deleted]\nDone\n";
        let of = |name: &str| fate(out, name);
        assert_eq!(of("refs/p/a"), Fate::Changed);
        assert_eq!(of("refs/p/b"), Fate::Unknown);
        assert!(matches!(of("refs/p/c"), Fate::Stale(_)));
        assert!(matches!(of("refs/p/d"), Fate::Refused(_)));
        assert_eq!(of("refs/p/e"), Fate::Changed);
        assert_eq!(of("refs/p/f"), Fate::Unknown);
    }
}
