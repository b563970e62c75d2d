//! The end of what a command says.

use super::mask;

/// How many bytes are kept, and how many lines of them are told.
const BYTES: usize = 16 * 1024;
const LINES: usize = 40;

/// The last bytes of a stream of any length.
#[derive(Debug, Default)]
pub(super) struct Tail {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl Tail {
    pub(super) fn push(&mut self, new: &[u8]) {
        self.bytes.extend_from_slice(new);
        if self.bytes.len() > 2 * BYTES {
            self.bytes.drain(..self.bytes.len() - BYTES);
            self.is_cut = true;
        }
    }

    /// Its last lines as text, without what a terminal obeys and without secrets; true where there
    /// was more.
    pub(super) fn text(&self, secrets: &[String]) -> (String, bool) {
        let mut start = self.bytes.len().saturating_sub(BYTES);
        let is_cut = self.is_cut || start > 0;
        if is_cut {
            // Of a word that is cut nobody knows whether it is a secret.
            let rest = &self.bytes[start..];
            let word = rest.iter().position(u8::is_ascii_whitespace);
            start += word.unwrap_or(rest.len());
        }
        let text = String::from_utf8_lossy(&self.bytes[start..]);
        let text = mask::mask(&plain(&text), secrets);
        let lines: Vec<&str> = text.trim_end().lines().collect();
        let first = lines.len().saturating_sub(LINES);
        (lines[first..].join("\n"), is_cut || first > 0)
    }
}

/// Text without escape sequences and other control characters; of a line that was written over, what
/// stands there last.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => match chars.next() {
                Some('[') => {
                    let _ = chars.by_ref().find(|c| ('@'..='~').contains(c));
                }
                Some(']') => {
                    let mut last = ' ';
                    let _ = chars.by_ref().find(|c| {
                        let ends = *c == '\u{7}' || (last == '\u{1b}' && *c == '\\');
                        last = *c;
                        ends
                    });
                }
                _ => {}
            },
            '\r' if chars.peek() != Some(&'\n') => {
                let line = out.rfind('\n').map_or(0, |at| at + 1);
                out.truncate(line);
            }
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_kept_of_whatever_comes() {
        let mut tail = Tail::default();
        for number in 0..100_000 {
            tail.push(format!("line {number}\n").as_bytes());
        }
        assert!(tail.bytes.len() <= 2 * BYTES);
        let (text, is_cut) = tail.text(&[]);
        assert!(is_cut && text.ends_with("line 99999"));
        assert_eq!(text.lines().count(), LINES);
    }

    #[test]
    fn a_word_that_is_cut_is_not_told() {
        let mut tail = Tail::default();
        tail.push("x".repeat(3 * BYTES).as_bytes());
        assert_eq!(tail.text(&[]), (String::new(), true));
    }

    #[test]
    fn a_terminal_is_told_nothing() {
        let mut tail = Tail::default();
        tail.push(b"\x1b[31mred\x1b[0m \x1b]0;title\x07a\xff\r\n10%\r100%\nbell\x07");
        let (text, is_cut) = tail.text(&[]);
        assert_eq!(text, "red a\u{fffd}\n100%\nbell");
        assert!(!is_cut);
    }
}
