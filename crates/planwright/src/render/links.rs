use planwright_model::Head;
use planwright_ops::links::{Answer, Incoming, Outgoing, Reached};

use super::line::{Line, Page, Paint};
use super::style::Style;
use super::table::Table;
use super::{counted, unreadable};

/// The links of a document in both directions.
pub(crate) fn links(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    page.push(
        Line::new()
            .strong(&answer.document.title.text)
            .plain("  ")
            .link(
                Paint::Note,
                &answer.document.reference,
                &answer.document.path,
                style,
            ),
    );
    if !answer.outgoing.is_empty() || !answer.incoming.is_empty() {
        page.gap();
        let columns = style.page(140);
        let mut table = Table::new(&[16, 2 * columns / 5, columns / 3, 0]);
        for link in &answer.outgoing {
            table.row(outgoing(link, answer, style));
        }
        for link in &answer.incoming {
            table.row(incoming(link, style));
        }
        table.onto(&mut page, style);
    }
    if let Some(reached) = &answer.impact {
        page.gap();
        impact(&mut page, reached, style);
    }
    unreadable(&mut page, &answer.unreadable, style);
    page.finish(style)
}

fn outgoing(link: &Outgoing, answer: &Answer, style: &Style) -> [Line; 4] {
    let label = Line::indent(2).plain(link.kind.as_str().replace('_', " "));
    let place = place(&answer.document.path, link.line, &link.source, style);
    let (name, title) = match &link.document {
        Some(document) => (name(document, style), title(document)),
        None if link.resolved => (
            Line::new().path(Paint::Note, &link.target, style),
            Line::new(),
        ),
        None => (
            Line::new().paint(
                Paint::Bad,
                format!("{} {}", style.signs().cross, link.target),
            ),
            Line::new().paint(Paint::Bad, "not found"),
        ),
    };
    [label, name, title, place]
}

fn incoming(link: &Incoming, style: &Style) -> [Line; 4] {
    [
        Line::indent(2).plain(&link.label),
        name(&link.document, style),
        title(&link.document),
        place(&link.document.path, link.line, &link.source, style),
    ]
}

fn name(document: &Head, style: &Style) -> Line {
    Line::new().link(Paint::Note, &document.reference, &document.path, style)
}

fn title(document: &Head) -> Line {
    Line::new().plain(&document.title.text)
}

/// Where a link is stated: a line of a document, or the file that holds it.
fn place(path: &str, line: u32, source: &str, style: &Style) -> Line {
    match line {
        0 => Line::new().dim(source),
        line => Line::new().link(Paint::Dim, &format!(":{line}"), path, style),
    }
}

fn impact(page: &mut Page, reached: &[Reached], style: &Style) {
    if reached.is_empty() {
        page.push(Line::new().plain("Nothing depends on it."));
        return;
    }
    let count = counted(
        u32::try_from(reached.len()).unwrap_or(u32::MAX),
        "document depends on it",
        "documents depend on it",
    );
    page.push(Line::new().plain(count).dim(", the nearest first:"));
    for found in reached {
        let depth = found.distance.clamp(1, 20) as usize;
        let line = Line::indent(2 * depth)
            .append(name(&found.document, style))
            .dim(format!("  {}  ", found.via.as_str().replace('_', " ")))
            .plain(&found.document.title.text);
        page.push(
            style
                .width
                .map_or(line.clone(), |columns| line.cut(columns, style)),
        );
    }
}

/// What is said where a document has no link.
pub(crate) fn nothing(answer: &Answer) -> String {
    format!("{} is joined to nothing", answer.document.reference)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_model::{Endpoint, RelationType, Title};

    use super::*;

    fn head(name: &str, title: &str) -> Head {
        Head {
            path: format!("docs/{name}.md"),
            reference: name.to_owned(),
            title: Title {
                text: title.to_owned(),
                line: Some(1),
            },
            ..Head::default()
        }
    }

    fn out(kind: RelationType, target: &str, document: Option<Head>, resolved: bool) -> Outgoing {
        Outgoing {
            kind,
            target: target.to_owned(),
            endpoint: Endpoint::Document,
            line: 7,
            source: "front matter".to_owned(),
            resolved,
            document,
        }
    }

    #[test]
    fn both_directions_what_is_missing_and_the_impact() {
        let billing = head("billing", "Billing, second edition");
        let answer = Answer {
            schema: "planwright/links@1",
            document: head("auth", "Authentication redesign"),
            outgoing: vec![
                out(
                    RelationType::Implements,
                    "auth.prd.md",
                    Some(head("auth.prd", "Log in once")),
                    true,
                ),
                out(RelationType::DependsOn, "gone.md", None, false),
                out(RelationType::Touches, "src/auth/", None, true),
            ],
            incoming: vec![Incoming {
                kind: RelationType::DependsOn,
                label: RelationType::DependsOn.inverse_label().to_owned(),
                document: billing.clone(),
                line: 0,
                source: "sync-state".to_owned(),
            }],
            impact: Some(vec![
                Reached {
                    document: billing,
                    distance: 1,
                    via: RelationType::DependsOn,
                },
                Reached {
                    document: head("invoices", "Invoices"),
                    distance: 2,
                    via: RelationType::PartOf,
                },
            ]),
            unreadable: Vec::new(),
        };
        assert_snapshot!(links(&answer, &Style::plain(80)));
    }
}
