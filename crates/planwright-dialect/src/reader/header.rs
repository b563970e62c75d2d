//! Title, state and fields: what a document says about itself at its top and its foot.

use std::collections::BTreeMap;

use planwright_model::{DocumentState, FieldValue, StateClaim, StateSource, Title};
use planwright_syntax::yaml::{Value, ValueKind};
use planwright_syntax::{Parsed, Span};

use crate::outline::Outline;
use crate::vocabulary::{Vocabulary, key_word};
use crate::words::{find_bold, is_placeholder, one_line};

/// A `Key: value` of a header or footer.
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) line: u32,
    pub(crate) footer: bool,
}

/// The `Key: value` pairs of a paragraph: one or several to a line, the key bold or plain.
pub(crate) fn pairs(parsed: &Parsed, span: Span) -> Vec<(String, String, u32)> {
    let mut out = Vec::new();
    let text = parsed.text(span);
    if memchr::memchr(b':', text.as_bytes()).is_none() && !text.contains('：') {
        return out;
    }
    let mut offset = span.start;
    for line in text.split('\n') {
        let start = offset;
        offset += line.len() as u32 + 1;
        if memchr::memchr(b':', line.as_bytes()).is_none() && !line.contains('：') {
            continue;
        }
        let number = parsed.source.line(start);
        let line = line.trim().trim_start_matches(['>', ' ']);
        let line = line
            .strip_prefix("- ")
            .or_else(|| line.strip_prefix("* "))
            .unwrap_or(line);
        if find_bold(line).is_some() {
            bold_pairs(line, number, &mut out);
        } else if let Some((key, value)) = line.split_once([':', '：']) {
            let words = key.split_whitespace().count();
            if (1..=4).contains(&words)
                && key.starts_with(char::is_alphabetic)
                && !value.starts_with("//")
            {
                out.push((key.trim().to_owned(), clean(value), number));
            }
        }
    }
    out
}

/// `**Branch**: x | **Date**: y`, `**Status:** z`.
fn bold_pairs(line: &str, number: u32, out: &mut Vec<(String, String, u32)>) {
    let mut rest = line;
    while let Some(open) = find_bold(rest) {
        let inner = &rest[open + 2..];
        let Some(close) = find_bold(inner) else { break };
        let key = &inner[..close];
        let after = &inner[close + 2..];
        let value = if key.ends_with([':', '：']) {
            Some(after)
        } else {
            after.trim_start().strip_prefix([':', '：'])
        };
        let Some(value) = value else {
            rest = after;
            continue;
        };
        // The value runs to the next bold key on the line.
        let mut end = value.len();
        let mut from = 0;
        while let Some(at) = find_bold(&value[from..]) {
            let start = from + at;
            let Some(close) = find_bold(&value[start + 2..]) else {
                break;
            };
            let word = &value[start + 2..start + 2 + close];
            let next = &value[start + 4 + close..];
            if word.ends_with([':', '：']) || next.trim_start().starts_with([':', '：']) {
                end = start;
                break;
            }
            from = start + 4 + close;
        }
        let key = key.trim_end_matches([':', '：', ' ']).trim();
        if !key.is_empty() && key.len() < 60 {
            out.push((key.to_owned(), clean(&value[..end]), number));
        }
        rest = &value[end..];
    }
}

fn clean(value: &str) -> String {
    one_line(
        value
            .trim()
            .trim_end_matches('|')
            .trim()
            .trim_end_matches('\\'),
    )
}

