use jiff::ToSpan;
use jiff::civil::Date;
use planwright_syntax::Span;

use crate::config::Context;
use crate::dates;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::{counted, short};

pub(super) static RULE: Rule = Rule {
    code: "PW406",
    name: "review-overdue",
    category: Category::Time,
    reason: "the review that the document promises did not take place",
    page: page!("review-overdue"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let document = doc.document();
    if document.state.value.is_closed() {
        return;
    }
    let ago = |date: Date| counted(dates::days(date, context.today()) as usize, "day", "days");
    let last = dates::of_field(doc, "reviewed").next();
    if let Some((next, span)) = next_review(doc)
        && last.is_none_or(|(last, _)| last < next)
    {
        if context.is_past(next) {
            findings
                .at(doc, span, format!("the next review was due {next}, {} ago", ago(next)))
                .help("review it, and write when it was and when the next one is");
        }
        return;
    }
    let (Some((last, span)), Some(cadence)) = (last, document.field("review_cadence").next()) else {
        return;
    };
    let Some(days) = days_of(cadence) else {
        return;
    };
    if let Ok(due) = last.checked_add(i32::try_from(days).unwrap_or(i32::MAX).days())
        && context.is_past(due)
    {
        let is_number = cadence.bytes().all(|b| b.is_ascii_digit());
        let cadence = if is_number { format!("{cadence} days") } else { short(cadence).into_owned() };
        let finding = findings.at(
            doc,
            span,
            format!("reviewed {last}, and `{cadence}` made the next review due {due}, {} ago", ago(due)),
        );
        finding.help("review it, and write when that was");
    }
}

/// When the next review is to be, by the front matter or the review section.
fn next_review(doc: &DocumentView) -> Option<(Date, Span)> {
    if let Some(found) = dates::of_field(doc, "next_review").next() {
        return Some(found);
    }
    let Some(next) = doc.document().review.as_ref().and_then(|review| review.next.as_ref()) else {
        return listed_review(doc);
    };
    let date = dates::read(next.date())?;
    let lines = 1..=doc.parsed().source.line_count();
    let span = lines
        .filter(|line| doc.text(doc.line_span(*line)).to_lowercase().contains("review"))
        .find_map(|line| doc.find_in_line(line, &next.native))?;
    Some((date, span))
}

/// `- **Next review:** 2026-02-10` in a list of the review section.
fn listed_review(doc: &DocumentView) -> Option<(Date, Span)> {
    let sections = doc.document().sections.iter();
    let review = sections.filter(|section| section.role.as_deref() == Some("review"));
    review.flat_map(|section| section.line + 1..=section.end_line).find_map(|line| {
        let text = doc.text(doc.line_span(line)).trim_start_matches(['-', '*', '+', '_', ' ']);
        let (label, value) = text.split_once(':')?;
        let value = value.trim_matches(['*', '_', '.', ' ']);
        let is_next = label.trim_matches(['*', '_', ' ']).eq_ignore_ascii_case("next review");
        let date = dates::read(value).filter(|_| is_next)?;
        Some((date, doc.words_in_line(line, value)))
    })
}

/// How many days a word for a rhythm means, generously.
fn days_of(cadence: &str) -> Option<u32> {
    let lower = cadence.to_lowercase();
    let words = [
        ("daily", 1), ("biweekly", 14), ("bi-weekly", 14), ("fortnight", 14), ("weekly", 7), ("bimonthly", 61),
        ("monthly", 31), ("quarterly", 92), ("semiannual", 184), ("half-year", 184), ("biannual", 184),
        ("annual", 366), ("yearly", 366),
    ];
    if let Some((_, days)) = words.iter().find(|(word, _)| lower.contains(word)) {
        return Some(*days);
    }
    // `90d`, `every 2 weeks`, `30 days`
    let numbers = [("two ", "2 "), ("three ", "3 "), ("four ", "4 "), ("six ", "6 ")];
    let lower = numbers.iter().fold(lower, |text, (word, digit)| text.replace(word, digit));
    let at = lower.find(|c: char| c.is_ascii_digit())?;
    let digits: String = lower[at..].chars().take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok().filter(|number| (1..=1000).contains(number))?;
    let unit = lower[at + digits.len()..].trim_start();
    // `review_cycle_days: 90` has its unit in the key.
    let days = match unit.chars().next().unwrap_or('d') {
        'd' => 1,
        'w' => 7,
        'm' if !unit.starts_with("mi") => 31,
        'y' => 366,
        _ => return None,
    };
    Some(number * days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rhythm_is_a_number_of_days() {
        for (cadence, expected) in [
            ("weekly", Some(7)), ("Bi-weekly", Some(14)), ("every 2 weeks", Some(14)), ("90d", Some(90)),
            ("Quarterly", Some(92)), ("30 minutes", None), ("when needed", None),
        ] {
            assert_eq!(days_of(cadence), expected, "{cadence}");
        }
    }
}
