//! Lines with a box, and what became of them between two versions of a document.

use std::collections::{HashMap, HashSet, VecDeque};

use super::columns::{Cell, Strings};
use super::id::Id;
use super::log::Touched;

/// Longer texts are cut: they only have to be told apart.
const LONGEST: usize = 300;
/// Changed lines of one version beyond which rewritten ones are not looked for.
const MANY: usize = 300;
/// What two texts must share at their beginning to count as one that was rewritten, in bytes.
const SHARED: usize = 12;

/// What a box says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoxState {
    /// Nothing is done: `[ ]`.
    Open,
    /// `[x]`, `[✓]`, `✅`, `[DONE 2026-07-29]`.
    Done,
    /// Begun, blocked or cancelled: `[~]`, `[!]`, `[-]`.
    Other,
}

/// A line that holds a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoxLine {
    /// What the box says.
    pub state: BoxState,
    /// The text behind the box, without what changes when it is ticked: a time in front, struck
    /// words, runs of spaces.
    pub text: String,
}

impl BoxLine {
    /// Reads one line of a document. `None` when it holds no box.
    ///
    /// ```
    /// use planwright_workspace::history::{BoxLine, BoxState};
    ///
    /// let line = BoxLine::parse("- [x] (2026-03-01 10:00Z) Write the parser").unwrap();
    /// assert_eq!(line.state, BoxState::Done);
    /// assert_eq!(line.text, "Write the parser");
    /// assert_eq!(BoxLine::parse("Write the parser"), None);
    /// ```
    pub fn parse(line: &str) -> Option<Self> {
        // Most lines have no character that a box begins with.
        let may_hold = |byte: &u8| *byte == b'[' || *byte >= 0xe2;
        if !line.as_bytes().iter().any(may_hold) {
            return None;
        }
        let (line, is_listed) = behind_marker(line);
        let (state, rest) = bracket(line)
            .or_else(|| symbol(line))
            .or_else(|| is_listed.then(|| at_end(line)).flatten())?;
        let text = behind_time(rest.trim_start());
        let mut plain = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            let word = word.replace("~~", "");
            if !plain.is_empty() && !word.is_empty() {
                plain.push(' ');
            }
            plain.push_str(&word);
        }
        plain.truncate(plain.floor_char_boundary(LONGEST));
        (!plain.is_empty()).then_some(Self { state, text: plain })
    }

    /// All lines of a document that hold a box, in their order.
    pub(crate) fn all(bytes: &[u8]) -> Vec<Self> {
        let text = String::from_utf8_lossy(bytes);
        text.split(['\n', '\r']).filter_map(Self::parse).collect()
    }
}

/// The text behind quote marks and the marker of a list item or heading, and that there was one.
fn behind_marker(line: &str) -> (&str, bool) {
    let line = line.trim().trim_start_matches(['>', ' ', '\t']);
    let rest = line.trim_start_matches('#');
    let depth = line.len() - rest.len();
    if (1..=6).contains(&depth) && rest.starts_with(' ') {
        return (rest.trim_start(), true);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match line.strip_prefix(['-', '*', '+']) {
        Some(rest) => Some(rest),
        None if (1..=9).contains(&digits) => line[digits..].strip_prefix(['.', ')']),
        None => None,
    };
    match rest {
        Some(rest) if rest.starts_with([' ', '\t']) => (rest.trim_start(), true),
        _ => (line, false),
    }
}

/// A box in brackets at the beginning.
fn bracket(line: &str) -> Option<(BoxState, &str)> {
    let line = line.strip_prefix('\\').unwrap_or(line);
    let inner = line.strip_prefix('[')?;
    if let Some(rest) = inner.strip_prefix("] ") {
        return Some((BoxState::Open, rest));
    }
    let mark = inner.chars().next()?;
    let rest = inner[mark.len_utf8()..].trim_start_matches('\u{fe0f}');
    let rest = rest.strip_prefix(']')?;
    if !rest.is_empty() && !rest.starts_with([' ', '\t', '\u{a0}']) {
        return None;
    }
    let state = match mark {
        ' ' | '\u{a0}' | '☐' | '⬜' | '🔲' => BoxState::Open,
        'x' | 'X' | '✓' | '✔' | '√' | '✅' | '☑' => BoxState::Done,
        '~' | '/' | '-' | '!' | '>' | '*' | '+' | '.' => BoxState::Other,
        mark if u32::from(mark) >= 0x2190 && !mark.is_alphanumeric() => BoxState::Other,
        _ => return None,
    };
    Some((state, rest))
}

/// A box without brackets at the beginning.
fn symbol(line: &str) -> Option<(BoxState, &str)> {
    let state = match line.chars().next()? {
        '☐' | '⬜' | '🔲' | '⏳' => BoxState::Open,
        '☑' | '✅' | '✔' | '✓' => BoxState::Done,
        '☒' | '🔄' | '🚧' | '⏸' | '❌' | '⛔' | '🚫' => BoxState::Other,
        _ => return None,
    };
    let rest = line.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric());
    Some((state, rest))
}