/// The header and footer pairs of a document: what stands before its second heading, and in the
/// last paragraphs of its last section.
pub(crate) fn read_pairs(outline: &Outline<'_>, words: &Vocabulary) -> Vec<Pair> {
    let parsed = outline.parsed;
    let headings: Vec<usize> = (1..outline.sections.len())
        .filter(|at| outline.sections[*at].level <= 6)
        .collect();
    let first = headings.iter().copied().find(|at| Some(*at) != outline.h1);
    let head_end = first.map_or(u32::MAX, |at| outline.sections[at].line);
    let foot_start = headings
        .last()
        .map_or(u32::MAX, |at| outline.sections[*at].line);
    let lines = parsed.source.line_count();
    let mut out = Vec::new();
    for para in &outline.paras {
        let head = para.line < head_end;
        let foot = para.line > foot_start && lines.saturating_sub(para.line) < 12;
        if head || foot {
            out.extend(outline.pairs(para).iter().map(|(key, value, line)| Pair {
                key: key.clone(),
                value: value.clone(),
                line: *line,
                footer: !head,
            }));
        }
    }
    for item in outline
        .items
        .iter()
        .filter(|item| item.line < head_end && item.parent.is_none() && item.mark.is_none())
    {
        let first_line = item.raw.lines().next().unwrap_or("");
        let mut found = Vec::new();
        if find_bold(first_line).is_some() {
            bold_pairs(first_line, item.line, &mut found);
        } else if let Some((key, value)) = first_line.split_once([':', '：'])
            && (words.field(key).is_some()
                || words.relation(key).is_some()
                || words.state_keys.iter().any(|known| *known == key_word(key)))
        {
            found.push((key.to_owned(), clean(value), item.line));
        }
        out.extend(found.into_iter().map(|(key, value, line)| Pair {
            key,
            value,
            line,
            footer: false,
        }));
    }
    // A table of two columns right under the title: `| **Status** | Draft |`.
    for table in outline.tables.iter().filter(|table| table.line < head_end) {
        for row in super::records::rows(outline, table.node) {
            if let [key, value] = row.cells.as_slice() {
                out.push(Pair {
                    key: key.clone(),
                    value: value.clone(),
                    line: row.line,
                    footer: false,
                });
            }
        }
    }
    // Header fields set on lines of their own that a label took: `**Status:**` then the value.
    out.sort_by_key(|pair| (pair.footer, pair.line));
    out
}

/// The title: front matter `title`, else the first heading of level 1.
pub(crate) fn title(outline: &Outline<'_>, path: &str) -> Title {
    if let Some(matter) = &outline.parsed.front_matter
        && let Some(entry) = matter
            .entries()
            .iter()
            .find(|entry| entry.key.eq_ignore_ascii_case("title"))
        && let Some(text) = entry.value.as_str()
        && !text.trim().is_empty()
    {
        return Title {
            text: one_line(text),
            line: Some(outline.parsed.source.line(entry.key_span.start)),
        };
    }
    if let Some(h1) = outline.h1 {
        let section = &outline.sections[h1];
        return Title {
            text: section.title.clone().into_owned(),
            line: Some(section.line),
        };
    }
    Title {
        text: super::aliases::title(path),
        line: None,
    }
}

