//! The names by which a document is found.

use std::collections::BTreeMap;

use planwright_model::FieldValue;

use crate::words::slug;

/// File names that many documents share: the folder says which of them one is.
const COMMON: [&str; 17] = [
    "plan",
    "spec",
    "tasks",
    "research",
    "readme",
    "index",
    "proposal",
    "design",
    "quickstart",
    "data-model",
    "board",
    "task",
    "prd",
    "todo",
    "requirements",
    "checklist",
    "plans",
];

/// Folders that many undertakings have: the folder above says whose one is.
const SHARED: [&str; 3] = ["checklists", "contracts", "artifacts"];

fn is_common(stem: &str) -> bool {
    COMMON.iter().any(|name| stem.eq_ignore_ascii_case(name))
}

fn is_shared(folder: &str) -> bool {
    SHARED.iter().any(|name| folder.eq_ignore_ascii_case(name))
}

/// The folder above a file's folder, its folder, and its name without the ending.
fn places(path: &str) -> (Option<&str>, Option<&str>, &str) {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let folder = parts.next();
    let stem = [".md", ".markdown", ".json"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    (parts.next(), folder, stem)
}

/// A title made of a path: the words of the file's name, of its folder's where many files share the
/// name.
pub(super) fn title(path: &str) -> String {
    let (_, folder, stem) = places(path);
    if is_common(stem)
        && let Some(folder) = folder.filter(|folder| !is_shared(folder))
    {
        let named = undated(folder.trim_start_matches(['.', '_']));
        let digits = named.bytes().take_while(u8::is_ascii_digit).count();
        let words = named[digits..].trim_start_matches(['-', '_', ' ', '.']);
        let words = if words.is_empty() { folder } else { words }.replace(['-', '_'], " ");
        let mut letters = words.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        return first.chain(letters).collect();
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let bare = name.split('.').next().filter(|bare| !bare.is_empty());
    bare.unwrap_or(name).replace(['-', '_'], " ")
}

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
    let (above, folder, stem) = places(path);
    if let Some(id) = fields.get("id").and_then(FieldValue::first) {
        push(id);
    }
    let prefix_id = id_of(stem);
    if let Some(id) = prefix_id {
        push(id);
    }
    let common = is_common(stem);
    let shared = folder.is_some_and(is_shared);
    // `plan.md` says nothing by itself: its folder is its name. `checklists/` says as little.
    let home = match (folder, above) {
        (Some(folder), Some(above)) if shared => Some((above, format!("{folder}/{stem}"))),
        (Some(folder), _) if common => Some((folder, stem.to_owned())),
        _ => None,
    };
    if let Some((home, name)) = &home {
        push(&format!("{home}/{name}"));
        let digits = home.bytes().take_while(u8::is_ascii_digit).count();
        let rest = undated(home);
        if rest != *home {
            push(&format!("{rest}/{name}"));
        } else if digits >= 2 && home[digits..].starts_with('-') {
            push(&format!("{}/{name}", &home[..digits]));
        }
        if stem.eq_ignore_ascii_case("plan") || stem.eq_ignore_ascii_case("proposal") {
            push(home);
        }
    }
    if home.is_none() || !common {
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

/// The id that a file or folder name begins with: `PLAN-001` of `PLAN-001-slug`, `012` of
/// `012-slug`, `EP-0016` of `EP-0016-slug`.
pub fn id_of(stem: &str) -> Option<&str> {
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
