//! The documents that touch a file: those that declare it, and those that name it.

use std::fmt::Write as _;

use planwright_model::RelationType;

use super::Scene;
use super::corpus::{Corpus, Mention};
use super::part::{About, Part, short};
use super::policy::{Load, matches};

/// Lines of one document that are shown.
const LINES: usize = 4;

/// A document that touches a path.
struct Touching<'a> {
    entry: usize,
    /// What it declares, where it does.
    pattern: Option<&'a str>,
    mentions: Vec<&'a Mention>,
    /// Smaller is weightier.
    rank: (bool, bool, std::cmp::Reverse<usize>),
}

pub(super) fn parts(scene: &Scene<'_>, corpus: &Corpus, paths: &[String]) -> Option<Part> {
    if paths.is_empty() {
        return None;
    }
    let graph = scene.ws.graph();
    let mut found: Vec<Touching<'_>> = Vec::new();
    for document in corpus
        .documents
        .iter()
        .filter(|document| document.policy.load != Load::Never)
    {
        let declared = graph.outgoing(document.entry).find(|link| {
            link.to.is_none()
                && matches!(
                    link.relation.kind,
                    RelationType::Touches | RelationType::Output | RelationType::Input
                )
                && paths
                    .iter()
                    .any(|path| matches(&link.relation.target, path))
        });
        let mut mentions: Vec<&Mention> = document.mentions.iter().collect();
        // A bare name can mean many files.
        let strongest = mentions
            .iter()
            .map(|mention| mention.parts)
            .max()
            .unwrap_or(0);
        if declared.is_none() && mentions.is_empty() {
            continue;
        }
        mentions.sort_by_key(|mention| {
            (
                std::cmp::Reverse(mention.parts),
                !is_open(&mention.text),
                mention.line,
            )
        });
        found.push(Touching {
            entry: document.entry,
            pattern: declared.map(|link| link.relation.target.as_str()),
            mentions,
            rank: (
                !document.is_live,
                declared.is_none(),
                std::cmp::Reverse(strongest),
            ),
        });
    }
    found.sort_by_key(|touching| (touching.rank, scene.entries[touching.entry].path));
    let named = paths
        .iter()
        .map(|path| format!("`{path}`"))
        .collect::<Vec<String>>()
        .join(", ");
    let mut part = Part::new(
        "touches",
        &format!("## What touches {named}"),
        ("document that touches it", "documents that touch it"),
    );
    if found.is_empty() {
        part.line(
            "No plan, decision or rule names it.".to_owned(),
            About::why("nothing was found"),
        );
    }
    for touching in &found {
        let entry = &scene.entries[touching.entry];
        let state = entry.native.map_or_else(
            || entry.state.as_str().replace('_', " "),
            |native| short(native, 30).to_lowercase(),
        );
        let state = if state == "unknown" {
            String::new()
        } else {
            format!(", {state}")
        };
        let counted = if entry.total > 0 {
            format!(", {} of {} tasks done", entry.done, entry.total)
        } else {
            String::new()
        };
        let over = if touching.rank.0 { "; it is over" } else { "" };
        let declares = touching
            .pattern
            .map(|pattern| format!("; declares `{pattern}`"))
            .unwrap_or_default();
        let mut text = format!(
            "- `{}` {} ({}{state}{counted}{over}){declares}",
            entry.path,
            short(entry.title, 70),
            entry.kind
        );
        for mention in touching.mentions.iter().take(LINES) {
            let _ = write!(
                text,
                "\n  - :{} {}",
                mention.line,
                short(&mention.text, 160)
            );
        }
        if touching.mentions.len() > LINES {
            let _ = write!(
                text,
                "\n  - and on {} more lines",
                touching.mentions.len() - LINES
            );
        }
        let why = match touching.pattern {
            Some(pattern) => format!("it declares `{pattern}`"),
            None => "it names the path".to_owned(),
        };
        let line = touching.mentions.first().map_or(1, |mention| mention.line);
        let piece = planwright_brief::pack::Piece {
            text,
            document: Some(touching.entry),
            ..Default::default()
        };
        part.push(piece, About::at(entry.path, line, line, why));
    }
    Some(part)
}

/// True for an open box.
fn is_open(line: &str) -> bool {
    line.trim_start_matches(['-', '*', '+', ' '])
        .starts_with("[ ]")
}
