//! Principles that were judged: `✅ **Principle**: ...` under a constitution check.

use planwright_model::ItemRole;

use super::Reader;
use crate::reader::item_state;
use crate::words::is_symbol;

impl Reader<'_> {
    /// Lines `✅ **Principle**: ...` that stand as paragraphs under a constitution check.
    pub(super) fn verdict_lines(&mut self) {
        for para in &self.outline.paras {
            if self.home(para.section).role != Some("governance") {
                continue;
            }
            let span = para.span;
            for (n, line) in self.outline.parsed.text(span).lines().enumerate() {
                // `**Principle**: ✅ ...` or `✅ **Principle**: ...`.
                let named = line.trim_start().starts_with("**")
                    && line.split_once(':').is_some_and(|(_, rest)| {
                        starts_with_verdict(rest.trim_start_matches(['*', ' ']))
                            || rest.trim_start_matches(['*', ' ']).starts_with("PASS")
                    });
                if !(starts_with_verdict(line) || named) || strip_verdict_result(line) {
                    continue;
                }
                let Some((state, mark)) = item_state::verdict(line) else {
                    continue;
                };
                let number = para.line + n as u32;
                let mut item = Self::blank(number, number, ItemRole::Gate);
                crate::words::one_line(&line.replace("**", ""))
                    .trim_start_matches(|c: char| is_symbol(c) || c == ' ')
                    .clone_into(&mut item.text);
                (item.state, item.mark) = (state, Some(mark));
                item.phase = self
                    .home(para.section)
                    .phase
                    .map(|up| self.outline.sections[up].line);
                self.items.push(item);
            }
        }
    }
}

pub(super) fn starts_with_verdict(text: &str) -> bool {
    text.trim_start()
        .starts_with(['✅', '✔', '✓', '❌', '✗', '⚠'])
}

/// `GATE RESULT: ✅ PASS` sums up and is no gate itself.
fn strip_verdict_result(line: &str) -> bool {
    let lower = line.to_lowercase();
    let lead = lower.split([':', '：']).next().unwrap_or("");
    [
        "result",
        "overall",
        "status",
        "verdict",
        "summary",
        "conclusion",
        "evaluation",
    ]
    .iter()
    .any(|word| lead.contains(word))
}
