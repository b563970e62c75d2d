//! Boards: a heading for each stage, a line for each card.

use planwright_ops::board::{Answer, Board, Card, Stage};

use super::claims::held_by;
use super::line::{Line, Page, Paint};
use super::style::Style;

/// More cards than these of a stage are counted.
const MOST: usize = 12;

/// One board after the other.
pub(crate) fn board(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    for board in &answer.boards {
        page.gap();
        one(&mut page, board, style);
    }
    page.finish(style)
}

fn one(page: &mut Page, board: &Board, style: &Style) {
    let title = Line::new().strong(&board.title);
    let title = match &board.path {
        Some(path) => title.plain("  ").path(Paint::Dim, path, style),
        None => title,
    };
    push(page, title, style);
    let width = board.stages.iter().map(|stage| stage.name.chars().count());
    let width = width.max().unwrap_or_default().min(40);
    for stage in &board.stages {
        let name = Line::new().strong(&stage.name).pad(width + 2);
        let line = name.dim(stage.count.to_string());
        push(page, line, style);
        cards(page, stage, style);
    }
}

fn cards(page: &mut Page, stage: &Stage, style: &Style) {
    for card in stage.cards.iter().take(MOST) {
        push(page, line(card, style), style);
    }
    if let Some(more) = stage.cards.len().checked_sub(MOST).filter(|more| *more > 0) {
        let more = format!("{} {more} more", style.signs().ellipsis);
        page.push(Line::indent(2).dim(more));
    }
}

/// A card; who has it stands before its words, which may be cut.
fn line(card: &Card, style: &Style) -> Line {
    let signs = style.signs();
    let (sign, paint) = signs.item(card.state);
    let short = card.line.and_then(|_| card.reference.split_once('#'));
    let name = short.map_or(card.reference.as_str(), |(_, item)| item);
    let line =
        Line::indent(2)
            .paint(paint, sign)
            .plain(" ")
            .link(Paint::Note, name, &card.path, style);
    let line = match (&card.claim, &card.owner) {
        (Some(claim), _) => line.plain(" ").append(held_by(claim)),
        (None, Some(owner)) => line.dim(format!(" {owner}")),
        (None, None) => line,
    };
    let waits = card.waits_for.iter().map(|name| {
        name.rsplit_once('#')
            .map_or(name.as_str(), |(_, item)| item)
    });
    let waits: Vec<&str> = waits.collect();
    let line = if waits.is_empty() {
        line
    } else {
        line.plain(" ")
            .paint(Paint::Warn, signs.wait)
            .dim(format!(" {}", waits.join(", ")))
    };
    line.plain("  ").plain(&card.text)
}

fn push(page: &mut Page, line: Line, style: &Style) {
    page.push(match style.width {
        Some(columns) => line.cut(columns, style),
        None => line,
    });
}
