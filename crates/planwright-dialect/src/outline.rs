//! A document laid out for reading: sections (headings, bold lines, labels), list items, paragraphs,
//! tables and code, each with the section it stands in.

mod mark;
mod paragraph;
mod plain;

use std::borrow::Cow;
use std::cell::OnceCell;

use planwright_syntax::{Kind, Lines, NodeId, Parsed, Span};

pub(crate) use mark::Mark;

use crate::vocabulary::Vocabulary;
use crate::words::normalise;

/// Level of a bold line that heads a phase.
pub(crate) const BOLD_PHASE: u8 = 7;
/// Level of another bold line standing alone.
pub(crate) const BOLD: u8 = 8;
/// Level of a line that ends in a colon.
pub(crate) const LABEL: u8 = 9;

/// A heading, or a line that serves as one.
#[derive(Debug, Default)]
pub(crate) struct Sec<'a> {
    /// 0 for the whole document, 1 to 6 for headings, then [`BOLD_PHASE`], [`BOLD`], [`LABEL`].
    pub(crate) level: u8,
    pub(crate) line: u32,
    pub(crate) span: Span,
    pub(crate) title: Cow<'a, str>,
    pub(crate) norm: String,
    pub(crate) role: Option<&'a str>,
    /// Role of the nearest section that has one: this one or one above it.
    pub(crate) role_above: Option<&'a str>,
    pub(crate) parent: usize,
    /// Index of the first section after this one that is not below it.
    pub(crate) next: usize,
    /// The text of the heading is struck through from its first to its last word.
    pub(crate) struck: bool,
    /// The author's number of a phase heading, and that it is one.
    pub(crate) phase: Option<crate::reader::phases::PhaseHead>,
}

/// A list item.
#[derive(Debug)]
pub(crate) struct ListItem<'a> {
    pub(crate) line: u32,
    pub(crate) end_line: u32,
    /// Bytes of the item from its marker on.
    pub(crate) span: Span,
    pub(crate) section: usize,
    /// Index of the list item that it is nested in.
    pub(crate) parent: Option<usize>,
    /// The box in front of it and the character inside.
    pub(crate) mark: Option<Mark<'a>>,
    /// The first paragraph as plain text, after the box.
    pub(crate) text: Cow<'a, str>,
    /// The first paragraph as written, after the box.
    pub(crate) raw: &'a str,
    /// All of it is struck through.
    pub(crate) struck: bool,
    /// It stands in a block quote.
    pub(crate) quoted: bool,
}

/// A paragraph that is not a label.
#[derive(Debug)]
pub(crate) struct Para<'a> {
    pub(crate) line: u32,
    pub(crate) span: Span,
    pub(crate) section: usize,
    pub(crate) quoted: bool,
    /// Text of the strong words it begins with.
    pub(crate) lead: Option<Cow<'a, str>>,
    node: NodeId,
    /// Plain text, made when it is first asked for: of most prose nobody asks.
    text: OnceCell<Cow<'a, str>>,
    /// Its `Key: value` pairs, likewise.
    pairs: OnceCell<Vec<(String, String, u32)>>,
}

/// A table or a block of code.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) node: NodeId,
    pub(crate) line: u32,
    pub(crate) section: usize,
}

/// A document laid out.
#[derive(Debug)]
pub(crate) struct Outline<'a> {
    pub(crate) parsed: &'a Parsed,
    pub(crate) sections: Vec<Sec<'a>>,
    /// In the order of their lines, and so of their sections.
    pub(crate) items: Vec<ListItem<'a>>,
    /// In the order of their lines, and so of their sections.
    pub(crate) paras: Vec<Para<'a>>,
    pub(crate) tables: Vec<Block>,
    pub(crate) code: Vec<Block>,
    /// The first heading of level 1.
    pub(crate) h1: Option<usize>,
}

impl<'a> Outline<'a> {
    pub(crate) fn new(parsed: &'a Parsed, words: &'a Vocabulary) -> Self {
        let (mut headings, mut items, mut paras) = (0, 0, 0);
        for node in parsed.tree.nodes() {
            headings += usize::from(matches!(node.kind, Kind::Heading(_)));
            items += usize::from(matches!(node.kind, Kind::Item));
            paras += usize::from(matches!(node.kind, Kind::Paragraph));
        }
        // Some paragraphs are labels, and so sections.
        let mut sections = Vec::with_capacity(headings + paras / 4 + 1);
        sections.push(Sec {
            next: usize::MAX,
            ..Sec::default()
        });
        let mut outline = Self {
            parsed,
            sections,
            items: Vec::with_capacity(items),
            paras: Vec::with_capacity(paras),
            tables: Vec::new(),
            code: Vec::new(),
            h1: None,
        };
        outline.lay_out(words);
        outline.find_gates();
        let count = outline.sections.len();
        for at in 0..count {
            let level = outline.sections[at].level;
            let next = (at + 1..count)
                .find(|&other| outline.sections[other].level <= level)
                .unwrap_or(count);
            outline.sections[at].next = if at == 0 { count } else { next };
            let above = outline.sections[outline.sections[at].parent].role_above;
            let section = &mut outline.sections[at];
            section.role_above = section.role.or(above);
        }
        outline
    }

