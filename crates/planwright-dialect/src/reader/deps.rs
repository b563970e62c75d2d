//! What an item or phase needs first: `(depends on T012)`, `Depends on:` bullets, sections that
//! order ids and phases.

mod ids;
mod of_phases;
mod order;
mod sections;

use planwright_model::{Item, Phase};

use super::lead;
use super::named::Names;
use crate::outline::Outline;
use crate::words::find_ignore_case;

pub(crate) use ids::{counted_numbers, ids, numbers_in, stories};
use of_phases::{holds_of_phases, of_phases, said_of_phases};
use sections::{of_sections, sections_about};

/// Fills in `depends_on` of items and phases.
pub(crate) fn read(outline: &Outline<'_>, items: &mut [Item], phase_list: &mut [Phase]) {
    let needing: Vec<usize> = (0..items.len())
        .filter(|at| may_need(&items[*at].text))
        .collect();
    let inside = sections_about(outline);
    let said = said_of_phases(outline, phase_list);
    let holds = holds_of_phases(phase_list);
    if needing.is_empty() && inside.is_none() && said.is_empty() && holds.is_empty() {
        return leave_out_itself(items);
    }
    let names = Names::new(items, phase_list);
    // In the words of an item itself.
    for &at in &needing {
        let text = items[at].text.clone();
        for phrase in [
            "depends on",
            "depends upon",
            "dependent on",
            "blocked by",
            "depends:",
            "requires",
            "after",
            "依赖",
            "зависит от",
        ] {
            let start = match phrase {
                "after" => aside_after(&text),
                _ => find_ignore_case(&text, phrase),
            };
            let Some(start) = start else {
                continue;
            };
            let rest = &text[start + phrase.len()..];
            if rest.trim_start().starts_with("this") {
                continue;
            }
            let stops = |(at, c): &(usize, char)| {
                let inside = *c == '.' && rest[at + 1..].starts_with(|c: char| c.is_ascii_digit());
                matches!(c, ')' | ';' | '.' | '）' | '—') && !inside
            };
            let end = rest
                .char_indices()
                .find(stops)
                .map_or(rest.len(), |(end, _)| {
                    // `T024..T028` is a range, not the end of a sentence.
                    if rest[end..].starts_with("..") {
                        rest[end..]
                            .find([')', ';'])
                            .map_or(rest.len(), |more| end + more)
                    } else {
                        end
                    }
                });
            let own = items[at].id.clone();
            // `(requires T012)` names a task, known or not; other words may stand between as well.
            let is_named = phrase != "requires" || begins_with_like(rest, own.as_deref());
            let mut found = ids(&rest[..end]);
            // `(depends on 2.1)` where tasks carry such numbers.
            found.extend(
                numbers_in(&rest[..end])
                    .into_iter()
                    .filter(|id| id.contains('.') && names.knows(id)),
            );
            for id in found {
                if Some(&id) != own.as_ref()
                    && !items[at].depends_on.contains(&id)
                    && (is_named || names.knows(&id))
                {
                    items[at].depends_on.push(id);
                }
            }
            let phases_named = names.phases_in(&rest[..end]);
            for line in phases_named {
                add(&mut items[at].depends_on, format!("phase:{line}"));
            }
            break;
        }
        // A plain number under a heading task (`Depends on: Task 1`).
    }
    for &at in &needing {
        number_to_id(&mut items[at], &names);
    }
    of_phases(phase_list, &said, &holds, &names);
    if let Some(inside) = inside {
        of_sections(outline, &inside, items, phase_list, &names);
    }
    leave_out_itself(items);
}

/// Where `after` stands by itself in front of an id: `(after T012)`, `Weigh it, after T012`. Within a
/// sentence it may tell what happens again: `run the tests once more after T012`.
fn aside_after(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = find_ignore_case(&text[from..], "after ") {
        let (at, end) = (from + found, from + found + "after ".len());
        let rest = text[end..].trim_start_matches(['`', '[', '*']);
        let word = rest
            .split(|c: char| !c.is_alphanumeric() && c != '-')
            .next();
        let is_aside = text[..at].trim_end().ends_with(['(', ',', ';', '—', '–']);
        if is_aside && word.is_some_and(|word| !ids(word).is_empty()) {
            return Some(at);
        }
        from = end;
    }
    None
}

/// True where text begins with an id of the series of another: `T012` and `T3`.
fn begins_with_like(text: &str, own: Option<&str>) -> bool {
    let letters = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let word = text
        .trim_start_matches([' ', ':', '*', '`', '['])
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .next()
        .unwrap_or_default();
    own.is_some_and(|own| !ids(word).is_empty() && letters(word) == letters(own))
}