/// `Title ✅` and `Title [DONE 2026-07-29]`, as headings and list items end.
fn at_end(line: &str) -> Option<(BoxState, &str)> {
    if let Some(rest) = line
        .trim_end_matches('\u{fe0f}')
        .strip_suffix(['✅', '✔', '☑', '✓'])
    {
        return Some((BoxState::Done, rest));
    }
    let at = line.find("[DONE").or_else(|| line.find("[COMPLETED"))?;
    line[at..]
        .contains(']')
        .then(|| (BoxState::Done, &line[..at]))
}

/// Text without a date or time in front, which is often written when a box is ticked.
fn behind_time(text: &str) -> &str {
    let (inner, close) = match text.chars().next() {
        Some('(') => (&text[1..], Some(')')),
        Some('[') => (&text[1..], Some(']')),
        Some('`') => (&text[1..], Some('`')),
        _ => (text, None),
    };
    let bytes = inner.as_bytes();
    let is_date = bytes.len() >= 10
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[5..7].iter().all(u8::is_ascii_digit);
    if !is_date {
        return text;
    }
    let behind_clock = || {
        let rest = inner.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | ' ' | 'T' | 'Z' | '+')
        });
        Some(rest.strip_prefix("UTC").unwrap_or(rest))
    };
    let rest = match close {
        Some(close) => inner.split_once(close).map(|(_, rest)| rest),
        None => behind_clock(),
    };
    let Some(rest) = rest else {
        return text;
    };
    let behind = rest.trim_start_matches([' ', '\t', '*', '_', ':', '-', '—', '–', ',']);
    if behind.is_empty() { text } else { behind }
}

/// A box of a document, its text as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) text: u32,
    pub(crate) state: BoxState,
}

/// What a commit did to a box. Texts are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) text: u32,
    /// The text before; the same where it was not rewritten.
    pub(crate) was: u32,
    /// Nothing where there was no such line.
    pub(crate) before: Option<BoxState>,
    /// Nothing where there is none any more.
    pub(crate) after: Option<BoxState>,
}

impl Cell for Event {
    const LEN: usize = 10;

    fn put(&self, bytes: &mut Vec<u8>) {
        self.text.put(bytes);
        self.was.put(bytes);
        for state in [self.before, self.after] {
            let number = STATES.iter().position(|other| *other == state);
            bytes.push(number.unwrap_or(0) as u8);
        }
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        let state = |at: usize| STATES.get(usize::from(*bytes.get(at)?)).copied();
        Some(Self {
            text: u32::get(bytes)?,
            was: u32::get(bytes.get(4..)?)?,
            before: state(8)?,
            after: state(9)?,
        })
    }
}

/// States as they are stored.
const STATES: [Option<BoxState>; 4] = [
    None,
    Some(BoxState::Open),
    Some(BoxState::Done),
    Some(BoxState::Other),
];