    fn lay_out(&mut self, words: &'a Vocabulary) {
        /// A list item or quote whose nodes are being visited.
        struct Open {
            next: NodeId,
            /// The list item that all of it stands in.
            item: Option<usize>,
            quoted: bool,
        }
        let parsed = self.parsed;
        let tree = &parsed.tree;
        let mut open: Vec<Open> = Vec::new();
        let mut lines = parsed.source.lines_from_start();
        let mut id = 0;
        let end = tree.nodes().len() as NodeId;
        while id < end {
            while open.last().is_some_and(|last| id >= last.next) {
                open.pop();
            }
            let node = tree.node(id);
            let (in_item, quoted) = open
                .last()
                .map_or((None, false), |last| (last.item, last.quoted));
            match node.kind {
                Kind::Heading(level) => {
                    if in_item.is_none() && !quoted {
                        self.heading(id, level, lines.line(node.span.start), words);
                    }
                    id = node.next;
                    continue;
                }
                Kind::Paragraph => {
                    if in_item.is_none() {
                        self.paragraph(id, lines.line(node.span.start), quoted, words);
                    }
                    id = node.next;
                    continue;
                }
                Kind::BlockQuote => open.push(Open {
                    next: node.next,
                    item: in_item,
                    quoted: true,
                }),
                Kind::Item => {
                    lines.line(node.span.start);
                    let at = self.item(id, lines.clone(), in_item, quoted);
                    open.push(Open {
                        next: node.next,
                        item: Some(at),
                        quoted,
                    });
                }
                Kind::Table | Kind::Fence(_) | Kind::Indented => {
                    let block = Block {
                        node: id,
                        line: lines.line(node.span.start),
                        section: self.current(),
                    };
                    if node.kind == Kind::Table {
                        self.tables.push(block);
                    } else {
                        self.code.push(block);
                    }
                    id = node.next;
                    continue;
                }
                Kind::Rule | Kind::Html if in_item.is_none() && !quoted => {
                    self.end_label(lines.line(node.span.start), node.span);
                }
                _ => {}
            }
            id += 1;
        }
    }

    /// A section that opens with `*GATE: ...*` is a gate, whatever its heading calls it.
    fn find_gates(&mut self) {
        for para in &self.paras {
            let section = &self.sections[para.section];
            let lists = section
                .role
                .is_none_or(|role| matches!(role, "criteria" | "verification"));
            if lists
                && (1..=6).contains(&section.level)
                && self.opening(para) == Some('G')
                && self.text(para).starts_with("GATE")
            {
                self.sections[para.section].role = Some("gates");
            }
        }
    }

    /// The plain text of a paragraph.
    pub(crate) fn text<'b>(&self, para: &'b Para<'a>) -> &'b str {
        para.text.get_or_init(|| {
            let node = self.parsed.tree.node(para.node);
            self.plain(para.node + 1, node.next, 0)
        })
    }

    /// The `Key: value` pairs of a paragraph, and their lines.
    pub(crate) fn pairs<'b>(&self, para: &'b Para<'a>) -> &'b [(String, String, u32)] {
        para.pairs
            .get_or_init(|| crate::reader::header::pairs(self.parsed, para.span))
    }

    /// The first character of a paragraph's plain text, found without making that.
    pub(crate) fn opening(&self, para: &Para<'a>) -> Option<char> {
        if let Some(text) = para.text.get() {
            return text.trim_start().chars().next();
        }
        let end = self.parsed.tree.node(para.node).next;
        self.parsed.tree.nodes()[para.node as usize + 1..end as usize]
            .iter()
            .filter(|node| matches!(node.kind, Kind::Text | Kind::Code))
            .find_map(|node| self.parsed.text(node.span).trim_start().chars().next())
    }

    /// The list items that stand in a section itself.
    pub(crate) fn items_of(&self, section: usize) -> &[ListItem<'a>] {
        let start = self.items.partition_point(|item| item.section < section);
        let rest = &self.items[start..];
        &rest[..rest.partition_point(|item| item.section == section)]
    }

