//! Risks and blockers: rows where the document has a table of them, else list items.

use planwright_syntax::Span;
use planwright_syntax::splice::Edit;

use super::add::{indent_below, is_loose};
use super::section::{self, marker};
use super::{Addition, Part, Refusal, Subject, number};
use crate::outline::{Block, ListItem};
use crate::template::SectionRule;
use crate::words::{is_nothing, normalise, one_line};

/// Ways to add a record; a line to tell of where none will do.
pub(super) fn edits(
    subject: &Subject<'_>,
    addition: &Addition,
    text: &str,
) -> Result<(u32, Vec<Vec<Edit>>), Refusal> {
    let (role, title) = match addition.part {
        Part::Risk => ("risks", "Risks"),
        _ => ("blockers", "Blockers"),
    };
    let writer = Writer {
        subject,
        addition,
        text,
    };
    let lines: Vec<u32> = match addition.part {
        Part::Risk => subject
            .document
            .risks
            .iter()
            .map(|risk| risk.line)
            .collect(),
        _ => subject
            .document
            .blockers
            .iter()
            .map(|blocker| blocker.line)
            .collect(),
    };
    if addition.part == Part::Risk
        && let Some(table) = writer.table(&lines)
        && let Some(edit) = writer.row(table)
    {
        return Ok((table.line, vec![vec![edit]]));
    }
    let items = &subject.outline.items;
    let last = items
        .iter()
        .rev()
        .find(|item| lines.contains(&item.line) && item.parent.is_none());
    if let Some(last) = last {
        return Ok((last.line, vec![vec![writer.beside(last)]]));
    }
    let found = section::find(subject, role);
    if let Some(at) = found {
        let line = subject.outline.sections[at].line;
        if section::has_table(subject, at) {
            return Err(Refusal::NoPlace {
                line,
                why: "it is a table, whose rows are not read".to_owned(),
            });
        }
        let text = writer.item(&format!("{} ", marker(subject)), "", "");
        let mut ways: Vec<Vec<Edit>> = section::in_place_of_nothing(subject, at, &text)
            .into_iter()
            .collect();
        ways.push(vec![section::at_end(subject, at, &text)]);
        return Ok((line, ways));
    }
    let own = |rule: &SectionRule| rule.role.as_deref() == Some(role);
    let template = subject.dialects.template_of(subject.document);
    let form = template.map(|template| template.sections.iter().find(|rule| own(rule)));
    if matches!(form, Some(None)) {
        return Err(subject.no_section(addition.part.as_str()));
    }
    let columns = form.flatten().and_then(|rule| rule.tables.first());
    let columns = columns.filter(|_| addition.part == Part::Risk);
    let text = match columns {
        Some(columns) => writer.new_table(columns),
        None => writer.item(&format!("{} ", marker(subject)), "", ""),
    };
    Ok(section::make(subject, own, title, &text))
}

struct Writer<'s, 'a> {
    subject: &'s Subject<'a>,
    addition: &'s Addition,
    text: &'s str,
}

impl Writer<'_, '_> {
    /// The table that the records stand in, or would.
    fn table(&self, lines: &[u32]) -> Option<&Block> {
        let outline = &self.subject.outline;
        let mut tables = outline.tables.iter().rev();
        let holds = |table: &&Block| {
            let end = self.last_row(table);
            lines.iter().any(|line| *line > table.line && *line <= end)
        };
        tables.clone().find(holds).or_else(|| {
            tables.find(|table| {
                lines.is_empty() && outline.sections[table.section].role_above == Some("risks")
            })
        })
    }

    fn last_row(&self, table: &Block) -> u32 {
        let parsed = self.subject.parsed;
        let text = parsed.text(parsed.tree.node(table.node).span).trim_end();
        table.line + memchr::memchr_iter(b'\n', text.as_bytes()).count() as u32
    }

    /// A row behind the last.
    fn row(&self, table: &Block) -> Option<Edit> {
        let source = &self.subject.parsed.source;
        let last = self.last_row(table);
        let (head, model) = (source.line_text(table.line), source.line_text(last));
        let heads = cells(head);
        if heads.len() < 2 {
            return None;
        }
        let rows: Vec<Vec<&str>> = (table.line + 2..=last)
            .map(|line| cells(source.line_text(line)))
            .collect();
        let values = heads.iter().enumerate().map(|(at, head)| {
            let above = rows.iter().rev().find_map(|row| row.get(at)).copied();
            self.cell(head.trim(), above.map(str::trim))
        });
        // Columns that are drawn one below the other stay so.
        let is_drawn = rows.iter().all(|row| {
            row.len() == heads.len()
                && row
                    .iter()
                    .zip(&heads)
                    .all(|(cell, head)| cell.chars().count() == head.chars().count())
        });
        let written = values.zip(&heads).map(|(value, head)| {
            let width = head.chars().count().saturating_sub(2);
            if is_drawn {
                format!(" {value:width$} ")
            } else {
                format!(" {value} ")
            }
        });
        let written: Vec<String> = written.collect();
        let indent = &model[..model.len() - model.trim_start().len()];
        let is_open = head.trim_start().starts_with('|');
        let row = if is_open {
            format!("{indent}|{}|", written.join("|"))
        } else {
            written.join("|").trim().to_owned()
        };
        let newline = self.subject.newline();
        Some(Edit::insert(
            source.line_span(last).end,
            format!("{newline}{row}"),
        ))
    }

