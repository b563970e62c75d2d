//! What an item or phase needs first: `(depends on T012)`, `Depends on:` bullets, sections that
//! order ids and phases.

use planwright_model::{Item, Phase};
use rapidhash::RapidHashMap;

use super::lead;
use super::named::Names;
use crate::outline::Outline;
use crate::words::{find_ignore_case, normalise};

/// How many ids one range may stand for; more is a slip of the pen.
const MAX_RANGE: u32 = 200;

/// The item ids in a piece of text, ranges expanded: `T001, T003-T005` gives four.
pub(crate) fn ids(text: &str) -> Vec<String> {
    let mut found: Vec<(String, usize, usize)> = Vec::new();
    let mut at = 0;
    let mut gap = Gap::Apart;
    while at < text.len() {
        let rest = &text[at..];
        // An id may follow a dash or dots only where they join it to the id before: `T001-T003`.
        let boundary = text[..at].chars().next_back().is_none_or(|c| {
            !c.is_alphanumeric() && c != '_' && (gap != Gap::Apart || !matches!(c, '-' | '.'))
        });
        if boundary && let Some(len) = id_len(rest) {
            found.push((rest[..len].to_owned(), at, at + len));
            at += len;
            gap = Gap::Open;
            continue;
        }
        let next = rest.chars().next().unwrap_or(' ');
        gap = gap.with(next);
        at += next.len_utf8();
    }
    let mut out: Vec<String> = Vec::new();
    for (n, (id, start, _)) in found.iter().enumerate() {
        let range = n
            .checked_sub(1)
            .map(|before| &found[before])
            .filter(|(_, _, end)| {
                let between = text[*end..*start].trim();
                matches!(
                    between,
                    "-" | "–" | "—" | ".." | "..." | "to" | "through" | "~" | "至" | "到"
                )
            });
        if let Some((first, _, _)) = range
            && let (Some((prefix, low, width)), Some((other, high, _))) = (split(first), split(id))
            && prefix == other
            && low < high
            && high - low <= MAX_RANGE
        {
            for number in low + 1..=high {
                push(&mut out, format!("{prefix}{number:0width$}"));
            }
            continue;
        }
        push(&mut out, id.clone());
    }
    // `T010-13`: the prefix is written once.
    out
}

/// What stands between the id before and the place looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing, or spaces.
    Open,
    /// Dashes or dots, spaces in front of them.
    Joined,
    /// As before, and spaces behind.
    Closed,
    /// Anything else, or no id before.
    Apart,
}

impl Gap {
    fn with(self, next: char) -> Self {
        match (self, next) {
            (Self::Open, ' ') => Self::Open,
            (Self::Joined | Self::Closed, ' ') => Self::Closed,
            (Self::Open | Self::Joined, '-' | '–' | '.' | '~') => Self::Joined,
            _ => Self::Apart,
        }
    }
}

fn push(out: &mut Vec<String>, id: String) {
    if !out.contains(&id) {
        out.push(id);
    }
}

/// `T012` into `T`, 12 and the width of its digits.
fn split(id: &str) -> Option<(&str, u32, usize)> {
    let digits = id.len() - id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let number = id[id.len() - digits..].parse().ok()?;
    Some((&id[..id.len() - digits], number, digits))
}

/// Length of an item id at the start of text. Only forms that cannot be words.
fn id_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let upper = bytes.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if upper == 0 || upper > 6 {
        return None;
    }
    let dashed = bytes.get(upper) == Some(&b'-');
    let start = upper + usize::from(dashed);
    let digits = bytes[start..]
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits == 0 {
        return None;
    }
    let mut end = start + digits;
    while bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end += 1;
        end += bytes[end..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
    }
    if bytes.get(end).is_some_and(u8::is_ascii_lowercase)
        && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        end += 1;
    }
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let prefix = &text[..upper];
    let known =
        matches!(prefix, "T" | "WP" | "TASK" | "DB" | "M" | "B" | "P") || dashed && upper >= 2;
    (known
        && !matches!(
            prefix,
            "UTF" | "ISO" | "RFC" | "FR" | "SC" | "NFR" | "US" | "ADR"
        ))
    .then_some(end)
}

