//! The table that `bench` prints.

use crate::run::line;

/// A figure beside what it should be.
#[derive(Debug)]
pub(crate) struct Row {
    /// 0 where no repository is read.
    pub(crate) documents: usize,
    pub(crate) what: &'static str,
    /// What was measured.
    pub(crate) subject: String,
    /// What it is compared with; empty where it stands alone.
    pub(crate) yardstick: String,
    pub(crate) figure: String,
    /// What the figure should be at most, and whether it is; `None` where it is only told.
    pub(crate) target: Option<(&'static str, bool)>,
}

/// Rows, printed as they come: a long run that is interrupted has told what it knew.
#[derive(Debug)]
pub(crate) struct Table {
    met: bool,
}

impl Table {
    pub(crate) fn new() -> Self {
        line("| documents | what | measured | beside | figure | target | |");
        line("|--:|---|--:|--:|--:|--:|---|");
        Self { met: true }
    }

    pub(crate) fn push(&mut self, row: &Row) {
        let documents = match row.documents {
            0 => String::new(),
            documents => documents.to_string(),
        };
        let (target, verdict) = match row.target {
            Some((target, true)) => (target, "met"),
            Some((target, false)) => (target, "**missed**"),
            None => ("", ""),
        };
        self.met &= row.target.is_none_or(|(_, met)| met);
        line(&format!(
            "| {documents} | {} | {} | {} | {} | {target} | {verdict} |",
            row.what, row.subject, row.yardstick, row.figure,
        ));
    }

    /// True when every target was met.
    pub(crate) fn met(&self) -> bool {
        self.met
    }
}

/// `12.3 ms`, `1.23 s`.
pub(crate) fn time(seconds: f64) -> String {
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{:.1} ms", seconds * 1e3)
    }
}

/// `+1.2 ms`, `-0.3 ms`.
pub(crate) fn more_time(seconds: f64) -> String {
    format!(
        "{}{}",
        if seconds < 0.0 { "-" } else { "+" },
        time(seconds.abs())
    )
}

/// Median and minimum of a wall time.
pub(crate) fn wall(series: &super::measure::Series) -> String {
    format!("{} (min {})", time(series.median()), time(series.min()))
}
