//! Runs the rules and keeps what counts.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use planwright_syntax::Span;

use crate::finding::{Finding, Findings, Label};
use crate::form::is_aside;
use crate::project::{Doc, Project, in_parallel};
use crate::rule::{Check, Rule};
use crate::rules::{self, RULES};
use crate::suppress::Suppression;
use crate::text::nearest;

/// Which rules are to run, and where.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Only rules that answer to one of these words; all that are on where there are none. A rule
    /// that is off runs when it is selected, at the level `info`, and what a rule only suspects is
    /// reported when it is selected.
    pub select: Vec<String>,
    /// No rules that answer to one of these words.
    pub ignore: Vec<String>,
    /// Only findings in these files; in all where there are none.
    pub paths: Option<Vec<String>>,
}

/// What a check found.
#[derive(Debug, Default)]
pub struct Report {
    /// The findings in the order of their file and place.
    pub findings: Vec<Finding>,
    /// How many findings comments in documents silence.
    pub suppressed: u32,
    /// The rules that ran.
    pub rules: Vec<&'static Rule>,
    /// The rules that would have run, had there been a history to ask.
    pub silent: Vec<&'static Rule>,
}

/// The files that a check is about; all where there are none.
type Scope<'a> = Option<BTreeSet<&'a str>>;

/// Checks a project.
pub fn check(project: &Project<'_>, request: &Request) -> Report {
    let config = project.context().config();
    let selected = |rule: &Rule| {
        let is_named = |words: &[String]| words.iter().any(|word| rule.answers_to(word));
        let asked = if request.select.is_empty() {
            config.may_be_on(rule)
        } else {
            is_named(&request.select)
        };
        asked && !is_named(&request.ignore)
    };
    let all = RULES.iter().copied().filter(|rule| selected(rule));
    // The history is not even opened where no rule needs it.
    let (rules, silent): (Vec<&'static Rule>, Vec<&'static Rule>) =
        all.partition(|rule| !rule.needs_git || project.history().is_some());
    let is_asked = !request.select.is_empty();
    let paths = request.paths.as_ref();
    let scope: &Scope<'_> = &paths.map(|paths| paths.iter().map(String::as_str).collect());
    if project.keeps() {
        project.settle(&config.rules());
    } else {
        project.settle(&rules);
    }
    let mut found = run(project, scope, &rules);
    found.retain_mut(|finding| is_wanted(project, scope, is_asked, finding));
    leave_to_others(&mut found);
    let suppressions = suppressions(project, scope);
    let before = found.len();
    found.retain(|finding| {
        let Some(all) = suppressions.get(finding.path.as_str()) else {
            return true;
        };
        // Every comment that covers it counts as used, not only the first.
        let mut is_covered = false;
        for (one, used) in all {
            if one.covers(finding) {
                used.set(true);
                is_covered = true;
            }
        }
        !is_covered
    });
    let suppressed = (before - found.len()) as u32;
    found.retain(|finding| {
        let is_sure = || !is_aside(&finding.path) && !is_vendored(project, &finding.path);
        is_asked || finding.is_sure && is_sure() || is_named(project, finding)
    });
    fold(&mut found);
    let mut own = about_suppressions(&suppressions, &rules);
    own.retain_mut(|finding| is_wanted(project, scope, is_asked, finding));
    found.append(&mut own);
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found.dedup_by(|a, b| order(a) == order(b));
    Report {
        findings: found,
        suppressed,
        rules,
        silent,
    }
}

/// Removes what another rule says of the same document, and better.
fn leave_to_others(found: &mut Vec<Finding>) {
    let others = found
        .iter()
        .filter(|finding| finding.is_sure)
        .map(|finding| (finding.rule.name, finding.path.clone()));
    let names: BTreeSet<&str> = found
        .iter()
        .flat_map(|finding| finding.rule.yields_to)
        .copied()
        .collect();
    let said: BTreeSet<(&str, String)> = others.filter(|(name, _)| names.contains(name)).collect();
    found.retain(|finding| {
        let mut better = finding.rule.yields_to.iter();
        !better.any(|name| said.contains(&(*name, finding.path.clone())))
    });
}

/// From so many documents on, one cause is one finding.
const MANY: usize = 5;

