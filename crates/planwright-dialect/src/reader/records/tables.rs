//! Tables by their column heads, and list items with their attributes.

use std::collections::BTreeMap;

use planwright_syntax::{Kind, NodeId};

use crate::outline::{ListItem, Outline};
use crate::words::{is_nothing, normalise};

/// A row of a table.
pub(crate) struct Row {
    pub(crate) line: u32,
    pub(crate) cells: Vec<String>,
}

/// The rows of a table, its head first.
pub(crate) fn rows(outline: &Outline<'_>, table: NodeId) -> Vec<Row> {
    let tree = &outline.parsed.tree;
    tree.children(table)
        .map(|(id, node)| Row {
            line: outline.parsed.source.line(node.span.start),
            cells: tree
                .children(id)
                .filter(|(_, cell)| cell.kind == Kind::TableCell)
                .map(|(cell, node)| outline.plain(cell + 1, node.next, 0).into_owned())
                .collect(),
        })
        .collect()
}

/// A table whose columns were recognised by their heads.
pub(super) struct Table {
    pub(super) columns: BTreeMap<&'static str, usize>,
    pub(super) rows: Vec<Row>,
}

impl Table {
    pub(super) fn read(
        outline: &Outline<'_>,
        node: NodeId,
        names: &[(&'static str, &[&str])],
    ) -> Option<Self> {
        let mut rows = rows(outline, node);
        if rows.is_empty() {
            return None;
        }
        let head = rows.remove(0);
        let mut columns = BTreeMap::new();
        for (at, cell) in head.cells.iter().enumerate() {
            let cell = normalise(cell);
            if let Some((name, _)) = names.iter().find(|(name, words)| {
                !columns.contains_key(name)
                    && words
                        .iter()
                        .any(|word| cell == *word || cell.starts_with(&format!("{word} ")))
            }) {
                columns.insert(*name, at);
            }
        }
        Some(Self { columns, rows })
    }

    pub(super) fn cell(&self, row: &Row, name: &str) -> Option<String> {
        let text = row.cells.get(*self.columns.get(name)?)?;
        filled(text)
    }
}

pub(super) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!is_nothing(text)).then(|| text.to_owned())
}

pub(super) fn role_above<'a>(outline: &'a Outline<'_>, section: usize) -> Option<&'a str> {
    outline.sections[section].role_above
}

/// `Key: value` lines in the sub-bullets of a list item.
pub(super) fn attributes<'a>(
    outline: &'a Outline<'_>,
    parent: usize,
) -> impl Iterator<Item = (String, &'a str)> {
    outline.items[parent + 1..]
        .iter()
        .take_while(move |item| item.line <= outline.items[parent].end_line)
        .filter(move |item| item.parent == Some(parent))
        .filter_map(|item| {
            let (key, value) = item.text.split_once([':', '：'])?;
            Some((normalise(key), value.trim()))
        })
}

/// The name and the rest of `**Name:** rest`, `Name - rest`, `Name (rest)`.
pub(super) fn name_and_rest(text: &str) -> (String, Option<String>) {
    for separator in [": ", " — ", " – ", " - ", "："] {
        if let Some((name, rest)) = text.split_once(separator)
            && !name.trim().is_empty()
        {
            return (name.trim().to_owned(), filled(rest));
        }
    }
    (text.trim().to_owned(), None)
}

pub(super) fn top_items<'a>(
    outline: &'a Outline<'_>,
    role: &'a str,
) -> impl Iterator<Item = (usize, &'a ListItem<'a>)> {
    outline.items.iter().enumerate().filter(move |(_, item)| {
        item.parent.is_none()
            && role_above(outline, item.section) == Some(role)
            && !is_nothing(&item.text)
    })
}
