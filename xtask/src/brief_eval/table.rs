//! Shares of what was found, by way and budget.

use std::collections::BTreeMap;
use std::fmt;

use super::BUDGETS;

/// Points by which a brief is to be ahead of the best other way.
const AHEAD: f64 = 10.0;

/// The ways that are ours; all others are what they are held against.
pub(super) const OURS: &str = "brief";

/// What was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Looked {
    /// A document.
    Document,
    /// A section.
    Section,
}

/// Found and looked for, by what was looked for, way and budget.
#[derive(Debug, Default)]
pub(super) struct Table {
    cells: BTreeMap<(Looked, &'static str, usize), (f64, f64)>,
    ways: Vec<&'static str>,
    /// What the trial was made of, in a sentence.
    pub(super) note: String,
}

impl Table {
    /// Counts `found` of `all` for a way at the budget of a number.
    pub(super) fn add(
        &mut self,
        looked: Looked,
        way: &'static str,
        budget: usize,
        found: usize,
        all: usize,
    ) {
        if all == 0 {
            return;
        }
        if !self.ways.contains(&way) {
            self.ways.push(way);
        }
        let cell = self.cells.entry((looked, way, budget)).or_default();
        // A commit that edits much counts no more than one that edits little.
        cell.0 += f64::from(found as u32) / f64::from(all as u32);
        cell.1 += 1.0;
    }

    fn share(&self, looked: Looked, way: &'static str, budget: usize) -> Option<f64> {
        let (found, all) = self.cells.get(&(looked, way, budget))?;
        Some(100.0 * found / all)
    }

    /// How far ahead of the best other way the brief is.
    fn ahead(&self, looked: Looked, budget: usize) -> Option<f64> {
        let own = self.share(looked, OURS, budget)?;
        let is_other = |way: &&&'static str| !way.starts_with(OURS);
        let others = self
            .ways
            .iter()
            .filter(is_other)
            .filter_map(|way| self.share(looked, way, budget));
        Some(own - others.reduce(f64::max)?)
    }

    /// True where it is far enough ahead at every budget.
    pub(super) fn is_met(&self) -> bool {
        [Looked::Document, Looked::Section].iter().all(|looked| {
            (0..BUDGETS.len()).all(|budget| {
                self.ahead(*looked, budget)
                    .is_none_or(|ahead| ahead >= AHEAD)
            })
        })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.note)?;
        for (looked, name) in [
            (Looked::Document, "documents"),
            (Looked::Section, "sections"),
        ] {
            if self.share(looked, OURS, 0).is_none() {
                continue;
            }
            writeln!(f)?;
            write!(f, "| {name} found |")?;
            for budget in BUDGETS {
                write!(f, " {budget} |")?;
            }
            writeln!(f, "\n|---|{}", "--:|".repeat(BUDGETS.len()))?;
            for way in &self.ways {
                write!(f, "| {way} |")?;
                for budget in 0..BUDGETS.len() {
                    match self.share(looked, way, budget) {
                        Some(share) => write!(f, " {share:.1} % |")?,
                        None => write!(f, " – |")?,
                    }
                }
                writeln!(f)?;
            }
            write!(f, "| ahead of the best other |")?;
            for budget in 0..BUDGETS.len() {
                write!(f, " {:+.1} |", self.ahead(looked, budget).unwrap_or(0.0))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
