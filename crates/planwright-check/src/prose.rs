//! The sentences of a document: each block's own words at their places, with code, quotations and
//! addresses blanked out, so that what is mentioned is not taken for what is said.

use planwright_syntax::{Kind, NodeId, Span};

use crate::document::{DocumentView, trim};

/// What a block of words is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A paragraph.
    Paragraph,
    /// The first words of a list item; numbered or not.
    Item { numbered: bool, nested: bool },
    /// A cell of a table.
    Cell,
}

/// A block of words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block<'a> {
    /// Its bytes, without marker and box.
    pub(crate) span: Span,
    /// As many bytes as the span has, those that are not prose blank.
    pub(crate) words: &'a str,
    /// What it is.
    pub(crate) shape: Shape,
    /// The heading of level 2 above it, without emphasis; empty where there is none.
    pub(crate) section: &'a str,
}

impl Block<'_> {
    /// The span of a part of the words.
    pub(crate) fn part(&self, start: usize, end: usize) -> Span {
        let from = self.span.start as usize;
        Span::new(from + start, from + end)
    }

    /// How many words it has; code counts as one word.
    pub(crate) fn count(&self, doc: &DocumentView) -> usize {
        doc.text(self.span)
            .split_whitespace()
            .filter(|word| word.contains(char::is_alphanumeric))
            .count()
    }
}

/// A block as its document keeps it.
#[derive(Debug)]
pub(crate) struct Part {
    span: Span,
    words: String,
    shape: Shape,
    section: Span,
}

/// The blocks of a document in their order. Quotations, code and headings are none.
pub(crate) fn blocks(doc: &DocumentView) -> impl Iterator<Item = Block<'_>> {
    doc.blocks().iter().map(|part| Block {
        span: part.span,
        words: &part.words,
        shape: part.shape,
        section: doc.text(part.section),
    })
}

/// Finds the blocks of a document.
pub(crate) fn parts(doc: &DocumentView) -> Vec<Part> {
    let mut walk = Walk {
        doc,
        section: Span::default(),
        found: Vec::new(),
    };
    let tree = &doc.parsed().tree;
    for (id, _) in tree.roots() {
        walk.node(id, None, 0);
    }
    walk.found
}

/// All that belongs to the list item that begins in a line; empty where none does.
pub(crate) fn item_text(doc: &DocumentView, line: u32) -> &str {
    let nodes = doc.parsed().tree.nodes().iter();
    let mut items = nodes.filter(|node| node.kind == Kind::Item);
    items
        .find(|node| doc.line(node.span.start) == line)
        .map_or("", |node| doc.text(node.span))
}

struct Walk<'a> {
    doc: &'a DocumentView,
    section: Span,
    found: Vec<Part>,
}

impl Walk<'_> {
    fn node(&mut self, id: NodeId, numbered: Option<bool>, depth: u32) {
        let tree = &self.doc.parsed().tree;
        let node = tree.node(id);
        match node.kind {
            Kind::Heading(1 | 2) => {
                let text = self.doc.text(node.span);
                let line = text.trim().lines().next().unwrap_or_default();
                let title = line.trim_matches(['#', ' ', '*', '_', '\t']);
                let start = node.span.start as usize + text.find(title).unwrap_or_default();
                self.section = Span::new(start, start + title.len());
            }
            Kind::Paragraph => self.push(node.span, Shape::Paragraph, id),
            Kind::List(first) => {
                for (item, _) in tree.children(id) {
                    self.node(item, Some(first.is_some()), depth + 1);
                }
            }
            Kind::Item => self.item(id, numbered.unwrap_or(false), depth),
            Kind::Table | Kind::TableRow => {
                for (child, below) in tree.children(id) {
                    if below.kind != Kind::TableHead {
                        self.node(child, None, depth);
                    }
                }
            }
            Kind::TableCell => self.push(node.span, Shape::Cell, id),
            _ => {}
        }
    }

    fn item(&mut self, id: NodeId, numbered: bool, depth: u32) {
        let tree = &self.doc.parsed().tree;
        let shape = Shape::Item {
            numbered,
            nested: depth > 1,
        };
        let mut head: Option<Span> = None;
        let mut is_open = true;
        for (child, node) in tree.children(id) {
            if node.kind.is_inline() && is_open {
                let start = head.map_or(node.span.start, |span| span.start);
                head = Some(Span {
                    start,
                    end: node.span.end,
                });
                continue;
            }
            let is_first = head.is_none() && is_open;
            is_open = false;
            if is_first && node.kind == Kind::Paragraph {
                head = Some(node.span);
            } else {
                if let Some(span) = head.take() {
                    self.push(span, shape, id);
                }
                self.node(child, None, depth);
            }
        }
        if let Some(span) = head {
            self.push(span, shape, id);
        }
    }

    fn push(&mut self, span: Span, shape: Shape, id: NodeId) {
        let source = &self.doc.parsed().source;
        let mut span = trim(source, span);
        for mark in ["[ ] ", "[x] ", "[X] ", "[~] ", "[-] "] {
            if self.doc.text(span).starts_with(mark) {
                span.start += mark.len() as u32;
            }
        }
        if span.is_empty() {
            return;
        }
        let mut words = self.doc.text(span).as_bytes().to_vec();
        let mut blank = |from: u32, to: u32| {
            let from = from.max(span.start) - span.start;
            let to = to.min(span.end).max(span.start) - span.start;
            if from < to {
                words[from as usize..to as usize].fill(b' ');
            }
        };
        let tree = &self.doc.parsed().tree;
        let below = id + 1..tree.node(id).next;
        for node in below.map(|at| tree.node(at)) {
            match node.kind {
                Kind::Code | Kind::InlineHtml | Kind::Image(_) | Kind::Strikethrough => {
                    blank(node.span.start, node.span.end);
                }
                Kind::Link(_) => {
                    let text = self.doc.text(node.span);
                    // Of a link its label is prose; of an address nothing is.
                    let cut = if text.starts_with('[') {
                        text.rfind("](").unwrap_or(text.len())
                    } else {
                        0
                    };
                    blank(node.span.start + cut as u32, node.span.end);
                }
                _ => {}
            }
        }
        let words = String::from_utf8(words).unwrap_or_default();
        self.found.push(Part {
            span,
            words: without_quotations(words),
            shape,
            section: self.section,
        });
    }
}

