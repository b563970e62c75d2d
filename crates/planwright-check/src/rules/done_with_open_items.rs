use planwright_model::{Item, ItemRole};

use crate::config::Context;
use crate::document::DocumentView;
use crate::finding::Findings;
use crate::form::is_surely_work;
use crate::rule::{Category, Check, Rule, page};
use crate::text::{is_plain_state, short};

/// How many open tasks a finding points at.
const SHOWN: usize = 3;

pub(super) static RULE: Rule = Rule {
    code: "PW204",
    name: "done-with-open-items",
    category: Category::State,
    reason: "either the plan is not done or its boxes were never ticked",
    page: page!("done-with-open-items"),
    archived: true,
    check: Check::Document(check),
    ..Rule::DEFAULT
};

fn check(doc: &DocumentView, _: &Context, findings: &mut Findings) {
    // The reader decides whether it is so; here is shown where.
    if doc.diagnostics(RULE.name).next().is_some() {
        let document = doc.document();
        let native = short(document.state.native.as_deref().unwrap_or_default());
        let said = document.stated_progress();
        let (total, open) = (said.total, said.total - said.done);
        let message = match (open, total) {
            (1, 1) => format!("says `{native}`, and its only task is open"),
            (1, _) => format!("says `{native}`, and 1 of {total} tasks is open"),
            _ => format!("says `{native}`, and {open} of {total} tasks are open"),
        };
        let finding = findings.at(doc, doc.state_span(), message);
        finding.help("tick what is done, cancel what will not be, or set the state back");
        let is_open = |item: &&Item| {
            item.role == ItemRole::Task && !item.state.is_closed() && item.mark.is_some()
        };
        let open = || document.items.iter().filter(is_open);
        // A row of a table may tell of the effort, or of what is left for later.
        // Signs such as a clock may stand in a legend.
        let has_box = open().any(|item| {
            let line = doc.text(doc.line_span(item.line));
            !line.starts_with('|') && line.contains('[')
        });
        // The few that are left may each say why.
        finding.sure_if(open().count() as u32 * 2 >= total || !open().all(|item| has_remark(doc, item)));
        // What is put off to later may stay open.
        finding.sure_if(!open().all(|item| doc.is_put_off(item)));
        // Where nothing at all is ticked, boxes for whoever tests or reads are no tasks of the plan.
        finding.sure_if(said.done > 0 || !open().all(|item| is_for_readers(doc, item)));
        // `Complete (56/58, 2 pending)` says so itself, and what is ready for production may be the work.
        let lower = document.state.native.as_deref().unwrap_or_default().to_lowercase();
        let is_qualified = ["pending", "remaining", "except", "ready", "残"].iter().any(|word| lower.contains(word))
            || document.state.native.as_deref().is_some_and(|native| native.contains(&format!("{}/{total}", said.done)));
        finding.sure_if(!is_qualified);
        finding.sure_if(has_box && is_surely_work(doc) && is_plain_state(document.state.native.as_deref().unwrap_or_default()));
        for item in open().take(SHOWN) {
            finding.label(doc, doc.item_span(item), "open");
        }
    }
}

/// True for a box below a heading about testing, or about what to ask oneself.
fn is_for_readers(doc: &DocumentView, item: &Item) -> bool {
    const WORDS: [&str; 8] = ["testing", "test plan", "verification", "enforcement", "manual", "preflight", "pre-flight", "how to"];
    // A command is there to be run, each time.
    let line = doc.text(doc.item_span(item));
    if is_command(line.split_once("] ").map_or(line, |(_, text)| text)) {
        return true;
    }
    let sections = doc.document().sections.iter().filter(|section| section.level > 1);
    let mut above = sections.filter(|section| (section.line..=section.end_line).contains(&item.line));
    above.any(|section| {
        let title = section.title.to_lowercase();
        WORDS.iter().any(|word| title.contains(word))
    })
}

/// True for `` `cargo test --workspace` (all of it) ``.
fn is_command(text: &str) -> bool {
    let mut parts = text.split('`');
    let (before, code, behind) = (parts.next(), parts.next(), parts.next());
    before == Some("") && code.is_some_and(|code| code.contains(' ') || code.contains('/')) && behind.is_some_and(|behind| behind.trim().is_empty() || behind.trim().starts_with('('))
}

/// True for a task that goes on behind a dash or in parentheses: `Ship it (the vendor has to answer)`.
fn has_remark(doc: &DocumentView, item: &Item) -> bool {
    let line = doc.text(doc.item_span(item));
    let text = line.split_once("] ").map_or(line, |(_, text)| text);
    let names = text.replace("](", "");
    item.end_line > item.line || names.contains(['(', '（', ';', '；', '—', '–']) || text.contains(": ") || text.contains(". ")
}
