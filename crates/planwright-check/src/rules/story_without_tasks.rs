use std::collections::BTreeSet;

use crate::coverage::{Citation, Id, Named, features, ids};
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW703",
    name: "story-without-tasks",
    category: Category::Coverage,
    reason: "a story that no phase and no task serves will not be told",
    page: page!("story-without-tasks"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// What a story says of itself that asks for no tasks any more, or not yet.
const EXCUSES: [&str; 6] = ["complete", "done", "out of scope", "deferred", "future", "descoped"];

fn check(project: &Project<'_>, findings: &mut Findings) {
    for feature in features(project) {
        let served = ids(&feature.tasks);
        let lists = feature.tasks.iter();
        let sorted: BTreeSet<&Id> = lists.flat_map(|doc| &doc.facts().coverage.sorted_by).collect();
        for doc in &feature.sources {
            let stories = &doc.facts().coverage.stories;
            let unserved: Vec<_> = stories.iter().filter(|(story, _)| !served.contains(&story.id)).collect();
            // Tasks that are not sorted by stories may well serve one that they do not name.
            let is_sorted = stories.iter().filter(|(story, _)| sorted.contains(&story.id)).count() * 2 >= stories.len();
            if !is_sorted {
                continue;
            }
            // `[FR-012] Write the page`: some tasks are sorted by requirements, which may be the story's.
            let is_mixed = feature.tasks.iter().filter_map(Doc::whole).any(|list| {
                let mut lines = list.parsed().source.text().lines();
                lines.any(|line| ["[FR-", "[REQ-", "[NFR-"].iter().any(|mark| line.contains(mark)) && !line.contains("[US"))
            });
            for (story, text) in unserved {
                let lower = text.to_lowercase();
                if EXCUSES.iter().any(|excuse| lower.contains(excuse)) {
                    continue;
                }
                let message = format!("no task serves `{}` ({})", story.word, short(text));
                findings
                    .at_spot(doc.path(), story.spot, message)
                    .sure_if(!is_mixed)
                    .help(format!(
                        "add its tasks with `[US{}]`, or say in the specification that it is out of scope",
                        story.id.number
                    ));
            }
        }
    }
}

/// The stories by which tasks are sorted: those that headings name, and marks like `[US1]`.
pub(crate) fn sorted_by(doc: &DocumentView, all: &[Citation]) -> BTreeSet<Id> {
    let is_mark = |one: &&Citation| {
        let line = doc.text(doc.line_span(doc.line(one.span.start)));
        line.starts_with('#') || line.starts_with("**") || line.contains("[US") || line.contains("[Story")
    };
    all.iter().filter(is_mark).map(|one| one.id.clone()).collect()
}

/// The stories that a specification tells, each once.
pub(crate) fn stories(doc: &DocumentView, all: &[Citation]) -> Vec<(Named, String)> {
    let mut stories: Vec<(Citation, &str)> = doc
        .document()
        .requirements
        .iter()
        .filter_map(|story| {
            let mut cited = all.iter().filter(|one| doc.line(one.span.start) == story.line);
            let stated = cited.find(|one| one.id.prefix == "US")?;
            Some((stated.clone(), story.text.as_str()))
        })
        .collect();
    stories.dedup_by(|a, b| a.0.id == b.0.id);
    let stories = stories.into_iter();
    stories.map(|(story, text)| (Named::of(doc, story), text.to_owned())).collect()
}
