use std::sync::OnceLock;

use planwright_dialect::{Reading, Recognition};
use planwright_model::{Document, Item, Level, StateClaim, StateSource};
use planwright_syntax::{Kind, Parsed, Span};
use planwright_workspace::path;

use crate::finding::Spot;
use crate::prose::{self, Part};
use planwright_syntax::links::{self, Link};

/// One document, whole: what it says, and where it says it.
#[derive(Debug)]
pub struct DocumentView {
    reading: Reading,
    listed: bool,
    /// Its prose, taken out for the first rule that asks.
    blocks: OnceLock<Vec<Part>>,
}

impl DocumentView {
    pub(crate) fn new(reading: Reading, listed: bool) -> Self {
        Self {
            reading,
            listed,
            blocks: OnceLock::new(),
        }
    }

    /// Its prose.
    pub(crate) fn blocks(&self) -> &[Part] {
        self.blocks.get_or_init(|| prose::parts(self))
    }

    /// Path from the repository's root.
    pub fn path(&self) -> &str {
        &self.reading.document.path
    }

    /// Its folder; empty for the root.
    pub fn folder(&self) -> &str {
        path::parent(self.path())
    }

    /// The name of its file without `.md`.
    pub fn stem(&self) -> &str {
        let name = self.path().rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".md").unwrap_or(name)
    }

    /// What it says.
    pub fn document(&self) -> &Document {
        &self.reading.document
    }

    /// Its bytes and blocks.
    pub fn parsed(&self) -> &Parsed {
        &self.reading.parsed
    }

    /// Why it was read in its dialect.
    pub fn recognition(&self) -> &Recognition {
        &self.reading.recognition
    }

    /// False for a file that is no plan and was only asked for by its name.
    pub fn is_listed(&self) -> bool {
        self.listed
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        self.parsed().text(span)
    }

    /// Bytes with their place.
    pub(crate) fn spot(&self, span: Span) -> Spot {
        Spot::of(&self.parsed().source, span)
    }

    /// 1-based line of an offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.parsed().source.line(offset)
    }

    /// A line without the blanks around it.
    pub fn line_span(&self, line: u32) -> Span {
        trim(&self.parsed().source, self.parsed().source.line_span(line))
    }

    /// The first place of some words in a line; the line where they are not found as written.
    pub fn words_in_line(&self, line: u32, words: &str) -> Span {
        self.find_in_line(line, words)
            .unwrap_or_else(|| self.line_span(line))
    }

    /// The first place of some words in a line.
    pub fn find_in_line(&self, line: u32, words: &str) -> Option<Span> {
        let span = self.parsed().source.line_span(line);
        let at = self.text(span).find(words).filter(|_| !words.is_empty())?;
        let start = span.start as usize + at;
        Some(Span::new(start, start + words.len()))
    }

    /// The word of a claim about the state; its line where the word cannot be told from others.
    pub fn claim_span(&self, claim: &StateClaim) -> Span {
        let line = claim.line.unwrap_or(1);
        let native = claim.native.as_deref().unwrap_or_default();
        let whole = self.parsed().source.line_span(line);
        let text = self.text(whole);
        // `status: status`: the word stands behind the colon.
        let from = match claim.source {
            Some(StateSource::FrontMatter | StateSource::Header | StateSource::Footer) => {
                text.find([':', '：', '|']).unwrap_or(0)
            }
            _ => 0,
        };
        match text[from..].find(native).filter(|_| !native.is_empty()) {
            Some(at) => {
                let start = whole.start as usize + from + at;
                Span::new(start, start + native.len())
            }
            None => self.line_span(line),
        }
    }

    /// The claim that decides the document's state, and where it stands; the title, or the first
    /// line, where it states none.
    pub fn state_span(&self) -> Span {
        let document = self.document();
        match document.state.line {
            Some(_) => {
                // The claim in `state` has no source; the same one among the claims has.
                let claim = document.state_claims.first().unwrap_or(&document.state);
                self.claim_span(claim)
            }
            None => self.title_span(),
        }
    }

    /// The line of the title; the first line where there is none.
    pub fn title_span(&self) -> Span {
        self.line_span(self.document().title.line.unwrap_or(1))
    }

    /// The first line of an item.
    pub fn item_span(&self, item: &Item) -> Span {
        self.line_span(item.line)
    }

    /// True for a task that is kept for later, or left to who likes: by a word of its own, or by a
    /// heading above it.
    pub(crate) fn is_put_off(&self, item: &Item) -> bool {
        const HEADINGS: [&str; 10] = [
            "future",
            "follow-up",
            "followup",
            "later",
            "optional",
            "deferred",
            "next steps",
            "out of scope",
            "nice to have",
            "postponed",
        ];
        const WORDS: [&str; 11] = [
            "deferred",
            "postponed",
            "out of scope",
            "optional",
            "nice to have",
            "follow-up",
            "covered by",
            "tracked in",
            "tracked by",
            "moved to",
            "blocked by",
        ];
        let says = |line: u32, words: &[&str]| {
            let text = self.text(self.line_span(line)).to_lowercase();
            words.iter().any(|word| text.contains(word))
        };
        let sections = self.document().sections.iter();
        let mut above =
            sections.filter(|section| (section.line..=section.end_line).contains(&item.line));
        // `Deferred (own plan):` above the list.
        let is_of_list =
            |text: &str| text.is_empty() || text.starts_with(['-', '*', '+', ' ', '\t']);
        let source = &self.parsed().source;
        let label = (1..item.line)
            .rev()
            .find(|line| !is_of_list(source.line_text(*line)));
        let is_label = |line: u32| source.line_text(line).trim_end().ends_with([':', '：']);
        (item.line..=item.end_line).any(|line| says(line, &WORDS))
            || label.is_some_and(|line| is_label(line) && says(line, &HEADINGS))
            || above.any(|section| says(section.line, &HEADINGS))
    }

    /// The value of a front matter key, by the key as it is written.
    pub fn front_matter(&self, key: &str) -> Option<Span> {
        let matter = self.parsed().front_matter.as_ref()?;
        let mut value = matter.get(key);
        if value.is_none()
            && let Some((outer, inner)) = key.split_once('.')
        {
            value = matter.get(outer).and_then(|value| value.get(inner));
        }
        let value = value?;
        (!value.span.is_empty()).then(|| trim(&self.parsed().source, value.span))
    }

    /// The links of its text, code left out.
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        links::of(self.parsed())
    }

    /// The bytes of every comment and block of HTML.
    pub fn html(&self) -> impl Iterator<Item = Span> {
        let nodes = self.parsed().tree.nodes().iter();
        nodes
            .filter(|node| matches!(node.kind, Kind::Html | Kind::InlineHtml))
            .map(|node| node.span)
    }

    /// How many tokens it costs to read, estimated: 3.3 bytes each.
    pub fn tokens(&self) -> u32 {
        (self.parsed().source.bytes().len() as u64 * 10).div_ceil(33) as u32
    }

    /// What the reader could not take at face value, under one code: where, and what it says of it.
    pub fn diagnostics(
        &self,
        code: &str,
    ) -> impl Iterator<Item = (Level, u32, &str, Option<&str>)> {
        let all = self.document().diagnostics.iter();
        all.filter(move |found| found.code == code).map(|found| {
            (
                found.level,
                found.line,
                found.message.as_str(),
                found.help.as_deref(),
            )
        })
    }
}

/// A span without the blanks at its ends.
pub(crate) fn trim(source: &planwright_syntax::Source, span: Span) -> Span {
    let text = source.slice(span);
    let start = text.len() - text.trim_start().len();
    let len = text.trim().len();
    let start = span.start as usize + if len == 0 { 0 } else { start };
    Span::new(start, start + len)
}
