//! Relations that a document states: in its front matter, in a line at its head, in a section.

use planwright_model::{Document, Relation, RelationType};
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::{Entry, Value, ValueKind};

use super::state::{below_title, like};
use super::{Refusal, Subject, section};
use crate::reader::header;
use crate::template::{SectionRule, ValueRule};
use crate::vocabulary::key_word;
use crate::words::is_nothing;

/// The document at the other end.
pub(super) struct Other<'b> {
    /// Its path from the root.
    pub(super) path: &'b str,
    /// Its other names.
    pub(super) names: &'b [String],
    /// What it is: `plan`, `adr`.
    pub(super) kind: &'b str,
}

/// The paths by which a document names the file at a path from the root.
pub(super) fn written(document: &Document, target: &str) -> [String; 2] {
    [relative(&document.path, target), target.to_owned()]
}

/// Ways to state a relation, where the document or one of its form states such ones.
pub(super) fn edits(
    subject: &Subject<'_>,
    relation: RelationType,
    other: &Other<'_>,
) -> Result<Vec<Vec<Edit>>, Refusal> {
    let document = subject.document;
    let paths = written(document, other.path);
    let is_named = |target: &String| paths.contains(target) || other.names.contains(target);
    let mut stated = document.relations.iter();
    let is_it = |found: &Relation| {
        found.kind == relation && found.source != "link" && is_named(&found.target)
    };
    if stated.any(is_it) {
        return Ok(vec![Vec::new()]);
    }
    let linker = Linker {
        subject,
        relation,
        other,
        path: &paths[0],
    };
    let ways = [
        linker.known_key(),
        linker.known_line(),
        linker.known_list(),
        linker.form_key(),
        linker.form_line(),
        linker.form_section(),
        linker.new_key(),
        linker.new_line(),
    ];
    let ways: Vec<Vec<Edit>> = ways.into_iter().flatten().map(|edit| vec![edit]).collect();
    if ways.is_empty() {
        return Err(Refusal::NoKey {
            dialect: document.dialect.clone(),
            relation,
            known: RelationType::ALL
                .into_iter()
                .filter(|relation| key_of(subject, *relation).is_some())
                .collect(),
        });
    }
    Ok(ways)
}

/// The key by which the dialect states a relation.
fn key_of(subject: &Subject<'_>, relation: RelationType) -> Option<String> {
    let own = relation.as_str();
    let means = |key: &&str| subject.words.relation(key) == Some(relation);
    let manifests = [&subject.dialect.manifest, &*subject.dialect.common];
    let mut listed = manifests
        .into_iter()
        .filter_map(|manifest| manifest.relations.get(own)?.first());
    let listed = listed.find(|key| means(&key.as_str()));
    Some(own)
        .filter(means)
        .or(listed.map(String::as_str))
        .map(str::to_owned)
}

struct Linker<'s, 'a> {
    subject: &'s Subject<'a>,
    relation: RelationType,
    other: &'s Other<'s>,
    /// The other's path as seen from here.
    path: &'s str,
}

impl Linker<'_, '_> {
    fn means(&self, key: &str) -> bool {
        self.subject.words.relation(key) == Some(self.relation)
    }

