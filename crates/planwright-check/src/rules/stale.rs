use jiff::civil::Date;
use planwright_model::{DocumentState, Level};
use planwright_syntax::Span;
use serde::{Deserialize, Serialize};

use crate::dates::{self, Day};
use crate::document::DocumentView;
use crate::finding::{Findings, Spot};
use crate::form::is_form;
use crate::project::Project;
use crate::rule::{Category, Check, Rule, Setting, Value, page};

pub(super) static RULE: Rule = Rule {
    code: "PW407",
    name: "stale",
    category: Category::Time,
    level: Some(Level::Info),
    reason: "a plan that is said to be worked on and was not touched for long is probably not",
    page: page!("stale"),
    yields_to: &["idle-plan", "all-items-done", "folder-disagrees", "expired"],
    settings: &[
        Setting {
            name: "aging",
            default: Value::Number(30),
            help: "days after which a plan is aging; 0 leaves aging plans alone",
        },
        Setting {
            name: "stale",
            default: Value::Number(90),
            help: "days after which a plan is stale",
        },
    ],
    check: Check::Project(check),
    ..Rule::DEFAULT
};

fn check(project: &Project<'_>, findings: &mut Findings) {
    let context = project.context();
    let (aging, stale) = (context.number(&RULE, "aging"), context.number(&RULE, "stale"));
    for doc in project.docs() {
        let Some(sign) = &doc.facts().claims.sign_of_life else {
            continue;
        };
        let Some(date) = sign.day.date() else {
            continue;
        };
        // Whoever worked on it without a word did so none the less.
        let committed = project.history().and_then(|history| history.last_touch(doc.path()));
        let committed = committed.and_then(|commit| dates::of_commit(commit.committer()));
        let (date, spot, what) = match committed.filter(|day| *day > date) {
            Some(day) => (day, doc.facts().stated, "its last commit is of"),
            None => (date, sign.spot, sign.what.as_str()),
        };
        let days = dates::days(date, context.today());
        let health = if days > stale {
            "stale"
        } else if aging > 0 && days > aging {
            "aging"
        } else {
            continue;
        };
        findings
            .at_spot(doc.path(), spot, format!("{health}: active, and {what} {date}, {days} days ago"))
            // What is open need not have been begun.
            .sure_if(!doc.facts().native().to_lowercase().starts_with("open"))
            .help("look whether it is still worked on; then bring it up to date, or pause or close it");
    }
}

/// The last sign of life that an active plan gives itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SignOfLife {
    day: Day,
    spot: Spot,
    what: String,
}

impl SignOfLife {
    pub(super) fn of(doc: &DocumentView) -> Option<Self> {
        let document = doc.document();
        if !document.holds_work() || document.state.value != DocumentState::Active || is_form(doc.path()) {
            return None;
        }
        let (date, span, what) = latest(doc)?;
        Some(Self {
            day: Day::of(date),
            spot: doc.spot(span),
            what: what.to_owned(),
        })
    }
}

/// The last sign of life that the document gives itself.
fn latest(doc: &DocumentView) -> Option<(Date, Span, &'static str)> {
    let fields = [("updated", "last updated"), ("reviewed", "last reviewed"), ("created", "created")];
    let fields = fields.into_iter().flat_map(|(field, what)| {
        dates::of_field(doc, field).map(move |(date, span)| (date, span, what))
    });
    let log = doc.document().log.iter().filter_map(|entry| {
        let date = dates::read(entry.time.as_deref()?)?;
        let span = doc.words_in_line(entry.line, entry.time_native.as_deref()?);
        Some((date, span, "its last entry is of"))
    });
    // Of equal dates the first: a field says it best.
    log.chain(fields).max_by_key(|(date, ..)| *date)
}
