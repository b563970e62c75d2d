use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text of a file, fit for a terminal: in one line, and without anything that a terminal obeys.
///
/// Tabs and line ends become spaces. Other control characters, and those that change the direction
/// of text, are written out.
pub(crate) fn clean(text: &str) -> String {
    if !text.chars().any(is_unfit) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' => out.push(' '),
            '\r' => {}
            c if is_unfit(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Columns that cleaned text takes.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The longest beginning of a text that fits into some columns, and its width.
pub(crate) fn prefix(text: &str, columns: usize) -> (&str, usize) {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        let next = used + c.width().unwrap_or(0);
        if next > columns {
            return (&text[..at], used);
        }
        used = next;
    }
    (text, used)
}

/// Cleaned text in lines of at most `columns`, the first of at most `first`. A word longer than a
/// line is broken.
pub(crate) fn wrap(text: &str, first: usize, columns: usize) -> Vec<String> {
    let text = clean(text);
    let columns = columns.max(8);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut left = first.max(8);
    for word in text.split_whitespace() {
        let mut word = word;
        loop {
            let gap = usize::from(!line.is_empty());
            if gap + width(word) <= left {
                if gap == 1 {
                    line.push(' ');
                }
                line.push_str(word);
                left -= gap + width(word);
                break;
            }
            if line.is_empty() {
                let (head, _) = prefix(word, left);
                if head.is_empty() {
                    line.push_str(word);
                    left = 0;
                    break;
                }
                lines.push(head.to_owned());
                word = &word[head.len()..];
            } else {
                lines.push(std::mem::take(&mut line));
            }
            left = columns;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// A title without the words that only say what kind of document it heads.
pub(crate) fn short_title(title: &str) -> &str {
    const KINDS: [&str; 6] = [
        "plan",
        "execplan",
        "specification",
        "spec",
        "tasks",
        "proposal",
    ];
    const MANNERS: [&str; 5] = [
        "implementation",
        "feature",
        "execution",
        "mission",
        "project",
    ];
    let Some((head, rest)) = title.split_once([':', '–', '—']) else {
        return title;
    };
    let is_any = |word: &str, of: &[&str]| of.iter().any(|known| known.eq_ignore_ascii_case(word));
    let words: Vec<&str> = head.split_whitespace().collect();
    let says_kind = match words.as_slice() {
        [kind] => is_any(kind, &KINDS),
        [manner, kind] => is_any(manner, &MANNERS) && is_any(kind, &KINDS),
        _ => false,
    };
    if says_kind && !rest.trim().is_empty() {
        rest.trim()
    } else {
        title
    }
}

/// A phase's title without its number, which is shown beside it.
pub(crate) fn short_phase(title: &str) -> &str {
    let Some((head, rest)) = title.split_once([':', '–', '—', '-']) else {
        return title;
    };
    let mut words = head.split_whitespace();
    let word = words.next().unwrap_or_default().to_lowercase();
    let number = words.next().unwrap_or_default();
    let is_number = number.len() <= 4
        && (number.chars().next().is_some_and(|c| c.is_ascii_digit()) || number.len() == 1);
    let numbered = matches!(
        word.as_str(),
        "phase" | "milestone" | "stage" | "step" | "wave"
    );
    if numbered && is_number && words.next().is_none() && !rest.trim().is_empty() {
        rest.trim()
    } else {
        title
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_written_out() {
        assert_eq!(clean("plain – ünï"), "plain – ünï");
        assert_eq!(clean("a\tb\r\nc"), "a b c");
        assert_eq!(
            clean("\x1b[31mred\x07\u{9b}0m"),
            "\\u{1b}[31mred\\u{7}\\u{9b}0m"
        );
        assert_eq!(clean("abc\u{202e}cba\u{feff}"), "abc\\u{202e}cba\\u{feff}");
    }

    #[test]
    fn titles_lose_what_every_title_says() {
        for (title, short) in [
            ("Implementation Plan: Book a crossing", "Book a crossing"),
            ("PLAN: x", "x"),
            ("ExecPlan — Stream", "Stream"),
            ("Planning: x", "Planning: x"),
            ("Plan of the year", "Plan of the year"),
            ("Plan:", "Plan:"),
            ("Mission Specification: y", "y"),
            ("Migration plan: z", "Migration plan: z"),
            ("計画", "計画"),
        ] {
            assert_eq!(short_title(title), short);
        }
    }

    #[test]
    fn phases_lose_their_number() {
        for (title, short) in [
            ("Phase 2: Deliver", "Deliver"),
            ("Phase 3.1 – Setup", "Setup"),
            ("Stage A - Dig", "Dig"),
            ("Phase two: Deliver", "Phase two: Deliver"),
            ("Phase 1", "Phase 1"),
            ("Re-index: now", "Re-index: now"),
            ("M1. Mode detection", "M1. Mode detection"),
        ] {
            assert_eq!(short_phase(title), short);
        }
    }

    #[test]
    fn a_prefix_never_splits_a_wide_character() {
        assert_eq!(prefix("計画書", 5), ("計画", 4));
        assert_eq!(prefix("abc", 5), ("abc", 3));
    }

    #[test]
    fn words_are_kept_whole_where_they_fit() {
        assert_eq!(wrap("one two three four", 8, 10), ["one two", "three four"]);
        assert_eq!(wrap("", 8, 10), [""]);
        assert_eq!(wrap("0123456789abcdef", 10, 10), ["0123456789", "abcdef"]);
        assert_eq!(wrap("計画計画計画", 8, 8), ["計画計画", "計画"]);
    }
}