    /// The best of some keys: `related_adrs` for a decision, else the first.
    fn best<'k, T>(&self, keys: Vec<(&'k str, T)>) -> Option<(&'k str, T)> {
        let kind = self.other.kind;
        let fits = |key: &str| !kind.is_empty() && key_word(key).contains(kind);
        let at = keys.iter().position(|(key, _)| fits(key)).unwrap_or(0);
        keys.into_iter().nth(at)
    }

    /// A key of the front matter that states such relations.
    fn known_key(&self) -> Option<Edit> {
        let matter = self.subject.parsed.front_matter.as_ref()?;
        let entries = matter.entries().iter();
        let known = entries.filter(|entry| self.means(&entry.key));
        let known = known.map(|entry| (entry.key.as_str(), entry)).collect();
        let (_, entry) = self.best(known)?;
        append(self.subject, entry, &self.word(entry))
    }

    /// The other's name in the manner of the names that stand there.
    fn word(&self, entry: &Entry) -> String {
        let shown: Vec<&str> = match &entry.value.kind {
            ValueKind::Sequence(items) => items.iter().filter_map(Value::as_str).collect(),
            _ => entry.value.as_str().into_iter().collect(),
        };
        let source = &self.subject.parsed.source;
        let raw = match &entry.value.kind {
            ValueKind::Sequence(items) => items.last().map_or("", |item| source.slice(item.span)),
            _ => source.slice(entry.value.span),
        };
        let name = self.name_like(&shown);
        match raw.trim_start().chars().next() {
            Some('"') => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
            Some('\'') if !name.contains('\'') => format!("'{name}'"),
            _ => quoted(&name),
        }
    }

    /// The other's name in the manner in which the front matter names documents.
    fn usual_name(&self) -> String {
        let relations = self.subject.document.relations.iter();
        let documents = relations
            .filter(|found| found.source == "front matter" && found.kind != RelationType::Touches);
        let shown: Vec<&str> = documents.map(|found| found.target.as_str()).collect();
        self.name_like(&shown)
    }

    fn name_like(&self, shown: &[&str]) -> String {
        let is_path =
            |name: &str| name.contains('/') || name.ends_with(".md") || name.ends_with(".mdx");
        let shown: Vec<&str> = shown
            .iter()
            .copied()
            .filter(|name| !is_nothing(name))
            .collect();
        let is_id = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.ends_with(|c: char| c.is_ascii_digit())
        };
        let Some(last) = shown.last().copied() else {
            // A document that bears an id names others by theirs.
            let bears = self.subject.document.fields.contains_key("id");
            let id = self.other.names.iter().find(|name| bears && is_id(name));
            return id.map_or_else(|| self.path.to_owned(), Clone::clone);
        };
        if last.starts_with("[[") {
            let name = self.other.names.first().map_or(self.path, String::as_str);
            return format!("[[{name}]]");
        }
        if is_path(last) {
            let top = self
                .subject
                .document
                .path
                .split('/')
                .next()
                .unwrap_or_default();
            let from_root = shown.iter().any(|name| {
                name.split_once('/').is_some_and(|(first, _)| first == top)
                    && top != self.subject.document.path
            });
            return if from_root {
                self.other.path.to_owned()
            } else {
                self.path.to_owned()
            };
        }
        // `PLAN-002` beside `PLAN-001`, a slug beside a slug.
        let letters = |name: &str| name.split(['-', '_']).next().unwrap_or_default().to_owned();
        let names = || self.other.names.iter().filter(|name| !is_path(name));
        let same =
            names().find(|name| is_id(last) && is_id(name) && letters(name) == letters(last));
        let like = same.or_else(|| names().find(|name| is_id(name) == is_id(last)));
        like.map_or_else(|| self.path.to_owned(), Clone::clone)
    }

    /// A line at the head that states such relations.
    fn known_line(&self) -> Option<Edit> {
        let subject = self.subject;
        let pairs = header::read_pairs(&subject.outline, subject.words);
        let known = pairs.iter().filter(|pair| self.means(&pair.key));
        let (_, pair) = self.best(known.map(|pair| (pair.key.as_str(), pair)).collect())?;
        let source = &subject.parsed.source;
        let (line, start) = (
            source.line_text(pair.line),
            source.line_span(pair.line).start,
        );
        let key = line.find(&pair.key)? + pair.key.len();
        let colon = line[key..].find([':', '：'])? + key;
        let behind = line[colon..]
            .chars()
            .next()
            .map_or(colon, |c| colon + c.len_utf8());
        let rest = line[behind..].trim_start_matches(['*', '_', ' ']);
        let from = line.len() - rest.len();
        let value = rest.split(" | ").next().unwrap_or(rest).trim_end();
        let value = value.trim_end_matches(['\\', ' ']);
        if is_nothing(value) {
            let gap = if line[..from].ends_with(' ') { "" } else { " " };
            let span = Span::new(start as usize + from, start as usize + from + value.len());
            return Some(Edit::replace(span, format!("{gap}{}", self.link())));
        }
        let at = start as usize + from + value.len();
        Some(Edit::insert(at as u32, format!(", {}", self.like(value))))
    }

    /// The other as a link, in code or plainly, as the one that stands there is.
    fn like(&self, shown: &str) -> String {
        if shown.contains("](") {
            self.link()
        } else if shown.contains('`') {
            format!("`{}`", self.path)
        } else {
            let last = shown.rsplit([',', ' ']).next().unwrap_or(shown);
            self.name_like(&[last])
        }
    }

    fn link(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        let name = name.strip_suffix(".md").unwrap_or(name);
        format!("[{name}]({})", self.path.replace(' ', "%20"))
    }

    /// A list of such relations.
    fn known_list(&self) -> Option<Edit> {
        let subject = self.subject;
        let relations = subject.document.relations.iter().rev();
        let mut listed =
            relations.filter(|found| found.kind == self.relation && found.source == "section");
        let line = listed.next()?.line;
        let mut items = subject.outline.items.iter();
        let found = items.find(|item| item.line == line && item.mark.is_none())?;
        let block = subject.parsed.text(found.span);
        let marker = block
            .get(..2)
            .filter(|marker| marker.starts_with(['-', '*', '+']))?;
        let source = &subject.parsed.source;
        let text = source.line_text(found.line);
        let indent = &text[..text.len() - text.trim_start().len()];
        let newline = subject.newline();
        let at = source.line_span(found.end_line).end;
        let name = self.like(found.raw);
        Some(Edit::insert(at, format!("{newline}{indent}{marker}{name}")))
    }

    /// A key that the form of the document has.
    fn form_key(&self) -> Option<Edit> {
        let subject = self.subject;
        let matter = subject.parsed.front_matter.as_ref()?;
        let template = subject.dialects.template_of(subject.document)?;
        let keys = template.front_matter.iter().flat_map(|rule| &rule.keys);
        let known = keys.filter(|key| !key.name.contains('.') && self.means(&key.name));
        let (name, rule) = self.best(known.map(|key| (key.name.as_str(), key)).collect())?;
        let (word, newline) = (quoted(&self.usual_name()), subject.newline());
        let text = match rule.value {
            ValueRule::List => format!("{name}:{newline}  - {word}{newline}"),
            _ => format!("{name}: {word}{newline}"),
        };
        Some(Edit::insert(matter.inner.end, text))
    }

    /// A line at the head that the form of the document has.
    fn form_line(&self) -> Option<Edit> {
        let template = self.subject.dialects.template_of(self.subject.document)?;
        let labels = template
            .labels
            .iter()
            .filter(|label| self.means(&label.name));
        let (name, ()) = self.best(labels.map(|label| (label.name.as_str(), ())).collect())?;
        Some(header_line(self.subject, name, &self.link()))
    }

    /// The section for such relations, of the document or of its form.
    fn form_section(&self) -> Option<Edit> {
        let role = match self.relation {
            RelationType::DependsOn => "dependencies",
            RelationType::Related => "related",
            _ => return None,
        };
        let subject = self.subject;
        let text = format!("{} {}", section::marker(subject), self.link());
        if let Some(at) = section::find(subject, role) {
            let nothing = section::in_place_of_nothing(subject, at, &text);
            let first = nothing.and_then(|edits| edits.into_iter().next());
            let is_list =
                !section::has_table(subject, at) && subject.outline.sections[at].level <= 6;
            return first.or_else(|| is_list.then(|| section::at_end(subject, at, &text)));
        }
        if subject.parsed.front_matter.is_some() {
            return None;
        }
        let template = subject.dialects.template_of(subject.document)?;
        let own = |rule: &SectionRule| rule.role.as_deref() == Some(role);
        template.sections.iter().find(|rule| own(rule))?;
        let (_, ways) = section::make(subject, own, role, &text);
        ways.into_iter().next()?.into_iter().next()
    }

    /// A key of the front matter that the dialect reads.
    fn new_key(&self) -> Option<Edit> {
        let matter = self.subject.parsed.front_matter.as_ref()?;
        let key = key_of(self.subject, self.relation)?;
        let line = format!(
            "{key}: {}{}",
            quoted(&self.usual_name()),
            self.subject.newline()
        );
        Some(Edit::insert(matter.inner.end, line))
    }

    /// A line at the head that the dialect reads.
    fn new_line(&self) -> Option<Edit> {
        let key = key_of(self.subject, self.relation)?.replace('_', " ");
        let mut key = key;
        if let Some(first) = key.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Some(header_line(self.subject, &key, &self.link()))
    }
}