/// So many of the further documents are pointed at.
const SHOWN: usize = 3;

/// Makes one finding of what a rule that folds says in the same words of many documents.
fn fold(found: &mut Vec<Finding>) {
    let mut same: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
    for (at, finding) in found
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.rule.folds)
    {
        let key = (finding.rule.name, finding.message.clone());
        same.entry(key).or_default().push(at);
    }
    let mut gone = BTreeSet::new();
    for all in same.into_values().filter(|all| all.len() >= MANY) {
        let path = |at: &usize| found[*at].path.clone();
        let paths: BTreeSet<String> = all.iter().map(path).collect();
        let first = all.iter().copied().min_by_key(path).unwrap_or_default();
        let others: Vec<usize> = all.iter().copied().filter(|at| *at != first).collect();
        let labels: Vec<Label> = others
            .iter()
            .filter(|at| found[**at].path != found[first].path)
            .take(SHOWN)
            .map(|at| Label {
                path: found[*at].path.clone(),
                span: found[*at].span,
                place: found[*at].place,
                text: "here as well".to_owned(),
            })
            .collect();
        if paths.len() < MANY {
            continue;
        }
        let finding = &mut found[first];
        let message = &finding.message;
        finding.message = format!("{message}, here and in {} more documents", paths.len() - 1);
        finding.labels.extend(labels);
        // A fix of one would look like one of all.
        finding.fix = None;
        gone.extend(others);
    }
    let mut at = 0..;
    found.retain(|_| !at.next().is_some_and(|at| gone.contains(&at)));
}

fn order(finding: &Finding) -> (&str, Span, &str, &str) {
    (
        &finding.path,
        finding.span,
        finding.rule.code,
        &finding.message,
    )
}

