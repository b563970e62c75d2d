use planwright_ops::search::{Answer, Hit};

use super::line::{Line, Page, Paint};
use super::signs::said;
use super::style::Style;
use super::text::{prefix, width};
use super::unreadable;

/// Documents that hold the words, and the line of each that shows it best.
pub(crate) fn search(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    for hit in &answer.hits {
        page.push(head(hit, style));
        page.push(found(hit, style));
    }
    if answer.more {
        page.gap();
        page.push(
            Line::new()
                .dim("there are more: ")
                .plain("-n NUMBER")
                .dim(" shows them"),
        );
    }
    unreadable(&mut page, &answer.unreadable, style);
    page.finish(style)
}

fn head(hit: &Hit, style: &Style) -> Line {
    let document = &hit.document;
    let (sign, paint) = style.signs().state(document.state.value);
    let dot = format!(" {} ", style.signs().dot);
    let line = Line::new()
        .paint(paint, sign)
        .plain(" ")
        .strong(&document.title.text)
        .plain("  ")
        .paint(Paint::Note, &document.reference)
        .dim(format!(
            "  {}{dot}{}",
            document.kind,
            said(document.state.value)
        ));
    style
        .width
        .map_or(line.clone(), |columns| line.cut(columns, style))
}

/// `path:line` and the text around the first match.
fn found(hit: &Hit, style: &Style) -> Line {
    let start = Line::indent(2)
        .place(&hit.place.path, hit.place.line, style)
        .plain("  ");
    let room = style
        .width
        .unwrap_or(usize::MAX)
        .saturating_sub(start.width());
    let from = beginning(hit, room);
    let mut text = Line::new();
    if from > 0 {
        text = text.dim(style.signs().ellipsis);
    }
    let mut at = from;
    for (begin, end) in hit
        .ranges
        .iter()
        .copied()
        .filter(|(begin, _)| *begin >= from)
    {
        let (Some(before), Some(word)) = (hit.text.get(at..begin), hit.text.get(begin..end)) else {
            continue;
        };
        text = text.plain(before).paint(Paint::Hit, word);
        at = end;
    }
    let text = text.plain(hit.text.get(at..).unwrap_or_default().trim_end());
    start.append(if style.width.is_some() {
        text.cut(room, style)
    } else {
        text
    })
}

/// Where the shown text begins, so that the first match can be seen.
fn beginning(hit: &Hit, room: usize) -> usize {
    let indent = hit.text.len() - hit.text.trim_start().len();
    let Some((first, _)) = hit.ranges.first().copied() else {
        return indent;
    };
    let Some(before) = hit.text.get(indent..first) else {
        return indent;
    };
    if width(before) < room.saturating_sub(20) {
        return indent;
    }
    let skipped = prefix(before, width(before).saturating_sub(room / 3))
        .0
        .len();
    let rest = &before[skipped..];
    indent + skipped + rest.find(' ').map_or(0, |space| space + 1)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_model::{DocumentState, Head, StateClaim, Title};
    use planwright_ops::Place;

    use super::*;

    fn hit(text: &str, words: &[&str]) -> Hit {
        Hit {
            document: Head {
                reference: "auth-redesign".to_owned(),
                kind: "plan".to_owned(),
                title: Title {
                    text: "Authentication redesign".to_owned(),
                    line: Some(1),
                },
                state: StateClaim {
                    value: DocumentState::Active,
                    ..StateClaim::SILENT
                },
                ..Head::default()
            },
            score: 1.0,
            place: Place {
                path: "docs/plans/auth.md".to_owned(),
                line: 44,
            },
            text: text.to_owned(),
            ranges: words
                .iter()
                .filter_map(|word| text.find(word).map(|at| (at, at + word.len())))
                .collect(),
        }
    }

    fn answer(hits: Vec<Hit>) -> Answer {
        Answer {
            schema: "planwright/search@1",
            hits,
            more: false,
            unreadable: Vec::new(),
        }
    }

    #[test]
    fn the_match_is_seen_even_late_in_a_long_line() {
        let long = "Nobody knows why this line is so long before it comes to its point, which is \
                    that the refresh token has to be revoked when it was used";
        let hits = vec![
            hit("- [ ] Write the refresh endpoint", &["refresh"]),
            hit(long, &["refresh", "token"]),
            hit("", &[]),
        ];
        let style = Style {
            color: true,
            ..Style::plain(80)
        };
        assert_snapshot!(search(&answer(hits), &style).replace('\x1b', "^"));
    }
}
