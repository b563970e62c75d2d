//! The plain text of inline nodes.

use std::borrow::Cow;

use planwright_syntax::{Kind, NodeId, Span};

use super::Outline;

impl<'a> Outline<'a> {
    /// The characters of inline nodes from `from` on, in one line.
    pub(crate) fn plain(&self, first: NodeId, end: NodeId, from: u32) -> Cow<'a, str> {
        let nodes = &self.parsed.tree.nodes()[first as usize..end.max(first) as usize];
        // Most text is one stretch of the file, however many nodes it is cut into.
        let mut run = Span::default();
        let mut out: Option<String> = None;
        for node in nodes {
            let span = Span {
                start: node.span.start.max(from),
                end: node.span.end,
            };
            if span.start >= span.end || !matches!(node.kind, Kind::Text | Kind::Code | Kind::Break)
            {
                continue;
            }
            if let Some(out) = &mut out {
                self.push_plain(out, node.kind, span);
            } else if run.is_empty() && node.kind != Kind::Break {
                run = span;
            } else if run.end == span.start && node.kind != Kind::Break {
                run.end = span.end;
            } else {
                let rest = nodes.last().map_or(span.end, |node| node.span.end);
                let mut text = String::with_capacity(rest.saturating_sub(run.start) as usize);
                text.push_str(self.parsed.text(run));
                self.push_plain(&mut text, node.kind, span);
                out = Some(text);
            }
        }
        let out = out.map_or_else(|| Cow::Borrowed(self.parsed.text(run)), Cow::Owned);
        if crate::words::is_one_line(&out) {
            return out;
        }
        Cow::Owned(crate::words::one_line(&out))
    }

    fn push_plain(&self, out: &mut String, kind: Kind, span: Span) {
        if kind == Kind::Break {
            out.push(' ');
        } else {
            out.push_str(self.parsed.text(span));
        }
    }

    /// True when all words of the inline nodes from `from` on are struck through.
    pub(super) fn struck(&self, first: NodeId, end: NodeId, from: u32) -> bool {
        let nodes = &self.parsed.tree.nodes()[first as usize..end.max(first) as usize];
        if !nodes
            .iter()
            .any(|node| matches!(node.kind, Kind::Strikethrough))
        {
            return false;
        }
        let tree = &self.parsed.tree;
        let mut at = first;
        let (mut any, mut plain) = (false, 0);
        while at < end {
            let node = tree.node(at);
            if node.span.end <= from {
                at += 1;
                continue;
            }
            match node.kind {
                Kind::Strikethrough => {
                    any = true;
                    at = node.next;
                    continue;
                }
                Kind::Text | Kind::Code => {
                    let span = Span {
                        start: node.span.start.max(from),
                        end: node.span.end,
                    };
                    if !any {
                        plain += self
                            .parsed
                            .text(span)
                            .chars()
                            .filter(|c| c.is_alphanumeric())
                            .count();
                    }
                }
                _ => {}
            }
            at += 1;
        }
        // An id in front (`T012 ~~...~~`) does not make a struck item a living one.
        any && plain <= 8
    }
}
