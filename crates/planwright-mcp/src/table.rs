//! Rows in the fewest tokens: one line each, columns parted by ` | `.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// No answer is longer unless `detail` asks for it; in bytes.
pub(crate) const MOST: usize = 8 * 1024;

/// What a result weighs beside its rows: names of fields, notes, braces.
const FRAME: usize = 640;

/// Rows of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    /// Names of the columns, parted as the rows are.
    pub(crate) columns: String,
    /// One line each.
    pub(crate) rows: Vec<String>,
    /// How many there are in all.
    pub(crate) total: usize,
    /// What to pass as `cursor` to get more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cursor: Option<String>,
    /// What else has to be known, and what to do next.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) notes: Vec<String>,
    /// The whole answer, where `detail` asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) full: Option<Value>,
}

/// Which part of the rows is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) from: usize,
    pub(crate) limit: usize,
}

impl Page {
    /// Rows a page holds where nothing else is asked for.
    const USUAL: usize = 20;

    /// The page that a cursor leads to.
    pub(crate) fn new(cursor: Option<&str>, limit: Option<usize>) -> Self {
        Self {
            from: cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0),
            limit: limit.unwrap_or(Self::USUAL).clamp(1, 200),
        }
    }
}

impl Table {
    /// A table of the rows of a page, as many as fit into [`MOST`] bytes.
    pub(crate) fn new(columns: &str, rows: impl IntoIterator<Item = String>, page: Page) -> Self {
        let mut table = Self {
            columns: columns.to_owned(),
            ..Self::default()
        };
        let mut room = MOST.saturating_sub(FRAME);
        let mut is_open = true;
        for (index, row) in rows.into_iter().enumerate() {
            table.total += 1;
            if index < page.from || !is_open {
                continue;
            }
            // A quote in JSON takes two bytes, and a line break none.
            let size = row.len() + row.matches(['"', '\\']).count() + 3;
            if table.rows.len() == page.limit || (size > room && !table.rows.is_empty()) {
                is_open = false;
                table.cursor = Some(index.to_string());
            } else {
                room = room.saturating_sub(size);
                table.rows.push(row);
            }
        }
        table
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(crate) fn note_if(self, wanted: bool, note: impl FnOnce() -> String) -> Self {
        if wanted { self.note(note()) } else { self }
    }

    /// The table as clients show it that pass on no structured content.
    pub(crate) fn text(&self) -> String {
        let mut lines = Vec::new();
        if !self.rows.is_empty() {
            lines.push(self.columns.clone());
            lines.extend(self.rows.iter().cloned());
        }
        if let Some(cursor) = &self.cursor {
            let shown = self.rows.len();
            lines.push(format!(
                "{shown} of {}; more with cursor {cursor}",
                self.total
            ));
        }
        lines.extend(self.notes.iter().cloned());
        if let Some(full) = &self.full {
            lines.push(full.to_string());
        }
        lines.join("\n")
    }

    /// The schema of every table, as far as it is always there: clients pay for each word.
    pub(crate) fn schema() -> Map<String, Value> {
        let text = json!({"type": "string"});
        let lines = json!({"type": "array", "items": text});
        let schema = json!({
            "type": "object",
            "properties": {
                "columns": text,
                "rows": lines,
                "total": {"type": "integer"},
            },
        });
        match schema {
            Value::Object(schema) => schema,
            _ => Map::new(),
        }
    }
}

/// A row of cells. What would break the line or part a cell is made a space.
pub(crate) fn row<const N: usize>(cells: [&str; N]) -> String {
    let mut line = String::new();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            line.push_str(" | ");
        }
        let words: Vec<&str> = cell
            .split_whitespace()
            .filter(|word| *word != "|")
            .collect();
        line.push_str(&words.join(" "));
    }
    let end = line.trim_end_matches([' ', '|']).len();
    line.truncate(end);
    line
}

/// Text cut to at most so many characters.
pub(crate) fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize, width: usize) -> Vec<String> {
        (0..count).map(|index| format!("{index:width$}")).collect()
    }

    #[test]
    fn a_page_says_how_many_there_are_and_how_to_get_the_rest() {
        let first = Table::new("n", rows(50, 1), Page::new(None, None));
        assert_eq!((first.rows.len(), first.total), (20, 50));
        let last = Table::new("n", rows(50, 1), Page::new(Some("40"), None));
        assert_eq!((last.rows.len(), last.cursor), (10, None));
        assert_eq!(first.cursor.as_deref(), Some("20"));
    }

    #[test]
    fn no_table_is_larger_than_the_most() {
        let table = Table::new("n", rows(500, 400), Page::new(None, Some(200)));
        assert!(table.cursor.is_some());
        assert!(table.text().len() < MOST);
        assert!(serde_json::to_string(&table).unwrap().len() < MOST);
    }

    #[test]
    fn a_row_that_does_not_fit_is_still_a_row() {
        let table = Table::new("n", rows(2, MOST * 2), Page::new(None, None));
        assert_eq!(table.rows.len(), 1);
        assert_eq!(table.cursor.as_deref(), Some("1"));
    }

    #[test]
    fn a_cell_never_breaks_its_row() {
        assert_eq!(row(["a\nb", "", "c | d"]), "a b |  | c d");
        assert_eq!(row(["a", "", ""]), "a");
    }
}
