//! The table of rules and dialects.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::mutant::Operator;
use super::repository::DIALECTS;

/// What became of one mutant.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) rule: &'static str,
    pub(crate) dialect: &'static str,
    pub(crate) is_caught: bool,
    /// Caught by a finding that everybody gets to see.
    pub(crate) is_loud: bool,
    /// Where it is and what was done, to be read where it was missed.
    pub(crate) miss: String,
}

/// How many were made, and how many were caught.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    made: usize,
    caught: usize,
}

impl Count {
    fn add(&mut self, is_caught: bool) {
        self.made += 1;
        self.caught += usize::from(is_caught);
    }

    fn percent(self) -> f64 {
        if self.made == 0 {
            return 0.0;
        }
        let [made, caught] =
            [self.made, self.caught].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        100.0 * f64::from(caught) / f64::from(made)
    }
}

/// What became of all.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    operators: &'a [&'a Operator],
    cells: BTreeMap<(&'static str, &'static str), Count>,
    total: Count,
    misses: Vec<&'a str>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(operators: &'a [&'a Operator], outcomes: &'a [Outcome]) -> Self {
        let mut cells: BTreeMap<_, Count> = BTreeMap::new();
        let mut total = Count::default();
        for outcome in outcomes {
            let cell = cells.entry((outcome.rule, outcome.dialect)).or_default();
            cell.add(outcome.is_caught);
            total.add(outcome.is_caught);
        }
        let misses = outcomes.iter().filter(|outcome| !outcome.is_caught);
        Self {
            operators,
            cells,
            total,
            misses: misses.map(|outcome| outcome.miss.as_str()).collect(),
        }
    }

    /// How many of all mutants were caught.
    pub(crate) fn percent(&self) -> f64 {
        self.total.percent()
    }

    fn of_rule(&self, rule: &str) -> Count {
        let mut count = Count::default();
        for dialect in DIALECTS {
            if let Some(cell) = self.cells.get(&(rule, dialect)) {
                count.made += cell.made;
                count.caught += cell.caught;
            }
        }
        count
    }

    /// `58/60`; a dash where the defect cannot occur.
    fn cell(&self, operator: &Operator, dialect: &str) -> String {
        if !operator.dialects.contains(&dialect) {
            return "-".to_owned();
        }
        let cell = self.cells.get(&(operator.rule, dialect)).copied();
        let cell = cell.unwrap_or_default();
        format!("{}/{}", cell.caught, cell.made)
    }

    fn rows(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        self.operators.iter().map(|operator| {
            let code = planwright_check::find(operator.rule).map_or("", |rule| rule.code);
            let mut row = vec![code.to_owned(), operator.rule.to_owned()];
            row.extend(DIALECTS.map(|dialect| self.cell(operator, dialect)));
            let all = self.of_rule(operator.rule);
            row.push(format!("{}/{}", all.caught, all.made));
            row.push(format!("{:.1} %", all.percent()));
            row
        })
    }

    fn head() -> Vec<&'static str> {
        let mut head = vec!["code", "rule"];
        head.extend(DIALECTS);
        head.extend(["all", "caught"]);
        head
    }

    fn summary(&self) -> String {
        format!(
            "{} of {} mutants of {} rules caught: {:.2} %",
            self.total.caught,
            self.total.made,
            self.operators.len(),
            self.percent()
        )
    }

    /// For a terminal.
    pub(crate) fn text(&self) -> String {
        let head: Vec<String> = Self::head().into_iter().map(str::to_owned).collect();
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(self.rows()).collect();
        let widths: Vec<usize> = (0..rows[0].len())
            .map(|at| rows.iter().map(|row| row[at].len()).max().unwrap_or(0))
            .collect();
        let mut text = String::new();
        for row in rows {
            for (at, cell) in row.iter().enumerate() {
                let width = widths[at];
                if at < 2 {
                    let _ = write!(text, "{cell:<width$}  ");
                } else {
                    let _ = write!(text, "{cell:>width$}  ");
                }
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        for miss in &self.misses {
            let _ = write!(text, "\nmissed: {miss}");
        }
        let _ = write!(text, "\n{}", self.summary());
        text
    }

    /// For a page.
    pub(crate) fn markdown(&self) -> String {
        let head = Self::head();
        let mut text = format!("| {} |\n|---|---|", head.join(" | "));
        text.push_str(&"--:|".repeat(head.len() - 2));
        text.push('\n');
        for row in self.rows() {
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
        text.push('\n');
        for miss in &self.misses {
            let _ = writeln!(text, "- missed: {miss}");
        }
        let _ = write!(text, "\n{}", self.summary());
        text
    }

    /// For a program.
    pub(crate) fn json(&self) -> String {
        let rules = self.operators.iter().map(|operator| {
            let cells = DIALECTS.iter().filter_map(|dialect| {
                let cell = self.cells.get(&(operator.rule, *dialect))?;
                let count = serde_json::json!({"mutants": cell.made, "caught": cell.caught});
                Some(((*dialect).to_owned(), count))
            });
            let dialects: serde_json::Map<String, serde_json::Value> = cells.collect();
            serde_json::json!({"rule": operator.rule, "dialects": dialects})
        });
        let report = serde_json::json!({
            "mutants": self.total.made,
            "caught": self.total.caught,
            "rules": rules.collect::<Vec<_>>(),
            "missed": self.misses,
        });
        format!("{report:#}")
    }
}
