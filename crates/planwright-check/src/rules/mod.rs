//! The rules, one file each.

use planwright_dialect::Dialects;
use serde::{Deserialize, Serialize};

use crate::config::Context;
use crate::dates::Day;
use crate::document::DocumentView;
use crate::finding::Spot;
use crate::form::Held;
use crate::registry;
use crate::rule::{Category, Check, Rule, page};
use crate::text;

/// Declares the files of the rules and lists their `RULE`s in the order given.
macro_rules! rules {
    ($($module:ident,)*) => {
        $(mod $module;)*

        /// Every rule in the order of its code.
        pub static RULES: &[&Rule] = &[
            &UNUSED_SUPPRESSION,
            &SUPPRESSION_WITHOUT_REASON,
            &SUPPRESSION_OF_NOTHING,
            $(&$module::RULE,)*
        ];
    };
}

rules! {
    // structure
    front_matter_invalid,
    duplicate_key,
    unclosed_fence,
    mixed_line_endings,
    placeholder_left,
    not_utf8,
    utf16,
    nul_byte,
    mojibake,
    dialect_invalid,
    board_invalid,
    relations_file_invalid,
    front_matter_unclosed,
    missing_key,
    value_unknown,
    value_invalid,
    missing_section,
    empty_section,
    misnamed_file,
    nothing_to_measure,
    tag_malformed,
    // state
    state_disagrees,
    folder_disagrees,
    state_unknown,
    done_with_open_items,
    all_items_done,
    phase_done_with_open_items,
    phase_table_disagrees,
    progress_disagrees,
    twin_items_disagree,
    blocked_without_reason,
    too_many_active,
    superseded_without_successor,
    superseded_but_open,
    supersession_cycle,
    index_disagrees,
    done_with_open_criteria,
    // references
    dangling_link,
    duplicate_id,
    dependency_cycle,
    dangling_relation,
    unknown_item,
    related_code_missing,
    done_item_file_missing,
    inverse_missing,
    orphan_document,
    index_incomplete,
    relations_file_stale,
    duplicate_id_on_branch,
    code_moved,
    // time
    date_in_future,
    log_out_of_order,
    time_without_zone,
    dates_reversed,
    expired,
    review_overdue,
    stale,
    date_before_repository,
    // evidence
    related_code_changed,
    ticked_without_work,
    idle_plan,
    declared_file_untouched,
    entry_without_commit,
    undeclared_change,
    outcome_missing,
    // governance
    unjustified_violation,
    gate_skipped,
    risk_without_mitigation,
    phase_without_criteria,
    blocker_without_owner,
    question_past_deadline,
    metric_without_target,
    rollback_empty,
    approved_by_agent,
    changelog_untouched,
    // coverage
    requirement_without_task,
    unknown_requirement,
    story_without_tasks,
    // context
    context_budget,
    always_loaded_when_over,
    triggers_missing,
    document_too_large,
    // prose
    vague_word,
    open_ended_list,
    ambiguous_alternative,
    overlong_clause,
    compound_requirement,
    condition_after_obligation,
    misplaced_modal,
    subjectless_obligation,
    restated_text,
    unenforced_rule,
    unweighed_decision,
    document_length,
    pasted_code,
    foreign_section,
    relation_in_prose,
}

/// A comment that silences nothing.
pub(crate) static UNUSED_SUPPRESSION: Rule = Rule {
    code: "PW001",
    name: "unused-suppression",
    category: Category::Suppression,
    reason: "a comment that ignores nothing hides the next finding that it happens to name",
    page: page!("unused-suppression"),
    archived: true,
    check: Check::Engine,
    ..Rule::DEFAULT
};

/// A comment that silences and does not say why.
pub(crate) static SUPPRESSION_WITHOUT_REASON: Rule = Rule {
    code: "PW002",
    name: "suppression-without-reason",
    category: Category::Suppression,
    reason: "without its reason nobody can tell when an exception is over",
    page: page!("suppression-without-reason"),
    archived: true,
    check: Check::Engine,
    ..Rule::DEFAULT
};

/// A comment that names what is no rule.
pub(crate) static SUPPRESSION_OF_NOTHING: Rule = Rule {
    code: "PW003",
    name: "suppression-of-nothing",
    category: Category::Suppression,
    reason: "a misspelt rule is not ignored, whatever the comment says",
    page: page!("suppression-of-nothing"),
    archived: true,
    check: Check::Engine,
    ..Rule::DEFAULT
};

