//! Days that documents name, and where.

use jiff::civil::Date;
use planwright_syntax::Span;
use planwright_workspace::history::Timestamp;
use serde::{Deserialize, Serialize};

use crate::document::DocumentView;

/// A day as it is kept: year, month, day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Day(i16, i8, i8);

impl Day {
    pub(crate) fn of(date: Date) -> Self {
        Self(date.year(), date.month(), date.day())
    }

    pub(crate) fn date(self) -> Option<Date> {
        Date::new(self.0, self.1, self.2).ok()
    }
}

/// The date that a value begins with.
pub(crate) fn read(value: &str) -> Option<Date> {
    value.get(..10)?.parse().ok()
}

/// The dates of a field, and where each stands in the front matter or the header.
pub(crate) fn of_field<'a>(
    doc: &'a DocumentView,
    field: &str,
) -> impl Iterator<Item = (Date, Span)> + use<'a> {
    let values: Vec<&str> = doc.document().field(field).collect();
    values
        .into_iter()
        .filter_map(move |value| Some((read(value)?, place(doc, value)?)))
}

/// Where a value of the front matter or the header stands.
fn place(doc: &DocumentView, value: &str) -> Option<Span> {
    let end = doc
        .document()
        .sections
        .iter()
        .filter(|section| section.level > 1)
        .map(|section| section.line)
        .min()
        .unwrap_or(60);
    let mut lines = 1..end.min(doc.parsed().source.line_count() + 1);
    let found = |line: u32| doc.find_in_line(line, value);
    // In `id: FIX-2026-03-01` the day is part of a name.
    let is_whole = |span: &Span| {
        let line = doc.parsed().source.line_span(doc.line(span.start));
        let before = doc.text(Span::new(line.start as usize, span.start as usize));
        !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'))
    };
    lines
        .clone()
        .find_map(|line| found(line).filter(is_whole))
        .or_else(|| lines.find_map(found))
}

/// How many days lie between two dates, at least 0.
pub(crate) fn days(from: Date, to: Date) -> u32 {
    from.until(to)
        .map_or(0, |span| u32::try_from(span.get_days()).unwrap_or(0))
}

/// The day on which a commit was made, where it was made.
pub(crate) fn of_commit(time: Timestamp) -> Option<Date> {
    let local = time.seconds.checked_add(i64::from(time.offset) * 60)?;
    let local = jiff::Timestamp::from_second(local).ok()?;
    Some(local.to_zoned(jiff::tz::TimeZone::UTC).date())
}
