//! The plans that are written to, the writes, and what the plans must hold after them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

/// What one call writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ticks the task of this number.
    Tick(usize),
    Log,
    Add,
    Pause,
    Activate,
}

/// One call of `plan`.
#[derive(Clone, Debug)]
pub(super) struct Write {
    /// The number of the plan.
    pub(super) file: usize,
    pub(super) kind: Kind,
    /// Words that no other write has.
    pub(super) token: String,
}

impl Write {
    pub(super) fn args(&self) -> Vec<String> {
        let path = path(self.file);
        let args: &[&str] = match self.kind {
            Kind::Tick(task) => &["tick", &format!("{path}#{}", id(task))],
            Kind::Log => &["log", &path, &format!("Wrote {}", self.token)],
            Kind::Add => &["add", "task", &path, &format!("Added {}", self.token)],
            Kind::Pause => &["pause", &path, "--reason", &self.token],
            Kind::Activate => &["activate", &path, "--reason", &self.token],
        };
        let args = args.iter().map(|arg| (*arg).to_owned());
        args.chain(["--json".to_owned()]).collect()
    }

    /// What stands in the plan when it is written.
    pub(super) fn marker(&self) -> String {
        match self.kind {
            Kind::Tick(task) => format!("- [x] {} ", id(task)),
            _ => self.token.clone(),
        }
    }
}

/// What became of a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// True when it ended well.
    pub(super) is_done: bool,
    /// True when it says that it changed something.
    pub(super) is_changed: bool,
    /// What it said when it did not end well.
    pub(super) error: String,
    pub(super) took: Duration,
}

pub(super) fn name(file: usize) -> String {
    format!("plan{file:02}.md")
}

pub(super) fn path(file: usize) -> String {
    format!("docs/plans/{}", name(file))
}

fn id(task: usize) -> String {
    format!("T{task:04}")
}

/// A plan with so many open tasks.
pub(super) fn text(file: usize, tasks: usize) -> String {
    let mut text = format!(
        "---\nstatus: active\nlast_updated: 2026-01-05\n---\n\n# Plan {file}\n\nWhy it is done.\n\n## Tasks\n\n"
    );
    for task in 1..=tasks {
        let _ = writeln!(text, "- [ ] {} Step of the work", id(task));
    }
    text + "\n## Update Log\n\n- 2026-01-05: Begun.\n"
}

/// What is wrong after a race.
#[derive(Debug, Default)]
pub(super) struct Wrong {
    /// Writes that were reported as done and are not there.
    pub(super) lost: usize,
    /// Writes that are there more than once, or though they were refused.
    pub(super) doubled: usize,
    /// Plans that hold anything but what they held and what was written.
    pub(super) torn: usize,
    /// Numbers that two new tasks share.
    pub(super) shared: usize,
    /// Which they are.
    pub(super) told: Vec<String>,
}

impl Wrong {
    pub(super) const fn is_nothing(&self) -> bool {
        self.lost + self.doubled + self.torn + self.shared == 0
    }
}

/// Compares a plan with what was written to it. `saved` are the lines that an editor put in; `taken`
/// are the markers of writes that its saves took out.
pub(super) fn check(
    text: &str,
    original: &str,
    writes: &[(&Write, &Outcome)],
    saved: &[String],
    taken: &BTreeSet<String>,
    wrong: &mut Wrong,
) {
    let mut expected = original.to_owned();
    let mut paused = 0;
    for (write, outcome) in writes {
        let is_state = matches!(write.kind, Kind::Pause | Kind::Activate);
        let is_wanted = outcome.is_done && (!is_state || outcome.is_changed);
        let wanted = usize::from(is_wanted);
        let marker = write.marker();
        match text.matches(&marker).count() {
            found if found == wanted => {}
            0 if taken.contains(&marker) => continue,
            0 => {
                wrong.lost += 1;
                wrong.told.push(format!("lost: {write:?}"));
            }
            found => {
                wrong.doubled += 1;
                wrong.told.push(format!("{found} times: {write:?}"));
            }
        }
        match write.kind {
            Kind::Tick(task) => {
                let open = format!("- [ ] {} ", id(task));
                expected = expected.replace(&open, &marker);
            }
            Kind::Pause => paused += i32::from(is_wanted),
            Kind::Activate => paused -= i32::from(is_wanted),
            Kind::Log | Kind::Add => {}
        }
    }
    // An editor brings back states and dates that it read before.
    let is_kept = |line: &&str| {
        !line.starts_with("last_updated:") && (saved.is_empty() || !line.starts_with("status:"))
    };
    if paused == 1 {
        expected = expected.replace("status: active", "status: paused");
    }
    let is_written = |line: &str| {
        let ours = writes
            .iter()
            .any(|(write, _)| !matches!(write.kind, Kind::Tick(_)) && line.contains(&write.token));
        ours || saved.iter().any(|saved| line == saved)
    };
    let rest = text
        .lines()
        .filter(|line| !is_written(line))
        .filter(is_kept);
    let balance = paused == 0 || paused == 1 || !saved.is_empty();
    if !balance || !rest.eq(expected.lines().filter(is_kept)) {
        wrong.torn += 1;
        wrong.told.push(format!("torn:\n{text}"));
    }
    let mut numbers = BTreeSet::new();
    for line in text.lines().filter(|line| line.contains(" Added ")) {
        let number = line.split_whitespace().find(|word| word.starts_with('T'));
        wrong.shared += usize::from(!number.is_some_and(|number| numbers.insert(number)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Wrong {
        let write = |kind, token: &str| Write {
            file: 1,
            kind,
            token: token.to_owned(),
        };
        let writes = [
            write(Kind::Tick(2), "w0"),
            write(Kind::Log, "w1"),
            write(Kind::Pause, "w2"),
        ];
        let outcome = Outcome {
            is_done: true,
            is_changed: true,
            ..Outcome::default()
        };
        let writes: Vec<_> = writes.iter().map(|write| (write, &outcome)).collect();
        let mut wrong = Wrong::default();
        let original = super::text(1, 3);
        check(text, &original, &writes, &[], &BTreeSet::new(), &mut wrong);
        wrong
    }

    #[test]
    fn what_is_missing_twice_or_torn_is_seen() {
        let good = text(1, 3)
            .replace("[ ] T0002", "[x] T0002")
            .replace("status: active", "status: paused")
            + "- 2026-01-06: Wrote w1\n- 2026-01-06: Paused: w2\n";
        assert!(wrong(&good).is_nothing());
        assert_eq!(wrong(&good.replace("w1", "")).lost, 1);
        assert_eq!(wrong(&(good.clone() + "- w1\n")).doubled, 1);
        assert_eq!(wrong(&good.replace("- [ ] T0003 Step", "- [ ] T0")).torn, 1);
        assert_eq!(wrong(&text(1, 3)).lost, 3);
    }
}
