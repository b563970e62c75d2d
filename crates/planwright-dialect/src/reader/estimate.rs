//! How long something is to take.

use planwright_model::Estimate;

/// Working hours of a unit: a day has 8, a week 5 days, a month 20 days (the model's convention).
const UNITS: [(&str, f64); 12] = [
    ("minutes", 1.0 / 60.0),
    ("minute", 1.0 / 60.0),
    ("mins", 1.0 / 60.0),
    ("min", 1.0 / 60.0),
    ("hours", 1.0),
    ("hour", 1.0),
    ("hrs", 1.0),
    ("h", 1.0),
    ("d", 8.0),
    ("day", 8.0),
    ("week", 40.0),
    ("month", 160.0),
];

/// Reads a duration: `3 days`, `1-2 days`, `~4h`, `2 weeks`. Words without a number (`Small`) and
/// calendar positions (`Week 1`) are kept as they are.
pub(crate) fn parse(text: &str) -> Option<Estimate> {
    let text = text.trim();
    let bare = text.trim_start_matches(['~', '≈', '<', ' ']);
    let lower = bare.to_lowercase();
    let digits = |text: &str| {
        text.bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count()
    };
    let first = digits(&lower);
    if first == 0 {
        let sized = matches!(
            lower.as_str(),
            "xs" | "s" | "m" | "l" | "xl" | "small" | "medium" | "large" | "low" | "high"
        );
        let placed =
            lower.starts_with("week") || lower.starts_with("day ") || lower.starts_with("sprint ");
        return (sized || placed).then(|| Estimate {
            native: text.to_owned(),
            hours_min: None,
            hours_max: None,
        });
    }
    let low: f64 = lower[..first].parse().ok()?;
    let mut rest = lower[first..].trim_start();
    let mut high = low;
    for dash in ["-", "–", "—", "to "] {
        if let Some(more) = rest.strip_prefix(dash) {
            let more = more.trim_start();
            let len = digits(more);
            if let Ok(value) = more[..len].parse() {
                high = value;
                rest = more[len..].trim_start();
            }
            break;
        }
    }
    let rest = rest.trim_start_matches(['+', '-', ' ']);
    let word = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let unit = rest[..word].trim_end_matches('s');
    let (_, hours) = UNITS
        .iter()
        .find(|(name, _)| *name == &rest[..word] || name.trim_end_matches('s') == unit)?;
    Some(Estimate {
        native: text.to_owned(),
        hours_min: Some(low * hours),
        hours_max: Some(high * hours),
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn durations_become_working_hours() {
        for (text, low, high) in [
            ("3 days", 24.0, 24.0),
            ("1-2 days", 8.0, 16.0),
            ("~4h", 4.0, 4.0),
            ("2 weeks", 80.0, 80.0),
            ("1–2 hours", 1.0, 2.0),
            ("30 min", 0.5, 0.5),
            ("0.5d", 4.0, 4.0),
            ("2 to 3 weeks", 80.0, 120.0),
        ] {
            let estimate = parse(text).unwrap();
            assert_eq!(
                (estimate.hours_min, estimate.hours_max),
                (Some(low), Some(high)),
                "{text}"
            );
            assert_eq!(estimate.native, text);
        }
        assert_eq!(parse("Small").unwrap().hours_min, None);
        assert_eq!(parse("Week 1-2").unwrap().native, "Week 1-2");
        assert_eq!(parse("3 files"), None);
        assert_eq!(parse("soon"), None);
    }
}
