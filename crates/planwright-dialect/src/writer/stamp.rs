//! Times in the form in which a document writes them.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::times;

/// The moment in the form of a time that stands in the document: with the same separators, precision
/// and zone. A time of day without a zone gets `Z`, because it would say nothing without.
pub(super) fn like(native: &str, now: i64) -> String {
    let (minutes, zone) = zone_of(native);
    let time = at(now, minutes);
    let bytes = native.as_bytes();
    let separator = native.get(4..5).unwrap_or("-");
    let day = time
        .strftime(&format!("%Y{separator}%m{separator}%d"))
        .to_string();
    let Some(clock) = clock_at(native) else {
        return day;
    };
    let gap = &native[10..clock];
    let is_exact = bytes.get(clock + 5) == Some(&b':');
    let form = if is_exact { "%H:%M:%S" } else { "%H:%M" };
    let zone = if zone.is_empty() { "Z" } else { zone };
    format!("{day}{gap}{}{zone}", time.strftime(form))
}

/// The day, as in UTC.
pub(super) fn day(now: i64) -> String {
    at(now, 0).strftime("%Y-%m-%d").to_string()
}

/// The moment to the minute, as in UTC.
pub(super) fn minute(now: i64) -> String {
    at(now, 0).strftime("%Y-%m-%d %H:%MZ").to_string()
}

fn at(now: i64, minutes: i32) -> jiff::civil::DateTime {
    let offset = Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC);
    offset.to_datetime(Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// Where the time of day begins.
fn clock_at(native: &str) -> Option<usize> {
    let colon = native.get(10..)?.find(':')? + 10;
    let start = colon.checked_sub(2)?;
    (start > 10 && native.is_char_boundary(start)).then_some(start)
}

/// The zone as written, and what it means in minutes.
fn zone_of(native: &str) -> (i32, &str) {
    let Some(clock) = clock_at(native) else {
        return (0, "");
    };
    let digits = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    let zone = native[clock..].trim_start_matches(digits);
    let minutes = times::leading(native).and_then(|(time, _)| {
        let civil = format!(
            "{}T{}Z",
            &native[..10].replace(['/', '.'], "-"),
            &native[clock..clock + 5]
        );
        let civil: Timestamp = civil.parse().ok()?;
        Some((civil.as_second() - time.instant?) / 60)
    });
    match minutes.and_then(|minutes| i32::try_from(minutes).ok()) {
        Some(minutes) => (minutes, zone),
        None => (0, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_its_neighbours_are() {
        // 2026-03-02 22:15:30 UTC.
        let now = 1_772_489_730;
        for (native, expected) in [
            ("2025-10-01", "2026-03-02"),
            ("2025/10/01", "2026/03/02"),
            ("2025-10-01 13:00Z", "2026-03-02 22:15Z"),
            ("2025-10-01T13:00Z", "2026-03-02T22:15Z"),
            ("2025-10-01T13:00:12Z", "2026-03-02T22:15:30Z"),
            ("2025-10-01 13:00 UTC", "2026-03-02 22:15 UTC"),
            ("2025-10-01 13:00", "2026-03-02 22:15Z"),
            ("2025-10-01 13:00+0800", "2026-03-03 06:15+0800"),
            ("2025-10-01 13:00 EST", "2026-03-02 17:15 EST"),
            ("2025-10-01, 13:00 CST", "2026-03-02, 22:15Z"),
        ] {
            assert_eq!(like(native, now), expected, "{native}");
        }
        assert_eq!(minute(now), "2026-03-02 22:15Z");
    }
}
