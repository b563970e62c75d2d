use planwright_model::Level;
use planwright_syntax::Span;

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::precision::{self, Line, modals};
use crate::prose::{self, Block};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW907",
    name: "misplaced-modal",
    category: Category::Prose,
    level: Some(Level::Info),
    dialects: &["archcore"],
    reason: "MUST, SHOULD and MAY grade an obligation: elsewhere they grade nothing, and other words grade none",
    page: page!("misplaced-modal"),
    check: Check::Document(check),
    ..Rule::DEFAULT
};

/// Words that wish where a requirement demands.
const WEAK: [&str; 7] = [
    "should", "might", "could", "ought to", "it is recommended", "we recommend", "следует",
];

/// How many more places a finding points at.
const SHOWN: usize = 4;

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    let lines = precision::lines(doc);
    for (kind, one, many, way) in [
        (Line::Step, "a step", "steps", "write what to do, as an imperative"),
        (
            Line::Claim,
            "a claim",
            "claims",
            "state the outcome, and put the obligation into a linked spec or rule",
        ),
    ] {
        // What a decision binds those to who carry it out is an obligation.
        let binds = |block: &Block<'_>| ["Constraints", "Conformance", "Invariants", "Normative", "Enforcement"].iter().any(|name| block.section.starts_with(name));
        let all = lines.iter().filter(|(line, block)| *line == kind && !(kind == Line::Claim && binds(block)));
        // MAY in a step allows something and demands nothing.
        let allows = |span: &Span| kind == Line::Step && doc.text(*span) == "MAY";
        let graded: Vec<Span> = all.filter_map(|(_, block)| grading(block)).filter(|span| !allows(span)).collect();
        let Some((first, more)) = graded.split_first() else {
            continue;
        };
        let word = doc.text(*first);
        let message = match more.len() {
            0 => format!("`{word}` grades {one} as an obligation"),
            more => format!("`{word}` and {more} more grade {many} as obligations"),
        };
        let finding = findings.at(doc, *first, message);
        finding.help(way);
        for span in more.iter().take(SHOWN) {
            finding.label(doc, *span, "here as well");
        }
    }
    for (_, block) in lines.iter().filter(|(line, _)| *line == Line::Clause) {
        let graded = modals(block.words);
        let shall = graded.iter().find(|(start, _)| block.words[*start..].starts_with("SHALL"));
        if let Some((start, end)) = shall {
            findings
                .at(doc, block.part(*start, *end), "`SHALL` is of another notation than MUST, SHOULD and MAY")
                .help("write MUST");
        } else if graded.is_empty() {
            weak(doc, block, findings);
        }
    }
}

/// The first word of a line that grades it; none where the words themselves are spoken of.
fn grading(block: &Block<'_>) -> Option<Span> {
    let all = modals(block.words);
    let is_mention = |(start, end): &(usize, usize)| {
        block.words[..*start].ends_with("the ") || block.words[*end..].starts_with([',', '/', ')', '.'])
    };
    let (start, end) = all.first().copied()?;
    (!all.iter().any(is_mention)).then(|| block.part(start, end))
}

fn weak(doc: &DocumentView, block: &Block<'_>, findings: &mut Findings) {
    let words = prose::lower(block.words);
    let found = WEAK.iter().flat_map(|word| prose::find(&words, word)).min();
    if let Some((start, end)) = found {
        let span = block.part(start, end);
        findings
            .at(doc, span, format!("the requirement only wishes: `{}`", doc.text(span)))
            .help("grade it: MUST, SHOULD or MAY");
    }
}
