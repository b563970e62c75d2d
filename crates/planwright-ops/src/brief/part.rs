//! Parts of a brief: groups of pieces, and what is to be said about each.

use planwright_brief::pack::{Group, Piece};

/// A group of pieces that knows where they come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) group: Group,
    /// For each piece.
    pub(super) about: Vec<About>,
}

/// Where a piece comes from, and why it is in.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub(super) path: Option<String>,
    pub(super) line: Option<u32>,
    pub(super) end_line: Option<u32>,
    pub(super) why: String,
}

impl About {
    pub(super) fn why(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            ..Self::default()
        }
    }

    pub(super) fn at(path: &str, line: u32, end_line: u32, why: impl Into<String>) -> Self {
        Self {
            path: Some(path.to_owned()),
            line: Some(line),
            end_line: Some(end_line),
            why: why.into(),
        }
    }
}

impl Part {
    pub(super) fn new(
        name: &'static str,
        heading: &str,
        noun: (&'static str, &'static str),
    ) -> Self {
        Self {
            name,
            group: Group {
                heading: heading.to_owned(),
                noun,
                ..Group::default()
            },
            about: Vec::new(),
        }
    }

    /// The part with a call that returns what was left out of it.
    pub(super) fn called(mut self, call: String) -> Self {
        self.group.call = Some(call);
        self
    }

    /// The part with some hundredths of the budget that those before it leave to it.
    pub(super) const fn reserving(mut self, hundredths: u32) -> Self {
        self.group.reserve = hundredths;
        self
    }

    /// One more piece.
    pub(super) fn push(&mut self, piece: Piece, about: About) {
        if !piece.text.trim().is_empty() {
            self.group.pieces.push(piece);
            self.about.push(about);
        }
    }

    /// One more piece that goes in whole or not at all.
    pub(super) fn line(&mut self, text: String, about: About) {
        self.push(
            Piece {
                text,
                ..Piece::default()
            },
            about,
        );
    }

    pub(super) fn is_empty(&self) -> bool {
        self.group.pieces.is_empty()
    }
}

/// A text in one line of at most so many characters.
pub(crate) fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most.saturating_sub(1)).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(cut, _)| cut);
    format!("{}…", cut.trim_end_matches([',', ';', ':', '.', ' ']))
}
