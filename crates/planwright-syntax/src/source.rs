use crate::{Problem, ProblemKind, Span};

/// Stands for each byte that is not UTF-8, so that offsets stay true.
const REPLACEMENT: u8 = b'?';

/// What ends the lines of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`, also for a file without any line ending.
    #[default]
    Lf,
    /// `\r\n`.
    CrLf,
}

impl LineEnding {
    /// The bytes to write for a new line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
        }
    }
}

/// The bytes of a file and their text, offset for offset.
#[derive(Debug)]
pub struct Source {
    /// The bytes as read, kept apart from `text` only where they are not UTF-8.
    original: Option<Vec<u8>>,
    text: String,
    line_starts: Vec<u32>,
    line_ending: LineEnding,
}

impl Source {
    /// Takes bytes in, replaces what is not UTF-8 byte for byte, and reports it.
    pub fn new(bytes: Vec<u8>, problems: &mut Vec<Problem>) -> Self {
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            problems.push(Problem {
                kind: ProblemKind::Utf16,
                span: Span::new(0, 2),
                message: "the file is UTF-16; Planwright reads UTF-8".to_owned(),
            });
        }
        let (original, text) = match String::from_utf8(bytes) {
            Ok(text) => (None, text),
            Err(error) => {
                let bytes = error.into_bytes();
                let (text, first, count) = replace_invalid(&bytes);
                problems.push(Problem {
                    kind: ProblemKind::NotUtf8,
                    span: Span::new(first, first + 1),
                    message: format!(
                        "{count} {} not UTF-8",
                        if count == 1 { "byte is" } else { "bytes are" }
                    ),
                });
                (Some(bytes), text)
            }
        };
        if let Some(at) = memchr::memchr(0, text.as_bytes()) {
            problems.push(Problem {
                kind: ProblemKind::Nul,
                span: Span::new(at, at + 1),
                message: "the file holds NUL bytes".to_owned(),
            });
        }
        let (line_starts, line_ending) = line_starts(&text, problems);
        let source = Self {
            original,
            text,
            line_starts,
            line_ending,
        };
        source.find_mojibake(problems);
        source
    }

    /// The bytes as read.
    pub fn bytes(&self) -> &[u8] {
        self.original.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// The text, with each byte that is not UTF-8 shown as `?`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span is not one of this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The offset of the first byte after a byte-order mark.
    pub fn body_start(&self) -> u32 {
        if self.text.starts_with('\u{feff}') {
            3
        } else {
            0
        }
    }

    /// What ends most lines of the file.
    pub fn line_ending(&self) -> LineEnding {
        self.line_ending
    }

    /// Number of lines; a file without any byte has one.
    pub fn line_count(&self) -> u32 {
        self.line_starts.len() as u32
    }

    /// 1-based line of an offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|start| *start <= offset) as u32
    }

    /// Finds the lines of offsets that come in ascending order, faster than one by one.
    pub fn lines_from_start(&self) -> Lines<'_> {
        Lines {
            starts: &self.line_starts,
            line: 1,
        }
    }

    /// 1-based column of an offset, in characters.
    pub fn column(&self, offset: u32) -> u32 {
        let line = self.line(offset);
        let start = self.line_starts[line as usize - 1];
        self.text
            .get(start as usize..offset as usize)
            .map_or(1, |text| text.chars().count() as u32 + 1)
    }

    /// The span of a 1-based line without its ending; empty where there is no such line.
    pub fn line_span(&self, line: u32) -> Span {
        let Some(start) = (line as usize)
            .checked_sub(1)
            .and_then(|at| self.line_starts.get(at))
        else {
            return Span::default();
        };
        let end = self
            .line_starts
            .get(line as usize)
            .map_or(self.text.len(), |next| *next as usize);
        let text = &self.text[*start as usize..end];
        let kept = text.trim_end_matches(['\n', '\r']).len();
        Span::new(*start as usize, *start as usize + kept)
    }

    /// The text of a 1-based line without its ending.
    pub fn line_text(&self, line: u32) -> &str {
        self.slice(self.line_span(line))
    }

    /// Reports text that was encoded as UTF-8, read in another encoding and encoded again.
    ///
    /// The patterns are what the most frequent punctuation and arrows (three bytes that begin with
    /// E2) turn into under Windows-1252 (`â€`, `â†`) and under Mac OS Roman (`‚Ä`, `‚Ü`, `‚ñ`), what
    /// emojis do (`ðŸ`), and letters with accents (`Ã` and a sign that no word goes on with).
    fn find_mojibake(&self, problems: &mut Vec<Problem>) {
        // All of them hold one of two bytes that are rare in text that was encoded once.
        let bytes = self.text.as_bytes();
        let first = memchr::memchr2_iter(0xC3, 0x9A, bytes).find_map(|at| {
            let start = if bytes[at] == 0xC3 {
                at
            } else {
                at.checked_sub(2)?
            };
            let rest = self.text.get(start..)?;
            let is_accent = |pair: &&str| {
                let mut chars = pair.chars();
                matches!(chars.next(), Some('Ã' | 'Â'))
                    && matches!(chars.next(), Some('\u{a0}'..='\u{bf}'))
            };
            ["â€", "â†", "âœ", "â‰", "ðŸ", "‚Ä", "‚Ü", "‚ñ", "‚úÖ"]
                .into_iter()
                .find(|pattern| rest.starts_with(pattern))
                .or_else(|| rest.get(..4).filter(is_accent))
                .filter(|_| !self.is_in_code(start))
                .map(|pattern| (start, pattern))
        });
        if let Some((at, pattern)) = first {
            problems.push(Problem {
                kind: ProblemKind::Mojibake,
                span: Span::new(at, at + pattern.len()),
                message: format!("`{pattern}` looks like text that was encoded twice"),
            });
        }
    }

    /// True between two backticks of a line, where text is shown as an example.
    fn is_in_code(&self, at: usize) -> bool {
        let (before, after) = self.text.split_at(at);
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        before.matches('`').count() % 2 == 1 && after.contains('`')
    }
}