/// One more target behind a key.
fn append(subject: &Subject<'_>, entry: &Entry, target: &str) -> Option<Edit> {
    let source = &subject.parsed.source;
    let value = &entry.value;
    let text = subject.parsed.text(value.span);
    Some(match &value.kind {
        ValueKind::Sequence(items) if text.starts_with('[') => {
            let close = value.span.start + text.rfind(']').unwrap_or(text.len()) as u32;
            let gap = if items.is_empty() { "" } else { ", " };
            Edit::insert(close, format!("{gap}{target}"))
        }
        ValueKind::Sequence(items) if !items.is_empty() => {
            let last = items.last().map_or(value.span, |item| item.span);
            let line = source.line(last.end.max(last.start + 1) - 1);
            let indent: String = source
                .line_text(line)
                .chars()
                .take_while(|c| *c == ' ')
                .collect();
            let at = source.line_span(line).end;
            Edit::insert(at, format!("{}{indent}- {target}", subject.newline()))
        }
        // A list in front matter that is no YAML.
        ValueKind::Scalar(..) if text.starts_with('[') && text.trim_end().ends_with(']') => {
            let text = text.trim_end();
            let gap = if text.len() > 2 { ", " } else { "" };
            let close = value.span.start + text.len() as u32 - 1;
            Edit::insert(close, format!("{gap}{target}"))
        }
        ValueKind::Scalar(words, _) if !value.is_null() && !words.trim().is_empty() => {
            Edit::replace(value.span, format!("[{}, {target}]", text.trim()))
        }
        ValueKind::Mapping(entries) if !entries.is_empty() => return None,
        _ => {
            let line = source.line(entry.key_span.start);
            let start = source.line_span(line).start;
            let written = source.line_text(line);
            let colon = written.find(':').map_or(written.len(), |at| at + 1);
            let rest = &written[colon..];
            let end = rest.find(" #").unwrap_or(rest.len());
            let end = colon + rest[..end].trim_end().len();
            let span = Span::new(start as usize + colon, start as usize + end);
            Edit::replace(span, format!(" {target}"))
        }
    })
}

