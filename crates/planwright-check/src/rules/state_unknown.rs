use std::collections::BTreeMap;

use planwright_dialect::Dialect;
use planwright_model::{Document, StateSource};

use crate::document::DocumentView;
use crate::finding::Findings;
use crate::project::Doc;
use crate::rule::{Category, Check, Rule, page};
use crate::text::nearest;

pub(super) static RULE: Rule = Rule {
    code: "PW203",
    name: "state-unknown",
    category: Category::State,
    reason: "a document whose state nobody understands is in no list",
    page: page!("state-unknown"),
    archived: true,
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// So many documents that share a word use it on purpose.
const SHARED: usize = 3;

fn check(project: &crate::Project<'_>, findings: &mut Findings) {
    let mut shared: BTreeMap<(&str, String), Vec<Doc<'_>>> = BTreeMap::new();
    let unknown = |doc: &Doc<'_>| !doc.facts().claims.unknown_state.is_empty();
    for doc in project.docs().filter(unknown) {
        let word = doc.facts().native().to_lowercase();
        shared.entry((doc.dialect(), word)).or_default().push(doc);
    }
    for ((dialect, _), docs) in &shared {
        let Some((first, others)) = docs.split_first() else {
            continue;
        };
        if docs.len() < SHARED {
            for doc in docs {
                report(doc, findings);
            }
            continue;
        }
        let native = first.facts().native();
        let message = format!("`{native}`, here and in {} more documents, is no state that the {dialect} dialect knows", others.len());
        let finding = findings.at_spot(first.path(), first.facts().stated, message);
        finding.help("where it is a word of this project, say in a dialect of its own what it means");
        finding.sure_if(is_tooled(dialect) && native.is_ascii());
        for doc in others.iter().take(SHARED) {
            finding.label_spot(doc.path(), doc.facts().stated, "here as well");
        }
    }
}

/// True for a dialect whose tool or template says which words there are.
fn is_tooled(dialect: &str) -> bool {
    matches!(dialect, "archcore" | "dev-ops")
}

fn report(doc: &Doc<'_>, findings: &mut Findings) {
    for (message, help) in &doc.facts().claims.unknown_state {
        let finding = findings.at_spot(doc.path(), doc.facts().stated, message.as_str());
        // A slip of the pen shows by itself; any other word its team may well understand.
        let meant = help.as_deref().and_then(|help| help.strip_prefix("did you mean `")?.strip_suffix("`?"));
        let is_slip = meant.is_some_and(|meant| is_slip(&doc.facts().native().to_lowercase(), &meant.to_lowercase()));
        // A word of another language is the team's own.
        finding.sure_if(is_slip || is_tooled(doc.dialect()) && doc.facts().native().is_ascii());
        if let Some(help) = help {
            finding.help(help.as_str());
        }
    }
}

/// True for letters that changed places, and for one that is missing or too many. With another letter in
/// its place a word is a word of its own: `skipped` beside `shipped`.
fn is_slip(word: &str, meant: &str) -> bool {
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (longer, shorter) = if word.len() < meant.len() { (meant, word) } else { (word, meant) };
    let is_left_out = || {
        longer.char_indices().any(|(at, letter)| {
            let rest = &longer[at + letter.len_utf8()..];
            shorter.strip_prefix(&longer[..at]) == Some(rest)
        })
    };
    word.chars().count() > 3 && (letters(word) == letters(meant) || is_left_out())
}

/// What the reader says of a state that nobody knows, with the way out.
pub(super) fn unknown_state(doc: &DocumentView, dialect: Option<&Dialect>) -> Vec<(String, Option<String>)> {
    let document = doc.document();
    if !is_subject(document) {
        return Vec::new();
    }
    let native = document.state.native.as_deref().unwrap_or_default();
    doc.diagnostics(RULE.name)
        .map(|(_, _, message, help)| {
            let words = dialect.into_iter().flat_map(|dialect| {
                let known = dialect.known_states();
                known.map(|(word, _)| word)
            });
            let near = nearest(native, words).map(|word| format!("did you mean `{word}`?"));
            (message.to_owned(), near.or(help.map(str::to_owned)))
        })
        .collect()
}

/// True where this rule tells that nobody knows a document's state.
pub(super) fn is_reported(doc: &DocumentView) -> bool {
    is_subject(doc.document()) && doc.diagnostics(RULE.name).next().is_some()
}

fn is_subject(document: &Document) -> bool {
    let native = document.state.native.as_deref().unwrap_or_default();
    let source = document.state_claims.first().and_then(|claim| claim.source);
    is_a_word(native) && source != Some(StateSource::Footer) && owes_a_state(document)
}

/// True for what can be meant as a state. A sentence behind `Status:` is a remark.
fn is_a_word(native: &str) -> bool {
    native.split_whitespace().count() <= 4
        && (native.is_ascii() || native.chars().count() <= 30 && !native.contains(['（', '，', '。', '；']))
        && !native.ends_with(['.', ',', ':', '—', '–', '·'])
        && (!native.contains(|c: char| c.is_ascii_digit()) || is_stage(native))
}

/// True for a part of the way that is given as a state: `Stage 2`, `50%`. Other numbers are dates,
/// versions and tickets.
fn is_stage(native: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    if native.strip_suffix('%').is_some_and(|number| digits(number.trim_end())) {
        return true;
    }
    let Some((word, number)) = native.rsplit_once(' ') else {
        return false;
    };
    word.chars().all(char::is_alphabetic) && word.len() > 3 && digits(number)
}

/// True for a document whose state somebody asks for: work, and what work is decided by.
fn owes_a_state(document: &Document) -> bool {
    document.holds_work()
        || matches!(
            document.kind.as_str(),
            "spec" | "prd" | "adr" | "rfc" | "idea" | "proposal"
        )
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn slips_are_told_from_other_words() {
        assert!(is_slip("actvie", "active"));
        assert!(is_slip("complted", "completed"));
        assert!(is_slip("drafft", "draft"));
        assert!(!is_slip("skipped", "shipped"));
        assert!(!is_slip("completed-ish", "completed"));
    }
}
