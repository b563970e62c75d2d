use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::Path;

use crate::cli::Color;
use crate::render::{Stand, Style};

/// What the environment says, read in one place.
pub(crate) struct Terminal<'a> {
    /// An environment variable.
    pub(crate) var: &'a dyn Fn(&str) -> Option<OsString>,
    /// Whether the stream is a terminal.
    pub(crate) interactive: bool,
    /// Columns and rows of the terminal.
    pub(crate) size: Option<(usize, usize)>,
}

/// The style for standard output.
pub(crate) fn stdout(color: Color) -> Style {
    let size = terminal_size::terminal_size()
        .map(|(width, height)| (usize::from(width.0), usize::from(height.0)));
    Terminal {
        var: &|name| std::env::var_os(name),
        interactive: std::io::stdout().is_terminal(),
        size,
    }
    .style(color)
}

/// True when standard output is a terminal, of whatever size.
pub(crate) fn is_screen() -> bool {
    std::io::stdout().is_terminal()
}

/// The style for standard error.
pub(crate) fn stderr(color: Color) -> Style {
    let interactive = std::io::stderr().is_terminal();
    Terminal {
        var: &|name| std::env::var_os(name),
        interactive,
        size: None,
    }
    .style(color)
}

impl Terminal<'_> {
    pub(crate) fn style(&self, color: Color) -> Style {
        let (width, height) = match self.size.filter(|_| self.interactive) {
            Some((width, height)) => (Some(width), Some(height)),
            None => (None, None),
        };
        let columns = self
            .text("COLUMNS")
            .and_then(|text| text.parse().ok())
            .filter(|n| *n > 0);
        Style {
            color: self.color(color),
            width: columns.or(width),
            height,
            unicode: self.unicode(),
            stand: Stand::default(),
            hyperlinks: None,
        }
    }

    /// True when the terminal is known to open links.
    pub(crate) fn links(&self) -> bool {
        if !self.interactive || self.text("TERM").is_some_and(|term| term == "dumb") {
            return false;
        }
        let program = self.text("TERM_PROGRAM").unwrap_or_default();
        let known = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "zed"];
        known.contains(&program.as_str())
            || [
                "KITTY_WINDOW_ID",
                "WT_SESSION",
                "DOMTERM",
                "KONSOLE_VERSION",
            ]
            .iter()
            .any(|name| self.text(name).is_some())
            || self
                .text("VTE_VERSION")
                .and_then(|v| v.parse().ok())
                .is_some_and(|v: u32| v >= 5000)
    }

    fn color(&self, color: Color) -> bool {
        match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if self.text("NO_COLOR").is_some() => false,
            Color::Auto
                if self
                    .text("CLICOLOR_FORCE")
                    .is_some_and(|force| force != "0") =>
            {
                true
            }
            Color::Auto => {
                self.interactive
                    && self.text("TERM").is_none_or(|term| term != "dumb")
                    && self.text("CLICOLOR").is_none_or(|color| color != "0")
            }
        }
    }

    /// Signs beyond ASCII are left out only where the locale rules them out.
    fn unicode(&self) -> bool {
        if self.text("TERM").is_some_and(|term| term == "linux") {
            return false;
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| self.text(name));
        locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
    }

    /// A variable that is set and not empty.
    fn text(&self, name: &str) -> Option<String> {
        (self.var)(name)?
            .into_string()
            .ok()
            .filter(|text| !text.is_empty())
    }
}

/// The URL under which files of the root can be opened, where standard output opens links.
pub(crate) fn root_url(root: &Path) -> Option<String> {
    let interactive = std::io::stdout().is_terminal();
    let terminal = Terminal {
        var: &|name| std::env::var_os(name),
        interactive,
        size: None,
    };
    let path = root.to_str().filter(|_| terminal.links())?;
    let path = path
        .replace('\\', "/")
        .replace('%', "%25")
        .replace(' ', "%20");
    Some(if path.starts_with('/') {
        format!("file://{path}")
    } else {
        format!("file:///{path}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(vars: &[(&str, &str)], interactive: bool, color: Color, expected: bool) {
        let var = |name: &str| {
            vars.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| OsString::from(value))
        };
        let style = Terminal {
            var: &var,
            interactive,
            size: None,
        }
        .style(color);
        assert_eq!(style.color, expected, "{vars:?}");
    }

    #[test]
    fn the_flag_then_no_color_then_force_then_the_terminal() {
        check(&[], true, Color::Auto, true);
        check(&[], false, Color::Auto, false);
        check(&[("NO_COLOR", "")], true, Color::Auto, true);
        check(&[("NO_COLOR", "1")], true, Color::Auto, false);
        check(&[("NO_COLOR", "1")], false, Color::Always, true);
        check(&[("CLICOLOR_FORCE", "1")], false, Color::Auto, true);
        check(&[("CLICOLOR_FORCE", "0")], false, Color::Auto, false);
        check(
            &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
            true,
            Color::Auto,
            false,
        );
        check(&[("TERM", "dumb")], true, Color::Auto, false);
        check(&[("CLICOLOR_FORCE", "1")], true, Color::Never, false);
    }

    #[test]
    fn columns_wins_over_the_terminal_and_a_pipe_has_none() {
        let none = |_: &str| None;
        let pipe = Terminal {
            var: &none,
            interactive: false,
            size: Some((90, 40)),
        };
        assert_eq!(pipe.style(Color::Auto).width, None);
        let set = |name: &str| (name == "COLUMNS").then(|| OsString::from("72"));
        let terminal = Terminal {
            var: &set,
            interactive: true,
            size: Some((90, 40)),
        };
        let style = terminal.style(Color::Auto);
        assert_eq!((style.width, style.height), (Some(72), Some(40)));
    }

    #[test]
    fn a_locale_without_utf8_gets_ascii() {
        for (locale, expected) in [("C", false), ("de_DE.ISO-8859-1", false), ("C.UTF-8", true)] {
            let var = |name: &str| (name == "LANG").then(|| OsString::from(locale));
            let terminal = Terminal {
                var: &var,
                interactive: true,
                size: None,
            };
            assert_eq!(terminal.style(Color::Auto).unicode, expected, "{locale}");
        }
    }
}