/// What a commit did to the boxes of a document. In a merge only what is unlike every parent
/// counts. Nothing where content is missing that would tell.
pub(crate) fn events(
    touched: &Touched,
    boxes: &HashMap<Id, Vec<Line>>,
    texts: &Strings,
) -> Vec<Event> {
    let side = |id: Option<Id>| match id {
        Some(id) => boxes.get(&id).map(Vec::as_slice),
        None => Some(&[][..]),
    };
    if !is_document(&touched.path) {
        return Vec::new();
    }
    let Some(after) = side(touched.new) else {
        return Vec::new();
    };
    let mut all: Option<Vec<Event>> = None;
    for parent in &touched.old {
        let Some(before) = side(*parent) else {
            return Vec::new();
        };
        let mut events = changes(before, after, texts);
        if let Some(others) = all {
            let end = |event: &Event| (event.text, event.after);
            let others: HashSet<_> = others.iter().map(end).collect();
            events.retain(|event| others.contains(&end(event)));
        }
        all = Some(events);
    }
    all.unwrap_or_default()
}

/// True for a path whose boxes are followed: Markdown.
pub(crate) fn is_document(path: &str) -> bool {
    has_ending(path, &["md", "markdown", "mdx"])
}

/// True for a path that ends in a dot and one of these.
pub(crate) fn has_ending(path: &str, endings: &[&str]) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    endings
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

/// What became of the boxes between two versions. Lines are told by their text; equal ones by
/// their order; rewritten ones by the id or the words they begin with.
fn changes(before: &[Line], after: &[Line], texts: &Strings) -> Vec<Event> {
    let mut old: HashMap<u32, VecDeque<usize>> = HashMap::new();
    for (at, line) in before.iter().enumerate() {
        old.entry(line.text).or_default().push_back(at);
    }
    let mut is_left = vec![true; before.len()];
    let mut events = Vec::new();
    let mut new = Vec::new();
    for line in after {
        let Some(at) = old.get_mut(&line.text).and_then(VecDeque::pop_front) else {
            new.push(line);
            continue;
        };
        is_left[at] = false;
        if before[at].state != line.state {
            events.push(Event {
                text: line.text,
                was: line.text,
                before: Some(before[at].state),
                after: Some(line.state),
            });
        }
    }
    let mut gone: Vec<&Line> = before
        .iter()
        .zip(&is_left)
        .filter_map(|(line, is_left)| is_left.then_some(line))
        .collect();
    let are_few = gone.len() <= MANY && new.len() <= MANY;
    for line in new {
        let same = |other: &&Line| is_rewritten(texts.get(other.text), texts.get(line.text));
        let was = gone.iter().position(same).filter(|_| are_few);
        let was = was.map(|at| gone.remove(at));
        events.push(Event {
            text: line.text,
            was: was.map_or(line.text, |was| was.text),
            before: was.map(|was| was.state),
            after: Some(line.state),
        });
    }
    events.extend(gone.into_iter().map(|line| Event {
        text: line.text,
        was: line.text,
        before: Some(line.state),
        after: None,
    }));
    events
}

