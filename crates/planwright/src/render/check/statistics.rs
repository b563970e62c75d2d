use std::collections::BTreeMap;

use planwright_ops::check::Answer;

use super::super::line::{Line, Page};
use super::super::style::Style;
use super::super::table::Table;
use super::{paint, totals, word};

/// How many findings each rule has, most first.
pub(crate) fn statistics(answer: &Answer, style: &Style) -> String {
    let mut counts = BTreeMap::new();
    for found in &answer.findings {
        *counts
            .entry((found.code, found.name, found.level))
            .or_insert(0_u32) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.0.cmp(b.0.0)));
    let mut table = Table::new(&[8, 8, 8, 0]);
    for ((code, name, level), count) in counts {
        table.row([
            Line::new().plain(format!("{count:>6}")),
            Line::new().paint(paint(level), word(level)),
            Line::new().dim(code),
            Line::new().plain(name),
        ]);
    }
    let mut page = Page::new();
    table.onto(&mut page, style);
    page.gap();
    if !answer.findings.is_empty() {
        page.push(Line::new().plain(totals(&answer.summary)));
    }
    page.finish(style)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::render::check::example;

    #[test]
    fn rules_are_counted() {
        assert_snapshot!(statistics(&example::answer(), &Style::plain(80)));
    }
}
