//! Requirements: `FR-001`, `SC-002`, user stories.

use planwright_model::Requirement;

use crate::outline::Outline;
use crate::words::strip_prefix_ignore_case;

/// `FR-001`, `SC-002`, `NFR-3`, `US-1` at the head of a list item or of a heading.
pub(crate) fn requirements(outline: &Outline<'_>, kind: &str) -> Vec<Requirement> {
    let mut found: Vec<Requirement> = Vec::new();
    if !matches!(kind, "spec" | "prd" | "plan") {
        return found;
    }
    for item in &outline.items {
        if let Some((id, rest)) = requirement_id(&item.text)
            && !found.iter().any(|other| other.id == id)
        {
            found.push(Requirement {
                line: item.line,
                id: id.to_owned(),
                text: rest
                    .trim_start_matches([':', '*', ' ', '—', '-'])
                    .to_owned(),
            });
        }
    }
    for section in &outline.sections {
        let title = section.title.trim();
        if let Some(rest) = strip_prefix_ignore_case(title, "user story ") {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let id = format!("US{}", &rest[..digits]);
            if digits > 0 && kind == "spec" && !found.iter().any(|other| other.id == id) {
                let text = rest[digits..]
                    .trim_start_matches([' ', '-', ':', '—', '–'])
                    .to_owned();
                found.push(Requirement {
                    line: section.line,
                    id,
                    text,
                });
            }
        } else if let Some((id, rest)) = requirement_id(title)
            && !found.iter().any(|other| other.id == id)
        {
            found.push(Requirement {
                line: section.line,
                id: id.to_owned(),
                text: rest.trim_start_matches([':', ' ', '—', '-']).to_owned(),
            });
        }
    }
    found.sort_by_key(|requirement| requirement.line);
    found
}

/// A requirement id at the start of text, and the rest.
pub(crate) fn requirement_id(text: &str) -> Option<(&str, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    if !matches!(
        &text[..letters],
        "FR" | "SC" | "NFR" | "US" | "REQ" | "AC" | "IR" | "TR" | "PR" | "UR"
    ) {
        return None;
    }
    let rest = text[letters..]
        .strip_prefix('-')
        .or_else(|| (&text[..letters] == "US").then_some(&text[letters..]))?;
    let skipped = text.len() - letters - rest.len();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    let mut end = letters + skipped + digits;
    if text[end..].starts_with(|c: char| c.is_ascii_lowercase())
        && !text[end + 1..].starts_with(char::is_alphanumeric)
    {
        end += 1;
    }
    Some((&text[..end], &text[end..]))
}
