//! Markdown as sections: a heading and the text up to the next one.

/// A section of a text. Lines count from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Section<'a> {
    /// The heading's text; empty for what stands before the first one.
    pub title: &'a str,
    /// 1 to 6; 0 for what stands before the first heading.
    pub level: u8,
    /// The line of the heading, or the first line.
    pub line: u32,
    /// The last line that is not blank.
    pub end_line: u32,
    /// Heading and text.
    pub text: &'a str,
}

/// The sections of a text in order; front matter belongs to none. Headings in code are none.
pub fn split(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let (mut at, mut line) = front_matter(text);
    let mut start = at;
    let mut open = Section {
        line: line + 1,
        ..Section::default()
    };
    let mut fence: Option<(u8, usize)> = None;
    while at < text.len() {
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |n| at + n + 1);
        let row = &text[at..end];
        line += 1;
        if let Some(mark) = fence_mark(row) {
            fence = match fence {
                None => Some(mark),
                Some((sign, len)) if mark.0 == sign && mark.1 >= len && is_bare(row) => None,
                open => open,
            };
        } else if fence.is_none()
            && let Some((level, title)) = heading(row)
        {
            push(&mut sections, open, &text[start..at]);
            open = Section {
                title,
                level,
                line,
                ..Section::default()
            };
            start = at;
        }
        at = end;
    }
    push(&mut sections, open, &text[start..]);
    sections
}

fn push<'a>(sections: &mut Vec<Section<'a>>, section: Section<'a>, text: &'a str) {
    let text = text.trim_end();
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() as u32;
    if !text.is_empty() {
        sections.push(Section {
            end_line: section.line + lines,
            text,
            ..section
        });
    }
}

/// Where the text begins behind front matter, and how many lines that takes.
fn front_matter(text: &str) -> (usize, u32) {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut at = start;
    for (number, row) in (1..).zip(text[start..].split_inclusive('\n')) {
        at += row.len();
        match (number, row.trim_end()) {
            (1, "---") => {}
            (1, _) => break,
            (_, "---" | "...") => return (at, number),
            _ => {}
        }
    }
    (start, 0)
}

/// The sign and length of a code fence.
fn fence_mark(row: &str) -> Option<(u8, usize)> {
    let row = row.as_bytes().trim_ascii_start();
    let sign = *row.first().filter(|sign| matches!(sign, b'`' | b'~'))?;
    let len = row.iter().take_while(|byte| **byte == sign).count();
    (len >= 3).then_some((sign, len))
}

/// True for a row with nothing but signs of a fence, which can close one.
fn is_bare(row: &str) -> bool {
    row.trim().bytes().all(|byte| matches!(byte, b'`' | b'~'))
}

fn heading(row: &str) -> Option<(u8, &str)> {
    let indent = row.bytes().take_while(|byte| *byte == b' ').count();
    let row = row.get(indent..).filter(|_| indent < 4)?;
    if !row.starts_with('#') {
        return None;
    }
    let level = row.bytes().take_while(|byte| *byte == b'#').count();
    let rest = &row[level..];
    let is_heading = (1..=6).contains(&level) && rest.starts_with([' ', '\t', '\n', '\r']);
    let title = rest.trim().trim_end_matches('#').trim_end();
    is_heading.then_some((level as u8, title))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sections_end_where_the_next_begins() {
        let text = "---\ntitle: x\n---\nIntro.\n\n# One\n\nText.\n## Two ##\n\n# Three";
        let found: Vec<_> = split(text)
            .iter()
            .map(|section| (section.level, section.title, section.line, section.end_line))
            .collect();
        assert_eq!(
            found,
            [
                (0, "", 4, 4),
                (1, "One", 6, 8),
                (2, "Two", 9, 9),
                (1, "Three", 11, 11)
            ]
        );
    }

    #[test]
    fn headings_in_code_are_none() {
        let text = "# A\n```sh\n# no\n~~~\n```` x\n```\n## B\n~~~\n# no";
        let titles: Vec<_> = split(text).iter().map(|section| section.title).collect();
        assert_eq!(titles, ["A", "B"]);
    }

    #[test]
    fn a_rule_at_the_top_is_no_front_matter() {
        assert_eq!(split("---\n# A\n")[1].line, 2);
        assert_eq!(split(""), []);
    }

    proptest! {
        #[test]
        fn lines_of_sections_are_lines_of_the_text(text in "(#{1,3} a|---|```|b|\n|\r\n|ä){0,40}") {
            let lines: Vec<&str> = text.split('\n').collect();
            for section in split(&text) {
                let first = section.text.split('\n').next().unwrap_or_default();
                prop_assert_eq!(first.trim_end(), lines[section.line as usize - 1].trim_end());
                let all = lines[section.line as usize - 1..section.end_line as usize].join("\n");
                prop_assert_eq!(all.trim_end(), section.text);
            }
        }
    }
}
