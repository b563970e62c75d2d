//! The lines of a document that lists others: which there are, and how one more of them looks.

use planwright_check::registry::{self, Entry, places};
use planwright_dialect::{Reading, folders};
use planwright_model::DocumentState;
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;
use planwright_workspace::path;

/// A plan that can be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) path: String,
    pub(crate) reference: String,
    pub(crate) title: String,
    /// What it says of its state.
    pub(crate) said: DocumentState,
    /// What it says, else what its folder or its tasks say.
    pub(crate) state: DocumentState,
    pub(crate) native: Option<String>,
    pub(crate) dates: Vec<String>,
}

/// A line that lists something, with the lines that hang under it.
#[derive(Clone, Debug)]
pub(crate) struct Block<'a> {
    pub(crate) entry: Entry<'a>,
    /// What it leads to, from the root.
    pub(crate) path: String,
    /// The last line that hangs under it.
    pub(crate) last: u32,
}

/// A list under a heading.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) heading: String,
    pub(crate) heading_line: u32,
    pub(crate) claim: Option<DocumentState>,
}

/// A document that lists others.
pub(crate) struct Index<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) blocks: Vec<Block<'a>>,
}

impl<'a> Index<'a> {
    /// Finds what a document lists. `find` says to which of some paths an entry leads.
    pub(crate) fn new(reading: &'a Reading, find: &dyn Fn(&[String]) -> Option<String>) -> Self {
        let document = &reading.document;
        let target = |written: &str| {
            let path = places(&document.path, written).and_then(|places| find(&places))?;
            (path != document.path).then_some(path)
        };
        let is_meant = |written: &str| target(written).is_some();
        let found = registry::entries(&reading.parsed, document, &is_meant);
        let blocks = found.into_iter().filter_map(|entry| {
            let path = target(entry.written)?;
            let last = last_line(reading, entry.line);
            Some(Block { entry, path, last })
        });
        Self {
            reading,
            blocks: blocks.collect(),
        }
    }

    /// The lists that say how far their plans are, whether they hold any or not.
    pub(crate) fn lists(&self) -> Vec<List> {
        let sections = self.reading.document.sections.iter();
        let sections = sections.filter(|section| section.level > 1);
        let lists = sections.filter_map(|section| {
            Some(List {
                heading: section.title.clone(),
                heading_line: section.line,
                claim: Some(registry::claim(&section.title)?),
            })
        });
        lists.collect()
    }

    /// The list where a plan of a state belongs: of several the first that holds any.
    pub(crate) fn list_for(&self, state: DocumentState) -> Option<List> {
        let wanted = if state.is_closed() {
            DocumentState::Done
        } else {
            DocumentState::Active
        };
        let lists = self.lists();
        let fits = |list: &&List| list.claim == Some(wanted);
        let holds = |list: &&List| {
            let mut blocks = self.blocks.iter();
            blocks.any(|block| block.entry.heading_line == list.heading_line)
        };
        let found = lists.iter().filter(fits).find(holds);
        found.or_else(|| lists.iter().find(fits)).cloned()
    }

    /// The bytes of some lines, with the end of the last.
    pub(crate) fn lines(&self, first: u32, last: u32) -> Span {
        let source = &self.reading.parsed.source;
        let start = source.line_span(first).start;
        let end = if last < source.line_count() {
            source.line_span(last + 1).start
        } else {
            source.line_span(last).end
        };
        Span { start, end }
    }

    /// Adds lines to a list: at its end, or at its top where the newest stand there. Entries in the
    /// lines of `gone` go. `lines` have no line ending behind them.
    pub(crate) fn append(&self, list: &List, gone: &[u32], lines: &str) -> Option<Edit> {
        let source = &self.reading.parsed.source;
        let newline = source.line_ending().as_str();
        let mut own = self
            .blocks
            .iter()
            .filter(|block| block.entry.heading_line == list.heading_line);
        let stays = |block: &&Block<'_>| !gone.contains(&block.entry.line);
        if let Some(last) = own.clone().rev().find(stays) {
            let gap = if lines.starts_with('#') { newline } else { "" };
            let first = own.clone().find(stays).unwrap_or(last);
            let numbers = (number(&first.path), number(&last.path));
            if matches!(numbers, (Some(first), Some(last)) if first > last) {
                let start = source.line_span(first.entry.line).start;
                return Some(Edit::insert(start, format!("{lines}{newline}{gap}")));
            }
            let end = source.line_span(last.last).end;
            return Some(Edit::insert(end, format!("{newline}{gap}{lines}")));
        }
        if let Some(first) = own.next() {
            let start = source.line_span(first.entry.line).start;
            return Some(Edit::insert(start, format!("{lines}{newline}")));
        }
        self.fill(list, lines)
    }

