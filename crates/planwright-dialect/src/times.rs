//! Times as authors write them.

use std::fmt::Write as _;

use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::tz::Offset;
use planwright_model::Time;

/// Zone abbreviations with one meaning in plans, and their offsets in minutes. `CST`, `IST` and
/// `BST` have several and are left out: such a time counts as a date.
const ZONES: [(&str, i32); 16] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("EDT", -240),
    ("EST", -300),
    ("CDT", -300),
    ("MDT", -360),
    ("MST", -420),
    ("PDT", -420),
    ("PST", -480),
    ("CEST", 120),
    ("CET", 60),
    ("EEST", 180),
    ("EET", 120),
    ("JST", 540),
    ("KST", 540),
];

/// A time at the very start of `text`, and how many bytes it takes with its brackets.
pub(crate) fn leading(text: &str) -> Option<(Time, usize)> {
    // Most text begins with a word.
    if text.as_bytes().first().is_none_or(u8::is_ascii_alphabetic) {
        return None;
    }
    let trimmed = text.trim_start_matches([' ', '*', '_', '~']);
    let skipped = text.len() - trimmed.len();
    let (open, close) = match trimmed.chars().next()? {
        '(' => (1, Some(')')),
        '[' => (1, Some(']')),
        '`' => (1, Some('`')),
        _ => (0, None),
    };
    let inner = &trimmed[open..];
    let (time, used) = at_start(inner)?;
    let mut end = skipped + open + used;
    if let Some(close) = close {
        // `(2026-08-12, d524941)` closes later; what stands between belongs to the stamp.
        let rest = &text[end..];
        match rest.find(close) {
            Some(at) if at < 60 && !rest[..at].contains('\n') => end += at + close.len_utf8(),
            _ => return None,
        }
    }
    let rest = &text[end..];
    let trimmed = rest.trim_start_matches(['*', '_', ':', ' ', ',']);
    let trimmed = trimmed
        .strip_prefix("— ")
        .or_else(|| trimmed.strip_prefix("– "))
        .or_else(|| trimmed.strip_prefix("- "))
        .unwrap_or(trimmed);
    Some((time, text.len() - trimmed.len()))
}

/// The first time anywhere in `text`.
pub(crate) fn anywhere(text: &str) -> Option<Time> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 10 <= bytes.len() {
        let starts = bytes[at].is_ascii_digit()
            && (at == 0
                || !bytes[at - 1].is_ascii_alphanumeric()
                    && bytes[at - 1] != b'-'
                    && bytes[at - 1] != b'/');
        if starts
            && text.is_char_boundary(at)
            && let Some((time, used)) = at_start(&text[at..])
            && bytes.get(at + used).is_none_or(|b| {
                !b.is_ascii_alphanumeric() && *b != b'-' && *b != b'/' && *b != b'_'
            })
        {
            return Some(time);
        }
        at += 1;
    }
    None
}

/// The last time in parentheses at the end of `text`: `... found it. (2026-04-03)`.
pub(crate) fn trailing(text: &str) -> Option<Time> {
    let text = text.trim_end().trim_end_matches(['.', '*', '_']);
    let inner = text.strip_suffix(')').or_else(|| text.strip_suffix(']'))?;
    let open = inner.rfind(['(', '['])?;
    let inner = &inner[open + 1..];
    let (time, _) = at_start(inner)?;
    Some(time)
}

fn number(text: &str, at: usize, digits: usize) -> Option<i16> {
    let part = text.as_bytes().get(at..at + digits)?;
    part.iter()
        .all(u8::is_ascii_digit)
        .then(|| part.iter().fold(0, |n, b| n * 10 + i16::from(b - b'0')))
}

/// A date with an optional time of day and zone at the start of `text`.
fn at_start(text: &str) -> Option<(Time, usize)> {
    let bytes = text.as_bytes();
    let year = number(text, 0, 4)?;
    let separator = *bytes.get(4)?;
    if !matches!(separator, b'-' | b'/' | b'.') || bytes.get(7) != Some(&separator) {
        return None;
    }
    let (month, day) = (number(text, 5, 2)?, number(text, 8, 2)?);
    let date = Date::new(year, month as i8, day as i8).ok()?;
    if bytes.get(10).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let mut end = 10;
    let value = || [&text[..4], &text[5..7], &text[8..10]].join("-");
    let civil = |end: usize| {
        Some((
            Time {
                native: text[..end].to_owned(),
                value: value(),
                instant: None,
            },
            end,
        ))
    };
    let gap = match bytes.get(10) {
        Some(b' ') if bytes.get(11..13) == Some(b"at") => 4,
        Some(b'T' | b' ') => 1,
        Some(b',') if bytes.get(11) == Some(&b' ') => 2,
        _ => 0,
    };
    let Some((hour, minute)) = (gap > 0)
        .then(|| Some((number(text, 10 + gap, 2)?, number(text, 13 + gap, 2)?)))
        .flatten()
        .filter(|_| bytes.get(12 + gap) == Some(&b':'))
    else {
        return civil(end);
    };
    let Ok(clock) = Clock::new(hour as i8, minute as i8, 0, 0) else {
        return civil(end);
    };
    end = 15 + gap;
    if bytes.get(end) == Some(&b':') && number(text, end + 1, 2).is_some() {
        end += 3;
        if bytes.get(end) == Some(&b'.') {
            end += 1 + text[end + 1..]
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
        }
    }
    let rest = &text[end..];
    let spaced = rest.trim_start_matches(' ');
    let space = rest.len() - spaced.len();
    let Some((minutes, zone)) = zone(spaced) else {
        return civil(end);
    };
    end += space + zone;
    let moment = DateTime::from_parts(date, clock);
    let instant = Offset::from_seconds(minutes * 60)
        .ok()
        .and_then(|offset| offset.to_timestamp(moment).ok())
        .map(jiff::Timestamp::as_second);
    let mut value = value();
    value.extend(["T", &text[10 + gap..15 + gap]]);
    if minutes == 0 {
        value.push('Z');
    } else {
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        // Writing to memory cannot fail.
        let _ = write!(value, "{sign}{hours:02}:{rest:02}");
    }
    Some((
        Time {
            native: text[..end].to_owned(),
            value,
            instant,
        },
        end,
    ))
}

