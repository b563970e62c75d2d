use jiff::civil::Date;
use planwright_model::Question;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::prose;
use crate::rule::{Category, Check, Rule, page};
use crate::text::{counted, short};

/// How many open questions a finding points at.
const SHOWN: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "PW606",
    name: "question-past-deadline",
    category: Category::Governance,
    reason: "work goes on without the answer that it was to wait for",
    page: page!("question-past-deadline"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// Words of an answer that stands beside its question.
const ANSWERS: [&str; 9] = [
    "answer", "resolved", "resolution", "decided", "decision", "→", "closed", "✅", "conclusion",
];

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let document = doc.document();
    if document.state.value.is_closed() {
        return;
    }
    let is_late = |question: &&Question| {
        let due = question.deadline.as_deref().and_then(date);
        due.is_some_and(|due| context.is_past(due)) && !is_answered(doc, question)
    };
    let late: Vec<&Question> = document.questions.iter().filter(is_late).collect();
    let Some(first) = late.first() else {
        return;
    };
    let native = first.deadline.as_deref().unwrap_or_default();
    let Some(due) = date(native) else {
        return;
    };
    let lines = 1..=doc.parsed().source.line_count();
    let stated = lines
        .filter(|line| {
            let text = doc.text(doc.line_span(*line)).to_lowercase();
            text.contains("deadline")
        })
        .find_map(|line| doc.find_in_line(line, native));
    let days = due.until(context.today()).map_or(0, |span| span.get_days());
    let late_by = counted(days.unsigned_abs() as usize, "day", "days");
    let question = short(&first.text);
    let message = match late.len() {
        1 => format!("`{question}` is still open, {late_by} past its deadline"),
        more => {
            let more = counted(more - 1, "further question", "further questions");
            format!("`{question}` and {more} are still open, {late_by} past their deadline")
        }
    };
    let finding = findings.at(doc, stated.unwrap_or_else(|| doc.line_span(first.line)), message);
    finding.help("answer and tick what is settled, or set a deadline that will be kept");
    for question in late.iter().take(SHOWN) {
        finding.label(doc, doc.line_span(question.line), "open");
    }
}

fn is_answered(doc: &DocumentView, question: &Question) -> bool {
    let text = prose::item_text(doc, question.line);
    // The question itself ends with its mark; what follows may be the answer.
    let after = text.split_once('?').map_or(text, |(_, after)| after).to_lowercase();
    let after = after.replace("resolution deadline", "deadline");
    question.answered
        || text.contains("~~")
        || ANSWERS.iter().any(|word| after.contains(word))
}

/// The date that a deadline begins with or holds.
fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let mut starts = (0..bytes.len().saturating_sub(9)).filter(|at| text.is_char_boundary(*at));
    let numeric = starts.find_map(|at| text.get(at..at + 10)?.parse().ok());
    let in_words = || {
        let text = text.trim_matches(['*', '_', '.', ' ']);
        ["%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y"]
            .iter()
            .find_map(|form| Date::strptime(form, text).ok())
    };
    numeric.or_else(in_words)
}
