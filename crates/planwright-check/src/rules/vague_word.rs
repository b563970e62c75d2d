use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::rule::{Category, Check, Rule, Setting, Value, page};
use crate::{precision, prose};

pub(super) static RULE: Rule = Rule {
    code: "PW901",
    name: "vague-word",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "a word that praises without a fact can be neither checked nor refuted",
    page: page!("vague-word"),
    settings: &[Setting {
        name: "words",
        default: Value::Words(&[
            "appropriat*", "as needed", "best practice*", "convenient*", "cutting edge", "cutting-edge", "efficient*",
            "flexible", "flexibly", "modern", "optimal*", "reasonable", "reasonably", "robust*", "scalable", "seamless*", "state of the art",
            "state-of-the-art", "streamlined", "timely", "user-friendly", "various", "world class", "world-class", "гибк*",
            "масштабируем*", "надежн*", "надёжн*", "оптимальн*", "передов*", "правильн*", "современн*", "удобн*",
            "эффективн*",
        ]),
        help: "words that say nothing exact; `*` stands for any ending",
    }],
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, context: &Context, findings: &mut Findings) {
    let lines = precision::lines(doc);
    if lines.is_empty() {
        return;
    }
    let text = prose::lower(doc.parsed().source.text());
    let mut vague = context.words(&RULE, "words");
    // Most words stand nowhere, which one look tells.
    vague.retain(|word| text.contains(word.strip_suffix('*').unwrap_or(word)));
    for (_, block) in lines {
        let words = prose::lower(block.words);
        let found = vague.iter().flat_map(|word| prose::find(&words, word));
        for (start, end) in found {
            let span = block.part(start, end);
            // `robust to either` says against what; `Best Practices` is the name of a section.
            let says_to_what = ["to ", "against ", "for ", "under "]
                .iter()
                .any(|to| words[start..end].starts_with("robust") && words[end..].trim_start().starts_with(to));
            let is_name = doc.text(span).split(' ').nth(1).is_some_and(|word| word.starts_with(char::is_uppercase));
            if says_to_what || is_name {
                continue;
            }
            findings
                .at(doc, span, format!("`{}` says nothing that can be checked", doc.text(span)))
                .help("write the fact instead: a number, a version, a threshold, a name");
        }
    }
}
