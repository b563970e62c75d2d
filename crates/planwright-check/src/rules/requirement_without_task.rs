use std::collections::BTreeMap;

use crate::config::Context;
use crate::coverage::{Citation, Feature, KIRO, Named, features, ids};
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, Setting, Value, page};

pub(super) static RULE: Rule = Rule {
    code: "PW701",
    name: "requirement-without-task",
    category: Category::Coverage,
    reason: "what no task does is not going to be done",
    page: page!("requirement-without-task"),
    settings: &[Setting {
        name: "share",
        default: Value::Number(20),
        help: "per cent of its requirements that a document may have without tasks and still be taken to trace them",
    }],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    for feature in features(project) {
        for doc in &feature.sources {
            in_source(doc, &feature, project.context(), findings);
        }
    }
}

fn in_source(doc: &Doc<'_>, feature: &Feature<'_>, context: &Context, findings: &mut Findings) {
    let most = context.number(&RULE, "share") as usize;
    let covered = ids(&feature.tasks);
    let mut by_prefix: BTreeMap<&str, Vec<&Named>> = BTreeMap::new();
    for named in &doc.facts().coverage.defined {
        by_prefix.entry(named.id.prefix).or_default().push(named);
    }
    for (prefix, defined) in by_prefix {
        // Kiro's tasks name criteria; one of them covers the requirement.
        let is_covered = |wanted: &Named| {
            covered.contains(&wanted.id)
                || prefix == KIRO
                    && covered
                        .iter()
                        .any(|id| id.prefix == KIRO && id.number == wanted.id.number)
        };
        let missing: Vec<&Named> = defined.iter().copied().filter(|one| !is_covered(one)).collect();
        // Where many are not named, tasks are not the place where this feature traces them.
        if missing.len() * 100 > defined.len() * most {
            continue;
        }
        for one in missing {
            // What bounds the work is nobody's task.
            let bounds = doc.whole().is_some_and(|doc| {
                let text = doc.text(doc.line_span(doc.line(one.spot.span().start))).to_lowercase();
                ["scope boundary", "out of scope", "not include", "non-goal", "deferred", "future", "must not", "shall not", "no debe", "não deve"].iter().any(|words| text.contains(words))
            });
            if bounds {
                continue;
            }
            findings
                .at_spot(doc.path(), one.spot, format!("no task of this feature names `{}`", one.word))
                .help("name it in the task that covers it, add the task, or take it out of the specification");
        }
    }
}

/// The requirements that a document states itself. Stories have a rule of their own, and what success
/// is measured by is nobody's task.
pub(crate) fn defined(doc: &DocumentView, all: &[Citation]) -> Vec<Named> {
    let document = doc.document();
    let is_at = |citation: &&Citation, line: u32| doc.line(citation.span.start) == line;
    let is_spec = matches!(document.kind.as_str(), "spec" | "prd");
    let requirements = document.requirements.iter().filter(|_| is_spec);
    let mut defined: Vec<Citation> = requirements
        .filter_map(|wanted| all.iter().find(|citation| is_at(citation, wanted.line)))
        .filter(|citation| !matches!(citation.id.prefix, "US" | "SC" | KIRO))
        .cloned()
        .collect();
    if doc.stem() == "requirements" {
        let own = all.iter().filter(|one| one.id.prefix == KIRO && one.id.suffix.is_empty());
        defined.extend(own.cloned());
    }
    defined.dedup_by(|a, b| a.id == b.id);
    defined.into_iter().map(|one| Named::of(doc, one)).collect()
}