    /// What stands in a column.
    fn cell(&self, head: &str, above: Option<&str>) -> String {
        let head = normalise(head);
        let is = |words: &[&str]| {
            words
                .iter()
                .any(|word| head == *word || head.starts_with(&format!("{word} ")))
        };
        let value = if matches!(
            head.as_str(),
            "id" | "nr" | "no" | "number" | "" | "risk id"
        ) || head == "#"
        {
            above.map(|above| next(self.subject, above))
        } else if is(&["risk", "risks", "description", "风险"]) {
            Some(self.text.to_owned())
        } else {
            self.detail(match () {
                () if is(&["probability", "likelihood", "prob", "概率"]) => "probability",
                () if is(&["impact", "severity", "影响"]) => "impact",
                () if is(&["mitigation", "mitigations", "response", "缓解措施"]) => {
                    "mitigation"
                }
                () if is(&["owner"]) => "owner",
                () => "",
            })
        };
        value.unwrap_or_else(|| "-".to_owned()).replace('|', "\\|")
    }

    fn detail(&self, name: &str) -> Option<String> {
        let mut details = self.addition.details.iter();
        let (_, value) = details.find(|(key, _)| *key == name)?;
        Some(one_line(value))
    }

    fn new_table(&self, columns: &[String]) -> String {
        let newline = self.subject.newline();
        let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let rule = columns
            .iter()
            .map(|column| "-".repeat(column.chars().count().max(3)));
        let values = columns.iter().map(|column| self.cell(column, None));
        let lines = [
            row(columns.to_vec()),
            row(rule.collect()),
            row(values.collect()),
        ];
        lines.join(newline)
    }

    /// A list item behind another, in its form.
    fn beside(&self, last: &ListItem<'_>) -> Edit {
        let subject = self.subject;
        let source = &subject.parsed.source;
        let block = subject.parsed.text(last.span);
        let first = block.lines().next().unwrap_or_default();
        let raw = last.raw.lines().next().unwrap_or_default().trim_end();
        let head = first
            .find(raw)
            .filter(|_| !raw.is_empty())
            .unwrap_or(2.min(first.len()));
        let mut prefix = first.get(..head).unwrap_or("- ").to_owned();
        if let Some(mark) = &last.mark {
            prefix = prefix.replacen(mark.text, "[ ]", 1);
        }
        let digits = prefix.bytes().take_while(u8::is_ascii_digit).count();
        if let Ok(number) = prefix[..digits].parse::<u64>() {
            prefix.replace_range(..digits, &number.saturating_add(1).to_string());
        }
        let start = source.line_span(last.line).start;
        let lead = subject.parsed.text(Span {
            start,
            end: last.span.start,
        });
        let bold = if block.contains('\n') && block.contains("**") {
            "**"
        } else {
            ""
        };
        let indent = indent_below(subject, last);
        let text = self.item(&format!("{lead}{prefix}"), &indent, bold);
        let newline = subject.newline();
        let gap = if is_loose(subject, last) { newline } else { "" };
        Edit::insert(
            source.line_span(last.end_line).end,
            format!("{newline}{gap}{text}"),
        )
    }

    /// A list item, what else it says in bullets of its own.
    fn item(&self, prefix: &str, indent: &str, bold: &str) -> String {
        let newline = self.subject.newline();
        let indent = if indent.is_empty() { "  " } else { indent };
        let mut text = format!("{prefix}{}", self.text);
        for (key, value) in &self.addition.details {
            let mut name = (*key).to_owned();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            if *key == "eta" {
                name.make_ascii_uppercase();
            }
            let value = one_line(value);
            text.extend([newline, indent, "- ", bold, &name, ":", bold, " ", &value]);
        }
        text
    }
}

/// The number behind one in the column of numbers.
fn next(subject: &Subject<'_>, above: &str) -> String {
    let bare = above.trim_matches(['*', '`', ' ']);
    let text = subject.parsed.source.text();
    let found = number::next(&planwright_model::Document::default(), text, bare);
    match found {
        Some(found) if !is_nothing(bare) => above.replacen(bare, &found, 1),
        _ => "-".to_owned(),
    }
}

/// The cells of a row, with the space around their words.
fn cells(row: &str) -> Vec<&str> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row
        .strip_suffix('|')
        .filter(|_| !row.ends_with("\\|"))
        .unwrap_or(row);
    let mut cells = Vec::new();
    let mut from = 0;
    for (at, _) in row.match_indices('|') {
        if !row[..at].ends_with('\\') {
            cells.push(&row[from..at]);
            from = at + 1;
        }
    }
    cells.push(&row[from..]);
    cells
}

#[cfg(test)]
mod tests {
    use super::cells;

    #[test]
    fn a_row_has_its_cells() {
        assert_eq!(cells("| a | b \\| c |"), [" a ", " b \\| c "]);
        assert_eq!(cells("a | b"), ["a ", " b"]);
    }
}
