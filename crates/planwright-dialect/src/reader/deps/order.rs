//! Lines that order items or phases: `T004 before T006`, `Phase 2 depends on Phase 1`.

use std::borrow::Cow;
use std::cmp::Ordering;

use planwright_model::{Item, Phase};

use super::ids::{compare, ids, numbers, push};
use super::sections::parts;
use super::{add, relate, relate_phases};
use crate::reader::named::Names;
use crate::words::{find_ignore_case, normalise, strip_prefix_ignore_case};

/// `T004 before T006`, `T001-T003 在 T004 之前`, `T006 depends on T004`, `T004 → T006`.
pub(super) fn item_order(line: &str, items: &mut [Item], names: &Names, back: bool) {
    if !bracketed(line, items, names) && by_words(line, items, names) {
        return;
    }
    by_arrows(line, items, names, back);
}

/// `WP06 (after WP04 + WP05), then WP07 (after WP06)`: brackets that say what the item in front of
/// them needs, and of no other.
fn bracketed(line: &str, items: &mut [Item], names: &Names) -> bool {
    const OPENINGS: [&str; 6] = [
        "after ",
        "depends on ",
        "needs ",
        "requires ",
        "blocked by ",
        "依赖",
    ];
    let mut found = false;
    let mut from = 0;
    while let Some(open) = line[from..].find(['(', '（']).map(|at| from + at) {
        let inside = line[open..].trim_start_matches(['(', '（']);
        let end = inside.find([')', '）']).unwrap_or(inside.len());
        let needs = OPENINGS
            .iter()
            .find_map(|word| strip_prefix_ignore_case(&inside[..end], word));
        if let Some(needs) = needs {
            let before = &line[from..open];
            let who = [" then ", ": ", ". "]
                .iter()
                .filter_map(|stop| before.rfind(stop).map(|at| at + stop.len()))
                .max()
                .map_or(before, |at| &before[at..]);
            let (who, needs) = (ids(who), ids(needs));
            found |= !who.is_empty() && !needs.is_empty();
            relate(items, &needs, &who, names);
            from = line.len() - inside.len() + end;
        } else {
            from = line.len() - inside.len();
        }
    }
    found
}

/// True where words order two sides of the line, so that its arrows have nothing to add.
fn by_words(line: &str, items: &mut [Item], names: &Names) -> bool {
    for (word, first_needs) in [
        ("depends on", true),
        ("depend on", true),
        ("blocked by", true),
        ("requires", true),
        ("needs ", true),
        ("need ", true),
        ("依赖", true),
        ("after", true),
        ("then", false),
        ("must complete before", false),
        ("must be completed before", false),
        ("before", false),
        ("blocks", false),
        ("在", false),
    ] {
        let Some(at) = find_ignore_case(line, word) else {
            continue;
        };
        if word == "在" && !line.contains('前') {
            continue;
        }
        let behind = clause(&line[at + word.len()..]);
        // `US5 (T040-T043): T041 needs T015` speaks of the task behind the colon, and a sentence of
        // what it names itself.
        let before = &line[..at];
        let near = [": ", ". ", "— "]
            .iter()
            .filter_map(|stop| before.rsplit_once(stop).map(|(_, near)| near))
            .filter(|near| !ids(near).is_empty())
            .min_by_key(|near| near.len());
        let left = named(near.unwrap_or(before), names);
        let right = named(behind, names);
        if left.is_empty() {
            continue;
        }
        if right.is_empty() {
            // `T042 depends on US1+US2`: an item that waits for whole phases.
            if first_needs && (word.starts_with("depend") || word.starts_with("need")) {
                let needs = names.phases_in(behind);
                for &at in left.iter().flat_map(|id| names.items(id)) {
                    for need in &needs {
                        add(&mut items[at].depends_on, format!("phase:{need}"));
                    }
                }
            }
            continue;
        }
        if first_needs {
            relate(items, &right, &left, names);
        } else {
            relate(items, &left, &right, names);
        }
        return true;
    }
    false
}

