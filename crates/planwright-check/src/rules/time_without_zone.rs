use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, page};
use crate::text::counted;

pub(super) static RULE: Rule = Rule {
    code: "PW403",
    name: "time-without-zone",
    category: Category::Time,
    level: Some(planwright_model::Level::Info),
    dialects: &["execplan"],
    reason: "an hour without its zone cannot be compared with a commit or another entry",
    page: page!("time-without-zone"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let bare: Vec<Span> = doc.document().log.iter().filter(|entry| entry.instant.is_none()).filter_map(|entry| {
        let native = entry.time_native.as_deref()?;
        let date = doc.find_in_line(entry.line, native)?;
        // Where the reader knows no zone, it takes the day alone.
        let start = date.start as usize;
        let rest = doc.text(Span::new(start + 10, doc.line_span(entry.line).end as usize));
        let (clock, behind) = clock(rest)?;
        (!names_a_zone(behind)).then(|| Span::new(start, start + 10 + clock))
    }).collect();
    let Some(first) = bare.first() else {
        return;
    };
    let more = bare.len() - 1;
    let stamp = doc.text(*first);
    let further = match more {
        0 => String::new(),
        _ => format!(", and so {}", counted(more, "further entry does", "further entries do")),
    };
    let message = format!("`{stamp}` has an hour and no zone{further}");
    let finding = findings.at(doc, *first, message);
    // Whoever names no zone anywhere may write in one that all readers share.
    finding.sure_if(doc.document().log.iter().any(|entry| entry.instant.is_some()));
    finding.help("write the zone behind the hour: `2026-03-02 14:30Z`");
    for span in bare.iter().skip(1).take(3) {
        finding.label(doc, *span, "no zone");
    }
}

/// How many bytes a time of day takes at the start of what follows a date, and what follows it.
fn clock(rest: &str) -> Option<(usize, &str)> {
    let inner = rest.strip_prefix(['T', ' ', ','])?.trim_start();
    let inner = inner.strip_prefix("at ").unwrap_or(inner);
    let is_clock = inner.get(..5).is_some_and(|clock| {
        let bytes = clock.as_bytes();
        bytes[2] == b':' && [0, 1, 3, 4].iter().all(|at| bytes[*at].is_ascii_digit())
    });
    if !is_clock {
        return None;
    }
    let mut end = 5;
    if inner.as_bytes().get(5) == Some(&b':') {
        end += 1 + inner[6..].bytes().take_while(u8::is_ascii_digit).count();
    }
    Some((rest.len() - inner.len() + end, &inner[end..]))
}

/// True where what follows an hour says which clock showed it: `Z`, ` CST`, ` +08:00`, ` local`.
fn names_a_zone(behind: &str) -> bool {
    let word = behind.trim_start();
    let end = word.find(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '_' | '+' | '-' | ':')).unwrap_or(word.len());
    // `18:40 CST: looked at it`
    let word = word[..end].trim_end_matches(':');
    word.starts_with(['+', '-']) && word[1..].starts_with(|c: char| c.is_ascii_digit())
        || word == "Z" || word.contains('/')
        || word.eq_ignore_ascii_case("local") || word.eq_ignore_ascii_case("UTC")
        || (2..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase()) && !matches!(word, "AM" | "PM")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_told_from_words() {
        for (rest, expected) in [
            (" 14:30Z) Done", true), (" 14:30 CST) Done", true), (" 14:30 CST: Done", true), ("T14:30:05+08:00", true),
            (" 14:30 America/New_York", true), (" 14:30) Done", false), (", 14:30 - Done", false),
            (" 14:30 Done", false),
        ] {
            assert_eq!(clock(rest).map(|(_, behind)| names_a_zone(behind)), Some(expected), "{rest}");
        }
        assert_eq!(clock(") Done"), None);
    }
}
