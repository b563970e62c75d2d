//! Comments that say: not this finding, and why.
//!
//! `<!-- planwright: ignore state-disagrees -- the header quotes another plan -->` on a line of its
//! own is about the block below it; behind other text, about its line; in front of everything but
//! front matter, or as `ignore-file`, about the file.

use planwright_syntax::{Kind, Span};
use serde::{Deserialize, Serialize};

use crate::document::DocumentView;
use crate::finding::{Finding, Spot};
use crate::rule::Category;
use crate::rules;

/// One rule that a comment names.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Suppression {
    /// The whole comment.
    pub(crate) comment: Spot,
    /// Where the word stands that names a rule or category.
    pub(crate) place: Spot,
    /// The word.
    pub(crate) word: String,
    /// Whether any rule answers to it.
    pub(crate) known: bool,
    /// First and last byte between which findings are left out.
    region: (u32, u32),
    /// Whether a reason is given.
    pub(crate) reason: bool,
}

impl Suppression {
    /// True when the comment is about a finding.
    pub(crate) fn covers(&self, finding: &Finding) -> bool {
        let (start, end) = self.region;
        // Nobody can silence what is said about the silencing.
        self.reason
            && finding.rule.category != Category::Suppression
            && finding.rule.answers_to(&self.word)
            && start <= finding.span.start
            && finding.span.start < end.max(start + 1)
    }
}

/// The suppressions of a document in their order.
pub(crate) fn read(doc: &DocumentView) -> Vec<Suppression> {
    let mut all = Vec::new();
    for html in doc.html() {
        let text = doc.text(html);
        let mut from = 0;
        while let Some(open) = text[from..].find("<!--") {
            let start = from + open;
            // `<!-->` is whole, and empty.
            let Some(len) = text[start + 4..].find("-->") else {
                break;
            };
            let end = start + 4 + len + 3;
            let offset = html.start as usize;
            comment(doc, Span::new(offset + start, offset + end), &mut all);
            from = end;
        }
    }
    all
}

fn comment(doc: &DocumentView, span: Span, all: &mut Vec<Suppression>) {
    let text = doc.text(span);
    let inner = &text[4..text.len() - 3];
    let Some(order) = inner.trim_start().strip_prefix("planwright:") else {
        return;
    };
    let order = order.trim_start();
    let (whole_file, rest) = match order.strip_prefix("ignore-file") {
        Some(rest) => (true, rest),
        None => match order.strip_prefix("ignore") {
            Some(rest) => (false, rest),
            None => return,
        },
    };
    let (words, reason) = match rest.find("--") {
        Some(at) => (&rest[..at], rest[at + 2..].trim()),
        None => (rest, ""),
    };
    let whole = Span::new(0, doc.parsed().source.text().len() + 1);
    let region = if whole_file || is_at_top(doc, span) {
        whole
    } else {
        region(doc, span)
    };
    let base = span.start as usize + (words.as_ptr() as usize - text.as_ptr() as usize);
    let mut from = 0;
    let mut found = false;
    let separators = |c: char| c.is_whitespace() || c == ',';
    while let Some(at) = words[from..].find(|c| !separators(c)) {
        let start = from + at;
        let end = words[start..]
            .find(separators)
            .map_or(words.len(), |len| start + len);
        let word = &words[start..end];
        all.push(Suppression {
            comment: doc.spot(span),
            place: doc.spot(Span::new(base + start, base + end)),
            word: word.to_owned(),
            known: !rules::select(word).is_empty(),
            region: (region.start, region.end),
            reason: !reason.is_empty(),
        });
        found = true;
        from = end;
    }
    if !found {
        all.push(Suppression {
            comment: doc.spot(span),
            place: doc.spot(span),
            word: text.to_owned(),
            known: false,
            region: (0, 0),
            reason: !reason.is_empty(),
        });
    }
}

/// True when nothing but front matter and comments stands above.
fn is_at_top(doc: &DocumentView, comment: Span) -> bool {
    let nodes = doc.parsed().tree.nodes();
    nodes
        .iter()
        .find(|node| !matches!(node.kind, Kind::Html | Kind::InlineHtml))
        .is_none_or(|node| comment.end <= node.span.start)
}

/// The line of a comment behind text, else the block below it.
fn region(doc: &DocumentView, comment: Span) -> Span {
    let source = &doc.parsed().source;
    let line = source.line_span(source.line(comment.start));
    let before = Span {
        start: line.start,
        end: comment.start,
    };
    let text = doc.text(before);
    if !text.trim_start_matches(['>', ' ', '\t']).is_empty() {
        return line;
    }
    let nodes = doc.parsed().tree.nodes();
    let below = nodes.iter().find(|node| {
        node.span.start >= comment.end && !matches!(node.kind, Kind::Html) && !node.kind.is_inline()
    });
    let end = below.map_or(comment.end, |node| node.span.end);
    Span {
        start: comment.start,
        end,
    }
}

#[cfg(test)]
mod tests {
    use planwright_dialect::Dialects;

    use super::*;

    /// The words of every comment, with the text that they are about.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let (dialects, _) = Dialects::load(&[]);
        let reading = dialects.read("docs/plans/x.md", text.as_bytes().to_vec());
        let doc = DocumentView::new(reading, true);
        let all = read(&doc);
        let found: Vec<(&str, &str)> = all
            .iter()
            .map(|one| {
                let (start, end) = one.region;
                let end = end.min(text.len() as u32);
                (one.word.as_str(), doc.text(Span { start, end }).trim_end())
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_comment_is_about_the_block_below_or_the_line_it_ends() {
        let comment = "<!-- planwright: ignore a, PW1 -- why -->";
        let text = format!("# T\n\n{comment}\nOne\ntwo.\n\nThree.\n");
        let block = format!("{comment}\nOne\ntwo.");
        check(&text, &[("a", &block), ("PW1", &block)]);
        let text = format!("# T\n\nOne {comment}\ntwo.\n");
        let line = format!("One {comment}");
        check(&text, &[("a", &line), ("PW1", &line)]);
    }

    #[test]
    fn above_everything_or_by_name_it_is_about_the_file() {
        let text = "---\na: b\n---\n<!-- planwright: ignore x -- why -->\n\n# T\n";
        check(text, &[("x", text.trim_end())]);
        let text = "# T\n\nOne.\n\n<!-- planwright: ignore-file x -- why -->\n";
        check(text, &[("x", text.trim_end())]);
    }

    #[test]
    fn other_comments_and_broken_ones_are_none() {
        check(
            "# T\n\n<!-->\n\n<!-- -->\n\n<!-- planwright: read this -->\n\n`<!-- planwright: ignore x -- y -->`\n\n<!-- planwright: ignore x",
            &[],
        );
    }
}