/// All that the rules report, before configuration and comments have their say.
fn run(project: &Project<'_>, scope: &Scope<'_>, rules: &[&'static Rule]) -> Vec<Finding> {
    let is_asked = |rule: &Rule| rules.iter().any(|other| std::ptr::eq(*other, rule));
    let known = project.found().filter(|finding| is_asked(finding.rule));
    let known = known.filter(|finding| is_meant(scope, &finding.path));
    let mut found: Vec<Finding> = known.cloned().collect();

    let mut suspicions: Vec<(&'static Rule, usize)> = Vec::new();
    let mut of_project = Vec::new();
    for rule in rules {
        let place = RULES.iter().position(|other| std::ptr::eq(*other, *rule));
        rule.check.each(&mut |check| match check {
            Check::Suspect(..) => suspicions.extend(place.map(|place| (*rule, place))),
            Check::Project(look) => of_project.push((*rule, *look)),
            Check::Document(_)
            | Check::Dialect(_)
            | Check::Form(_)
            | Check::Engine
            | Check::All(_) => {}
        });
    }
    let suspects: Vec<Doc<'_>> = project
        .docs()
        .filter(|doc| is_meant(scope, doc.path()))
        .filter(|doc| {
            suspicions
                .iter()
                .any(|(_, place)| doc.facts().is_suspect(*place))
        })
        .collect();
    let by_document = in_parallel(suspects.len(), 4, &|at| {
        let doc = suspects[at];
        let mut found = Vec::new();
        for (rule, place) in &suspicions {
            if doc.facts().is_suspect(*place)
                && project.is_subject(rule, doc.path())
                && let Some(whole) = doc.whole()
            {
                let mut findings = Findings::new(rule);
                rule.check.each(&mut |check| {
                    if let Check::Suspect(_, look) = check {
                        look(project, whole, &mut findings);
                    }
                });
                found.append(&mut findings.into_vec());
            }
        }
        found
    });
    found.extend(by_document.into_iter().flatten());
    let by_rule = in_parallel(of_project.len(), 1, &|at| {
        let (rule, look) = of_project[at];
        let mut findings = Findings::new(rule);
        look(project, &mut findings);
        let mut found = findings.into_vec();
        found.retain(|finding| project.is_subject(rule, &finding.path));
        found
    });
    found.extend(by_rule.into_iter().flatten());
    found
}

/// True for a file that the check is about.
fn is_meant(scope: &Scope<'_>, path: &str) -> bool {
    scope.as_ref().is_none_or(|scope| scope.contains(path))
}

/// Gives a finding its level; false where it does not count.
fn is_wanted(
    project: &Project<'_>,
    scope: &Scope<'_>,
    is_asked: bool,
    finding: &mut Finding,
) -> bool {
    if !is_meant(scope, &finding.path) {
        return false;
    }
    let config = project.context().config();
    if config.is_excluded(&finding.path) {
        return false;
    }
    let dialect = project.find(&finding.path).map_or("", |doc| doc.dialect());
    match config.level(finding.rule, &finding.path, dialect) {
        Some(level) => finding.level = level,
        None if is_asked => finding.level = planwright_model::Level::Info,
        None => return false,
    }
    true
}

/// True for a file in a folder that says that what lies there was copied from elsewhere.
fn is_vendored(project: &Project<'_>, path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    !folder.is_empty()
        && ["VENDORED.md", "VENDORED", "VENDOR.md"]
            .iter()
            .any(|name| project.exists(&format!("{folder}/{name}")))
}

/// True where the configuration names the rule of a finding.
fn is_named(project: &Project<'_>, finding: &Finding) -> bool {
    let dialect = project.find(&finding.path).map_or("", |doc| doc.dialect());
    let config = project.context().config();
    config.is_named(finding.rule, &finding.path, dialect)
}

/// The comments of each document, and whether each was of use.
type Suppressions<'a> = BTreeMap<&'a str, Vec<(&'a Suppression, Cell<bool>)>>;

fn suppressions<'a>(project: &'a Project<'_>, scope: &Scope<'_>) -> Suppressions<'a> {
    let docs = project.docs().filter(|doc| is_meant(scope, doc.path()));
    let with = docs.filter(|doc| !doc.facts().suppressions.is_empty());
    with.map(|doc| {
        let all = doc.facts().suppressions.iter();
        (doc.path(), all.map(|one| (one, Cell::new(false))).collect())
    })
    .collect()
}

/// What is wrong with the comments themselves.
fn about_suppressions(all: &Suppressions<'_>, ran: &[&'static Rule]) -> Vec<Finding> {
    let mut found = Vec::new();
    let [unused, reason, unknown] = [
        &rules::UNUSED_SUPPRESSION,
        &rules::SUPPRESSION_WITHOUT_REASON,
        &rules::SUPPRESSION_OF_NOTHING,
    ];
    for (path, suppressions) in all {
        let mut last = None;
        for (one, used) in suppressions {
            let word = one.word.as_str();
            let mut report = |rule: &'static Rule, spot, message: String, help: Option<String>| {
                let is_on = ran.iter().any(|other| std::ptr::eq(*other, rule));
                if is_on {
                    let mut findings = Findings::new(rule);
                    let finding = findings.at_spot(path, spot, message);
                    finding.help = help;
                    found.append(&mut findings.into_vec());
                }
            };
            if !one.known {
                let names = RULES.iter().map(|rule| rule.name);
                let help = nearest(word, names).map_or_else(
                    || "`plan explain` lists the rules".to_owned(),
                    |name| format!("did you mean `{name}`?"),
                );
                let message = if one.place == one.comment {
                    "this comment names no rule to ignore".to_owned()
                } else {
                    format!("there is no rule `{word}` to ignore")
                };
                report(unknown, one.place, message, Some(help));
            } else if !one.reason {
                if last != Some(one.comment) {
                    report(
                        reason,
                        one.comment,
                        "this comment gives no reason, and ignores nothing without one".to_owned(),
                        Some(format!(
                            "write why: `<!-- planwright: ignore {word} -- because ... -->`"
                        )),
                    );
                }
            } else if !used.get() {
                // What did not run can have found nothing.
                let all_ran = RULES
                    .iter()
                    .filter(|rule| rule.answers_to(word))
                    .all(|rule| ran.iter().any(|other| std::ptr::eq(*other, *rule)));
                if all_ran {
                    report(
                        unused,
                        one.place,
                        format!("`{word}` finds nothing here, so there is nothing to ignore"),
                        Some("remove the comment, or the word".to_owned()),
                    );
                }
            }
            last = Some(one.comment);
        }
    }
    found
}
