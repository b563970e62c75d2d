use planwright_model::Level;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision::Line;
use crate::rule::{Category, Check, Rule, page};
use crate::{precision, prose};

pub(super) static RULE: Rule = Rule {
    code: "PW902",
    name: "open-ended-list",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "nobody can fulfil a list whose end is not stated",
    page: page!("open-ended-list"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

const MARKS: [&str; 10] = [
    "etc.", "etc", "and so on", "and so forth", "and the like", "и т.д.", "и т. д.", "и т.п.", "и т. п.", "и так далее",
];

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    for (line, block) in precision::lines(doc) {
        if !matches!(line, Line::Clause | Line::Step) {
            continue;
        }
        let words = prose::lower(block.words);
        let mark = MARKS.iter().find_map(|mark| prose::find(&words, mark).next());
        let dots = || {
            let end = words.trim_end_matches([' ', '.', '…', ')', ';', ':']);
            let tail = &words[end.len()..];
            let at = tail.find("...").map(|at| (at, 3)).or_else(|| tail.find('…').map(|at| (at, 3)))?;
            // `the name, the day...`: a list goes before, not a pause.
            let sentence = words[..end.len()].rsplit(['.', ';', ':']).next().unwrap_or_default();
            (end.ends_with(',') || sentence.contains(", ")).then_some((end.len() + at.0, end.len() + at.0 + at.1))
        };
        // `and more` in the middle is more of something.
        let more = || {
            let end = words.trim_end_matches([' ', '.', ')', ';', ':']).len();
            words[..end].ends_with(" and more").then(|| (end - "and more".len(), end))
        };
        if let Some((start, end)) = mark.or_else(dots).or_else(more) {
            let span = block.part(start, end);
            findings
                .at(doc, span, format!("the list ends in `{}`", doc.text(span)))
                .help("name the last member, or the property that decides what belongs to it");
        }
    }
}
