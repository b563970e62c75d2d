use planwright_model::DocumentState;
use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::prose;
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::text::short;

pub(super) static RULE: Rule = Rule {
    code: "PW609",
    name: "approved-by-agent",
    category: Category::Governance,
    level: None,
    reason: "where only a person may approve, an agent's approval is none",
    page: page!("approved-by-agent"),
    settings: &[
        Setting {
            name: "agents",
            default: Value::Words(&[
                "agent", "ai", "assistant", "bot", "claude", "codex", "copilot", "cursor", "gemini", "gpt", "llm",
                "opencode",
            ]),
            help: "words in a name that tell an agent",
        },
        Setting {
            name: "states",
            default: Value::Words(&["approved", "active", "done"]),
            help: "canonical states that rest on an approval",
        },
    ],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// Who approved, as documents label it.
const LABELS: [&str; 7] = [
    "approved by", "approved_by", "approver", "approvers", "accepted by", "accepted_by", "signed off by",
];

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let state = doc.document().state.value;
    let states = context.words(&RULE, "states");
    let is_owed = states
        .iter()
        .any(|word| DocumentState::from_canonical(word) == Some(state));
    if !is_owed {
        return;
    }
    let agents = context.words(&RULE, "agents");
    let names = |line: u32| -> Option<(Span, String)> {
        let span = doc.line_span(line);
        let text = doc.text(span).trim_start_matches(['*', '_', '-', '>', ' ']);
        let (label, value) = text.split_once(':')?;
        // `approvedBy` is `approved_by`.
        let label = label.trim_matches(['*', '_', ' ']).to_lowercase().replace("edby", "ed_by");
        let value = value.trim_matches(['*', '_', ' ', '"', '\'']);
        LABELS
            .contains(&label.as_str())
            .then(|| (doc.words_in_line(line, value), value.to_owned()))
    };
    for (span, approver) in (1..=doc.parsed().source.line_count()).filter_map(names) {
        let lower = prose::lower(&approver);
        if agents.iter().any(|agent| prose::find(&lower, &agent.to_lowercase()).next().is_some()) {
            findings
                .at(doc, span, format!("`{}` approved this, and is no person", short(&approver)))
                .help("have a person approve it, or set the state back");
        }
    }
}
