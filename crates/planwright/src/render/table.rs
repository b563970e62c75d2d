use super::line::{Line, Page};
use super::style::Style;

/// Rows of cells, aligned to the left, two spaces apart. The last column is cut at the terminal's
/// edge; the others keep their width up to a limit each.
pub(crate) struct Table {
    limits: Vec<usize>,
    rows: Vec<Vec<Line>>,
}

impl Table {
    /// A table whose columns take at most so many characters; the last limit is not looked at.
    pub(crate) fn new(limits: &[usize]) -> Self {
        Self {
            limits: limits.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Line>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(crate) fn lines(self, style: &Style) -> Vec<Line> {
        let last = self.limits.len() - 1;
        // Nothing is cut where the output is no terminal: another program may read it.
        let limit = |column: usize| {
            if style.width.is_some() {
                self.limits[column]
            } else {
                usize::MAX
            }
        };
        let widths: Vec<usize> = (0..last)
            .map(|column| {
                let widest = self.rows.iter().map(|row| row[column].width()).max();
                widest.unwrap_or_default().min(limit(column))
            })
            .collect();
        self.rows
            .into_iter()
            .map(|row| {
                let mut line = Line::new();
                let mut start = 0;
                for (column, cell) in row.into_iter().enumerate() {
                    line = line.pad(start);
                    if column == last {
                        line = line.append(cell);
                    } else {
                        line = line.append(cell.cut(widths[column], style));
                        start += widths[column] + 2;
                    }
                }
                match style.width {
                    Some(columns) => line.cut(columns, style),
                    None => line,
                }
            })
            .collect()
    }

    pub(crate) fn onto(self, page: &mut Page, style: &Style) {
        let lines = self.lines(style);
        page.extend(lines);
    }
}
