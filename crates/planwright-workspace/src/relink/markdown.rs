//! The references of a Markdown file: links, definitions, attributes of HTML, front matter, words.

use std::collections::HashSet;

use planwright_model::Document;
use planwright_syntax::splice::Edit;
use planwright_syntax::{Kind, Parsed, Span, links};

use super::spell::Place;
use super::words::words;
use super::{File, Reach};
use crate::path;

impl File<'_> {
    /// Every reference of a Markdown document.
    pub(super) fn markdown(&mut self, parsed: &Parsed, document: &Document) {
        let mut taken: Vec<Span> = Vec::new();
        let definitions = links::definitions_of(parsed);
        for span in &definitions {
            self.destination(*span, parsed.text(*span), &mut taken);
        }
        for link in links::of(parsed) {
            let is_inside = link.span.contains(link.place) && link.written;
            if is_inside {
                self.title(&link);
                self.destination(link.place, link.destination, &mut taken);
            } else if !definitions.contains(&link.place) {
                self.unread(&link);
            }
        }
        for node in parsed.tree.nodes() {
            if matches!(node.kind, Kind::Html | Kind::InlineHtml) {
                for span in attributes(parsed.text(node.span), node.span.start) {
                    self.destination(span, parsed.text(span), &mut taken);
                }
            }
        }
        self.with_blanks(document, &mut taken);
        for node in parsed.tree.nodes() {
            let text = parsed.text(node.span);
            let path = text.trim_matches('`').trim();
            if node.kind == Kind::Code && path.contains(' ') && path.contains('/') {
                let at = text.find(path).unwrap_or_default() as u32;
                let start = (node.span.start + at) as usize;
                self.spaced(
                    Span::new(start, start + path.len()),
                    path,
                    Reach::Prose,
                    &mut taken,
                );
            }
        }
        taken.sort_unstable();
        let code: Vec<Span> = parsed
            .tree
            .nodes()
            .iter()
            .filter(|node| matches!(node.kind, Kind::Fence(_) | Kind::Indented))
            .map(|node| node.span)
            .collect();
        let matter = parsed.front_matter.as_ref().map(|matter| matter.outer);
        let stated: HashSet<(u32, &str)> = document
            .relations
            .iter()
            .filter(|relation| relation.source != "link")
            .map(|relation| {
                let target = relation.target.trim_start_matches('@');
                (relation.line, target.split('#').next().unwrap_or(target))
            })
            .collect();
        let text = parsed.source.text();
        let within = |spans: &[Span], at: u32| {
            let next = spans.partition_point(|span| span.start <= at);
            next > 0 && at < spans[next - 1].end
        };
        for word in words(text, Span::new(0, text.len())) {
            let span = word.span();
            if within(&taken, span.start) {
                continue;
            }
            let reach = if stated.contains(&(parsed.source.line(span.start), word.text)) {
                Reach::Value
            } else if matter.is_some_and(|matter| matter.contains(span)) {
                Reach::Matter
            } else if within(&code, span.start) {
                Reach::Code
            } else {
                Reach::Prose
            };
            self.word(&word, reach);
        }
    }

    /// Relations to paths that hold blanks, which are several words.
    fn with_blanks(&mut self, document: &Document, taken: &mut Vec<Span>) {
        for relation in &document.relations {
            let target = relation.target.split('#').next().unwrap_or_default();
            if relation.source == "link" || !target.contains(' ') {
                continue;
            }
            let line = self.source.line_span(relation.line);
            let Some(at) = self.source.slice(line).find(target) else {
                continue;
            };
            let start = line.start as usize + at;
            let span = Span::new(start, start + target.len());
            self.spaced(span, target, Reach::Value, taken);
        }
    }

    /// A path that holds blanks.
    fn spaced(&mut self, span: Span, path: &str, reach: Reach, taken: &mut Vec<Span>) {
        let is_free = !taken.iter().any(|other| other.contains(span));
        if is_free && let Some(found) = self.resolve(path, reach) {
            taken.push(span);
            self.rewrite(span, path, &found, Place::Angle);
        }
    }

    /// A destination of a link, with its place.
    fn destination(&mut self, span: Span, written: &str, taken: &mut Vec<Span>) {
        let head = written.split(['/', '#', '?']).next().unwrap_or_default();
        if written.is_empty() || head.contains(':') || written.starts_with("//") {
            // The words of a URL are looked at as words.
            return;
        }
        taken.push(span);
        let end = written.find(['#', '?']).unwrap_or(written.len());
        let path = &written[..end];
        if path.is_empty() {
            return;
        }
        let place = Span::new(span.start as usize, span.start as usize + end);
        let before = self.source.text()[..span.start as usize]
            .chars()
            .next_back();
        let kind = if before == Some('<') {
            Place::Angle
        } else {
            Place::Link
        };
        match self.resolve(path, Reach::Link) {
            Some(found) => self.rewrite(place, path, &found, kind),
            None if self.leads_out(place, path) => {}
            None => {
                let stands_for_another = path
                    .contains(['<', '>', '{', '}', '*', '$', '[', ']', ' '])
                    || path.contains("...");
                let is_meant = self.moves.has_name(path) && self.may_be_meant(path, Reach::Link);
                let is_own = self.moved && !stands_for_another && !path.starts_with('/');
                let found = self.missing(path).filter(|_| is_own);
                if let Some(found) = found {
                    return self.rewrite(place, path, &found, kind);
                }
                let is_own =
                    is_own && path::parent(self.from) != path::parent(&self.moves.now(self.from));
                if is_meant || is_own {
                    self.unproved(place, "it leads to nothing from here");
                }
            }
        }
    }

    /// Keeps a link out of the repository, `../../issues/7`, as far out as it was. True for such a
    /// link.
    fn leads_out(&mut self, span: Span, written: &str) -> bool {
        let folder = path::parent(self.from);
        if path::join(folder, written).is_some() || written.starts_with('/') {
            return false;
        }
        let depth = |folder: &str| super::spell::parts(folder).len();
        let (old, new) = (
            depth(folder),
            depth(path::parent(&self.moves.now(self.from))),
        );
        let ups = written.split('/').take_while(|part| *part == "..").count();
        if self.moved && old != new && ups > old {
            let rest = &written[ups * 3 - usize::from(written.len() == ups * 3 - 1)..];
            let mut path = "../".repeat(ups - old + new);
            path.push_str(rest);
            if !written.ends_with('/') {
                path.truncate(path.trim_end_matches('/').len());
            }
            self.found.edits.push(Edit::replace(span, path));
        }
        true
    }

    /// A link whose destination stands nowhere as it is read: with escapes, or made by a reference.
    fn unread(&mut self, link: &links::Link<'_>) {
        let destination = link
            .destination
            .split(['#', '?'])
            .next()
            .unwrap_or_default();
        let head = destination.split('/').next().unwrap_or_default();
        if destination.is_empty() || head.contains(':') {
            return;
        }
        let found = self.resolve(destination, Reach::Link);
        let is_moved = |target: &str| self.moved || self.moves.is_moved(target);
        if found.is_some_and(|found| is_moved(&found.target)) {
            self.unproved(link.span, "it is written with escapes");
        }
    }

    /// The text of a link that is the title of a document which gets another one.
    fn title(&mut self, link: &links::Link<'_>) {
        let written = link
            .destination
            .split(['#', '?'])
            .next()
            .unwrap_or_default();
        let Some(found) = self.resolve(written, Reach::Link) else {
            return;
        };
        let Some((old, new)) = self.moves.titled(&found.target) else {
            return;
        };
        let text = self.source.slice(link.span);
        if text.get(1..).is_some_and(|text| text.starts_with(old))
            && text[1 + old.len()..].starts_with("](")
        {
            let start = link.span.start as usize + 1;
            let span = Span::new(start, start + old.len());
            self.found.edits.push(Edit::replace(span, new));
        }
    }
}

/// The values of `href` and `src` in HTML.
fn attributes(html: &str, base: u32) -> Vec<Span> {
    let mut found = Vec::new();
    for name in ["href=", "src="] {
        for (at, _) in html.match_indices(name) {
            let start = at + name.len();
            let quote = html[start..].chars().next();
            let Some(quote) = quote.filter(|quote| matches!(quote, '"' | '\'')) else {
                continue;
            };
            let value = &html[start + 1..];
            if let Some(len) = value.find(quote) {
                let start = base as usize + start + 1;
                found.push(Span::new(start, start + len));
            }
        }
    }
    found
}