/// Numbers in words: `Task 2.1`, `Units 1, 2 and 4-6` give `2.1`, `1`, `2`, `4`, `5`, `6`.
pub(crate) fn numbers_in(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let glued = rest[..at]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        let (found, used) = counted_numbers(&rest[at..]);
        if !glued {
            out.extend(
                found
                    .into_iter()
                    .filter(|id| id.as_bytes()[0].is_ascii_digit()),
            );
        }
        let len = rest[at..]
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count();
        // What was read as one list holds nothing further.
        rest = &rest[at + if glued { len } else { len.max(used) }..];
    }
    out.sort();
    out.dedup();
    out
}

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

/// Words about what a phase needs.
struct Said {
    /// Index of the phase.
    phase: usize,
    words: String,
    /// They stand behind a label that names dependencies.
    labelled: bool,
}

/// What stands under a phase itself: `**Dependencies:** Phase 1`, `(depends on Phase 0)`.
fn said_of_phases(outline: &Outline<'_>, list: &[Phase]) -> Vec<Said> {
    // Line of a phase -> line of the first phase inside it.
    let mut firsts: RapidHashMap<u32, u32> = RapidHashMap::default();
    for phase in list {
        if let Some(parent) = phase.parent {
            let first = firsts.entry(parent).or_insert(phase.line);
            *first = phase.line.min(*first);
        }
    }
    let mut said = Vec::new();
    for (at, phase) in list.iter().enumerate() {
        let mut push = |words: &str, labelled: bool| {
            said.push(Said {
                phase: at,
                words: words.to_owned(),
                labelled,
            });
        };
        if let Some(at) = find_ignore_case(&phase.title, "depends on") {
            push(&phase.title[at..], false);
        }
        let inner = firsts.get(&phase.line).copied().unwrap_or(u32::MAX);
        let last = phase.end_line.min(inner.saturating_sub(1));
        for para in outline.paras_between(phase.line, last) {
            for (key, value, _) in super::header::pairs(outline.parsed, para.span) {
                match normalise(&key).as_str() {
                    "dependencies" | "depends on" | "dependency" | "prerequisites"
                    | "prerequisite" | "requires" | "依赖" => push(&value, true),
                    "status" | "note" => {
                        if let Some(at) = find_ignore_case(&value, "depends on") {
                            push(&value[at..], false);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    said
}

/// `Tests First — MUST COMPLETE BEFORE 3.3` holds up the phase it names: lines of phases that hold
/// up others, and the ids of those.
fn holds_of_phases(list: &[Phase]) -> Vec<(u32, Vec<String>)> {
    list.iter()
        .filter_map(|phase| {
            let at = find_ignore_case(&phase.title, "complete before")?;
            let rest = &phase.title[at + "complete before".len()..];
            Some((phase.line, numbers_in(rest)))
        })
        .collect()
}

/// Relates phases by what stands under them and in their headings.
fn of_phases(list: &mut [Phase], said: &[Said], holds: &[(u32, Vec<String>)], names: &Names) {
    for (line, ids) in holds {
        let held: Vec<u32> = list
            .iter()
            .filter(|other| other.id.as_ref().is_some_and(|id| ids.contains(id)))
            .map(|other| other.line)
            .collect();
        relate_phases(list, &[*line], &held);
    }
    for said in said {
        let line = list[said.phase].line;
        let mut needs = names.phases_in(&said.words);
        if said.labelled {
            let lower = said.words.to_lowercase();
            if lower.contains("all user stories") || lower.contains("all stories") {
                needs.extend(names.telling_before(line));
            }
        }
        for need in needs.into_iter().filter(|need| *need != line) {
            add(&mut list[said.phase].depends_on, format!("phase:{need}"));
        }
    }
}

/// `1`, `3-5`, `1, 2 and 3`, `A` at the start of text.
pub(super) fn numbers(text: &str) -> Vec<String> {
    counted_numbers(text).0
}

/// The same, and how many bytes they take, so that a long list is read once.
pub(super) fn counted_numbers(text: &str) -> (Vec<String>, usize) {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text;
    loop {
        let len = rest
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count();
        let id = rest[..len].trim_end_matches('.');
        if id.is_empty() {
            let letter = rest.chars().next().filter(char::is_ascii_lowercase);
            let alone = rest.chars().nth(1).is_none_or(|c| !c.is_alphanumeric());
            if let (Some(letter), true) = (letter, alone) {
                out.push(letter.to_string());
            }
            return (out, text.len() - rest.len());
        }
        out.push(id.to_owned());
        rest = rest[id.len()..].trim_start_matches(' ');
        let separator = ["-", "–", "to ", ",", "+", "&", "and ", "/"]
            .iter()
            .find(|separator| rest.starts_with(**separator));
        let Some(separator) = separator else {
            return (out, text.len() - rest.len());
        };
        rest = rest[separator.len()..].trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
        rest = rest.strip_prefix("phase ").unwrap_or(rest);
        if matches!(*separator, "-" | "–" | "to ") {
            let len = rest.bytes().take_while(u8::is_ascii_digit).count();
            if let (Ok(low), Ok(high)) = (id.parse::<u32>(), rest[..len].parse::<u32>())
                && low < high
                && high - low < 50
            {
                out.extend((low + 1..=high).map(|number| number.to_string()));
                rest = &rest[len..];
            }
        }
    }
}

/// Numbers of user stories: `US1`, `US-2`, `User Story 3`, `US1-3`, `US1+US2`.
pub(super) fn stories(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in [
        "US-",
        "US",
        "User Story ",
        "user story ",
        "User Stories ",
        "Story ",
    ] {
        let mut from = 0;
        while let Some(at) = text[from..].find(word) {
            let start = from + at + word.len();
            let before = text[..from + at].chars().next_back();
            from = start;
            if before.is_none_or(|c| !c.is_alphanumeric()) {
                out.extend(
                    numbers(&text[start..])
                        .into_iter()
                        .filter(|id| id.bytes().all(|b| b.is_ascii_digit())),
                );
            }
        }
    }
    out.sort();
    out.dedup();
    out
}

fn add(list: &mut Vec<String>, need: String) {
    if !list.contains(&need) {
        list.push(need);
    }
}

/// For each section whether the nearest one with a purpose, itself or above, is about dependencies;
/// `None` where no section is.
fn sections_about(outline: &Outline<'_>) -> Option<Vec<bool>> {
    let mut inside: Vec<bool> = Vec::with_capacity(outline.sections.len());
    for section in &outline.sections {
        inside.push(match (section.role, &section.phase) {
            (Some(role), _) => role == "dependencies",
            (None, Some(_)) => false,
            (None, None) => inside.get(section.parent) == Some(&true),
        });
    }
    inside.contains(&true).then_some(inside)
}

/// Lines of a dependencies section.
fn of_sections(
    outline: &Outline<'_>,
    inside: &[bool],
    items: &mut [Item],
    list: &mut [Phase],
    names: &Names,
) {
    let about = |section: usize| inside[section];
    let mut lines: Vec<String> = Vec::new();
    for item in outline.items.iter().filter(|item| about(item.section)) {
        lines.push(item.text.clone().into_owned());
    }
    for para in outline.paras.iter().filter(|para| about(para.section)) {
        lines.extend(
            outline
                .parsed
                .text(para.span)
                .lines()
                .map(|line| line.replace("**", "")),
        );
    }
    let tree = &outline.parsed.tree;
    for block in outline.code.iter().filter(|block| about(block.section)) {
        let drawn: Vec<String> = tree
            .children(block.node)
            .flat_map(|(_, text)| outline.parsed.text(text.span).lines().map(str::to_owned))
            .collect();
        drawing(&drawn, items, list, names);
        lines.extend(drawn);
    }
    for line in &lines {
        for part in line.split(';') {
            item_order(part, items, names);
        }
        if !list.is_empty() {
            phase_order(line, list, names);
        }
    }
}

/// A drawing of boxes and arrows: an arrow to the right orders the two beside it, one downwards the
/// first of the line above and the first of the line below.
fn drawing(lines: &[String], items: &mut [Item], list: &mut [Phase], names: &Names) {
    // A tree's branches show what hangs together, not which line of it follows which.
    if lines.iter().any(|line| line.contains(['├', '└'])) {
        return;
    }
    let mut above: Option<(Vec<String>, Vec<u32>)> = None;
    let mut down = false;
    for line in lines {
        if line
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, '↓' | '|' | '│' | '▼' | 'v' | 'V' | '⬇'))
        {
            down |= line.contains(['↓', '▼', '⬇', 'v', 'V', '|', '│']);
            continue;
        }
        let first = parts(line).into_iter().next().unwrap_or_default();
        let here = (ids(first), names.phases_in(first));
        if down && let Some((above_ids, above_phases)) = &above {
            relate(items, above_ids, &here.0, names);
            relate_phases(list, above_phases, &here.1);
        }
        above = Some(here);
        down = false;
    }
}

/// The parts of a line between arrows to the right.
fn parts(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in line.char_indices() {
        let len = match c {
            '→' | '►' | '▶' | '⇒' => c.len_utf8(),
            '-' | '=' if line[at + 1..].starts_with('>') => 2,
            _ => continue,
        };
        out.push(line[start..at].trim_end_matches(['─', '-', '═', '=', '>', ' ']));
        start = at + len;
    }
    out.push(&line[start..]);
    out
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

/// `T004 before T006`, `T001-T003 在 T004 之前`, `T006 depends on T004`, `T004 → T006`.
fn item_order(line: &str, items: &mut [Item], names: &Names) {
    for (word, first_needs) in [
        ("depends on", true),
        ("depend on", true),
        ("blocked by", true),
        ("requires", true),
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
        let (left, right) = (named(&line[..at], names), named(behind, names));
        if left.is_empty() {
            continue;
        }
        if right.is_empty() {
            // `T042 depends on US1+US2`: an item that waits for whole phases.
            if first_needs && word.starts_with("depend") {
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
        return;
    }
    for pair in parts(line).windows(2) {
        // What stands in front of a sentence's end or a colon is not part of the chain.
        let near = [". ", ": ", "; ", "— "]
            .iter()
            .filter_map(|stop| pair[0].rfind(stop).map(|at| at + stop.len()))
            .max()
            .unwrap_or(0);
        relate(items, &ids(&pair[0][near..]), &ids(clause(pair[1])), names);
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
        .min()
        .unwrap_or(text.len());
    &text[..end]
}

/// `Foundational (Phase 2): Depends on Setup completion`, `Phase 2 depends on Phase 1`.
fn phase_order(line: &str, list: &mut [Phase], names: &Names) {
    let (who, what) = match line
        .split_once([':', '：'])
        .filter(|(who, _)| who.len() < 90)
    {
        Some((who, what)) => (who, what),
        None => match find_ignore_case(line, "depend") {
            Some(at) => (&line[..at], &line[at..]),
            None => ("", line),
        },
    };
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
        "can start after",
        "can begin after",
        "requires",
        "after",
        "依赖于",
        "依赖",
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
        let end = lower.len() - lower[at..].len();
        let rest = clause(what.get(end + phrase.len()..).unwrap_or(""));
        // An aside in parentheses explains; a dash begins a remark.
        let rest = rest
            .split(" - ")
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
        .map(|part| names.phases_in(part))
        .collect();
    for pair in parts.windows(2) {
        relate_phases(list, &pair[0], &pair[1]);
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
    use super::{ids, numbers, stories};

    #[test]
    fn ranges_of_ids_are_expanded() {
        assert_eq!(
            ids("T001, T003-T005 and T010"),
            ["T001", "T003", "T004", "T005", "T010"]
        );
        assert_eq!(
            ids("(T024..T028)"),
            ["T024", "T025", "T026", "T027", "T028"]
        );
        assert_eq!(ids("T1-T3"), ["T1", "T2", "T3"]);
        assert_eq!(ids("DB-1, T005a"), ["DB-1", "T005a"]);
        assert!(ids("UTF-8 in FR-001, S3, HTTP2 and T").is_empty());
        assert_eq!(ids("T001-T999999").len(), 2);
    }

    #[test]
    fn phases_and_stories_are_numbered() {
        assert_eq!(numbers("3-5)"), ["3", "4", "5"]);
        assert_eq!(numbers("1 and 2"), ["1", "2"]);
        assert_eq!(stories("US1+US2 and User Story 3"), ["1", "2", "3"]);
    }
}
