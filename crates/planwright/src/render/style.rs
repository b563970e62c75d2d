use super::signs::Signs;

/// What the terminal can show. Nothing else of the environment reaches the renderers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// Colours and emphasis.
    pub(crate) color: bool,
    /// Columns; `None` when the output is no terminal and may be as wide as it needs.
    pub(crate) width: Option<usize>,
    /// Rows; `None` when the output is no terminal and may be as long as it needs.
    pub(crate) height: Option<usize>,
    /// Signs beyond ASCII.
    pub(crate) unicode: bool,
    /// The root's URL, where paths may be made clickable: `file:///home/ann/app`.
    pub(crate) hyperlinks: Option<String>,
}

impl Style {
    /// The columns of a page that is laid out, at least 40 and at most `most`.
    pub(crate) fn page(&self, most: usize) -> usize {
        self.width.unwrap_or(100).clamp(40, most)
    }

    /// The signs to draw with.
    pub(crate) const fn signs(&self) -> &'static Signs {
        if self.unicode {
            &Signs::UNICODE
        } else {
            &Signs::ASCII
        }
    }
}

#[cfg(test)]
impl Style {
    /// A terminal of so many columns, without colour.
    pub(crate) fn plain(width: usize) -> Self {
        Self {
            width: Some(width),
            unicode: true,
            ..Self::default()
        }
    }
}
