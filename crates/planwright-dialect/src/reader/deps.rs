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
            "requires",
            "依赖",
            "зависит от",
        ] {
            let Some(start) = find_ignore_case(&text, phrase) else {
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
                    && (phrase != "requires" || names.knows(&id))
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
    use super::needed;

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
}
