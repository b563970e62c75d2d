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
    /// Where the user stands, for paths that can be opened from there.
    pub(crate) stand: Stand,
    /// The root's URL, where paths may be made clickable: `file:///home/ann/app`.
    pub(crate) hyperlinks: Option<String>,
}

/// Where the user stands in relation to the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// In a folder of it, by its path from the root; empty for the root itself.
    Inside(String),
    /// Elsewhere; this leads from there to the root, a `/` at its end.
    Outside(String),
}

impl Default for Stand {
    fn default() -> Self {
        Self::Inside(String::new())
    }
}

impl Stand {
    /// A path from the root as it is written where the user stands.
    pub(crate) fn shown(&self, path: &str) -> String {
        let folder = match self {
            Self::Outside(prefix) => return format!("{prefix}{path}"),
            Self::Inside(folder) if folder.is_empty() => return path.to_owned(),
            Self::Inside(folder) => folder,
        };
        let mut rest = path;
        let mut up = 0;
        for part in folder.split('/') {
            match rest.split_once('/') {
                Some((first, below)) if up == 0 && first == part => rest = below,
                _ => up += 1,
            }
        }
        "../".repeat(up) + rest
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_can_be_opened_where_the_user_stands() {
        let inside = |folder: &str, path: &str| Stand::Inside(folder.to_owned()).shown(path);
        assert_eq!(inside("", "docs/x.md"), "docs/x.md");
        assert_eq!(inside("docs", "docs/plans/x.md"), "plans/x.md");
        assert_eq!(inside("docs/plans", "docs/x.md"), "../x.md");
        assert_eq!(inside("docs/plans", "src/docs/x.md"), "../../src/docs/x.md");
        assert_eq!(inside("docs/x.md", "docs/x.md"), "../x.md");
        assert_eq!(
            Stand::Outside("../app/".to_owned()).shown("docs/x.md"),
            "../app/docs/x.md"
        );
    }
}