/// Walks through the lines of a file; see [`Source::lines_from_start`].
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    starts: &'a [u32],
    line: usize,
}

impl Lines<'_> {
    /// 1-based line of an offset that is not in front of the last one asked for.
    pub fn line(&mut self, offset: u32) -> u32 {
        let rest = &self.starts[self.line..];
        // The next is mostly near: steps that double, then halves.
        let mut step = 1;
        while rest.get(step - 1).is_some_and(|start| *start <= offset) {
            step *= 2;
        }
        let (low, high) = (step / 2, (step - 1).min(rest.len()));
        self.line += low + rest[low..high].partition_point(|start| *start <= offset);
        self.line as u32
    }
}

/// Replaces every invalid byte; returns the text, the first such offset and their number.
fn replace_invalid(bytes: &[u8]) -> (String, usize, usize) {
    let mut text = String::with_capacity(bytes.len());
    let (mut first, mut count) = (bytes.len(), 0);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            first = first.min(text.len());
            count += chunk.invalid().len();
            text.extend(std::iter::repeat_n(
                char::from(REPLACEMENT),
                chunk.invalid().len(),
            ));
        }
    }
    (text, first, count)
}

/// Starts of lines, which end at `\n`, `\r\n` or a lone `\r` as CommonMark has it.
fn line_starts(text: &str, problems: &mut Vec<Problem>) -> (Vec<u32>, LineEnding) {
    let bytes = text.as_bytes();
    let mut starts = Vec::with_capacity(bytes.len() / 40 + 1);
    starts.push(0);
    if memchr::memchr(b'\r', bytes).is_none() {
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| at as u32 + 1));
        return (starts, LineEnding::Lf);
    }
    let (mut lf, mut crlf, mut first_lf, mut first_crlf) = (0_usize, 0_usize, 0_usize, 0_usize);
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if bytes[at] == b'\n' {
            if at > 0 && bytes[at - 1] == b'\r' {
                if crlf == 0 {
                    first_crlf = at - 1;
                }
                crlf += 1;
            } else {
                if lf == 0 {
                    first_lf = at;
                }
                lf += 1;
            }
            starts.push(at as u32 + 1);
        } else if bytes.get(at + 1) != Some(&b'\n') {
            starts.push(at as u32 + 1);
        }
    }
    let ending = if crlf > lf {
        LineEnding::CrLf
    } else {
        LineEnding::Lf
    };
    if lf > 0 && crlf > 0 {
        let (at, rare) = match ending {
            LineEnding::CrLf => (first_lf, "LF"),
            LineEnding::Lf => (first_crlf, "CRLF"),
        };
        problems.push(Problem {
            kind: ProblemKind::MixedLineEndings,
            span: Span::new(at, at + 1),
            message: format!(
                "{lf} lines end in LF and {crlf} in CRLF; this is the first in {rare}"
            ),
        });
    }
    (starts, ending)
}