    /// Puts lines under a heading that lists nothing yet.
    fn fill(&self, list: &List, lines: &str) -> Option<Edit> {
        let source = &self.reading.parsed.source;
        let newline = source.line_ending().as_str();
        let sections = self.reading.document.sections.iter();
        let next = sections
            .map(|section| section.line)
            .filter(|line| *line > list.heading_line);
        let end = next.min().unwrap_or(source.line_count() + 1);
        let body: Vec<u32> = (list.heading_line + 1..end)
            .filter(|line| !source.line_text(*line).trim().is_empty())
            .collect();
        match body.as_slice() {
            [] => {
                let at = source.line_span(list.heading_line).end;
                Some(Edit::insert(at, format!("{newline}{newline}{lines}")))
            }
            [only] if says_none(source.line_text(*only)) => {
                Some(Edit::replace(source.line_span(*only), lines))
            }
            [.., last] => {
                let text = source.line_text(*last).trim_start();
                if text.starts_with("```") || text.starts_with("~~~") {
                    return None;
                }
                let is_row = text.starts_with('|') && lines.starts_with('|');
                let gap = if is_row { "" } else { newline };
                let at = source.line_span(*last).end;
                Some(Edit::insert(at, format!("{newline}{gap}{lines}")))
            }
        }
    }

    /// A line for a plan, made after the model of another one.
    pub(crate) fn made(
        &self,
        model: &Block<'_>,
        about: Option<&Plan>,
        plan: &Plan,
    ) -> Option<String> {
        let source = &self.reading.parsed.source;
        let line = source.line_text(model.entry.line);
        let start = source.line_span(model.entry.line).start;
        let span = model.entry.span;
        let (front, back) = (
            line.get(..(span.start - start) as usize)?,
            line.get((span.end - start) as usize..)?,
        );
        let named = self.named(model, about, plan)?;
        if line.trim_start().starts_with('|') {
            let cell = |text: &str| cell(text, about, plan);
            let cells = |text: &str| text.split('|').map(cell).collect::<Vec<_>>().join("|");
            return Some(format!("{}{named}{}", cells(front), cells(back)));
        }
        // Words that tell of the other plan are not true of this one.
        let title = about.map_or("", |about| about.title.as_str());
        let rest = match back.split_once(title).filter(|_| !title.is_empty()) {
            Some((joint, "")) => format!("{joint}{}", plan.title),
            _ => String::new(),
        };
        let lead = front.trim_start();
        let mark = lead.find(' ').map_or(lead, |at| &lead[..at]);
        let digits = mark.bytes().take_while(u8::is_ascii_digit).count();
        let indent = &front[..front.len() - lead.len()];
        let day = dated(&lead[mark.len()..], plan).unwrap_or_default();
        let mark = match mark[..digits].parse::<u32>() {
            Ok(number) => format!("{}{}", number + 1, &mark[digits..]),
            Err(_) => mark.to_owned(),
        };
        let strong = lead.ends_with("**") && back.starts_with("**");
        let named = if strong {
            format!("**{named}**")
        } else {
            named
        };
        Some(format!("{indent}{mark} {day}{named}{rest}"))
    }

    /// The link or code span that names a plan as another one is named.
    fn named(&self, model: &Block<'_>, about: Option<&Plan>, plan: &Plan) -> Option<String> {
        let text = self.reading.parsed.text(model.entry.span);
        let written = model.entry.written.split(['#', '?']).next()?;
        let folder = path::parent(&self.reading.document.path);
        let is_relative =
            path::join(folder, &path::decode(written)).as_deref() == Some(&*model.path);
        let to = if is_relative {
            let to = path::relative(folder, &plan.path);
            let dotted = written.starts_with("./") && !to.starts_with("..");
            if dotted { format!("./{to}") } else { to }
        } else if written.starts_with('/') {
            format!("/{}", plan.path.replace(' ', "%20"))
        } else {
            plan.path.replace(' ', "%20")
        };
        if text.starts_with('`') {
            return Some(format!("`{}`", path::decode(&to)));
        }
        let label = text.strip_prefix('[')?.split("](").next()?;
        let bare = label.trim_matches('`');
        let quote = if bare.len() < label.len() { "`" } else { "" };
        let same = |other: &str| bare == other;
        let new = if same(&model.path) || same(written) {
            to.clone()
        } else if same(path::name(&model.path)) {
            path::name(&plan.path).to_owned()
        } else if same(path::stem(&model.path)) {
            path::stem(&plan.path).to_owned()
        } else if about.is_some_and(|about| same(&about.reference)) {
            plan.reference.clone()
        } else {
            plan.title.replace('[', "\\[").replace(']', "\\]")
        };
        Some(format!("[{quote}{new}{quote}]({to})"))
    }
}

