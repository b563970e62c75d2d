//! The state of a document, in every place that states it.

use planwright_model::{DocumentState, StateClaim, StateSource};
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;

use super::native::{self, Wish};
use super::{Refusal, Subject, stamp};
use crate::reader::header::{self, Pair};
use crate::times;
use crate::vocabulary::key_word;

/// Keys whose date says when the document was last changed. Others that count as `updated` say when
/// something else was.
const UPDATED: [&str; 6] = [
    "last_updated",
    "updated",
    "updated_at",
    "updated_date",
    "last_modified",
    "modified",
];

/// Ways to set the state, the most sparing first. One without edits where the document says so.
pub(super) fn edits(
    subject: &Subject<'_>,
    to: DocumentState,
    given: Option<&str>,
    habit: Option<&str>,
) -> Result<Vec<Vec<Edit>>, Refusal> {
    let wish = Wish { given, habit };
    let old = subject.document.state.value;
    let claims: Vec<&StateClaim> = subject
        .document
        .state_claims
        .iter()
        .filter(|claim| is_stated(claim, old))
        .collect();
    let is_said = |claim: &&StateClaim| {
        let native = claim.native.as_deref().unwrap_or_default();
        claim.value == to && given.is_none_or(|given| native::phrase(native) == given)
    };
    let stated = claims
        .iter()
        .any(|claim| claim.source != Some(StateSource::Heading));
    if stated && claims.iter().all(is_said) {
        return Ok(vec![Vec::new()]);
    }
    let pairs = header::read_pairs(&subject.outline, subject.words);
    let mut ways = Vec::new();
    for whole in [false, true] {
        let mut edits = Vec::new();
        for claim in claims.iter().filter(|claim| !is_said(claim)) {
            edits.extend(replace(subject, claim, to, wish, whole)?);
        }
        if !stated {
            edits.extend(add(
                subject,
                &pairs,
                &native::word(subject, to, wish, None)?,
            ));
        }
        let dated = dates(subject, &pairs);
        let both: Vec<Edit> = edits.iter().cloned().chain(dated).collect();
        ways.extend([both, edits]);
    }
    ways.retain(|edits| !edits.is_empty());
    Ok(ways)
}

/// True for a place that speaks of the document: not for a heading that says something else than the
/// document did, and not for a line at the foot whose words mean no state.
fn is_stated(claim: &StateClaim, old: DocumentState) -> bool {
    match claim.source {
        Some(StateSource::Heading) => claim.value == old,
        Some(StateSource::Footer) => claim.value != DocumentState::Unknown,
        Some(StateSource::Board) => false,
        _ => true,
    }
}

/// Puts the new word into the place of the old one. The words behind it stay, unless `whole`.
fn replace(
    subject: &Subject<'_>,
    claim: &StateClaim,
    to: DocumentState,
    wish: Wish<'_>,
    whole: bool,
) -> Result<Vec<Edit>, Refusal> {
    let native = claim.native.as_deref().unwrap_or_default();
    let number = claim.line.unwrap_or(1);
    let source = &subject.parsed.source;
    let (start, line) = (source.line_span(number).start, source.line_text(number));
    // The value stands behind the key: a colon, a bar of a table, the word in a heading.
    let from = match claim.source {
        Some(StateSource::Heading) => line.to_lowercase().find("status").map_or(0, |at| at + 6),
        _ if line.trim_start().starts_with('|') => {
            let first = line.find('|').unwrap_or(0) + 1;
            line[first..].find('|').map_or(first, |at| first + at + 1)
        }
        _ => key_end(subject, line),
    };
    let from = if line.is_char_boundary(from) { from } else { 0 };
    let phrase = native::phrase(native);
    // An unknown word, or a choice that is still open, is nothing to keep a part of.
    let whole = whole || claim.value == DocumentState::Unknown;
    let wanted = if whole { native } else { phrase };
    let found = line[from..].find(wanted).filter(|_| !wanted.is_empty());
    let Some(at) = found.map(|at| from + at) else {
        return Ok(Vec::new());
    };
    let mut word = native::word(subject, to, wish, Some(native))?;
    if whole {
        let first = native.chars().next();
        if let Some(sign) = first.and_then(|first| native::sign(to, first)) {
            word = format!("{sign} {word}");
        }
        return Ok(vec![Edit::replace(span(start, at, wanted), word)]);
    }
    let mut edits = vec![Edit::replace(span(start, at, phrase), word)];
    // Signs around the word speak of the old state.
    let behind = at + phrase.len();
    let next = line[behind..].trim_start_matches([' ', '*', '_', '`']);
    let next = line.len() - next.len();
    for (sign_at, c) in line.char_indices().skip_while(|(at, _)| *at < from) {
        let is_near = sign_at < at || sign_at == next;
        if let Some(sign) = native::sign(to, c).filter(|_| is_near) {
            let c = &line[sign_at..sign_at + c.len_utf8()];
            edits.push(Edit::replace(span(start, sign_at, c), sign));
        }
    }
    Ok(edits)
}

fn span(start: u32, at: usize, part: &str) -> Span {
    let start = start as usize + at;
    Span::new(start, start + part.len())
}

/// Where the value of a line begins: behind the colon of the first key that states a state.
fn key_end(subject: &Subject<'_>, line: &str) -> usize {
    let mut from = 0;
    while let Some(at) = line[from..].find([':', '：']) {
        let colon = from + at;
        let key = line[..colon].rsplit(['|', '.', '>']).next().unwrap_or("");
        let key = key_word(key.trim_start_matches(['-', '*', '+', ' ']));
        from = colon + line[colon..].chars().next().map_or(1, char::len_utf8);
        let states = &subject.words.state_keys;
        if states.iter().any(|known| *known == key) || key.ends_with("_status") {
            return from;
        }
    }
    0
}

