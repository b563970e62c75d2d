use planwright_model::Head;
use planwright_ops::list::Answer;

use super::bar::{bar, ratio};
use super::line::{Line, Page, Paint};
use super::signs::said;
use super::style::Style;
use super::table::Table;
use super::text::short_title;
use super::{counted, unreadable};

/// A table of heads.
pub(crate) fn list(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    if !answer.documents.is_empty() {
        let columns = style.width.unwrap_or_default();
        let wide = columns >= 100;
        // A reference is there to be typed: the title gives way first.
        let name = 2 * columns / 5;
        let limits = if wide {
            [name, 12, 12, 20, 0]
        } else {
            [name, 8, 10, 9, 0]
        };
        let mut table = Table::new(&limits);
        table
            .row(["REF", "KIND", "STATE", "PROGRESS", "TITLE"].map(|title| Line::new().dim(title)));
        for head in &answer.documents {
            table.row(cells(head, wide, style));
        }
        table.onto(&mut page, style);
        if style.width.is_some() {
            footer(&mut page, answer, style);
        }
    }
    unreadable(&mut page, &answer.unreadable, style);
    page.finish(style)
}

fn cells(head: &Head, wide: bool, style: &Style) -> [Line; 5] {
    let (_, paint) = style.signs().state(head.state.value);
    let ratio = ratio(head.progress);
    let progress = match head.progress.total {
        0 => Line::new().dim(style.signs().dash),
        _ if wide => bar(head.progress, 10, style).plain(format!(" {ratio}")),
        _ => Line::new().plain(ratio),
    };
    // The kind stands beside it; a pipe gets the title as it is written.
    let title = match style.width {
        Some(_) => short_title(&head.title.text),
        None => &head.title.text,
    };
    [
        Line::new().link(Paint::Note, &head.reference, &head.path, style),
        Line::new().plain(&head.kind),
        state(head, paint),
        progress,
        warned(head, style).plain(title),
    ]
}

/// A sign in front of what may be incomplete.
fn warned(head: &Head, style: &Style) -> Line {
    if head.damage.is_empty() {
        Line::new()
    } else {
        Line::new()
            .paint(Paint::Warn, style.signs().warning)
            .plain(" ")
    }
}

fn state(head: &Head, paint: Paint) -> Line {
    use planwright_model::DocumentState::Unknown;
    match (&head.state.native, head.state.value) {
        (Some(native), Unknown) if !native.is_empty() => Line::new().paint(Paint::Warn, native),
        (_, Unknown) => Line::new().dim(said(Unknown)),
        (_, state) => Line::new().paint(paint, said(state)),
    }
}

fn footer(page: &mut Page, answer: &Answer, style: &Style) {
    let mut line = Line::new().dim(counted(answer.total, "document", "documents"));
    let hidden = answer.hidden;
    let dot = format!(" {} ", style.signs().dot);
    if hidden.archived > 0 {
        line = line.dim(format!("{dot}{} archived (--archived)", hidden.archived));
    }
    if hidden.templates > 0 {
        let count = counted(hidden.templates, "template", "templates");
        line = line.dim(format!("{dot}{count} (--all)"));
    }
    page.gap();
    page.push(line);
    let damaged: Vec<&Head> = answer
        .documents
        .iter()
        .filter(|head| !head.damage.is_empty())
        .collect();
    if let Some(first) = damaged.first() {
        let count = u32::try_from(damaged.len()).unwrap_or(u32::MAX);
        let line = Line::new()
            .paint(Paint::Warn, style.signs().warning)
            .plain(format!(
                " {}",
                counted(count, "damaged file", "damaged files")
            ))
            .dim(", perhaps not read in full: ")
            .plain(format!("plan show {}", first.reference));
        page.push(line);
    }
}

