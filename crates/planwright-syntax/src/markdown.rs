//! Markdown as a flat tree of nodes with byte spans.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use crate::{Problem, ProblemKind, Source, Span};

/// Index of a node in its [`Tree`].
pub type NodeId = u32;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// A block quote.
    BlockQuote,
    /// A list; ordered where it carries its first number.
    List(Option<u32>),
    /// An item of a list.
    Item,
    /// A fenced code block; the index of its info string.
    Fence(u32),
    /// A code block by indentation.
    Indented,
    /// HTML that stands alone, comments included.
    Html,
    /// A table.
    Table,
    /// The first row of a table.
    TableHead,
    /// A further row of a table.
    TableRow,
    /// A cell of a row.
    TableCell,
    /// A rule (`---`).
    Rule,
    /// The definition of a footnote.
    Footnote,
    /// Characters.
    Text,
    /// A code span.
    Code,
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Text struck through.
    Strikethrough,
    /// A link; the index of its destination.
    Link(u32),
    /// An image; the index of its destination.
    Image(u32),
    /// HTML inside a line.
    InlineHtml,
    /// A line end inside a paragraph.
    Break,
}

impl Kind {
    /// True for what stands inside a line.
    pub const fn is_inline(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Code
                | Self::Emphasis
                | Self::Strong
                | Self::Strikethrough
                | Self::Link(_)
                | Self::Image(_)
                | Self::InlineHtml
                | Self::Break
        )
    }
}

/// A node: what it is, where it stands, and where its subtree ends.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// The bytes it covers.
    pub span: Span,
    /// Index of the first node after this one that is not below it.
    pub next: NodeId,
}

/// The nodes of a document in the order of their first byte, parents before children.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    strings: Vec<String>,
}

impl Tree {
    /// Parses the text from `start` on.
    pub fn parse(source: &Source, start: u32, problems: &mut Vec<Problem>) -> Self {
        let text = source.text().get(start as usize..).unwrap_or("");
        let options =
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
        let mut tree = Self {
            nodes: Vec::with_capacity(text.len() / 16 + 8),
            strings: Vec::new(),
        };
        let mut open: Vec<NodeId> = Vec::with_capacity(16);
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            let span = Span::new(start as usize + range.start, start as usize + range.end);
            match event {
                Event::Start(tag) => {
                    let kind = match tag {
                        Tag::Heading { level, .. } => Kind::Heading(level as u8),
                        Tag::BlockQuote(_) => Kind::BlockQuote,
                        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                            Kind::Fence(tree.string(&info))
                        }
                        Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Indented,
                        Tag::HtmlBlock => Kind::Html,
                        Tag::List(first) => Kind::List(first.map(|first| first as u32)),
                        Tag::Item => Kind::Item,
                        Tag::FootnoteDefinition(_) => Kind::Footnote,
                        Tag::Table(_) => Kind::Table,
                        Tag::TableHead => Kind::TableHead,
                        Tag::TableRow => Kind::TableRow,
                        Tag::TableCell => Kind::TableCell,
                        Tag::Emphasis => Kind::Emphasis,
                        Tag::Strong => Kind::Strong,
                        Tag::Strikethrough => Kind::Strikethrough,
                        Tag::Link { dest_url, .. } => Kind::Link(tree.string(&dest_url)),
                        Tag::Image { dest_url, .. } => Kind::Image(tree.string(&dest_url)),
                        // A paragraph; further tags need options that are off.
                        _ => Kind::Paragraph,
                    };
                    open.push(tree.nodes.len() as NodeId);
                    tree.push(kind, span);
                }
                Event::End(_) => {
                    if let Some(id) = open.pop() {
                        tree.nodes[id as usize].next = tree.nodes.len() as NodeId;
                    }
                }
                Event::Code(_) => tree.push(Kind::Code, span),
                Event::Html(_) => {
                    // Inside an HTML block every line is an event; the block's span has them all.
                }
                Event::InlineHtml(_) => tree.push(Kind::InlineHtml, span),
                Event::SoftBreak | Event::HardBreak => tree.push(Kind::Break, span),
                Event::Rule => tree.push(Kind::Rule, span),
                // Text; further events need options that are off.
                _ => tree.push(Kind::Text, span),
            }
        }
        tree.find_unclosed_fences(source, problems);
        tree
    }

    fn push(&mut self, kind: Kind, span: Span) {
        let next = self.nodes.len() as NodeId + 1;
        self.nodes.push(Node { kind, span, next });
    }

    fn string(&mut self, text: &str) -> u32 {
        self.strings.push(text.to_owned());
        self.strings.len() as u32 - 1
    }

    /// All nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// One node.
    pub fn node(&self, id: NodeId) -> Node {
        self.nodes[id as usize]
    }

    /// The info string of a fence, or the destination of a link or image.
    pub fn string_of(&self, kind: Kind) -> &str {
        match kind {
            Kind::Fence(at) | Kind::Link(at) | Kind::Image(at) => {
                self.strings.get(at as usize).map_or("", String::as_str)
            }
            _ => "",
        }
    }

    /// The nodes directly below a node.
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children {
            tree: self,
            at: id + 1,
            end: self.nodes[id as usize].next,
        }
    }

    /// The nodes at the top.
    pub fn roots(&self) -> Children<'_> {
        Children {
            tree: self,
            at: 0,
            end: self.nodes.len() as NodeId,
        }
    }

    /// A fence that runs to the end of what holds it, without a closing line, swallows everything
    /// below it.
    fn find_unclosed_fences(&self, source: &Source, problems: &mut Vec<Problem>) {
        for node in &self.nodes {
            if !matches!(node.kind, Kind::Fence(_)) {
                continue;
            }
            let text = source.slice(node.span).trim_end();
            let mark = text.chars().next().unwrap_or('`');
            let width = text.chars().take_while(|c| *c == mark).count();
            let last = text.lines().last().unwrap_or("");
            let last = last.trim_start_matches([' ', '\t', '>']);
            let closes = text.lines().nth(1).is_some()
                && last.len() >= width
                && last.trim_end().chars().all(|c| c == mark);
            if !closes {
                let line = source.line_span(source.line(node.span.start));
                let is_last = source
                    .slice(Span::new(node.span.end as usize, source.text().len()))
                    .trim()
                    .is_empty();
                let message = if is_last {
                    "this code fence is never closed; all below it counts as code"
                } else {
                    "this code fence is not closed in the list or quote that it stands in, and ends with it"
                };
                problems.push(Problem {
                    kind: ProblemKind::UnclosedFence,
                    span: line,
                    message: message.to_owned(),
                });
            }
        }
    }
}

/// Iterates over siblings.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    tree: &'a Tree,
    at: NodeId,
    end: NodeId,
}

impl Iterator for Children<'_> {
    type Item = (NodeId, Node);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let id = self.at;
        let node = self.tree.nodes[id as usize];
        self.at = node.next;
        Some((id, node))
    }
}
