use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, Setting, Value, page};

pub(super) static RULE: Rule = Rule {
    code: "PW105",
    name: "placeholder-left",
    category: Category::Structure,
    level: Some(Level::Warning),
    reason: "text of the template that nobody filled in looks like an answer and is none",
    page: page!("placeholder-left"),
    settings: &[Setting {
        name: "allow",
        default: Value::Words(&[]),
        help: "texts that look like placeholders and are meant as they stand, with their brackets",
    }],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let allowed = context.words(&RULE, "allow");
    for placeholder in &doc.document().placeholders {
        let text = placeholder.text.as_str();
        if allowed.iter().any(|allowed| allowed == text) {
            continue;
        }
        let span = doc.words_in_line(placeholder.line, text);
        findings
            .at(doc, span, format!("`{text}` is left of the template"))
            .help("fill it in, or remove the line where it does not apply");
    }
}