/// The day that stands in front of the names of a list, for this plan: `[2026-03-02] `.
fn dated(front: &str, plan: &Plan) -> Option<String> {
    let old = front.trim_matches(|c: char| !c.is_ascii_digit());
    let is_day = old.len() == 10
        && old.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let day = plan.dates.first().filter(|day| is_day && !day.is_empty())?;
    let around: String = front.replace(old, day).trim_start().to_owned();
    (!around.contains(char::is_alphabetic)).then_some(around)
}

/// A cell of a row about another plan, for this one.
fn cell(text: &str, about: Option<&Plan>, plan: &Plan) -> String {
    let bare = text.trim();
    let filled = |new: &str| {
        let width = text.chars().count();
        let new = format!(" {new} ");
        let missing = width.saturating_sub(new.chars().count());
        format!("{new}{}", " ".repeat(missing))
    };
    let Some(about) = about.filter(|_| !bare.is_empty()) else {
        return text.to_owned();
    };
    if bare == about.title {
        return filled(&plan.title);
    }
    if bare == about.reference {
        return filled(&plan.reference);
    }
    if about.native.as_deref() == Some(bare) {
        return filled(plan.native.as_deref().unwrap_or_default());
    }
    match about.dates.iter().position(|date| date == bare) {
        Some(at) => filled(plan.dates.get(at).map_or("", String::as_str)),
        None => filled(""),
    }
}

/// A plan as lists tell of it.
pub(super) fn plan(entry: &planwright_workspace::Entry<'_>) -> Plan {
    let said = entry.state;
    let state = match said {
        DocumentState::Unknown => folders::claim_of(entry.path).unwrap_or(
            if entry.total > 0 && entry.done == entry.total {
                DocumentState::Done
            } else {
                DocumentState::Active
            },
        ),
        known => known,
    };
    let dates = [entry.created, entry.touched];
    Plan {
        said,
        path: entry.path.to_owned(),
        reference: entry.reference.to_owned(),
        title: entry.title.to_owned(),
        state,
        native: entry.native.map(str::to_owned),
        dates: dates
            .into_iter()
            .map(|date| date.unwrap_or_default().to_owned())
            .collect(),
    }
}

/// The number or date in the name of a file, which tells the order of a list.
fn number(path: &str) -> Option<u64> {
    let name = path::name(path);
    let digits = name.chars().filter(char::is_ascii_digit).take(18);
    digits.collect::<String>().parse().ok()
}

/// The last line of an entry: lines that are indented below it belong to it.
fn last_line(reading: &Reading, line: u32) -> u32 {
    let source = &reading.parsed.source;
    let indent = |line: u32| {
        let text = source.line_text(line);
        text.len() - text.trim_start().len()
    };
    let text = source.line_text(line).trim_start();
    if text.starts_with('|') {
        return line;
    }
    if text.starts_with('#') {
        // All that stands under the heading, up to the next of its rank or a rule.
        let sections = || reading.document.sections.iter();
        let own = sections().find(|section| section.line == line);
        let next = sections().find(|section| {
            section.line > line && own.is_some_and(|own| section.level <= own.level)
        });
        let end = next.map_or(source.line_count() + 1, |section| section.line);
        let is_rule = |line: &u32| matches!(source.line_text(*line).trim(), "---" | "***");
        let inside = (line..end).take_while(|line| !is_rule(line));
        let filled = inside.filter(|line| !source.line_text(*line).trim().is_empty());
        return filled.last().unwrap_or(line);
    }
    let below = (line + 1..=source.line_count()).take_while(|next| {
        !source.line_text(*next).trim().is_empty() && indent(*next) > indent(line)
    });
    below.last().unwrap_or(line)
}

/// True for words that say that a list is empty.
fn says_none(line: &str) -> bool {
    let bare = line
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    bare.is_empty()
        || ["none", "nothing", "n/a", "empty", "no "]
            .iter()
            .any(|word| bare.starts_with(word))
            && bare.len() < 60
}