/// Why nothing is listed, for people.
pub(crate) fn nothing(answer: &Answer) -> (String, Vec<String>) {
    let hidden = answer.hidden;
    let mut hints = Vec::new();
    let message = match &answer.emptied_by {
        Some(culprit) => {
            if !culprit.values.is_empty() {
                let values: Vec<String> = culprit
                    .values
                    .iter()
                    .map(|(value, n)| format!("{value} ({n})"))
                    .collect();
                hints.push(format!("there are: {}", values.join(", ")));
            }
            format!(
                "no document matches: `{}` leaves none of {}",
                culprit.filter, culprit.without
            )
        }
        None if answer.of == 0 => {
            hints.push("see what is read: plan dialects".to_owned());
            "no plan document was found".to_owned()
        }
        None => "no document matches".to_owned(),
    };
    if hidden.archived > 0 {
        hints.push(format!(
            "{} in an archive would match: add --archived",
            hidden.archived
        ));
    }
    if hidden.templates > 0 {
        let would = counted(hidden.templates, "template", "templates");
        hints.push(format!("{would} would match: add --all"));
    }
    (message, hints)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use planwright_model::{DocumentState, Progress, StateClaim, Title};
    use planwright_ops::filter::{Culprit, Hidden};

    use super::*;

    fn head(name: &str, kind: &str, state: DocumentState, counts: (u32, u32), title: &str) -> Head {
        Head {
            path: format!("docs/{name}.md"),
            dialect: "ai-docs".to_owned(),
            kind: kind.to_owned(),
            reference: name.to_owned(),
            title: Title {
                text: title.to_owned(),
                line: Some(1),
            },
            state: StateClaim {
                value: state,
                ..StateClaim::SILENT
            },
            progress: Progress {
                done: counts.0,
                total: counts.1,
            },
            damage: Vec::new(),
        }
    }

    fn answer() -> Answer {
        let mut odd = head(
            "odd",
            "plan",
            DocumentState::Unknown,
            (1, 3),
            "計画 with a word of its own",
        );
        odd.state.native = Some("Sleeping".to_owned());
        odd.damage = vec!["not-utf8".to_owned()];
        Answer {
            schema: "planwright/list@1",
            total: 4,
            of: 8,
            documents: vec![
                head(
                    "auth-redesign",
                    "plan",
                    DocumentState::Active,
                    (12, 31),
                    "Authentication redesign",
                ),
                head(
                    "adr-004",
                    "adr",
                    DocumentState::Approved,
                    (0, 0),
                    "Tokens are opaque",
                ),
                odd,
                head(
                    "a-reference-that-is-too-long-for-any-column-of-a-terminal",
                    "constitution",
                    DocumentState::InReview,
                    (0, 1100),
                    "Everything that has to be said before anybody may begin to say anything",
                ),
            ],
            hidden: Hidden {
                templates: 3,
                archived: 1,
            },
            emptied_by: None,
            unreadable: Vec::new(),
        }
    }

    #[test]
    fn eighty_columns() {
        assert_snapshot!(list(&answer(), &Style::plain(80)));
    }

    #[test]
    fn a_hundred_and_twenty_columns() {
        assert_snapshot!(list(&answer(), &Style::plain(120)));
    }

    #[test]
    fn a_pipe_gets_everything_and_no_footer() {
        assert_snapshot!(list(
            &answer(),
            &Style {
                unicode: true,
                ..Style::default()
            }
        ));
    }

    #[test]
    fn an_empty_list_blames_the_filter() {
        let answer = Answer {
            total: 0,
            documents: Vec::new(),
            emptied_by: Some(Culprit {
                filter: "--state paused".to_owned(),
                without: 12,
                values: vec![("active".to_owned(), 9), ("done".to_owned(), 3)],
            }),
            ..answer()
        };
        let (message, hints) = nothing(&answer);
        assert_eq!(
            message,
            "no document matches: `--state paused` leaves none of 12"
        );
        assert_eq!(
            hints,
            [
                "there are: active (9), done (3)",
                "1 in an archive would match: add --archived",
                "3 templates would match: add --all",
            ]
        );
    }
}
