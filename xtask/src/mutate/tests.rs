//! Keeps the operators in step with the rules, on a few mutants of each.

use super::operators::{OPERATORS, WITHOUT};
use super::*;

#[test]
fn every_rule_has_an_operator_or_a_reason_for_none() {
    for rule in planwright_check::RULES {
        let made = OPERATORS
            .iter()
            .filter(|operator| operator.rule == rule.name)
            .count();
        let reason = WITHOUT
            .iter()
            .any(|(name, reason)| *name == rule.name && !reason.is_empty());
        assert!(
            made + usize::from(reason) == 1,
            "{} has {made} operators; write one in xtask/src/mutate/operators",
            rule.name
        );
    }
    for operator in OPERATORS.iter() {
        let rule = planwright_check::find(operator.rule);
        assert!(rule.is_some(), "there is no rule {}", operator.rule);
        for dialect in operator.dialects {
            assert!(
                rule.is_some_and(|rule| rule.applies_to(dialect)),
                "{} does not apply to {dialect}",
                operator.rule
            );
        }
    }
}

#[test]
fn every_operator_makes_something_in_each_of_its_dialects() {
    let bases = clean().unwrap();
    for operator in OPERATORS.iter() {
        for dialect in operator.dialects {
            let of_dialect = bases.iter().filter(|base| base.dialect == *dialect);
            let made: usize = of_dialect.map(|base| operator.mutants(base).len()).sum();
            assert!(made > 0, "{} makes nothing of {dialect}", operator.rule);
        }
    }
}

#[test]
fn a_mutant_of_each_rule_and_dialect_is_caught() {
    let bases = clean().unwrap();
    let operators: Vec<&Operator> = OPERATORS.iter().copied().collect();
    let trials = trials(&operators, &bases, 1, 1);
    let outcomes = in_parallel(&trials).unwrap();
    let report = Report::new(&operators, &outcomes);
    assert!(report.percent() >= GOAL, "{}", report.text());
}

#[test]
fn the_clean_repositories_are_clean() {
    let bases = clean().unwrap();
    let dirt: Vec<String> = dirt(&bases, &[Style::Plain, Style::Crlf])
        .unwrap()
        .iter()
        .map(|(name, style, found)| format!("{name} ({style:?}): {}", shown(found)))
        .collect();
    assert!(dirt.is_empty(), "{}", dirt.join("\n"));
}