/// A zone at the start of `text`: its offset in minutes and its length.
fn zone(text: &str) -> Option<(i32, usize)> {
    let bytes = text.as_bytes();
    if let Some(sign @ (b'+' | b'-')) = bytes.first().copied() {
        let hours = i32::from(number(text, 1, 2)?);
        let (minutes, len) = match bytes.get(3) {
            Some(b':') => (i32::from(number(text, 4, 2)?), 6),
            _ => number(text, 3, 2).map_or((0, 3), |minutes| (i32::from(minutes), 5)),
        };
        let total = hours * 60 + minutes;
        return (hours <= 14 && minutes < 60)
            .then_some((if sign == b'-' { -total } else { total }, len));
    }
    let word = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (_, minutes) = ZONES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&text[..word]))?;
    if *minutes == 0
        && matches!(bytes.get(word), Some(b'+' | b'-'))
        && let Some((offset, len)) = zone(&text[word..])
    {
        return Some((offset, word + len));
    }
    Some((*minutes, word))
}

#[cfg(test)]
mod tests {
    use super::{anywhere, leading, trailing};

    fn value(text: &str) -> Option<(String, String)> {
        leading(text).map(|(time, end)| (time.value, text[end..].to_owned()))
    }

    #[test]
    fn stamps_in_the_forms_that_plans_use() {
        for (text, expected, rest) in [
            (
                "(2026-03-15T22:01Z) Read docs",
                "2026-03-15T22:01Z",
                "Read docs",
            ),
            (
                "(2026-05-06 00:00Z) Captured",
                "2026-05-06T00:00Z",
                "Captured",
            ),
            (
                "[2025-10-30 11:42 UTC] Runner",
                "2025-10-30T11:42Z",
                "Runner",
            ),
            (
                "2026-03-16T03:24:57Z Audited",
                "2026-03-16T03:24Z",
                "Audited",
            ),
            (
                "2026-04-03 Stage A: confirm",
                "2026-04-03",
                "Stage A: confirm",
            ),
            (
                "(2026-02-17) P7 [M2]: Write",
                "2026-02-17",
                "P7 [M2]: Write",
            ),
            ("**2026-02-28**: Confirmed", "2026-02-28", "Confirmed"),
            (
                "(2026-03-14 01:30+0800) Create",
                "2026-03-14T01:30+08:00",
                "Create",
            ),
            (
                "(2026-03-14 09:30 EDT) Create",
                "2026-03-14T09:30-04:00",
                "Create",
            ),
            (
                "2026-04-02 18:10 CST - Started",
                "2026-04-02",
                "CST - Started",
            ),
            (
                "(2026-08-12, `d524941`) Documented",
                "2026-08-12",
                "Documented",
            ),
            ("2026-05-07 - Preflight", "2026-05-07", "Preflight"),
        ] {
            assert_eq!(
                value(text),
                Some((expected.to_owned(), rest.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_date_is_no_stamp() {
        for text in [
            "2026-13-01 x",
            "12026-01-01",
            "(pending) x",
            "(2026-01-01 never closed",
            "T001 x",
            "",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
        assert_eq!(anywhere("docs/2026-01-02-plan.md"), None);
        assert_eq!(
            anywhere("complete as of 2026-04-03.").unwrap().value,
            "2026-04-03"
        );
        assert_eq!(
            trailing("Found it. (2026-04-03)").unwrap().value,
            "2026-04-03"
        );
    }

    #[test]
    fn an_instant_needs_a_zone() {
        let (time, _) = leading("2025-10-01 13:00Z x").unwrap();
        assert_eq!(time.instant, Some(1_759_323_600));
        let (time, _) = leading("2025-10-01 15:00 +02:00 x").unwrap();
        assert_eq!(time.instant, Some(1_759_323_600));
        let (time, _) = leading("2025-10-01 13:00 x").unwrap();
        assert_eq!(time.instant, None);
    }
}
