use std::collections::{BTreeMap, BTreeSet};

use planwright_model::Level;
use planwright_syntax::Span;
use planwright_workspace::path::{name, parent, stem};
use serde::{Deserialize, Serialize};

use crate::document::DocumentView;
use crate::finding::{Findings, Spot};
use crate::form::is_aside;
use crate::project::{Doc, Project};
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW302",
    name: "duplicate-id",
    category: Category::References,
    level: Some(Level::Error),
    reason: "a reference to an id that two documents share reaches one of them by chance",
    page: page!("duplicate-id"),
    check: Check::Project(check),
    ..Rule::DEFAULT
};

/// What two documents must not share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Id {
    /// An id in the front matter, within one kind.
    Stated(String, String),
    /// A number that file names begin with, within one folder.
    File(String, String),
    /// A number that folder names begin with, within one folder.
    Folder(String, String),
}

impl Id {
    /// The id itself.
    pub(super) fn word(&self) -> &str {
        match self {
            Self::Stated(_, id) | Self::File(_, id) | Self::Folder(_, id) => id,
        }
    }

    /// True for what somebody gave as an id: `PLAN-7`, `012`. One or two digits may as well put a
    /// folder in order.
    pub(super) fn is_given(&self) -> bool {
        let word = self.word();
        let is_long = |part: &str| part.len() > 2 && part.bytes().all(|b| b.is_ascii_digit());
        matches!(self, Self::Stated(..)) || !word.starts_with(|c: char| c.is_ascii_digit()) || word.split(['-', '.']).any(is_long)
    }

    /// What a path says by itself.
    pub(super) fn of_path(path: &str) -> Vec<Self> {
        let id = |name: &str| number_of(name).map(str::to_lowercase);
        let (folder, file) = (parent(path), stem(path));
        let mut ids: Vec<Self> = own_number(file)
            .map(str::to_lowercase)
            .map(|id| Self::File(folder.to_owned(), id))
            .into_iter()
            .collect();
        if !folder.is_empty() {
            ids.extend(id(name(folder)).map(|id| Self::Folder(parent(folder).to_owned(), id)));
        }
        ids
    }
}

