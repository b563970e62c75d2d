use planwright_model::DocumentState;
use planwright_workspace::history::{History, Horizon, PathSet};

use crate::finding::Findings;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, Setting, Value, page};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

pub(super) static RULE: Rule = Rule {
    code: "PW610",
    name: "changelog-untouched",
    category: Category::Governance,
    level: None,
    reason: "where a finished plan owes its users an entry, nobody writes it later",
    page: page!("changelog-untouched"),
    archived: true,
    needs_git: true,
    settings: &[
        Setting {
            name: "files",
            default: Value::Words(&["CHANGELOG.md", "**/CHANGELOG.md"]),
            help: "the changelogs: files, folders and globs from the root",
        },
        Setting {
            name: "days",
            default: Value::Number(14),
            help: "days after the last commit to a finished plan in which its entry may follow",
        },
    ],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let Some(history) = project.history() else {
        return;
    };
    if history.horizon() != Horizon::Whole {
        return;
    }
    let changelogs = PathSet::new(project.context().words(&RULE, "files"));
    // The moments at which an entry was written, the youngest first.
    let entries: Vec<i64> = history
        .touching(&changelogs, planwright_workspace::history::Since::Ever)
        .iter()
        .map(|commit| commit.committer().seconds)
        .collect();
    let changed = history.changed().unwrap_or_default();
    if entries.is_empty() || changed.iter().any(|changed| changelogs.contains(&changed.path)) {
        return;
    }
    let grace = i64::from(project.context().number(&RULE, "days")) * DAY;
    let now = project.context().now().instant;
    for doc in project.docs() {
        let facts = doc.facts();
        let is_done = facts.state == DocumentState::Done && doc.is_listed();
        if !is_done || !facts.holds_work {
            continue;
        }
        let Some((began, ended)) = life(history, doc.path()) else {
            continue;
        };
        let is_met = entries.iter().any(|entry| (began..=ended + grace).contains(entry));
        if !is_met && ended + grace < now {
            findings
                .at_spot(
                    doc.path(),
                    facts.stated,
                    "done, and no commit of its time touches the changelog",
                )
                .help("write what changed for users, or say in the plan that nothing did");
        }
    }
}

/// When a plan was begun and when it was changed last. `None` for one that came and was done at once:
/// it was written down afterwards.
fn life(history: &History, path: &str) -> Option<(i64, i64)> {
    let touches = history.touches(path);
    let (last, first) = (touches.first()?, touches.last()?);
    (touches.len() > 1).then(|| (first.committer().seconds, last.committer().seconds))
}