/// Adds a state to a document that states none: a key of the front matter, else a line below the
/// title, as the document's form writes it.
fn add(subject: &Subject<'_>, pairs: &[Pair], word: &str) -> Vec<Edit> {
    let newline = subject.newline();
    let key = subject
        .words
        .state_keys
        .first()
        .map_or("status", String::as_str);
    let source = &subject.parsed.source;
    if let Some(matter) = &subject.parsed.front_matter {
        let lower = word.to_lowercase();
        let known = matter.entries().iter().find(|entry| {
            let found = key_word(&entry.key);
            subject.words.state_keys.iter().any(|key| *key == found)
        });
        if let Some(entry) = known {
            // The key is there and says nothing.
            let line = source.line(entry.key_span.start);
            let text = source.line_text(line);
            let start = source.line_span(line).start as usize;
            let colon = text.find(':').map_or(text.len(), |at| at + 1);
            let rest = &text[colon..];
            let end = rest.find(" #").unwrap_or(rest.len());
            let span = Span::new(start + colon, start + colon + rest[..end].trim_end().len());
            return vec![Edit::replace(span, format!(" {lower}"))];
        }
        let text = format!("{key}: {lower}{newline}");
        return vec![Edit::insert(matter.inner.end, text)];
    }
    let form = form(subject);
    if let Some(pair) = pairs.iter().find(|pair| !pair.footer) {
        let line = source.line_text(pair.line);
        let key = if pair.key.starts_with(char::is_lowercase) {
            "status"
        } else {
            "Status"
        };
        if let Some(text) = like(line, pair, key, word) {
            let at = source.line_span(pair.line).start;
            let is_apart = pair.line < source.line_count()
                && source.line_text(pair.line + 1).trim().is_empty()
                && line.trim_start().starts_with("**");
            let gap = if is_apart { newline } else { "" };
            return vec![Edit::insert(at, format!("{text}{newline}{gap}"))];
        }
    }
    let text = form.replace("{}", word);
    vec![below_title(subject, &text)]
}

/// A line of its own below the title, or at the top where there is none.
pub(super) fn below_title(subject: &Subject<'_>, text: &str) -> Edit {
    let newline = subject.newline();
    let Some(h1) = subject.outline.h1 else {
        let at = subject.parsed.source.body_start();
        return Edit::insert(at, format!("{text}{newline}{newline}"));
    };
    let span = subject.outline.sections[h1].span;
    let title = subject.parsed.text(span).trim_end();
    let at = span.start + title.len() as u32;
    Edit::insert(at, format!("{newline}{newline}{text}"))
}

/// A header line in the style of another one. `None` where that is no example: several pairs stand in
/// it, or something else does.
pub(super) fn like(line: &str, pair: &Pair, key: &str, value: &str) -> Option<String> {
    let at = line.find(&pair.key)?;
    let behind = at + pair.key.len();
    let start = behind + line[behind..].find(&pair.value)?;
    let (before, between) = (&line[..at], &line[behind..start]);
    let after = &line[start + pair.value.len()..];
    let is_plain = |text: &str| {
        text.chars()
            .all(|c| matches!(c, '*' | '_' | ' ' | ':' | '：' | '|' | '-' | '>' | '\\'))
    };
    let is_alone = is_plain(before) && is_plain(between) && is_plain(after);
    (is_alone && !pair.value.is_empty()).then(|| format!("{before}{key}{between}{value}{after}"))
}

/// The header line that the document's form has for its state, `{}` for the word.
fn form(subject: &Subject<'_>) -> String {
    let found = subject
        .dialects
        .template_of(subject.document)
        .and_then(|template| {
            let label = template.labels.iter().find(|label| {
                let keys = &subject.words.state_keys;
                keys.iter().any(|key| label.is_met_by(key))
            })?;
            let line = template.text.lines().nth(label.line as usize - 1)?;
            let (before, _) = line.split_once('[')?;
            Some(format!("{before}{{}}"))
        });
    found.unwrap_or_else(|| "**Status:** {}".to_owned())
}

/// Sets the dates that say when the document was last changed.
fn dates(subject: &Subject<'_>, pairs: &[Pair]) -> Vec<Edit> {
    let source = &subject.parsed.source;
    let mut edits = Vec::new();
    let is_date = |key: &str| UPDATED.contains(&&*key_word(key));
    let mut set = |number: u32, key: &str| {
        let line = source.line_text(number);
        let start = source.line_span(number).start;
        let Some(from) = line.find(key).map(|at| at + key.len()) else {
            return;
        };
        let Some(time) = times::anywhere(&line[from..]) else {
            return;
        };
        let Some(at) = line[from..].find(&time.native) else {
            return;
        };
        let new = stamp::like(&time.native, subject.now);
        if new != time.native {
            edits.push(Edit::replace(span(start, from + at, &time.native), new));
        }
    };
    if let Some(matter) = &subject.parsed.front_matter {
        for entry in matter.entries().iter().filter(|entry| is_date(&entry.key)) {
            if entry.value.as_str().is_some() {
                set(source.line(entry.key_span.start), &entry.key);
            }
        }
    }
    for pair in pairs.iter().filter(|pair| is_date(&pair.key)) {
        set(pair.line, &pair.key);
    }
    edits
}