/// A line `**Superseded by:** [x](x.md)` behind the line of the state, in its style.
fn header_line(subject: &Subject<'_>, key: &str, link: &str) -> Edit {
    let newline = subject.newline();
    let source = &subject.parsed.source;
    let pairs = header::read_pairs(&subject.outline, subject.words);
    let state = subject.document.state.line;
    let pair = pairs
        .iter()
        .filter(|pair| !pair.footer)
        .max_by_key(|pair| Some(pair.line) == state);
    if let Some(pair) = pair
        && let Some(text) = like(source.line_text(pair.line), pair, key, link)
    {
        let at = source.line_span(pair.line).end;
        let is_apart = pair.line < source.line_count()
            && source.line_text(pair.line + 1).trim().is_empty()
            && text.trim_start().starts_with("**");
        let gap = if is_apart { newline } else { "" };
        return Edit::insert(at, format!("{newline}{gap}{text}"));
    }
    let text = format!("**{key}:** {link}");
    below_title(subject, &text)
}

/// A path from the root as one from the folder of another file.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let folders = |path: &str| -> Vec<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder
            .split('/')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (here, there) = (folders(from), folders(to));
    let shared = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let name = to.rsplit('/').next().unwrap_or(to);
    let up = std::iter::repeat_n("..", here.len() - shared);
    let parts = up
        .chain(there[shared..].iter().map(String::as_str))
        .chain([name]);
    parts.collect::<Vec<_>>().join("/")
}

/// A value of front matter, in quotes where YAML would read something else.
fn quoted(text: &str) -> String {
    let is_plain = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '/' | '-'))
        && text.starts_with(|c: char| c.is_alphabetic() || c == '.');
    if is_plain {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_one_file_to_another() {
        for (from, to, expected) in [
            ("docs/plans/a.md", "docs/plans/b.md", "b.md"),
            ("docs/plans/a.md", "docs/adr/b.md", "../adr/b.md"),
            ("a.md", "docs/b.md", "docs/b.md"),
            ("docs/plans/a.md", "b.md", "../../b.md"),
        ] {
            assert_eq!(relative(from, to), expected);
        }
        assert_eq!(quoted("../a-b.md"), "../a-b.md");
        assert_eq!(quoted("a b.md"), "\"a b.md\"");
    }
}
