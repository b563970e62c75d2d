use planwright_model::{DocumentState, ItemState};

use super::line::Paint;

/// The signs that pages are drawn with. All of one set are one column wide.
#[derive(Debug)]
pub(crate) struct Signs {
    pub(crate) ellipsis: &'static str,
    pub(crate) dot: &'static str,
    pub(crate) arrow: &'static str,
    pub(crate) back: &'static str,
    pub(crate) warning: &'static str,
    pub(crate) block: &'static str,
    pub(crate) wait: &'static str,
    pub(crate) cross: &'static str,
    pub(crate) bar_full: &'static str,
    pub(crate) bar_half: &'static str,
    pub(crate) bar_empty: &'static str,
    pub(crate) tree_fork: &'static str,
    pub(crate) tree_last: &'static str,
    pub(crate) tree_down: &'static str,
    pub(crate) dash: &'static str,
    live: &'static str,
    open: &'static str,
    half: &'static str,
    pub(crate) done: &'static str,
    paused: &'static str,
    review: &'static str,
}

impl Signs {
    pub(crate) const UNICODE: Self = Self {
        ellipsis: "…",
        dot: "·",
        arrow: "→",
        back: "↻",
        warning: "▲",
        block: "■",
        wait: "◷",
        cross: "✗",
        bar_full: "━",
        bar_half: "╸",
        bar_empty: "─",
        tree_fork: "├─ ",
        tree_last: "└─ ",
        tree_down: "│  ",
        dash: "–",
        live: "●",
        open: "○",
        half: "◐",
        done: "✓",
        paused: "‖",
        review: "◆",
    };

    pub(crate) const ASCII: Self = Self {
        ellipsis: "~",
        dot: "-",
        arrow: ">",
        back: "^",
        warning: "!",
        block: "#",
        wait: "@",
        cross: "x",
        bar_full: "=",
        bar_half: "-",
        bar_empty: ".",
        tree_fork: "|- ",
        tree_last: "`- ",
        tree_down: "|  ",
        dash: "-",
        live: "*",
        open: "o",
        half: "%",
        done: "v",
        paused: "=",
        review: "?",
    };

    /// Sign and paint of a document's state.
    pub(crate) const fn state(&self, state: DocumentState) -> (&'static str, Paint) {
        match state {
            DocumentState::Active => (self.live, Paint::Good),
            DocumentState::Blocked => (self.block, Paint::Bad),
            DocumentState::InReview => (self.review, Paint::Note),
            DocumentState::Approved => (self.live, Paint::Note),
            DocumentState::Draft => (self.open, Paint::Warn),
            DocumentState::Paused => (self.paused, Paint::Warn),
            DocumentState::Done => (self.done, Paint::Good),
            DocumentState::Rejected | DocumentState::Abandoned | DocumentState::Superseded => {
                (self.cross, Paint::Dim)
            }
            DocumentState::Unknown => (self.open, Paint::Dim),
        }
    }

    /// Sign and paint of an item's state.
    pub(crate) const fn item(&self, state: ItemState) -> (&'static str, Paint) {
        match state {
            ItemState::Todo => (self.open, Paint::Plain),
            ItemState::InProgress => (self.half, Paint::Warn),
            ItemState::Blocked => (self.block, Paint::Bad),
            ItemState::Done => (self.done, Paint::Good),
            ItemState::Cancelled => (self.cross, Paint::Dim),
        }
    }
}

/// A canonical state for people: `in review`.
pub(crate) fn said(state: DocumentState) -> String {
    match state {
        DocumentState::Unknown => "no state".to_owned(),
        state => state.as_str().replace('_', " "),
    }
}