/// Every place where the document states its state, the deciding one first.
pub(crate) fn states(outline: &Outline<'_>, words: &Vocabulary, pairs: &[Pair]) -> Vec<StateClaim> {
    let parsed = outline.parsed;
    let mut claims = Vec::new();
    if let Some(matter) = &parsed.front_matter {
        for key in &words.state_keys {
            let Some(entry) = matter
                .entries()
                .iter()
                .find(|entry| key_word(&entry.key) == *key)
            else {
                continue;
            };
            let line = parsed
                .source
                .line(entry.value.span.start.max(entry.key_span.start));
            if let Some(text) = entry.value.as_str()
                && !entry.value.is_null()
            {
                claims.push(claim(words, text, line, StateSource::FrontMatter));
            }
        }
    }
    // `Plan status: complete` above `Next step: write the tasks` is said of the writing of the plan.
    let goes_on = pairs
        .iter()
        .any(|pair| pair.footer && key_word(&pair.key).starts_with("next"));
    for pair in pairs {
        let key = key_word(&pair.key);
        if pair.footer && goes_on && matches!(&*key, "plan_status" | "spec_status") {
            continue;
        }
        let states_it = words.state_keys.iter().any(|known| *known == key)
            || matches!(
                &*key,
                "plan_status"
                    | "spec_status"
                    | "document_status"
                    | "current_status"
                    | "状态"
                    | "狀態"
                    | "状態"
                    | "상태"
                    | "статус"
                    | "estado"
                    | "statut"
            )
            || key.ends_with("_status")
                && key.split('_').count() == 2
                && pair.footer
                && !matches!(
                    &*key,
                    "review_status"
                        | "planning_status"
                        | "design_status"
                        | "research_status"
                        | "test_status"
                        | "build_status"
                        | "ci_status"
                        | "approval_status"
                        | "deployment_status"
                        | "next_status"
                );
        // `status: 'open',` is a line of code.
        let is_code = pair.value.starts_with(['\'', '"']) && pair.value.ends_with([',', ';']);
        if states_it && !pair.value.is_empty() && !is_code {
            let source = if pair.footer {
                StateSource::Footer
            } else {
                StateSource::Header
            };
            claims.push(claim(words, &pair.value, pair.line, source));
        }
    }
    // A section that is called `Status`: its heading's further words, else its first lines.
    for (at, section) in outline.sections.iter().enumerate() {
        if !(1..=6).contains(&section.level) {
            continue;
        }
        let title = section.title.trim();
        let Some(rest) = crate::words::strip_prefix_ignore_case(title, "status")
            .or_else(|| title.strip_prefix("状态"))
        else {
            continue;
        };
        let rest = rest.trim_start_matches([':', '：', '—', '–', '-', ' ']);
        if rest.is_empty() {
            let para = outline.paras.iter().find(|para| para.section == at);
            let item = outline.items.iter().find(|item| item.section == at);
            let first = match (para, item) {
                (Some(para), Some(item)) if item.line < para.line => Some((&*item.text, item.line)),
                (Some(para), _) => Some((outline.text(para), para.line)),
                (None, Some(item)) => Some((&*item.text, item.line)),
                _ => None,
            };
            if let Some((text, line)) = first {
                // `Program status: Completed`, `Current milestone: Completed` below a heading `Status`.
                let is_label = |key: &str| {
                    let key = key.to_lowercase();
                    key.trim_end().ends_with("status") || key.trim_start().starts_with("current")
                };
                let text = text
                    .split_once(':')
                    .filter(|(key, _)| is_label(key))
                    .map_or(text, |(_, value)| value)
                    .trim();
                // Only the section about the document itself: near its top.
                let near_top = (1..at)
                    .filter(|up| outline.sections[*up].level <= 6)
                    .count()
                    <= 1;
                if near_top && words.state(text).is_some() {
                    claims.push(claim(words, text, line, StateSource::Header));
                }
            }
        } else if title.len() > "status".len()
            && !title["status".len().min(title.len())..].starts_with(char::is_alphabetic)
            && words.state(rest).is_some()
            && is_of_the_document(outline, at)
        {
            claims.push(claim(words, rest, section.line, StateSource::Heading));
        }
    }
    claims.sort_by_key(|claim| (claim.source, claim.line));
    // Status words in the heading never outrank a line that states it.
    let decided = claims
        .iter()
        .position(|claim| claim.source != Some(StateSource::Heading));
    if let Some(at) = decided {
        let first = claims.remove(at);
        claims.insert(0, first);
    }
    claims
}

/// False for `### Status: complete` below `## Phase 1`, which is the phase's.
fn is_of_the_document(outline: &Outline<'_>, at: usize) -> bool {
    let parent = outline.sections[at].parent;
    parent == 0 || Some(parent) == outline.h1
}

