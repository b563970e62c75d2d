//! Links and anchors of Markdown.

use std::collections::{HashMap, HashSet};

use crate::{Kind, Parsed, Span};

/// A link or an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// All of it, from `[` to `)`.
    pub span: Span,
    /// Where it leads, as written.
    pub destination: &'a str,
    /// The bytes of the destination: in the link, or in the definition that it refers to; the whole
    /// link where neither shows it as it is.
    pub place: Span,
    /// True when the destination stands as written in `place`.
    pub written: bool,
    /// True for an image.
    pub image: bool,
}

/// The links of a text in their order; code holds none.
pub fn of(parsed: &Parsed) -> impl Iterator<Item = Link<'_>> {
    let nodes = parsed.tree.nodes().iter();
    // Gathered when the first link refers to a definition.
    let mut defined: Option<HashMap<&str, usize>> = None;
    nodes.filter_map(move |node| {
        let image = match node.kind {
            Kind::Link(_) => false,
            Kind::Image(_) => true,
            _ => return None,
        };
        let destination = parsed.tree.string_of(node.kind);
        let text = parsed.text(node.span);
        // The destination is what stands last, before a title.
        let open = text.rfind("](").map(|at| at + 2);
        let at = open.and_then(|open| {
            let rest = &text[open..];
            rest.find(destination)
                .filter(|_| !destination.is_empty())
                .map(|at| open + at)
        });
        let start = match at {
            Some(at) => Some(node.span.start as usize + at),
            None => defined
                .get_or_insert_with(|| definitions(parsed.source.text()))
                .get(destination)
                .copied(),
        };
        let place = start.map(|start| Span::new(start, start + destination.len()));
        Some(Link {
            span: node.span,
            destination,
            place: place.unwrap_or(node.span),
            written: place.is_some(),
            image,
        })
    })
}

/// Where the destinations of lines `[label]: destination` stand, the first of each.
fn definitions(text: &str) -> HashMap<&str, usize> {
    let mut all = HashMap::new();
    for (at, _) in text.match_indices("]:") {
        let rest = &text[at + 2..];
        let start = rest.len() - rest.trim_start_matches([' ', '\t', '<']).len();
        let found = &rest[start..];
        let end = found.find(|c: char| c.is_whitespace() || c == '>');
        let found = &found[..end.unwrap_or(found.len())];
        if !found.is_empty() {
            all.entry(found).or_insert(at + 2 + start);
        }
    }
    all
}

/// The destinations of all definitions `[label]: destination`, whether a link refers to them or not.
pub fn definitions_of(parsed: &Parsed) -> Vec<Span> {
    let source = &parsed.source;
    let body = parsed.front_matter.as_ref().map_or(0, |m| m.outer.end);
    let mut found = Vec::new();
    for line in 1..=source.line_count() {
        let span = source.line_span(line);
        let text = source.slice(span);
        let bare = text.trim_start_matches([' ', '\t', '>']);
        let Some((label, rest)) = bare.strip_prefix('[').and_then(|b| b.split_once("]:")) else {
            continue;
        };
        let is_label = !label.trim().is_empty() && !label.starts_with('^') && !label.contains(']');
        let dest = rest.trim_start_matches([' ', '\t']);
        let (dest, close) = match dest.strip_prefix('<') {
            Some(inner) => (inner, inner.find('>')),
            None => (dest, dest.find(char::is_whitespace)),
        };
        let dest = &dest[..close.unwrap_or(dest.len())];
        if !is_label || dest.is_empty() || span.start < body {
            continue;
        }
        // What stands in a paragraph or in code defines nothing.
        let is_taken = parsed.tree.nodes().iter().any(|node| {
            let leaf = matches!(
                node.kind,
                Kind::Text | Kind::Link(_) | Kind::Fence(_) | Kind::Indented | Kind::Html
            );
            let at = span.end - bare.len() as u32;
            leaf && node.span.start <= at && at < node.span.end
        });
        if !is_taken {
            let start = span.start as usize + (dest.as_ptr() as usize - text.as_ptr() as usize);
            found.push(Span::new(start, start + dest.len()));
        }
    }
    found
}

/// The names that a `#` can lead to: headings as GitHub and mdBook name them, and explicit anchors.
pub fn anchors(parsed: &Parsed) -> HashSet<String> {
    let mut anchors = HashSet::new();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (id, node) in parsed.tree.nodes().iter().enumerate() {
        match node.kind {
            Kind::Heading(_) => {
                let mut text = String::new();
                for child in id + 1..node.next as usize {
                    let child = parsed.tree.node(child as u32);
                    match child.kind {
                        Kind::Text => text.push_str(parsed.text(child.span)),
                        Kind::Code => text.push_str(parsed.text(child.span).trim_matches('`')),
                        Kind::Break => text.push(' '),
                        _ => {}
                    }
                }
                if let Some((bare, id)) = text
                    .trim_end()
                    .strip_suffix('}')
                    .and_then(|text| text.rsplit_once("{#"))
                {
                    anchors.insert(id.to_lowercase());
                    text.truncate(bare.len());
                }
                let slug = anchor(&text);
                let count = seen.entry(slug.clone()).or_default();
                if *count > 0 {
                    anchors.insert(format!("{slug}-{count}"));
                }
                *count += 1;
                anchors.insert(slug);
            }
            Kind::Html | Kind::InlineHtml => {
                let text = parsed.text(node.span);
                for attribute in ["id=\"", "name=\"", "id='", "name='"] {
                    for (at, _) in text.match_indices(attribute) {
                        let rest = &text[at + attribute.len()..];
                        let end = rest.find(['"', '\'']).unwrap_or(0);
                        anchors.insert(rest[..end].to_lowercase());
                    }
                }
            }
            _ => {}
        }
    }
    anchors
}

/// A heading's anchor: lower case, blanks as `-`, no punctuation.
pub fn anchor(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Parsed {
        Parsed::new(text.as_bytes().to_vec())
    }

    #[test]
    fn destinations_have_their_place() {
        let parsed =
            parse("See [a [b]](x.md \"x.md\"), ![i](<a b.png>), `[c](d)`, [r][1].\n\n[1]: y.md\n");
        let found: Vec<(&str, &str, bool)> = of(&parsed)
            .map(|link| (link.destination, parsed.text(link.place), link.image))
            .collect();
        assert_eq!(
            found,
            [
                ("x.md", "x.md", false),
                ("a b.png", "a b.png", true),
                ("y.md", "y.md", false)
            ]
        );
    }

    #[test]
    fn definitions_are_found_outside_of_code_and_paragraphs() {
        let parsed = parse(
            "---\n[z]: z\n---\nWords\n[a]: a.md\n\n[b]: <b c.md> \"T\"\n> [d]:\td.md\n\n```\n[e]: e.md\n```\n\n[^1]: f.md\n",
        );
        let found = definitions_of(&parsed);
        let found: Vec<&str> = found.iter().map(|span| parsed.text(*span)).collect();
        assert_eq!(found, ["b c.md", "d.md"]);
    }

    #[test]
    fn anchors_are_those_of_github() {
        let parsed = parse(
            "# Phase 1: `run` it!\n## Notes\n## Notes\n## Own {#mine}\n<a id=\"Here\"></a>\n",
        );
        let mut found: Vec<String> = anchors(&parsed).into_iter().collect();
        found.sort();
        assert_eq!(
            found,
            ["here", "mine", "notes", "notes-1", "own", "phase-1-run-it"]
        );
    }
}
