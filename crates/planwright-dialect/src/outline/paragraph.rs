//! Paragraphs: text, or a line that serves as a heading.

use std::borrow::Cow;
use std::cell::OnceCell;

use planwright_syntax::{Kind, NodeId, Span};

use super::{BOLD, BOLD_PHASE, LABEL, Outline, Para};
use crate::vocabulary::Vocabulary;
use crate::words::normalise;

impl<'a> Outline<'a> {
    pub(super) fn paragraph(&mut self, id: NodeId, line: u32, quoted: bool, words: &'a Vocabulary) {
        let node = self.parsed.tree.node(id);
        let raw = self.parsed.text(node.span).trim_end();
        let lead = self.lead(id);
        let mut plain = None;
        if !quoted {
            let cut = memchr::memrchr(b'\n', raw.as_bytes());
            let single = cut.is_none();
            let last = raw[cut.map_or(0, |at| at + 1)..].trim();
            let bold_line = last.starts_with("**") && last.len() < 200 && {
                let bare = last.trim_end_matches([':', '：', ' ']);
                bare.len() > 4 && bare.ends_with("**") && !bare[2..bare.len() - 2].contains("**")
            };
            let colon =
                last.ends_with([':', '：']) || last.ends_with(":**") || last.ends_with("：**");
            let label = colon && last.len() <= 140 && (single || last.starts_with("**"));
            let mut phase_line = false;
            let heads = !self.names_phase();
            if heads && single && self.may_head_phase(id, words) {
                let text = &*plain.insert(self.plain(id + 1, node.next, 0));
                phase_line = text.len() < 160
                    && crate::reader::phases::head(text, words, BOLD_PHASE).is_some();
            }
            if bold_line || label || phase_line {
                let at = node.span.start + (raw.len() - last.len()) as u32;
                let span = Span {
                    start: at,
                    end: at + last.len() as u32,
                };
                let title: Cow<'a, str> = Cow::Owned(
                    last.replace("**", "")
                        .trim_end_matches([':', '：', ' '])
                        .to_owned(),
                );
                let phase = phase_line
                    || heads && crate::reader::phases::head(&title, words, BOLD_PHASE).is_some();
                if !single {
                    let section = self.current();
                    let rest = raw[..raw.len() - last.len()].trim_end();
                    let span = Span {
                        start: node.span.start,
                        end: node.span.start + rest.len() as u32,
                    };
                    let text = crate::words::one_line(&rest.replace("**", ""));
                    self.paras.push(Para {
                        line,
                        span,
                        section,
                        quoted,
                        lead,
                        node: id,
                        text: OnceCell::from(Cow::Owned(text)),
                        pairs: OnceCell::new(),
                    });
                }
                let level = match (phase, colon) {
                    (true, _) => BOLD_PHASE,
                    (_, true) => LABEL,
                    _ => BOLD,
                };
                let title = plain.filter(|_| phase_line).unwrap_or(title);
                self.open_section(
                    level,
                    self.parsed.source.line(span.start),
                    span,
                    title,
                    words,
                );
                return;
            }
            if heads
                && let Some(lead) = &lead
                && crate::reader::phases::head(lead, words, BOLD_PHASE).is_some()
                && let text = plain.get_or_insert_with(|| self.plain(id + 1, node.next, 0))
                && text.len() > lead.len() + 2
                && !behind(text, lead).starts_with([':', '：'])
                && self.heads_work(self.current())
            {
                // `**Phase 1 — the indexer.** Create the package ...`: the bold words head a phase
                // whose text follows on the same line.
                let title = Cow::Owned(lead.trim_end_matches(['.', ' ']).to_owned());
                let span = Span {
                    start: node.span.start,
                    end: node.span.start + raw.len() as u32,
                };
                self.open_section(BOLD_PHASE, line, span, title, words);
            }
        }
        if !quoted
            && let Some(lead) = &lead
            && let Some(role) = words.section(&normalise(lead))
            && matches!(
                role,
                "gates" | "criteria" | "deliverables" | "tasks" | "files" | "questions" | "notes"
            )
            && let text = plain.get_or_insert_with(|| self.plain(id + 1, node.next, 0))
            && (behind(text, lead).trim_start().starts_with([':', '：'])
                || lead.ends_with([':', '：']))
            && self.list_follows(id)
        {
            // `**Gates**: required before merge`, then the list of them.
            let title = Cow::Owned(lead.trim_end_matches([':', '：', ' ']).to_owned());
            self.open_section(LABEL, line, node.span, title, words);
        }
        let section = self.current();
        let span = Span {
            start: node.span.start,
            end: node.span.start + raw.len() as u32,
        };
        self.paras.push(Para {
            line,
            span,
            section,
            quoted,
            lead,
            node: id,
            text: plain.map_or_else(OnceCell::new, OnceCell::from),
            pairs: OnceCell::new(),
        });
    }

    /// True in a section that names a phase and does not hold one: `Current Phase`, `Next milestone`.
    fn names_phase(&self) -> bool {
        let section = &self.sections[self.current()];
        section.phase.is_none()
            && section.norm.split_once(' ').is_some_and(|(first, rest)| {
                matches!(first, "current" | "active" | "next" | "previous" | "last")
                    && matches!(
                        rest,
                        "phase" | "milestone" | "stage" | "step" | "sprint" | "wave"
                    )
            })
    }

    /// False for a paragraph whose first two letters no phase begins with. True says little.
    fn may_head_phase(&self, paragraph: NodeId, words: &Vocabulary) -> bool {
        let tree = &self.parsed.tree;
        let end = tree.node(paragraph).next;
        tree.nodes()[paragraph as usize + 1..end as usize]
            .iter()
            .filter(|node| matches!(node.kind, Kind::Text | Kind::Code))
            .find_map(|node| {
                let text = self.parsed.text(node.span);
                let at = text.find(char::is_alphabetic)?;
                Some(words.may_head_phase(&text[at..]))
            })
            .unwrap_or(false)
    }

    /// True when the node behind a paragraph is a list.
    fn list_follows(&self, paragraph: NodeId) -> bool {
        let tree = &self.parsed.tree;
        let next = tree.node(paragraph).next;
        (next as usize) < tree.nodes().len() && matches!(tree.node(next).kind, Kind::List(_))
    }

    /// True when a section, or one above it, is about tasks.
    fn heads_work(&self, mut at: usize) -> bool {
        while at != 0 {
            if let Some(role) = self.sections[at].role {
                return matches!(role, "tasks" | "steps" | "approach");
            }
            at = self.sections[at].parent;
        }
        false
    }

    /// The strong words that a paragraph begins with, after at most a few symbols.
    fn lead(&self, id: NodeId) -> Option<Cow<'a, str>> {
        let tree = &self.parsed.tree;
        let end = tree.node(id).next;
        let mut at = id + 1;
        if at < end && tree.node(at).kind == Kind::Text {
            let text = self.parsed.text(tree.node(at).span);
            if !text
                .chars()
                .all(|c| c.is_whitespace() || crate::words::is_symbol(c))
            {
                return None;
            }
            at += 1;
        }
        (at < end && tree.node(at).kind == Kind::Strong)
            .then(|| self.plain(at + 1, tree.node(at).next, 0))
            .filter(|text| !text.is_empty())
    }
}

/// What stands behind the strong words that a paragraph begins with, after at most a few symbols.
fn behind<'a>(text: &'a str, lead: &str) -> &'a str {
    text.split_once(lead).map_or("", |(_, rest)| rest)
}