fn claim(words: &Vocabulary, text: &str, line: u32, source: StateSource) -> StateClaim {
    let text = text.trim();
    let alternatives = text.contains(" | ") || text.contains(" / ") && text.starts_with('[');
    let unfilled = is_placeholder(text) && text.len() > 2
        || alternatives
            && words.state(text.trim_matches(['[', ']'])).is_some()
            && text.matches(['|', '/']).count() > 1;
    let value = if unfilled {
        DocumentState::Unknown
    } else {
        words.state(text).unwrap_or_default()
    };
    let native = text.trim_matches(['*', '_', '`', ' ']);
    // `✅ **Done**` loses one pair of marks only: the other goes too.
    let native = if native.matches("**").count() % 2 == 1 {
        native.replacen("**", "", 1)
    } else {
        native.to_owned()
    };
    StateClaim {
        value,
        native: Some(native),
        line: Some(line),
        source: Some(source),
    }
}

/// The fields of front matter and header lines under canonical names.
pub(crate) fn fields(
    outline: &Outline<'_>,
    words: &Vocabulary,
    pairs: &[Pair],
) -> BTreeMap<String, FieldValue> {
    let mut fields = BTreeMap::new();
    if let Some(matter) = &outline.parsed.front_matter {
        for entry in matter.entries() {
            flatten(&entry.key, &entry.value, words, &mut fields, 0);
        }
    }
    for pair in pairs {
        if is_placeholder(&pair.value) || pair.value.is_empty() {
            continue;
        }
        let Some(name) = words.field(&pair.key) else {
            continue;
        };
        if matches!(name, "title" | "description") {
            continue;
        }
        let value = split(name, &pair.value);
        fields.entry(name.to_owned()).or_insert(value);
    }
    fields
}

fn flatten(
    key: &str,
    value: &Value,
    words: &Vocabulary,
    fields: &mut BTreeMap<String, FieldValue>,
    depth: usize,
) {
    if value.is_null() || depth > 3 {
        return;
    }
    let name = words
        .field(key)
        .map_or_else(|| key.to_owned(), str::to_owned);
    match &value.kind {
        ValueKind::Scalar(text, _) => {
            // A list without anything, which invalid front matter left as text.
            if !matches!(text.trim(), "" | "[]") && !fields.contains_key(&name) {
                let value = split(&name, text);
                fields.insert(name, value);
            }
        }
        ValueKind::Sequence(values) => {
            let values: Vec<String> = values
                .iter()
                .map(inline)
                .filter(|text| !text.is_empty())
                .collect();
            if !values.is_empty() {
                fields.entry(name).or_insert(FieldValue::Many(values));
            }
        }
        ValueKind::Mapping(entries) => {
            for entry in entries {
                flatten(
                    &format!("{key}.{}", entry.key),
                    &entry.value,
                    words,
                    fields,
                    depth + 1,
                );
            }
        }
    }
}

/// A value in one line: a scalar as it is, a mapping as `key: value`.
fn inline(value: &Value) -> String {
    match &value.kind {
        ValueKind::Scalar(text, _) => one_line(text),
        ValueKind::Sequence(values) => values
            .iter()
            .take(50)
            .map(inline_leaf)
            .collect::<Vec<_>>()
            .join(", "),
        ValueKind::Mapping(entries) => entries
            .iter()
            .take(50)
            .map(|entry| format!("{}: {}", entry.key, inline_leaf(&entry.value)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn inline_leaf(value: &Value) -> String {
    value.as_str().map(one_line).unwrap_or_default()
}

/// Names of people and tags may be a list in one line; everything else is one value.
fn split(name: &str, value: &str) -> FieldValue {
    let value = one_line(value);
    if matches!(name, "owner" | "author" | "tags" | "stakeholders") {
        let parts: Vec<String> = value
            .split([',', ';'])
            .map(|part| {
                part.trim()
                    .trim_matches(['"', '\'', '`', '[', ']'])
                    .to_owned()
            })
            .filter(|part| !part.is_empty())
            .collect();
        return FieldValue::Many(parts);
    }
    FieldValue::One(value)
}