/// Blanks out what stands in quotation marks, and bare addresses.
fn without_quotations(words: String) -> String {
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    for (open, close) in [('"', '"'), ('“', '”'), ('«', '»')] {
        let mut from = 0;
        while let Some(at) = words[from..].find(open) {
            let start = from + at;
            let inner = start + open.len_utf8();
            let Some(len) = words[inner..].find(close) else {
                break;
            };
            let end = inner + len + close.len_utf8();
            cuts.push((start, end));
            from = end;
        }
    }
    let mut from = 0;
    while let Some(at) = words[from..].find("://") {
        let at = from + at;
        let start = words[..at]
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + 1);
        let end = words[at..].find(char::is_whitespace);
        let end = end.map_or(words.len(), |len| at + len);
        cuts.push((start, end));
        from = end;
    }
    if cuts.is_empty() {
        return words;
    }
    let mut bytes = words.into_bytes();
    for (start, end) in cuts {
        bytes[start..end].fill(b' ');
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// A text in lower case with every byte at its place.
pub(crate) fn lower(text: &str) -> String {
    text.chars()
        .map(|c| {
            let mut small = c.to_lowercase();
            match (small.next(), small.next()) {
                (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
                _ => c,
            }
        })
        .collect()
}

/// The places of some words in a text, where they stand as words. A word that ends in `*` is the
/// beginning of one. Both sides are in lower case.
pub(crate) fn find<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    let (stem, is_stem) = match word.strip_suffix('*') {
        Some(stem) => (stem, true),
        None => (word, false),
    };
    text.match_indices(stem).filter_map(move |(start, _)| {
        let mut end = start + stem.len();
        let is_inside = |c: char| c.is_alphanumeric() || c == '_';
        if text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| is_inside(c) || c == '-')
        {
            return None;
        }
        let rest = &text[end..];
        if is_stem {
            end += rest.find(|c: char| !is_inside(c)).unwrap_or(rest.len());
        } else if stem.ends_with(char::is_alphanumeric) && rest.starts_with(is_inside) {
            return None;
        }
        Some((start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_words() {
        let found = |text: &str, word: &str| find(&lower(text), word).count();
        assert_eq!(found("Modern and unmodern, postmodern", "modern"), 1);
        assert_eq!(found("appropriately and inappropriate", "appropriat*"), 1);
        assert_eq!(found("logs, traces, etc. and more", "etc."), 1);
        assert_eq!(found("a best-practices list", "practices"), 0);
    }

    #[test]
    fn what_is_quoted_is_not_said() {
        let text = "say \"robust\" at https://robust.dev/x and be “modern” now".to_owned();
        let left = without_quotations(text.clone());
        assert_eq!(left.len(), text.len());
        assert_eq!(
            left.split_whitespace().collect::<Vec<_>>(),
            ["say", "at", "and", "be", "now"]
        );
    }

    #[test]
    fn lower_case_keeps_places() {
        for text in ["ÄÖÜ İstanbul ẞ", "Современный", "ABC"] {
            assert_eq!(lower(text).len(), text.len());
        }
    }
}