/// `T004 → T006`, or the other way round where the arrows lead `back`.
fn by_arrows(line: &str, items: &mut [Item], names: &Names, back: bool) {
    let mut steps = Vec::new();
    for pair in parts(line).windows(2) {
        // What stands in front of a sentence's end or a colon is not part of the chain.
        let near = [". ", ": ", "; ", "— "]
            .iter()
            .filter_map(|stop| pair[0].rfind(stop).map(|at| at + stop.len()))
            .max()
            .unwrap_or(0);
        steps.push((ids(&pair[0][near..]), ids(clause(pair[1]))));
    }
    // Among arrows that lead forward, a line with one that leads back may mean either.
    let leads_back = |(left, right): &(Vec<String>, Vec<String>)| {
        let ends = left.last().zip(right.first());
        ends.and_then(|(left, right)| compare(left, right)) == Some(Ordering::Greater)
    };
    if !back && steps.iter().any(leads_back) {
        return;
    }
    for (left, right) in steps {
        let (first, second) = if back { (right, left) } else { (left, right) };
        // An item that says what it needs knows better than an arrow.
        let mut waiting = first.iter().flat_map(|id| names.items_meant(id));
        if waiting.any(|&at| items[at].depends_on.iter().any(|id| second.contains(id))) {
            continue;
        }
        relate(items, &first, &second, names);
    }
}

/// The items that words name: ids, and `Task 1.1` where tasks carry such numbers.
fn named(text: &str, names: &Names) -> Vec<String> {
    let mut found = ids(text);
    let lower = text.to_lowercase();
    for word in ["task ", "tasks ", "unit ", "units ", "story "] {
        let mut from = 0;
        while let Some(at) = lower[from..].find(word) {
            from += at + word.len();
            for id in numbers(&lower[from..]) {
                if names.knows(&id) {
                    push(&mut found, id);
                }
            }
        }
    }
    found
}

/// Up to the end of the sentence, so that a remark behind it orders nothing.
fn clause(text: &str) -> &str {
    let end = text
        .find([';', '。', '；', '，'])
        .into_iter()
        .chain(text.find(". "))
        // `T001 and T002 — T006 then T007`: what stands behind the dash goes on about something else.
        .chain(text.find(" — "))
        .chain(text.find(" (or "))
        .chain(text.find(" if "))
        .min()
        .unwrap_or(text.len());
    &text[..end]
}

/// Words between a phase and what it needs, where no colon parts them.
const VERBS: [&str; 9] = [
    "depend",
    "requires ",
    "require ",
    "needs ",
    "blocked by ",
    "can start ",
    "can begin ",
    "依赖",
    "зависит от",
];

/// The parts of a line between semicolons. One that begins with a verb goes on about what stands in
/// front of the line's colon: `US1: the first; depends on Setup`.
pub(super) fn clauses(line: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let colon = line.split_once([':', '：']);
    let who = colon.map_or("", |(who, _)| who);
    line.split(';').enumerate().map(move |(n, part)| {
        let verb = |verb: &&str| strip_prefix_ignore_case(part.trim_start(), verb).is_some();
        if n > 0 && !who.is_empty() && VERBS.iter().any(verb) {
            return format!("{who}: {part}").into();
        }
        part.into()
    })
}

/// Where a word begins, if something stands in front of it.
fn find_verb(line: &str, verb: &str) -> Option<usize> {
    let at = if verb.is_ascii() {
        find_ignore_case(line, verb)
    } else {
        line.find(verb)
    };
    // `independently` holds no verb.
    let word = |before: &str| !verb.is_ascii() || !before.ends_with(char::is_alphabetic);
    at.filter(|at| !line[..*at].trim().is_empty() && word(&line[..*at]))
}

