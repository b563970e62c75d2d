use planwright_ops::dialects::{Answer, Form, Problem, Recognised, ShowAnswer};

use super::line::{Line, Page, Paint};
use super::style::Style;
use super::table::Table;
use super::text::wrap;
use super::{counted, unreadable};

/// The dialects in force.
pub(crate) fn dialects(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    let mut table = Table::new(&[20, 9, 32, 0]);
    table.row(["NAME", "DOCUMENTS", "ORIGIN", "TITLE"].map(|title| Line::new().dim(title)));
    for dialect in &answer.dialects {
        let documents = match dialect.documents {
            0 => Line::new().dim(format!("{:>9}", style.signs().dash)),
            n => Line::new().plain(format!("{n:>9}")),
        };
        table.row([
            Line::new().paint(Paint::Note, &dialect.name),
            documents,
            Line::new().plain(&dialect.origin),
            Line::new().plain(&dialect.title),
        ]);
    }
    table.onto(&mut page, style);
    problems(&mut page, &answer.problems, style);
    unreadable(&mut page, &answer.unreadable, style);
    page.finish(style)
}

/// One dialect, and how a file was recognised.
pub(crate) fn show(answer: &ShowAnswer, style: &Style) -> String {
    let mut page = Page::new();
    if let Some(file) = &answer.file {
        recognised(&mut page, file, answer, style);
        page.gap();
    }
    let dialect = &answer.dialect;
    page.push(
        Line::new()
            .strong(&dialect.name)
            .plain("  ")
            .plain(&dialect.title),
    );
    page.push(Line::indent(2).dim("origin     ").plain(&dialect.origin));
    page.push(
        Line::indent(2)
            .dim("documents  ")
            .plain(match dialect.documents {
                0 => "none here".to_owned(),
                n => n.to_string(),
            }),
    );
    let columns = style.page(100);
    let kinds: Vec<String> = answer
        .kinds
        .iter()
        .map(|(kind, n)| format!("{kind} {n}"))
        .collect();
    field(&mut page, "kinds", &kinds.join(", "), columns);
    if !answer.rules.is_empty() {
        page.gap();
        page.push(Line::indent(2).dim("recognised when, and how much that weighs"));
        for rule in &answer.rules {
            let score = format!("+{}", rule.score);
            for (at, part) in wrap(&rule.text, columns - 8, columns - 8)
                .into_iter()
                .enumerate()
            {
                let start = if at == 0 { score.as_str() } else { "" };
                page.push(Line::indent(2).plain(format!("{start:>4}  {part}")));
            }
        }
    }
    if !answer.states.is_empty() {
        page.gap();
        page.push(Line::indent(2).dim("its own words for states"));
        for (state, words) in &answer.states {
            let label = state.replace('_', " ");
            field(&mut page, &label, &words.join(", "), columns);
        }
    }
    forms(&mut page, &answer.templates, columns);
    if !answer.words.is_empty() {
        page.gap();
        page.push(Line::indent(2).dim("words for states in use here"));
        let mut table = Table::new(&[34, 12, 0]);
        for word in &answer.words {
            table.row([
                Line::indent(2).plain(&word.native),
                Line::new().paint(Paint::Note, word.state.replace('_', " ")),
                Line::new().dim(counted(word.documents, "document", "documents")),
            ]);
        }
        table.onto(&mut page, style);
    }
    problems(&mut page, &answer.problems, style);
    page.finish(style)
}

/// The templates, each with what a document made from it owes.
fn forms(page: &mut Page, forms: &[Form], columns: usize) {
    let Some(widest) = forms.iter().map(|form| form.name.len()).max() else {
        return;
    };
    page.gap();
    page.push(Line::indent(2).dim("templates, and what a document of each owes"));
    for form in forms {
        let name = if form.origin == "built-in" {
            form.name.clone()
        } else {
            format!("{}*", form.name)
        };
        column(page, &name, &owes(form), columns, widest.max(9) + 4);
    }
    let own = forms.iter().filter(|form| form.origin != "built-in");
    let own: Vec<&str> = own.map(|form| form.origin.as_str()).collect();
    if !own.is_empty() {
        column(page, "*", &own.join(", "), columns, widest.max(9) + 4);
    }
}

fn owes(form: &Form) -> String {
    let mut parts = Vec::new();
    if !form.keys.is_empty() {
        let keys = form.keys.join(", ");
        parts.push(if form.keys_optional {
            format!("{keys} where it has front matter")
        } else {
            keys
        });
    }
    if !form.labels.is_empty() {
        parts.push(form.labels.join(", "));
    }
    if !form.sections.is_empty() {
        parts.push(form.sections.join(", "));
    }
    if !form.items.is_empty() {
        parts.push(format!("a {}", form.items.join(", a ")));
    }
    if parts.is_empty() {
        return "nothing".to_owned();
    }
    parts.join("; ")
}

