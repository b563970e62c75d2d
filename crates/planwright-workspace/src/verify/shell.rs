//! Whether a command needs a shell, and whether it can be run at all.

/// How a command is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// A program and its arguments.
    Program(Vec<String>),
    /// A shell with a script.
    Shell {
        /// `sh` or `bash`.
        shell: &'static str,
        /// What it is called with.
        flag: &'static str,
        /// What it reads.
        script: String,
    },
}

/// Words that only a shell knows.
const BUILTINS: [&str; 32] = [
    ".", ":", "[", "[[", "alias", "bg", "builtin", "case", "cd", "command", "declare", "eval",
    "exec", "exit", "export", "for", "function", "if", "local", "read", "return", "set", "shift",
    "shopt", "source", "time", "trap", "type", "ulimit", "umask", "unset", "while",
];

/// Signs that mean something to a shell.
const SIGNS: &str = "|&;<>()$`\\\"'*?[]{}#!\n";

impl Call {
    /// The way to run a text, from a block in some language.
    pub fn new(text: &str, language: Option<&str>) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let first = words.first().copied().unwrap_or_default();
        let needs_shell = text.contains(|c| SIGNS.contains(c))
            || BUILTINS.contains(&first)
            || first.contains('=')
            || words.iter().any(|word| word.starts_with('~'));
        if !needs_shell {
            return Self::Program(words.into_iter().map(str::to_owned).collect());
        }
        let shell = match language {
            Some("bash" | "zsh") => "bash",
            _ => "sh",
        };
        // Of several lines, one that fails is not to be hidden by the next.
        let flag = if text.contains('\n') { "-ec" } else { "-c" };
        Self::Shell {
            shell,
            flag,
            script: text.to_owned(),
        }
    }

    /// The program that is started.
    pub fn program(&self) -> &str {
        match self {
            Self::Program(words) => words.first().map_or("", String::as_str),
            Self::Shell { shell, .. } => shell,
        }
    }
}

/// What keeps a command from being run by anybody.
pub fn obstacle(text: &str, language: Option<&str>) -> Option<String> {
    if language == Some("powershell") {
        return Some("written for PowerShell".to_owned());
    }
    // What a person cannot see cannot be trusted.
    let hidden = text
        .chars()
        .find(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || is_invisible(*c));
    if let Some(hidden) = hidden {
        return Some(format!(
            "holds the invisible character {}",
            hidden.escape_unicode()
        ));
    }
    placeholder(text).map(|name| format!("`{name}` is to be filled in"))
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// `<name>`, `{{name}}`, `...`: what a shell would take for something else.
fn placeholder(text: &str) -> Option<&str> {
    let named = |open: &str, close: &str| {
        let at = text.find(open)?;
        let inner = &text[at + open.len()..];
        let end = inner.find(close)?;
        let name = &inner[..end];
        let is_name = name.starts_with(|c: char| c.is_alphabetic())
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '/' | '.'));
        is_name.then(|| &text[at..at + open.len() + end + close.len()])
    };
    let dots = || {
        text.split_whitespace()
            .find(|word| matches!(*word, "..." | "…"))
    };
    named("{{", "}}").or_else(|| named("<", ">")).or_else(dots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(text: &str) -> bool {
        matches!(Call::new(text, None), Call::Shell { .. })
    }

    #[test]
    fn a_shell_reads_only_what_needs_one() {
        for plain in [
            "cargo test -p shop",
            "make VERBOSE=1 all",
            "./check.sh --level=2",
            "npm run test:unit",
            "go test ./...",
        ] {
            assert!(!shell(plain), "{plain}");
        }
        for text in [
            "cd api && make",
            "A=1 make",
            "grep 'a b' x",
            "ls *.md",
            "echo $HOME",
            "a | b",
            "cat < x",
            "ls ~/x",
            "[ -f x ]",
            "export A",
            "make # all",
        ] {
            assert!(shell(text), "{text}");
        }
        let call = Call::new("cargo  test\t-q", None);
        assert_eq!(
            call,
            Call::Program(vec!["cargo".to_owned(), "test".to_owned(), "-q".to_owned()])
        );
    }

    #[test]
    fn a_block_says_which_shell() {
        let call = |text, language| match Call::new(text, language) {
            Call::Shell { shell, flag, .. } => format!("{shell} {flag}"),
            Call::Program(_) => "none".to_owned(),
        };
        assert_eq!(call("a && b", Some("bash")), "bash -c");
        assert_eq!(call("set -u\na", Some("sh")), "sh -ec");
        assert_eq!(call("a", Some("bash")), "none");
    }

    #[test]
    fn what_cannot_be_seen_or_is_left_open_is_not_run() {
        assert_eq!(obstacle("cargo test", None), None);
        assert_eq!(obstacle("go test ./...", None), None);
        assert_eq!(obstacle("sort < a > b", None), None);
        for text in [
            "cargo test\u{200b}",
            "cargo\u{202e} test",
            "a\u{1b}[2K",
            "cargo test <name>",
            "curl {{url}}",
            "make ...",
        ] {
            assert!(obstacle(text, None).is_some(), "{text}");
        }
    }
}
