//! The names by which a document is found.

use std::collections::BTreeMap;

use planwright_model::FieldValue;

use crate::words::slug;

/// Names that find a document, the shortest telling one first: its id, its number, its slug.
pub(super) fn aliases(
    path: &str,
    fields: &BTreeMap<String, FieldValue>,
    title: &str,
) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut push = |alias: &str| {
        let alias = alias.trim();
        if !alias.is_empty()
            && alias.len() < 160
            && !crate::words::is_placeholder(alias)
            && !out.iter().any(|other| other.eq_ignore_ascii_case(alias))
        {
            out.push(alias.to_owned());
        }
    };
    let parts: Vec<&str> = path.split('/').collect();
    let name = parts.last().copied().unwrap_or(path);
    let stem = name
        .strip_suffix(".md")
        .or_else(|| name.strip_suffix(".markdown"))
        .or_else(|| name.strip_suffix(".json"))
        .unwrap_or(name);
    let folder = parts.len().checked_sub(2).map(|at| parts[at]);
    if let Some(id) = fields.get("id").and_then(FieldValue::first) {
        push(id);
    }
    let prefix_id = id_of(stem);
    if let Some(id) = prefix_id {
        push(id);
    }
    // `plan.md` says nothing by itself: its folder is its name.
    let common = matches!(
        stem.to_ascii_lowercase().as_str(),
        "plan"
            | "spec"
            | "tasks"
            | "research"
            | "readme"
            | "index"
            | "proposal"
            | "design"
            | "quickstart"
            | "data-model"
            | "board"
            | "task"
            | "prd"
            | "todo"
            | "requirements"
            | "checklist"
            | "plans"
    );
    if common && let Some(folder) = folder {
        push(&format!("{folder}/{stem}"));
        let digits = folder.bytes().take_while(u8::is_ascii_digit).count();
        if digits >= 2 && folder[digits..].starts_with('-') {
            push(&format!("{}/{stem}", &folder[..digits]));
        }
        if stem.eq_ignore_ascii_case("plan") {
            push(folder);
        }
    } else {
        push(stem);
    }
    if let Some(slug) = fields.get("slug").and_then(FieldValue::first) {
        push(slug);
    }
    if let Some((bare, kind)) = stem.rsplit_once('.')
        && !kind.is_empty()
    {
        push(bare);
    }
    let rest = undated(stem);
    if rest != stem && !rest.is_empty() {
        push(rest);
    }
    if let Some(id) = prefix_id
        && let Some(rest) = stem.strip_prefix(id)
    {
        push(rest.trim_start_matches(['-', '_', ' ']));
    }
    let title = slug(title);
    if title.len() > 3 {
        push(&title);
    }
    out
}

/// `PLAN-001` of `PLAN-001-slug`, `012` of `012-slug`, `EP-0016` of `EP-0016-slug`.
fn id_of(stem: &str) -> Option<&str> {
    let letters = stem.bytes().take_while(u8::is_ascii_alphabetic).count();
    let dash = usize::from(letters > 0 && stem[letters..].starts_with('-'));
    let digits = stem[letters + dash..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let end = letters + dash + digits;
    let ends = stem[end..].is_empty() || stem[end..].starts_with(['-', '_', ' ']);
    let lettered = letters > 0 && letters <= 8 && dash == 1 && digits >= 1;
    let numbered = letters == 0 && (2..=4).contains(&digits) && undated(stem) == stem;
    (ends && (lettered || numbered)).then(|| &stem[..end])
}

/// A slug without a leading date: `2026-01-02-slug`.
fn undated(stem: &str) -> &str {
    let bytes = stem.as_bytes();
    let dated = bytes.len() > 11
        && bytes[..10].iter().enumerate().all(|(at, b)| {
            if at == 4 || at == 7 {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
        && matches!(bytes[10], b'-' | b'_');
    if dated { &stem[11..] } else { stem }
}