/// `Foundational (Phase 2): Depends on Setup completion`, `Phase 2 depends on Phase 1`.
pub(super) fn phase_order(line: &str, list: &mut [Phase], names: &Names) {
    let colon = line.split_once([':', '：']);
    let (who, what) = colon.filter(|(who, _)| who.len() < 90).unwrap_or_else(|| {
        let verbs = VERBS.iter().filter_map(|verb| find_verb(line, verb));
        line.split_at(verbs.min().unwrap_or(0))
    });
    let lower = what.to_lowercase();
    let needing = subject(who, names);
    if needing.is_empty() {
        return before(line, list, names).unwrap_or_else(|| arrows(line, list, names));
    }
    let mut needs: Vec<u32> = Vec::new();
    for phrase in [
        "depends on",
        "depend on",
        "depends upon",
        "depends only on",
        "depend only on",
        "can start after",
        "can begin after",
        "requires",
        "require ",
        "needs ",
        "need ",
        "blocked by",
        "start once",
        "begin once",
        "after",
        "依赖于",
        "依赖",
        "зависит от",
        "зависят от",
    ] {
        let Some(at) = lower.find(phrase) else {
            continue;
        };
        if phrase == "after"
            && !lower.trim_start().starts_with("after")
            && !lower.contains("start after")
            && !lower.contains("starts after")
        {
            continue;
        }
        if lower[..at].trim_end().ends_with("no dependencies") && !phrase.contains("start") {
            continue;
        }
        // `after the stories; T025 needs US1`: there a task needs something, not the phase.
        if !ids(what.get(..at).unwrap_or("")).is_empty() {
            break;
        }
        let rest = clause(what.get(at + phrase.len()..).unwrap_or(""));
        // An aside in parentheses explains; a dash begins a remark.
        let rest = rest
            .split(" - ")
            .next()
            .unwrap_or(rest)
            .split(" but ")
            .next()
            .unwrap_or(rest)
            .split(" — ")
            .next()
            .unwrap_or(rest);
        let named = names.phases_in(rest);
        needs.extend(&named);
        if named.is_empty()
            || rest.to_lowercase().contains("foundational")
            || rest.to_lowercase().contains("setup")
        {
            needs.extend(names.topics_in(&normalise(rest)));
        }
        let words = rest.to_lowercase();
        let every = [
            "所有目标用户故事",
            "所有用户故事",
            "all three",
            "all four",
            "all targeted",
            "all user stories",
            "all stories",
            "every user story",
            "every story",
        ]
        .iter()
        .any(|phrase| words.contains(phrase));
        if needs.is_empty() && every {
            let first = needing.iter().min().copied().unwrap_or(0);
            needs.extend(names.telling_before(first));
        }
        if needs.is_empty()
            && (rest.to_lowercase().contains("all desired user stories")
                || rest.to_lowercase().contains("all user stories")
                || rest.to_lowercase().contains("all previous")
                || rest.to_lowercase().contains("all other"))
        {
            let stories = rest.to_lowercase().contains("stor");
            let first = needing.iter().min().copied().unwrap_or(0);
            if stories {
                needs.extend(names.telling_before(first));
            } else {
                needs.extend(
                    list.iter()
                        .map(|phase| phase.line)
                        .take_while(|line| *line < first),
                );
            }
        }
        break;
    }
    relate_phases(list, &needs, &needing);
}

/// `Setup before all other phases`, `Integration before polish (T020-T024)`: phases by their topics.
/// `None` where the line orders ids on both sides, or nothing.
fn before(line: &str, list: &mut [Phase], names: &Names) -> Option<()> {
    let at = find_ignore_case(line, " before ")?;
    let (left, right) = (&line[..at], clause(&line[at + " before ".len()..]));
    if !ids(left).is_empty() && !ids(right).is_empty() {
        return None;
    }
    let first = subject(left, names);
    let lower = right.to_lowercase();
    let second = if lower.contains("all other") || lower.contains("any other") {
        list.iter()
            .map(|phase| phase.line)
            .filter(|line| !first.contains(line))
            .collect()
    } else {
        subject(right, names)
    };
    if first.is_empty() || second.is_empty() {
        return None;
    }
    relate_phases(list, &first, &second);
    Some(())
}

/// The phases a line speaks about.
fn subject(who: &str, names: &Names) -> Vec<u32> {
    let found = names.phases_in(who);
    if found.is_empty() {
        names.topics_in(&normalise(who))
    } else {
        found
    }
}

/// `Phase 1 → Phase 2`, `Phase 1 (Setup) -> Phase 2`: each needs the one in front of it.
fn arrows(line: &str, list: &mut [Phase], names: &Names) {
    let parts: Vec<Vec<u32>> = parts(line)
        .into_iter()
        .map(|part| {
            let found = names.phases_in(part);
            // `Setup (T001-T002) → Foundational`: a word or two that are a phase's topic.
            let words = normalise(part);
            if found.is_empty() && words.split(' ').count() <= 2 {
                return names.topics_in(&words);
            }
            found
        })
        .collect();
    for pair in parts.windows(2) {
        relate_phases(list, &pair[0], &pair[1]);
    }
}
