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

/// The share that was found in each case, by what was looked for, way and budget.
#[derive(Debug, Default)]
pub(super) struct Table {
    cells: BTreeMap<(Looked, &'static str, usize), Vec<f64>>,
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
        cell.push(100.0 * f64::from(found as u32) / f64::from(all as u32));
    }

    fn share(&self, looked: Looked, way: &'static str, budget: usize) -> Option<f64> {
        self.cells
            .get(&(looked, way, budget))
            .map(|cell| mean(cell))
    }

    /// How far ahead of the best other way the brief is, in every case.
    fn leads(&self, looked: Looked, budget: usize) -> Option<Vec<f64>> {
        let own = self.cells.get(&(looked, OURS, budget))?;
        let others = self.ways.iter().filter(|way| !way.starts_with(OURS));
        let others = others.filter_map(|way| self.cells.get(&(looked, *way, budget)));
        let best = others.max_by(|a, b| mean(a).total_cmp(&mean(b)))?;
        Some(
            own.iter()
                .zip(best)
                .map(|(own, other)| own - other)
                .collect(),
        )
    }

    fn ahead(&self, looked: Looked, budget: usize) -> Option<f64> {
        self.leads(looked, budget).map(|leads| mean(&leads))
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

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / f64::from(values.len() as u32).max(1.0)
}

/// Half of the interval in which the mean of such values lies in 95 of 100 trials.
fn margin(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares = values.iter().map(|value| (value - mean).powi(2));
    let count = f64::from(values.len() as u32);
    1.96 * (squares.sum::<f64>() / (count - 1.0).max(1.0) / count.max(1.0)).sqrt()
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
                let leads = self.leads(looked, budget).unwrap_or_default();
                write!(f, " {:+.1} ± {:.0} |", mean(&leads), margin(&leads))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
