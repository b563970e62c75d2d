use planwright_ops::explain::{Answer, RuleAnswer};

use super::line::{Line, Page, Paint};
use super::style::Style;
use super::table::Table;

/// The page of a rule, in Markdown as it is.
pub(crate) fn rule(answer: &RuleAnswer) -> String {
    answer.page.to_owned()
}

/// All rules by category.
pub(crate) fn rules(answer: &Answer, style: &Style) -> String {
    let mut page = Page::new();
    let mut table = Table::new(&[8, 40, 8, 0]);
    for rule in &answer.rules {
        let paint = match rule.level {
            "error" => Paint::Bad,
            "warning" => Paint::Warn,
            "info" => Paint::Note,
            _ => Paint::Dim,
        };
        table.row([
            Line::new().dim(rule.code),
            Line::new().strong(rule.name),
            Line::new().paint(paint, rule.level),
            Line::new().plain(rule.reason),
        ]);
    }
    table.onto(&mut page, style);
    page.finish(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_a_line() {
        let answer = planwright_ops::explain::list();
        let text = rules(&answer, &Style::plain(100));
        assert_eq!(text.lines().count(), answer.rules.len());
        assert!(text.starts_with("PW001  unused-suppression"));
    }
}
