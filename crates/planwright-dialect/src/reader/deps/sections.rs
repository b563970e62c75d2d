//! Sections about dependencies: their lines, tables and drawings.

use std::cmp::Ordering;

use planwright_model::{Item, Phase};

use super::ids::{compare, ids};
use super::order::{clauses, item_order, phase_order};
use super::{relate, relate_phases};
use crate::outline::Outline;
use crate::reader::named::Names;

/// For each section whether the nearest one with a purpose, itself or above, is about dependencies;
/// `None` where no section is.
pub(super) fn sections_about(outline: &Outline<'_>) -> Option<Vec<bool>> {
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
pub(super) fn of_sections(
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
    let back = lead_back(&lines);
    for line in &lines {
        for part in line.split(';') {
            item_order(part, items, names, back);
        }
        if !list.is_empty() {
            for part in clauses(line) {
                phase_order(&part, list, names);
            }
        }
    }
}

/// True where every arrow between numbered ids leads to a smaller number: there `WP06 -> WP02` says
/// what WP06 needs, and not what follows it.
fn lead_back(lines: &[String]) -> bool {
    let mut is_back = false;
    for line in lines {
        for pair in parts(line).windows(2) {
            let (from, to) = (ids(pair[0]), ids(pair[1]));
            let Some((from, to)) = from.last().zip(to.first()) else {
                continue;
            };
            match compare(from, to) {
                Some(Ordering::Greater) => is_back = true,
                Some(Ordering::Less) => return false,
                _ => {}
            }
        }
    }
    is_back
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
pub(super) fn parts(line: &str) -> Vec<&str> {
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
