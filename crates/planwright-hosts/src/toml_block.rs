//! A table at the end of a TOML file, between markers.
//!
//! Lines at the end are a table wherever the file is valid and does not write the tables above as
//! values; the result is read again, and not written where it says anything else.

use toml::{Table, Value};

use crate::block::{self, Block};
use crate::host::Comment;
use crate::part::{Problem, Standing, line_of};

const COMMENT: Comment = Comment::Hash;

fn parse(text: &str) -> Result<Table, Problem> {
    toml::from_str(text).map_err(|error| Problem {
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        message: error.message().to_owned(),
    })
}

fn find<'t>(table: &'t Table, keys: &[&str]) -> Option<&'t Value> {
    let (first, rest) = keys.split_first()?;
    let found = table.get(*first)?;
    match found {
        Value::Table(table) if !rest.is_empty() => find(table, rest),
        _ => Some(found).filter(|_| rest.is_empty()),
    }
}

/// Whether the table is there, and as it should be.
pub(crate) fn standing(
    text: &str,
    host: &str,
    keys: &[&str],
    lines: &str,
) -> Result<Standing, Problem> {
    let table = parse(text)?;
    match Block::find(text, COMMENT)? {
        Some(block) => Ok(block.standing(host, lines)),
        None if find(&table, keys).is_some() => Ok(Standing::Own),
        None => Ok(Standing::Absent),
    }
}

/// The text with the table.
pub(crate) fn wired(text: &str, host: &str, keys: &[&str], lines: &str) -> Result<String, Problem> {
    let before = parse(text)?;
    let new = match Block::find(text, COMMENT)? {
        Some(block) => block.renewed(text, COMMENT, host, lines),
        None if find(&before, keys).is_some() => return Ok(text.to_owned()),
        None => block::appended(text, COMMENT, host, lines),
    };
    let is_there = parse(&new).is_ok_and(|after| find(&after, keys).is_some());
    if is_there {
        return Ok(new);
    }
    let first = keys.first().copied().unwrap_or_default();
    let at = text
        .lines()
        .position(|line| line.trim_start().starts_with(first));
    Err(Problem {
        line: at.map_or(1, |at| at + 1),
        message: format!(
            "`{first}` is not written as tables; `[{}]` has to be added by hand",
            keys.join(".")
        ),
    })
}