/// The rule with a code or name.
pub fn find(word: &str) -> Option<&'static Rule> {
    let is_it = |rule: &&&Rule| rule.name == word || rule.code.eq_ignore_ascii_case(word);
    RULES.iter().find(is_it).copied()
}

/// The rules that answer to a code or its beginning, a name or a category.
pub fn select(word: &str) -> Vec<&'static Rule> {
    let rules = RULES.iter().copied();
    rules.filter(|rule| rule.answers_to(word)).collect()
}

/// The rule whose name or code is most like a word.
pub fn nearest(word: &str) -> Option<&'static Rule> {
    let names = RULES.iter().flat_map(|rule| [rule.name, rule.code]);
    text::nearest(word, names).and_then(find)
}

pub(crate) use requirement_without_task::defined;
pub(crate) use story_without_tasks::{sorted_by, stories};
pub(crate) use unknown_requirement::traced;

/// What single rules ask of a document, each in the words of its rule.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    open_paths: Vec<String>,
    links: Vec<(String, bool)>,
    has_strange_links: bool,
    relations: Vec<dangling_relation::Owed>,
    names: Vec<String>,
    first_day: Option<Day>,
    declared: Vec<String>,
    entries: Vec<i64>,
    ids: Vec<(duplicate_id::Id, Spot)>,
    last_word: Option<Day>,
    touched: Vec<String>,
    pub(crate) leads: Vec<String>,
    ends: Vec<String>,
    keys: Option<missing_key::Keys>,
    criteria: Option<done_with_open_criteria::Criteria>,
    code_as_of: Option<related_code_changed::CodeAsOf>,
    declared_code: Vec<related_code_missing::DeclaredCode>,
    statements: Vec<restated_text::Statement>,
    sign_of_life: Option<stale::SignOfLife>,
    unknown_state: Vec<(String, Option<String>)>,
    lacks_successor: bool,
    unjustified: Option<unjustified_violation::Unjustified>,
    ticked: Vec<Vec<String>>,
    boxes: Vec<(String, bool)>,
    branches: Vec<String>,
    waits: Vec<String>,
}

/// Gathers what rules ask of a document.
pub(crate) fn claims(
    doc: &DocumentView,
    held: Option<&Held<'_>>,
    dialects: &Dialects,
    context: &Context,
) -> Claims {
    let document = doc.document();
    Claims {
        open_paths: code_moved::paths(doc),
        links: dangling_link::links(doc),
        has_strange_links: dangling_link::has_strange_links(doc),
        relations: dangling_relation::Owed::of(doc),
        names: dangling_relation::names(doc),
        first_day: date_before_repository::first_day(doc),
        declared: declared_file_untouched::declared_files(doc),
        entries: entry_without_commit::entries(doc),
        ids: duplicate_id::spots(doc),
        last_word: idle_plan::last_word(doc),
        touched: idle_plan::touched(doc),
        leads: registry::leads(doc),
        ends: inverse_missing::ends(doc),
        keys: held.map(missing_key::Keys::of),
        criteria: done_with_open_criteria::Criteria::of(doc),
        code_as_of: related_code_changed::CodeAsOf::of(doc),
        declared_code: related_code_missing::DeclaredCode::of(doc),
        statements: restated_text::statements(doc, context),
        sign_of_life: stale::SignOfLife::of(doc),
        unknown_state: state_unknown::unknown_state(doc, dialects.get(&document.dialect)),
        lacks_successor: superseded_without_successor::lacks_successor(doc),
        unjustified: unjustified_violation::Unjustified::of(doc),
        ticked: ticked_without_work::ticked(doc),
        boxes: twin_items_disagree::boxes(doc),
        branches: document.field("branch").map(str::to_owned).collect(),
        waits: unknown_item::waits(doc),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_unique_sorted_and_speak() {
        for pair in RULES.windows(2) {
            assert!(
                pair[0].code < pair[1].code,
                "{} before {}",
                pair[0].code,
                pair[1].code
            );
        }
        for (at, rule) in RULES.iter().enumerate() {
            let digit = char::from(b'0' + rule.category as u8);
            assert!(
                rule.code.len() == 5 && rule.code.starts_with("PW"),
                "{}",
                rule.code
            );
            assert_eq!(
                rule.code.chars().nth(2),
                Some(digit),
                "{} is of {}",
                rule.code,
                rule.category.as_str()
            );
            assert!(
                rule.name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{}",
                rule.name
            );
            assert!(
                !RULES[..at].iter().any(|other| other.name == rule.name),
                "{}",
                rule.name
            );
            assert!(
                !rule.reason.is_empty() && !rule.reason.ends_with('.'),
                "{}",
                rule.name
            );
        }
    }
}
