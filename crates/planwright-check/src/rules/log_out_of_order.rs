use planwright_model::{LogEntry, LogRole};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};

/// Fewer dated entries show no order to be out of.
const ENOUGH: usize = 5;

pub(super) static RULE: Rule = Rule {
    code: "PW402",
    name: "log-out-of-order",
    category: Category::Time,
    level: Some(planwright_model::Level::Info),
    reason: "the entry was written in the wrong place, or its date is wrong",
    page: page!("log-out-of-order"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    // Decisions and discoveries are as often grouped by what they are about.
    for role in [LogRole::Progress, LogRole::Update] {
        // Under a heading of its own a log begins anew.
        let sections = &doc.document().sections;
        // An entry that is a heading itself stands below the one that is larger.
        let home = |line: u32| {
            let own = sections.iter().find(|section| section.line == line).map_or(u8::MAX, |section| section.level);
            let above = sections.iter().rfind(|section| section.line < line && section.level < own);
            above.map(|section| section.line)
        };
        let mut entries: Vec<&LogEntry> = doc.document().log.iter().filter(|entry| entry.role == role).collect();
        entries.retain(|entry| entry.time.is_some());
        for log in entries.chunk_by(|a, b| home(a.line) == home(b.line)) {
            in_order(doc, log, findings);
        }
    }
}

fn in_order(doc: &DocumentView, log: &[&LogEntry], findings: &mut Findings) {
    if log.len() < ENOUGH {
        return;
    }
    let is_before = |a: &LogEntry, b: &LogEntry| match (a.instant, b.instant) {
        (Some(a), Some(b)) => a < b,
        // A day has no hours: only other days are before or behind it.
        _ => day(a) < day(b),
    };
    let pairs = || log.windows(2);
    let falls = pairs().filter(|pair| is_before(pair[1], pair[0])).count();
    let rises = pairs().filter(|pair| is_before(pair[0], pair[1])).count();
    // One entry out of place makes one pair or two go the wrong way; more is no order at all.
    let (newest_first, wrong, right) = if falls > rises { (true, rises, falls) } else { (false, falls, rises) };
    if wrong != 1 || right < ENOUGH - 2 {
        return;
    }
    let is_wrong = |a: &LogEntry, b: &LogEntry| if newest_first { is_before(a, b) } else { is_before(b, a) };
    let Some(at) = pairs().position(|pair| is_wrong(pair[0], pair[1])) else {
        return;
    };
    // The odd one is the one without which the others are in order.
    let fits = |without: usize| {
        let rest: Vec<&LogEntry> = log.iter().enumerate().filter(|(other, _)| *other != without).map(|(_, entry)| *entry).collect();
        !rest.windows(2).any(|pair| is_wrong(pair[0], pair[1]))
    };
    let is_box = |entry: &LogEntry| doc.document().items.iter().any(|item| item.line == entry.line && item.mark.is_some());
    let (odd, other) = match (fits(at + 1), fits(at)) {
        (true, _) => (log[at + 1], log[at]),
        (false, true) => (log[at], log[at + 1]),
        (false, false) => return,
    };
    // Steps in the order of the plan are finished in another one now and then: within a day that says
    // nothing.
    let apart = match (odd.instant, other.instant) {
        (Some(odd), Some(other)) => odd.abs_diff(other) < 24 * 60 * 60,
        _ => false,
    };
    if apart && is_box(odd) {
        return;
    }
    let native = |entry: &LogEntry| entry.time_native.clone().unwrap_or_default();
    let span = |entry: &LogEntry| doc.words_in_line(entry.line, &native(entry));
    let order = if newest_first { "newest" } else { "oldest" };
    let place = if odd.line > other.line { "below" } else { "above" };
    findings
        .at(doc, span(odd), format!("the entry of {} stands {place} that of {} in a log that begins with the {order}", native(odd), native(other)))
        .help("correct its date, or move it to where its date belongs")
        .label(doc, span(other), "the entry beside it");
}

fn day(entry: &LogEntry) -> &str {
    let time = entry.time.as_deref().unwrap_or_default();
    time.get(..10).unwrap_or(time)
}