fn field(page: &mut Page, name: &str, text: &str, columns: usize) {
    column(page, name, text, columns, 13);
}

fn column(page: &mut Page, name: &str, text: &str, columns: usize, indent: usize) {
    if text.is_empty() {
        return;
    }
    for (at, part) in wrap(text, columns - indent, columns - indent)
        .into_iter()
        .enumerate()
    {
        let label = if at == 0 { name } else { "" };
        page.push(Line::indent(2).dim(label).pad(indent).plain(part));
    }
}

fn recognised(page: &mut Page, file: &Recognised, answer: &ShowAnswer, style: &Style) {
    page.push(
        Line::new()
            .path(Paint::Strong, &file.path, style)
            .plain(" is read as ")
            .paint(Paint::Note, &file.dialect)
            .plain(format!(" ({})", file.kind)),
    );
    if file.dialect != answer.dialect.name {
        page.push(Line::indent(2).paint(Paint::Warn, format!("not as {}", answer.dialect.name)));
    }
    if !file.listed {
        page.push(Line::indent(2).plain("it is no plan document, and lists leave it out"));
    }
    if file.reasons.is_empty() {
        page.push(Line::indent(2).dim("no rule of any dialect matched"));
    }
    for reason in &file.reasons {
        page.push(
            Line::indent(2)
                .dim(style.signs().dot)
                .plain(" ")
                .plain(reason),
        );
    }
    if file.score > 0 {
        page.push(Line::indent(2).dim(format!("score {}", file.score)));
    }
}

fn problems(page: &mut Page, problems: &[Problem], style: &Style) {
    if !problems.is_empty() {
        page.gap();
    }
    for problem in problems {
        let diagnostic = &problem.diagnostic;
        page.push(
            Line::new()
                .paint(Paint::Bad, style.signs().warning)
                .plain(" ")
                .place(&problem.path, diagnostic.line, style)
                .plain(": ")
                .plain(&diagnostic.message),
        );
        if let Some(help) = &diagnostic.help {
            page.push(Line::indent(2).dim(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use insta::assert_snapshot;
    use planwright_model::{Diagnostic, Level};
    use planwright_ops::dialects::{Dialect, Rule, Word};

    use super::*;

    fn dialect(name: &str, origin: &str, documents: u32) -> Dialect {
        Dialect {
            name: name.to_owned(),
            title: format!("What {name} is"),
            origin: origin.to_owned(),
            documents,
        }
    }

    fn form(name: &str, origin: &str) -> Form {
        Form {
            name: name.to_owned(),
            kind: name.to_owned(),
            origin: origin.to_owned(),
            file: None,
            keys: Vec::new(),
            keys_optional: false,
            labels: Vec::new(),
            sections: Vec::new(),
            items: Vec::new(),
        }
    }

    #[test]
    fn a_table_with_what_is_wrong_below() {
        let answer = Answer {
            schema: "planwright/dialects@1",
            dialects: vec![
                dialect("house", ".planwright/dialects/house", 12),
                dialect("archcore", "built-in", 0),
            ],
            problems: vec![Problem {
                path: ".planwright/dialects/lab/dialect.toml".to_owned(),
                diagnostic: Diagnostic::new(
                    "dialect-invalid",
                    Level::Error,
                    4,
                    "`kinds` is missing",
                )
                .with_help("name at least one kind"),
            }],
            unreadable: Vec::new(),
        };
        assert_snapshot!(dialects(&answer, &Style::plain(80)));
    }

    #[test]
    fn a_file_is_explained_before_its_dialect() {
        let answer = ShowAnswer {
            schema: "planwright/dialect@1",
            dialect: dialect("execplan", "built-in", 3),
            rules: vec![Rule {
                score: 60,
                text: "path matches **/execplans/**/*.md".to_owned(),
            }],
            states: BTreeMap::from([("in_review".to_owned(), vec!["IN REVIEW".to_owned()])]),
            templates: vec![
                form("plan", "built-in"),
                Form {
                    keys: vec!["id".to_owned(), "status".to_owned()],
                    keys_optional: true,
                    labels: vec!["Owner".to_owned()],
                    sections: vec!["Goal".to_owned(), "Tasks".to_owned()],
                    items: vec!["task".to_owned(), "criterion".to_owned()],
                    ..form("adr", ".planwright/dialects/execplan/adr.md")
                },
            ],
            kinds: BTreeMap::from([("plan".to_owned(), 2), ("template".to_owned(), 1)]),
            words: vec![Word {
                native: "COMPLETE".to_owned(),
                state: "done".to_owned(),
                documents: 1,
            }],
            file: Some(Recognised {
                path: "docs/x.md".to_owned(),
                dialect: "execplan".to_owned(),
                kind: "plan".to_owned(),
                listed: true,
                score: 9,
                reasons: vec!["path matches **/execplans/**".to_owned()],
            }),
            problems: Vec::new(),
        };
        assert_snapshot!(show(&answer, &Style::plain(80)));
    }
}