/// True for two texts of one item: they begin with the same id, or one begins as the other does.
fn is_rewritten(before: &str, after: &str) -> bool {
    let first = |text: &str| {
        let word = text.split([' ', ':']).next().unwrap_or("");
        let word = word.trim_matches(['*', '`', '[', ']', '(', ')', '.']);
        let is_id = word.bytes().any(|byte| byte.is_ascii_digit());
        is_id.then(|| word.to_owned())
    };
    match (first(before), first(after)) {
        (Some(before), Some(after)) => return before == after,
        (None, None) => {}
        _ => return false,
    }
    let shared = before.bytes().zip(after.bytes());
    let shared = shared.take_while(|(before, after)| before == after).count();
    shared >= SHARED && 2 * shared >= before.len().min(after.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::columns::Numbers;

    #[test]
    fn reads_the_marks_that_plans_use() {
        use BoxState::{Done, Open, Other};
        for (line, state, text) in [
            ("- [ ] a", Open, "a"),
            ("  * [x] T001 [P] do  it\r", Done, "T001 [P] do it"),
            ("1. [X] a", Done, "a"),
            ("12) [✓] a", Done, "a"),
            ("- [✅] a", Done, "a"),
            ("- [✔\u{fe0f}] a", Done, "a"),
            ("- [~] a", Other, "a"),
            ("- [-] ~~a b~~", Other, "a b"),
            ("- [🔄] a", Other, "a"),
            ("- [] a", Open, "a"),
            ("> - \\[x] a", Done, "a"),
            ("☐ a", Open, "a"),
            ("- ☑ a", Done, "a"),
            ("✅ **Principle**: a", Done, "**Principle**: a"),
            ("- ⏸\u{fe0f} a", Other, "a"),
            ("### Task 3: a ✅", Done, "Task 3: a"),
            ("- T1 a [DONE 2026-07-29]", Done, "T1 a"),
            ("- [x] (2025-10-01 13:00Z) a", Done, "a"),
            ("- [x] 2025-10-01 13:00Z - a", Done, "a"),
            ("- [x] [2025-10-30 11:42 UTC] a", Done, "a"),
            ("- [ ] (2025", Open, "(2025"),
            ("- [x] 2025-10-01", Done, "2025-10-01"),
        ] {
            let read = BoxLine::parse(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((read.state, read.text.as_str()), (state, text), "{line}");
        }
    }

    #[test]
    fn other_lines_hold_no_box() {
        for line in [
            "",
            "text",
            "[x]",
            "- [x]",
            "- [link](a.md)",
            "- [a] b",
            "- [^1] note",
            "# Heading",
            "a ✅",
            "- [ ](a.md)",
            "é",
        ] {
            assert_eq!(BoxLine::parse(line), None, "{line}");
        }
    }

    fn check(before: &str, after: &str, expected: &[(&str, Option<BoxState>, Option<BoxState>)]) {
        let mut texts = Strings::default();
        let mut known = Numbers::default();
        let [before, after] = [before, after].map(|document| {
            let lines = BoxLine::all(document.as_bytes()).into_iter();
            let lines = lines.map(|line| Line {
                text: texts.intern(&mut known, &line.text),
                state: line.state,
            });
            lines.collect::<Vec<_>>()
        });
        let found: Vec<_> = changes(&before, &after, &texts)
            .iter()
            .map(|event| (texts.get(event.text), event.before, event.after))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_tick_is_found_whatever_moves_around_it() {
        use BoxState::{Done, Open};
        check(
            "- [ ] a\n- [ ] b\n",
            "new\r\n- [x] b\r\n- [ ] a\r\n",
            &[("b", Some(Open), Some(Done))],
        );
        check("- [ ] a\n", "- [ ] a\n", &[]);
        check("", "- [x] a\n", &[("a", None, Some(Done))]);
        check("- [x] a\n", "", &[("a", Some(Done), None)]);
    }

    #[test]
    fn of_equal_lines_the_right_one_is_ticked() {
        use BoxState::{Done, Open};
        check(
            "- [x] tests\n- [ ] tests\n- [ ] tests\n",
            "- [x] tests\n- [x] tests\n- [ ] tests\n",
            &[("tests", Some(Open), Some(Done))],
        );
    }

    #[test]
    fn a_line_that_is_rewritten_while_it_is_ticked_is_the_same_item() {
        use BoxState::{Done, Open};
        check(
            "- [ ] T001 Write it\n- [ ] Read the whole file\n- [ ] other\n",
            "- [x] T001 Wrote it\n- [x] Read the whole file, in parts\n- [x] another\n",
            &[
                ("T001 Wrote it", Some(Open), Some(Done)),
                ("Read the whole file, in parts", Some(Open), Some(Done)),
                ("another", None, Some(Done)),
                ("other", Some(Open), None),
            ],
        );
    }
}
