//! The operators, a file for each category of rules.

mod bytes;
mod context;
mod coverage;
mod evidence;
mod governance;
mod history;
mod progress;
mod promises;
mod prose;
mod references;
mod relations;
mod state;
mod structure;
mod supersession;
mod time;

use std::sync::LazyLock;

use super::mutant::Operator;

/// Every operator, in the order of the rules.
pub(crate) static OPERATORS: LazyLock<Vec<&'static Operator>> = LazyLock::new(|| {
    let groups = [
        structure::OPERATORS,
        bytes::OPERATORS,
        state::OPERATORS,
        progress::OPERATORS,
        supersession::OPERATORS,
        references::OPERATORS,
        relations::OPERATORS,
        time::OPERATORS,
        evidence::OPERATORS,
        history::OPERATORS,
        governance::OPERATORS,
        promises::OPERATORS,
        coverage::OPERATORS,
        context::OPERATORS,
        prose::OPERATORS,
    ];
    let mut all: Vec<&Operator> = groups.into_iter().flatten().collect();
    all.sort_by_key(|operator| planwright_check::find(operator.rule).map(|rule| rule.code));
    all
});

/// Rules that need none, each with its reason.
#[cfg(test)]
pub(crate) const WITHOUT: &[(&str, &str)] = &[];
