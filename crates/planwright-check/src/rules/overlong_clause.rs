use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision::{self, Line};
use crate::prose::Block;
use crate::rule::{Category, Check, Rule, Setting, Value, page};

/// How many long lines a finding points at beside the longest.
const SHOWN: usize = 4;

pub(super) static RULE: Rule = Rule {
    code: "PW904",
    name: "overlong-clause",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "a long line carries a second obligation or hides who has to act",
    page: page!("overlong-clause"),
    settings: &[
        Setting {
            name: "clause",
            default: Value::Number(25),
            help: "how many words a requirement may have",
        },
        Setting {
            name: "step",
            default: Value::Number(20),
            help: "how many words a step may have",
        },
    ],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let lines = precision::lines(doc);
    for (kind, setting, one, many) in [
        (Line::Clause, "clause", "requirement", "requirements"),
        (Line::Step, "step", "step", "steps"),
    ] {
        let most = context.number(&RULE, setting) as usize;
        let all: Vec<(usize, &Block<'_>)> = lines
            .iter()
            .filter(|(line, _)| *line == kind)
            .map(|(_, block)| (block.count(doc), block))
            .collect();
        let long = || all.iter().filter(|(count, _)| *count > most);
        let Some((longest, worst)) = long().max_by_key(|(count, _)| *count) else {
            continue;
        };
        let message = match long().count() {
            1 => format!("this {one} has {longest} words, more than {most}"),
            count => format!(
                "{count} of {} {many} have more than {most} words; the longest has {longest}",
                all.len()
            ),
        };
        let first = doc.line_span(doc.line(worst.span.start));
        let finding = findings.at(doc, first, message);
        finding.help("split it, one obligation or action a line");
        let others = long().filter(|(_, block)| block.span != worst.span);
        for (count, block) in others.take(SHOWN) {
            let line = doc.line_span(doc.line(block.span.start));
            finding.label(doc, line, format!("{count} words"));
        }
    }
}