/// The words behind `Depends on:` that name what is needed. Behind `none` nothing is, and what waits
/// for this one, runs beside it or has nothing to do with it is no need of it.
pub(crate) fn needed(value: &str) -> &str {
    const OTHERS: [&str; 13] = [
        " · ",
        "blocks ",
        "blocking ",
        "parallel with",
        "in parallel",
        "independent of",
        "overlap with",
        "disjoint from",
        "depends on this",
        "depend on this",
        "needed by",
        "required by",
        "unblocks ",
    ];
    let bare = value.trim_start_matches(['*', '_', '`', '(', ' ']);
    let first = bare
        .split(|c: char| !c.is_alphanumeric() && c != '/')
        .next();
    let is_none = first.is_some_and(|word| {
        ["none", "nothing", "n/a", "no", "independent"]
            .iter()
            .any(|none| word.eq_ignore_ascii_case(none))
    });
    if is_none {
        // `None - can start after Phase 1` needs something all the same.
        let start = ["start after ", "starts after ", "begin after "]
            .iter()
            .find_map(|words| find_ignore_case(bare, words));
        return start.map_or("", |start| &bare[start..]);
    }
    let end = OTHERS
        .iter()
        .filter_map(|words| find_ignore_case(value, words))
        .map(|at| {
            // The clause begins with who waits: `WP02; WP05 depends on this`.
            let before = &value[..at];
            before
                .rfind(['.', ';', ',', '(', '—'])
                .filter(|_| value[at..].starts_with("depend"))
                .unwrap_or(at)
        })
        .min();
    &value[..end.unwrap_or(value.len())]
}

/// Nothing depends on itself.
fn leave_out_itself(items: &mut [Item]) {
    for item in items.iter_mut().filter(|item| !item.depends_on.is_empty()) {
        let own = item.id.as_ref();
        item.depends_on.retain(|id| Some(id) != own);
    }
}

/// False for text that holds none of the words by which an item says what it needs.
fn may_need(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Each word is looked for by its rarest letter, `skip` letters from its beginning.
    let holds = |rare: u8, skip: usize, word: &str| {
        memchr::memchr2_iter(rare, rare.to_ascii_uppercase(), bytes).any(|at| {
            at.checked_sub(skip)
                .and_then(|at| bytes.get(at..at + word.len()))
                .is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
        })
    };
    holds(b'p', 2, "depend")
        || holds(b'k', 4, "blocked by")
        || holds(b'q', 2, "requires")
        || holds(b'f', 1, "after ")
        // The first bytes of the Chinese and the Russian word.
        || !text.is_ascii() && memchr::memchr2(0xE4, 0xD0, bytes).is_some()
}

/// `Task 2` names the task with id `2`.
fn number_to_id(item: &mut Item, names: &Names) {
    {
        let text = item.text.clone();
        let Some(start) = find_ignore_case(&text, "depends on task") else {
            return;
        };
        let rest = &text[start + "depends on task".len()..];
        for number in rest
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .filter(|part| !part.is_empty())
            .take(6)
        {
            let number = number.trim_end_matches('.');
            if names.knows(number) {
                add(&mut item.depends_on, number.to_owned());
            }
        }
    }
}

fn add(list: &mut Vec<String>, need: String) {
    if !list.contains(&need) {
        list.push(need);
    }
}

fn relate(items: &mut [Item], needs: &[String], who: &[String], names: &Names) {
    for &at in who.iter().flat_map(|id| names.items_meant(id)) {
        for need in needs.iter().filter(|need| names.knows(need)) {
            add(&mut items[at].depends_on, need.clone());
        }
    }
}

fn relate_phases(list: &mut [Phase], needs: &[u32], who: &[u32]) {
    for line in who {
        let first = list.partition_point(|phase| phase.line < *line);
        for phase in list[first..]
            .iter_mut()
            .take_while(|phase| phase.line == *line)
        {
            for need in needs.iter().filter(|need| **need != phase.line) {
                add(&mut phase.depends_on, format!("phase:{need}"));
            }
        }
    }
}

/// Ids that items give themselves, for resolving `depends_on`.
pub(crate) fn matches(item: &Item, need: &str) -> bool {
    item.id
        .as_deref()
        .is_some_and(|id| id.eq_ignore_ascii_case(need))
        || lead::id(need).is_some_and(|(id, _)| item.id.as_deref() == Some(&id))
}

#[cfg(test)]
mod tests {
    use super::{aside_after, begins_with_like, needed};

    #[test]
    fn none_and_what_waits_for_this_one_are_no_need() {
        for (value, expected) in [
            ("WP01, WP02", "WP01, WP02"),
            ("none (but WP03 depends on this)", ""),
            ("**none** — runs beside WP02", ""),
            ("None - can start after Phase 1", "start after Phase 1"),
            ("WP01 · Blocks WP04", "WP01"),
            ("WP01, WP02. Parallel with WP04", "WP01, WP02. "),
            ("WP04. Non-overlap with WP06", "WP04. Non-"),
        ] {
            assert_eq!(needed(value), expected, "{value}");
        }
    }

    #[test]
    fn after_names_what_is_needed_where_it_stands_apart() {
        for text in [
            "Weigh the coin (after T007)",
            "Weigh the coin (FR-004), after T007",
            "Weigh the coin — after `T007`",
            "Look after the coin (After T007 — same file)",
        ] {
            assert!(aside_after(text).is_some(), "{text}");
        }
        for text in [
            "Run the tests again after T007",
            "Look after it (after the release)",
            "Sorted, after 12 of 14",
            "Rename it (soon after T007)",
        ] {
            assert_eq!(aside_after(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_required_is_an_id_of_the_same_series() {
        assert!(begins_with_like(" T099)", Some("T001")));
        assert!(begins_with_like(": T099, T098)", Some("T001")));
        assert!(!begins_with_like(" WP01)", Some("T001")));
        assert!(!begins_with_like(" the table of T099", Some("T001")));
        assert!(!begins_with_like(" T099", None));
    }
}