    /// The paragraphs behind line `after` up to and with line `last`.
    pub(crate) fn paras_between(&self, after: u32, last: u32) -> &[Para<'a>] {
        let start = self.paras.partition_point(|para| para.line <= after);
        let rest = &self.paras[start..];
        &rest[..rest.partition_point(|para| para.line <= last)]
    }

    /// The nearest section in front of the end that is of a lower level.
    fn parent_for(&self, level: u8) -> usize {
        let mut at = self.current();
        while at != 0 && self.sections[at].level >= level {
            at = self.sections[at].parent;
        }
        at
    }

    fn current(&self) -> usize {
        self.sections.len() - 1
    }

    fn heading(&mut self, id: NodeId, level: u8, line: u32, words: &'a Vocabulary) {
        let node = self.parsed.tree.node(id);
        let title = self.plain(id + 1, node.next, 0);
        // A setext heading under a paragraph of several lines is a paragraph and a rule by mistake.
        let struck = self.struck(id + 1, node.next, 0);
        let at = self.open_section(level, line, node.span, title, words);
        self.sections[at].struck = struck;
        if level == 1 && self.h1.is_none() {
            self.h1 = Some(at);
            // The title says what the document is, not what its lists are.
            self.sections[at].role = None;
        }
    }

    /// A rule or an HTML block ends what a label said about the lists below it.
    fn end_label(&mut self, line: u32, span: Span) {
        let comment = self.parsed.text(span).trim_start().starts_with("<!--");
        if self.sections[self.current()].level == LABEL && !comment {
            let parent = self.parent_for(LABEL);
            self.sections.push(Sec {
                level: LABEL,
                line,
                span,
                parent,
                ..Sec::default()
            });
        }
    }

    fn open_section(
        &mut self,
        level: u8,
        line: u32,
        span: Span,
        title: Cow<'a, str>,
        words: &'a Vocabulary,
    ) -> usize {
        let norm = normalise(&title);
        let phase = crate::reader::phases::head(&title, words, level);
        let mut role = if phase.is_some() {
            None
        } else {
            words.section(&norm)
        };
        if role.is_none() && phase.is_none() && level == LABEL {
            // `**Output**: five tasks, covering:` is a label of what stands before its colon.
            role = words.section(&normalise(crate::words::before_separator(&title)));
        }
        let parent = self.parent_for(level);
        self.sections.push(Sec {
            level,
            line,
            span,
            title,
            norm,
            role,
            role_above: None,
            parent,
            next: 0,
            struck: false,
            phase,
        });
        self.sections.len() - 1
    }

    /// Takes a list item in; `lines` stand at its beginning.
    fn item(
        &mut self,
        id: NodeId,
        mut lines: Lines<'_>,
        parent: Option<usize>,
        quoted: bool,
    ) -> usize {
        let parsed = self.parsed;
        let tree = &parsed.tree;
        let node = tree.node(id);
        let line = lines.line(node.span.start);
        let (mut first, mut end) = (id + 1, id + 1);
        if first < node.next && tree.node(first).kind == Kind::Paragraph {
            end = tree.node(first).next;
            first += 1;
        } else {
            while end < node.next && tree.node(end).kind.is_inline() {
                end = tree.node(end).next;
            }
        }
        let (start, stop) = if first < end {
            // The span of the last inline node at the top of the paragraph.
            let stop = (first..end)
                .map(|at| tree.node(at).span.end)
                .max()
                .unwrap_or(node.span.start);
            (tree.node(first).span.start, stop)
        } else {
            (node.span.start, node.span.start)
        };
        let raw = parsed.text(Span { start, end: stop });
        let (mark, used) = mark::read(raw);
        let from = start + used as u32;
        let text = self.plain(first, end, from);
        let struck = self.struck(first, end, from);
        let raw = &raw[used..];
        let whole = self.parsed.text(node.span).trim_end();
        let last = node.span.start + whole.len().saturating_sub(1) as u32;
        self.items.push(ListItem {
            line,
            end_line: lines.line(last.max(node.span.start)),
            span: Span {
                start: node.span.start,
                end: node.span.start + whole.len() as u32,
            },
            section: self.current(),
            parent,
            mark,
            text,
            raw,
            struck,
            quoted,
        });
        self.items.len() - 1
    }

    /// The sections from one upwards to the document.
    pub(crate) fn upwards(&self, section: usize) -> impl Iterator<Item = usize> {
        let mut next = Some(section);
        std::iter::from_fn(move || {
            let at = next?;
            next = (at != 0).then(|| self.sections[at].parent);
            Some(at)
        })
    }
}
