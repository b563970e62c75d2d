//! How much of what is wrong `plan check` finds.
//!
//! Clean repositories, on which no rule finds anything, are made wrong in one place, in the way in
//! which people get it wrong. A mutant is caught when its rule has a finding at that place. What is
//! missed is a gap in a rule, or a defect that nobody makes: both are to be read.

mod lab;
mod mutant;
mod operators;
mod page;
mod report;
mod repository;
mod style;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, bail};

use self::lab::{Found, Lab};
use self::mutant::{Mutant, Operator};
use self::operators::OPERATORS;
use self::report::{Outcome, Report};
use self::repository::{DIALECTS, Repository};
use self::style::Style;
use crate::run::{line, note, root};

/// What share of the mutants has to be caught, in percent.
const GOAL: f64 = 99.0;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these rules, by name, code or category; may be given more than once.
    #[arg(long = "rule", value_name = "NAME")]
    rules: Vec<String>,
    /// How many mutants at most to look at for a rule in a dialect.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Another seed takes others where there are more.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Print the report as a Markdown table.
    #[arg(long)]
    markdown: bool,
    /// Print the report as JSON.
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
}

pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let started = std::time::Instant::now();
    for name in &args.rules {
        if planwright_check::select(name).is_empty() {
            bail!("there is no rule `{name}`; `plan explain` lists them");
        }
    }
    let bases = clean()?;
    let dirty = dirt(&bases, &Style::ALL)?;
    if !dirty.is_empty() {
        for (name, style, found) in &dirty {
            note(&format!("{name} ({style:?}): {}", shown(found)));
        }
        bail!("the repositories to begin with are not clean");
    }
    let is_chosen = |operator: &&&Operator| {
        let rule = planwright_check::find(operator.rule);
        let is_it = |name: &String| rule.is_some_and(|rule| rule.answers_to(name));
        args.rules.is_empty() || args.rules.iter().any(is_it)
    };
    let operators: Vec<&Operator> = OPERATORS.iter().filter(is_chosen).copied().collect();
    let trials = trials(&operators, &bases, args.limit, args.seed);
    let outcomes = in_parallel(&trials)?;
    let report = Report::new(&operators, &outcomes);
    line(&if args.json {
        report.json()
    } else if args.markdown {
        report.markdown()
    } else {
        report.text()
    });
    for words in quiet(&outcomes) {
        note(&words);
    }
    note(&format!("{:.1} s", started.elapsed().as_secs_f64()));
    Ok(if report.percent() >= GOAL {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// How much of what is caught is reported to nobody who did not ask for the rule, by rule.
fn quiet(outcomes: &[Outcome]) -> Vec<String> {
    let mut rules: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.is_caught) {
        let (loud, all) = rules.entry(outcome.rule).or_default();
        *loud += usize::from(outcome.is_loud);
        *all += 1;
    }
    let (loud, all) = rules
        .values()
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let quiet = rules.iter().filter(|(_, (loud, all))| loud < all);
    let mut words: Vec<String> = quiet
        .map(|(rule, (loud, all))| format!("{rule}: {loud} of {all} without asking"))
        .collect();
    words.push(format!(
        "{loud} of {all} are reported without asking for the rule"
    ));
    words
}

/// The repositories to begin with.
fn clean() -> Result<Vec<Repository>> {
    Repository::read_all(&root().join("xtask/clean"))
}

/// What rules find in the repositories to begin with, in any habit of writing.
fn dirt(bases: &[Repository], styles: &[Style]) -> Result<Vec<(String, Style, Found)>> {
    let rules = planwright_check::RULES.iter();
    let names: Vec<&str> = rules
        .filter(|rule| !matches!(rule.check, planwright_check::Check::Engine))
        .map(|rule| rule.name)
        .collect();
    let mut lab = Lab::new()?;
    let mut dirt = Vec::new();
    for base in bases {
        for style in styles {
            for found in lab.check(&style.of(base), &names)? {
                dirt.push((base.name.clone(), *style, found));
            }
        }
    }
    Ok(dirt)
}

/// A mutant to be looked at.
struct Trial<'a> {
    operator: &'a Operator,
    dialect: &'static str,
    base: &'a str,
    style: Style,
    mutant: Mutant,
}

/// The mutants to look at: all, or an even choice where there are more than `limit`.
fn trials<'a>(
    operators: &[&'a Operator],
    bases: &'a [Repository],
    limit: usize,
    seed: u64,
) -> Vec<Trial<'a>> {
    let mut trials = Vec::new();
    for operator in operators {
        for dialect in DIALECTS {
            let of_dialect = bases.iter().filter(|base| base.dialect == dialect);
            let mut all: Vec<(&str, Mutant)> = of_dialect
                .flat_map(|base| {
                    let mutants = operator.mutants(base).into_iter();
                    mutants.map(|mutant| (base.name.as_str(), mutant))
                })
                .collect();
            fastrand::Rng::with_seed(seed).shuffle(&mut all);
            all.truncate(limit);
            let styled = all.into_iter().enumerate();
            trials.extend(styled.map(|(at, (base, mutant))| Trial {
                operator,
                dialect,
                base,
                style: if operator.raw {
                    Style::Plain
                } else {
                    Style::ALL[at % Style::ALL.len()]
                },
                mutant,
            }));
        }
    }
    trials
}

/// Looks at one mutant.
fn look(lab: &mut Lab, trial: &Trial<'_>) -> Result<Outcome> {
    let operator = trial.operator;
    let mut rules = vec![operator.rule];
    rules.extend(operator.also);
    let found = lab.check(&trial.style.of(&trial.mutant.repository), &rules)?;
    let is_right = |found: &Found| {
        rules.contains(&found.rule)
            && trial.mutant.places.iter().any(|(path, lines)| {
                found.path == *path
                    && found.lines.start() <= lines.end()
                    && lines.start() <= found.lines.end()
            })
    };
    let elsewhere = found.iter().find(|found| found.rule == operator.rule);
    Ok(Outcome {
        rule: operator.rule,
        dialect: trial.dialect,
        is_caught: found.iter().any(is_right),
        is_loud: found.iter().any(|found| found.is_loud && is_right(found)),
        miss: format!(
            "{} in {} ({:?}): {}{}",
            operator.rule,
            place(trial),
            trial.style,
            trial.mutant.what.replace('\n', " / "),
            elsewhere.map_or_else(String::new, |found| format!(" -- found {}", shown(found)))
        ),
    })
}

fn place(trial: &Trial<'_>) -> String {
    let place = trial.mutant.places.first();
    place.map_or_else(String::new, |(path, lines)| {
        format!("{}:{path}:{}", trial.base, lines.start())
    })
}

fn shown(found: &Found) -> String {
    format!(
        "{}:{}: {} {}",
        found.path,
        found.lines.start(),
        found.rule,
        found.message
    )
}

/// Looks at all of them on all cores; the outcomes in their order.
fn in_parallel(trials: &[Trial<'_>]) -> Result<Vec<Outcome>> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Outcome)>> {
        let mut lab = Lab::new()?;
        let mut outcomes = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(trial) = trials.get(at) else {
                return Ok(outcomes);
            };
            outcomes.push((at, look(&mut lab, trial)?));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut all = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::new();
        for handle in handles {
            match handle.join() {
                Ok(outcomes) => all.extend(outcomes?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok::<_, anyhow::Error>(all)
    })?;
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, outcome)| outcome).collect())
}
