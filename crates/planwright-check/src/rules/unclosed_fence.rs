use planwright_syntax::ProblemKind;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::form::is_for_agents;
use crate::reader;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW103",
    name: "unclosed-fence",
    category: Category::Structure,
    reason: "all headings and tasks below an open fence are code, and nobody counts them",
    page: page!("unclosed-fence"),
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    if is_for_agents(doc.path()) {
        return;
    }
    let text = doc.parsed().source.text();
    reader::problems(doc, ProblemKind::UnclosedFence, findings, |span, finding| {
        let mut lines = text[span.start as usize..].lines();
        let opener = lines.next().unwrap_or_default().trim_start_matches(['`', '~', ' ']).trim().to_lowercase();
        // A document that is shown to the end of the file is code as it is meant.
        let is_shown = matches!(opener.as_str(), "md" | "markdown");
        let is_lost = lines.any(|line| line.starts_with("## ") || line.starts_with("### ") || line.starts_with("- ["));
        // What ends with its list or quote takes little along.
        let ends_early = finding.message.contains("ends with it");
        finding.sure_if(is_lost && !is_shown && !ends_early);
    });
}