fn check(project: &Project<'_>, findings: &mut Findings) {
    let mut holders: BTreeMap<&Id, Vec<(Doc<'_>, Spot)>> = BTreeMap::new();
    for doc in project.docs() {
        let facts = doc.facts();
        if facts.template || facts.archived || !doc.is_listed() {
            continue;
        }
        for (id, spot) in &facts.claims.ids {
            holders.entry(id).or_default().push((doc, *spot));
        }
    }
    let in_order = in_order(&holders);
    let mut seen = BTreeSet::new();
    for (id, mut holders) in holders {
        // The documents of one feature share its folder's number.
        if matches!(id, Id::Folder(..)) {
            holders.dedup_by(|a, b| a.0.folder() == b.0.folder());
        }
        if matches!(id, Id::File(folder, _) | Id::Folder(folder, _) if in_order.contains(folder)) {
            continue;
        }
        let Some(((first, first_spot), others)) = holders.split_first() else {
            continue;
        };
        let number = id.word();
        for (doc, spot) in others {
            if matches!(id, Id::File(..)) && are_companions(doc.stem(), first.stem()) {
                continue;
            }
            let (mine, theirs) = match id {
                Id::Folder(..) => (doc.folder(), first.folder()),
                _ => (doc.path(), first.path()),
            };
            // A file that states its id has it in its name as well.
            if !seen.insert((doc.path(), first.path())) {
                continue;
            }
            findings
                .at_spot(doc.path(), *spot, format!("`{mine}` and `{theirs}` both have the id `{number}`"))
                // A third document of one number shows what it numbers: a ticket, or a decision and its papers.
                .sure_if(id.is_given() && (others.len() == 1 || matches!(id, Id::Stated(..))) && !is_aside(first.path()))
                // The example that a tool lays out has the first number of all.
                .sure_if(!mine.contains("example") && !theirs.contains("example"))
                .sure_if(!matches!(id, Id::File(..)) || !are_of_one_matter(doc.stem(), first.stem(), number))
                .help("give the later one the next free number, and correct what refers to it")
                .label_spot(first.path(), *first_spot, "the other one");
        }
    }
}

/// So many numbered documents of a folder show whether numbers are ids there.
const MANY: usize = 6;

/// The folders where numbers only sort: many documents share theirs with others.
pub(super) fn in_order(holders: &BTreeMap<&Id, Vec<(Doc<'_>, Spot)>>) -> BTreeSet<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (id, holders) in holders {
        let (folder, count) = match *id {
            Id::File(folder, _) => (folder, holders.len()),
            Id::Folder(folder, _) => {
                let folders: BTreeSet<&str> = holders.iter().map(|(doc, _)| doc.folder()).collect();
                (folder, folders.len())
            }
            Id::Stated(..) => continue,
        };
        let (all, shared) = counts.entry(folder).or_default();
        *all += count;
        *shared += if count > 1 { count } else { 0 };
    }
    let sorted = counts.into_iter().filter(|(_, (all, shared))| *all >= MANY && shared * 3 > *all);
    sorted.map(|(folder, _)| folder.to_owned()).collect()
}

/// True for `012-search` and `012-search-notes`: the second belongs to the first.
pub(super) fn are_companions(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    long.strip_prefix(short).is_some_and(|rest| rest.starts_with(['-', '_', '.']))
}

/// True for names that share a word behind their number: papers of one decision, or of one ticket.
fn are_of_one_matter(one: &str, other: &str, number: &str) -> bool {
    let words = |stem: &str| -> BTreeSet<String> {
        let rest = stem.get(number.len()..).unwrap_or_default().to_lowercase();
        let words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
        words.map(str::to_owned).collect()
    };
    !words(one).is_disjoint(&words(other))
}

/// The longer id that the front matter of a document gives for the number in its name: `0013-shell`.
fn stated_more(doc: &DocumentView, number: &str) -> Option<String> {
    let (stem, number) = (doc.stem().to_lowercase(), number.to_lowercase());
    let values = ["id", "plan", "plan_id", "spec", "task", "number"].iter();
    let mut values = values.filter_map(|key| doc.front_matter(key)).map(|span| doc.text(span).trim_matches(['"', '\'']).to_lowercase());
    values.find(|value| value.len() > number.len() && value.starts_with(&number) && stem.starts_with(value.as_str()))
}

/// The number of a file name where it is the file's alone. `012-plan` and `012-summary` are two
/// documents of one thing, and `012-followup-x` goes on with it.
fn own_number(stem: &str) -> Option<&str> {
    const COMPANIONS: [&str; 24] = [
        "plan", "summary", "context", "research", "validation", "verification", "uat", "review", "notes", "spec", "tasks",
        "design", "checklist", "report", "requirements", "handoff", "discovery", "log", "retrospective", "progress",
        "status", "prompt", "results", "patterns",
    ];
    const TAILS: [&str; 6] = ["handoff", "findings", "summary", "notes", "results", "retrospective"];
    const LATER: [&str; 6] = ["followup", "follow-up", "addendum", "amendment", "appendix", "errata"];
    // `0000-x` waits for its number.
    let number = number_of(stem).filter(|number| number.bytes().any(|b| b != b'0'))?;
    let rest = stem[number.len()..].trim_start_matches(['-', '_', '.']).to_lowercase();
    let is_tail = TAILS.iter().any(|tail| rest.strip_suffix(tail).is_some_and(|before| before.ends_with(['-', '_'])));
    let is_shared = is_tail || COMPANIONS.contains(&rest.as_str()) || LATER.iter().any(|word| rest.starts_with(word));
    (!is_shared).then_some(number)
}

/// The ids of a document, and where it has them.
pub(super) fn spots(doc: &DocumentView) -> Vec<(Id, Spot)> {
    let ids = ids(doc).into_iter();
    ids.map(|(id, span)| (id, doc.spot(span))).collect()
}

/// The ids of a document, and where it has them.
pub(super) fn ids(doc: &DocumentView) -> Vec<(Id, Span)> {
    let document = doc.document();
    let mut ids = Vec::new();
    if let Some(span) = doc.front_matter("id")
        && let Some(id) = document.field("id").next()
        && id.bytes().any(|b| b.is_ascii_digit())
    {
        // `1.2` is the second step of the first part, of its own plan.
        let is_order = id.bytes().all(|b| b.is_ascii_digit() || b == b'.') && (id.contains('.') || id.len() < 3);
        let among = if is_order { format!("{} of {}", document.kind, doc.folder()) } else { document.kind.clone() };
        ids.push((Id::Stated(among, id.to_lowercase()), span));
    }
    let title = doc.title_span();
    if document.initiative == document.path {
        if let Some(id) = own_number(doc.stem()) {
            let id = stated_more(doc, id).unwrap_or_else(|| id.to_lowercase());
            ids.push((Id::File(doc.folder().to_owned(), id), title));
        }
    } else if doc.folder() == document.initiative
        && let Some((above, name)) = doc.folder().rsplit_once('/')
        && let Some(id) = number_of(name)
    {
        ids.push((Id::Folder(above.to_owned(), id.to_lowercase()), title));
    }
    ids
}

/// The id that a name begins with, all its parts: `PLAN-001`, `012`, `12-1-2`.
///
/// `phase-1-x` and `phase-1-y` are two plans of one phase, not two of one number.
fn number_of(name: &str) -> Option<&str> {
    const GROUPS: [&str; 12] = [
        "phase", "milestone", "stage", "step", "wave", "week", "sprint", "part", "release",
        "version", "level", "day",
    ];
    const KINDS: [&str; 26] = [
        "plan", "pln", "adr", "rfc", "task", "bug", "feature", "feat", "spec", "epic", "ep", "issue",
        "story", "prd", "wp", "us", "req", "fr", "res", "tsk", "fp", "mission", "change", "idea", "decision", "item",
    ];
    let id = planwright_dialect::id_of(name)?;
    let letters = id.split('-').next().unwrap_or(id).to_lowercase();
    if GROUPS.contains(&letters.as_str()) || is_date(name) {
        return None;
    }
    // `stable-320-first` is a word and a number; an id is named after what it counts.
    let is_word = !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_lowercase()) && id.starts_with(letters.as_str());
    if is_word && !KINDS.contains(&letters.as_str()) {
        return None;
    }
    let mut end = id.len();
    loop {
        let rest = &name[end..];
        let digits = rest
            .strip_prefix(['-', '.'])
            .map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        let behind = rest.get(1 + digits..).unwrap_or_default();
        if digits == 0 || digits > 3 || !(behind.is_empty() || behind.starts_with(['-', '.', '_'])) {
            return Some(&name[..end]);
        }
        end += 1 + digits;
    }
}

/// `2026-05-audit`, `2026-May`: what was written in one month shares no number.
fn is_date(name: &str) -> bool {
    let year = name.get(..4).and_then(|year| year.parse::<u32>().ok());
    let ends = name.get(4..5).is_none_or(|next| !next.starts_with(|c: char| c.is_ascii_digit()));
    year.is_some_and(|year| (1990..2100).contains(&year)) && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_all_its_parts() {
        for (name, expected) in [
            ("012-search", Some("012")),
            ("12-1-2-search", Some("12-1-2")),
            ("PLAN-001-search", Some("PLAN-001")),
            ("EP-7-2-fast-ways", Some("EP-7-2")),
            ("012-3d-view", Some("012")),
            ("012-2026-goals", Some("012")),
            ("phase-1-search", None),
            ("stable-320-first", None),
            ("plan-001-search", Some("plan-001")),
            ("2026-05-audit", None),
            ("2026-May", None),
            ("search", None),
        ] {
            assert_eq!(number_of(name), expected, "{name}");
        }
    }
}
