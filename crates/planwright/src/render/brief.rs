use planwright_ops::brief::Answer;

use super::counted;
use super::line::{Line, Page, Paint};
use super::style::Style;
use super::table::Table;

/// Why each piece of a brief is in, and what is not.
pub(crate) fn explained(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    let mut table = Table::new(&[8, 10, 60, 0]);
    for piece in &answer.pieces {
        let cut = if piece.cut { "cut " } else { "" };
        let place = match (&piece.path, piece.line) {
            (Some(path), Some(line)) => {
                Line::new().path(Paint::Plain, &format!("{path}:{line}"), style)
            }
            _ => Line::new().dim("–"),
        };
        table.row([
            Line::new().plain(format!("{cut}{}", piece.tokens)),
            Line::new().strong(piece.part),
            place,
            Line::new().plain(piece.why.as_str()),
        ]);
    }
    table.onto(&mut page, style);
    page.push(Line::new());
    page.push(Line::new().plain(format!(
        "{} of {} tokens, {}",
        answer.tokens,
        answer.budget,
        counted(answer.pieces.len() as u32, "piece", "pieces")
    )));
    for left in &answer.left_out {
        page.push(Line::new().dim(format!(
            "left out of {}: {} · {}",
            left.part, left.count, left.call
        )));
    }
    super::unreadable(&mut page, &answer.unreadable, style);
    page.finish(style)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_ops::brief::{LeftOut, Piece};

    use super::*;

    #[test]
    fn every_piece_has_its_reason() {
        let piece = |part, line: Option<u32>, cut, why: &str| Piece {
            part,
            path: line.map(|_| "docs/plans/auth.md".to_owned()),
            line,
            end_line: line,
            tokens: 12,
            cut,
            why: why.to_owned(),
        };
        let answer = Answer {
            schema: "planwright/brief@1",
            markdown: String::new(),
            budget: 100,
            tokens: 24,
            whole: 300,
            pieces: vec![
                piece("next", Some(12), false, "already begun"),
                piece("claims", None, true, "somebody works on it"),
            ],
            left_out: vec![LeftOut {
                part: "related",
                count: 3,
                call: "plan brief auth --budget 300".to_owned(),
            }],
            unreadable: Vec::new(),
        };
        assert_snapshot!(explained(&answer, &Style::plain(80)));
    }
}
