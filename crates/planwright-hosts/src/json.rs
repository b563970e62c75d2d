//! Entries in JSON with comments, put in and taken out without touching a byte of anything else.
//!
//! What is put in can be told by its form. Where a list or object was made for an entry, whitespace
//! stands between its bracket and the entry; where it was there and empty, the entry follows the
//! bracket at once. A container of the first kind goes with its last entry, and with the outermost of
//! them the file; one of the second kind stays. An entry behind others takes their comma as its own or
//! gives the last of them one, as commas stand behind the last of them or not.

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};
use planwright_syntax::Span;
use planwright_syntax::splice::{self, Edit};

use crate::part::{Problem, line_of};

/// What is put into a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leaf<'a> {
    /// The value of the last key, as text with an indentation of two spaces.
    Value(&'a str),
    /// An element of the array behind the last key.
    Element(&'a str),
}

/// A place in a document.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: usize,
    end: usize,
}

/// A container and what lies in it.
struct Container {
    place: Place,
    members: Vec<Place>,
}

const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The value that a text holds.
pub(crate) fn parse(text: &str) -> Result<Value<'_>, Problem> {
    let parsed = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &OPTIONS);
    let parsed = parsed.map_err(|error| Problem {
        line: error.line_display(),
        message: lower(&error.kind().to_string()),
    })?;
    match parsed.value {
        Some(value @ Value::Object(_)) => Ok(value),
        Some(value) => Err(not_a(text, value.start(), "the file", "an object")),
        None => Err(Problem {
            line: 1,
            message: "there is no JSON in the file".to_owned(),
        }),
    }
}

fn lower(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

fn not_a(text: &str, at: usize, what: &str, kind: &str) -> Problem {
    Problem {
        line: line_of(text, at),
        message: format!("{what} is not {kind}"),
    }
}

/// The last property of a name: the one that counts.
fn property<'v, 'a>(object: &'v Value<'a>, key: &str) -> Option<&'v ObjectProp<'a>> {
    let Value::Object(object) = object else {
        return None;
    };
    let mut from_end = object.properties.iter().rev();
    from_end.find(|property| property.name.as_str() == key)
}

/// The value at the end of some keys.
pub(crate) fn find<'v, 'a>(root: &'v Value<'a>, keys: &[&str]) -> Option<&'v Value<'a>> {
    let mut keys = keys.iter();
    keys.try_fold(root, |value, key| Some(&property(value, key)?.value))
}

/// The elements of the array at the end of some keys.
pub(crate) fn elements<'v, 'a>(root: &'v Value<'a>, keys: &[&str]) -> &'v [Value<'a>] {
    match find(root, keys) {
        Some(Value::Array(array)) => &array.elements,
        _ => &[],
    }
}

/// True for values that say the same.
pub(crate) fn same(one: &Value<'_>, other: &Value<'_>) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let (one, other) = (&one.properties, &other.properties);
            one.len() == other.len()
                && one.iter().all(|one| {
                    let mut other = other.iter();
                    other.any(|other| {
                        one.name.as_str() == other.name.as_str() && same(&one.value, &other.value)
                    })
                })
        }
        (Value::Array(one), Value::Array(other)) => {
            let (one, other) = (&one.elements, &other.elements);
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::StringLit(one), Value::StringLit(other)) => one.value == other.value,
        (Value::NumberLit(one), Value::NumberLit(other)) => one.value == other.value,
        (Value::BooleanLit(one), Value::BooleanLit(other)) => one.value == other.value,
        (Value::NullKeyword(_), Value::NullKeyword(_)) => true,
        _ => false,
    }
}

/// Every string in a value.
pub(crate) fn strings<'v>(value: &'v Value<'_>, found: &mut Vec<&'v str>) {
    match value {
        Value::StringLit(text) => found.push(&text.value),
        Value::Object(object) => {
            let properties = object.properties.iter();
            properties.for_each(|property| strings(&property.value, found));
        }
        Value::Array(array) => array
            .elements
            .iter()
            .for_each(|value| strings(value, found)),
        _ => {}
    }
}

/// A new file that holds a value, and behind it the members that files of its kind need.
pub(crate) fn create(keys: &[&str], leaf: &Leaf<'_>, behind: &[(&str, &str)]) -> String {
    let mut members = vec![nested(keys, leaf, 1, "  ")];
    members.extend(
        behind
            .iter()
            .map(|(key, value)| format!("\"{key}\": {value}")),
    );
    format!("{{\n  {}\n}}\n", members.join(",\n  "))
}

/// Puts a value where nothing is.
pub(crate) fn insert(text: &str, keys: &[&str], leaf: &Leaf<'_>) -> Result<String, Problem> {
    let root = parse(text)?;
    let mut value = &root;
    for (at, key) in keys.iter().enumerate() {
        let Some(property) = property(value, key) else {
            return put(text, value, |depth, unit| {
                nested(&keys[at..], leaf, depth, unit)
            });
        };
        value = &property.value;
        let is_last = at + 1 == keys.len();
        let (is_right, kind) = match (is_last, leaf) {
            (true, Leaf::Value(_)) => return Ok(text.to_owned()),
            (true, Leaf::Element(_)) => (matches!(value, Value::Array(_)), "an array"),
            (false, _) => (matches!(value, Value::Object(_)), "an object"),
        };
        if !is_right {
            return Err(not_a(text, value.start(), &format!("`{key}`"), kind));
        }
    }
    match leaf {
        Leaf::Element(element) => put(text, value, |depth, unit| indented(element, depth, unit)),
        Leaf::Value(_) => Ok(text.to_owned()),
    }
}

/// Puts other text in the place of a value.
pub(crate) fn replace(text: &str, place: &impl Ranged, new: &str) -> Result<String, Problem> {
    let depth = indent_of(text, place.start());
    let unit = unit(text);
    let new = with_base(&lines(new, &unit), depth, newline(text));
    spliced(text, &[edit(place.start(), place.end(), new)])
}

/// A step on the way to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// Into the value of a key.
    Key(&'a str),
    /// Into an element.
    Index(usize),
}

/// Takes out a value and the containers that were made for it. `None` where nothing of the file is
/// left but what it was made with.
pub(crate) fn remove(
    text: &str,
    way: &[Step<'_>],
    behind: &[(&str, &str)],
) -> Result<Option<String>, Problem> {
    let root = parse(text)?;
    let mut chain: Vec<(&Value<'_>, Place)> = Vec::new();
    let mut value = &root;
    for step in way {
        let next = match (step, value) {
            (Step::Key(key), _) => property(value, key).map(|found| (place(found), &found.value)),
            (Step::Index(index), Value::Array(array)) => array
                .elements
                .get(*index)
                .map(|found| (place(found), found)),
            (Step::Index(_), _) => None,
        };
        let Some((member, next)) = next else {
            return Ok(Some(text.to_owned()));
        };
        chain.push((value, member));
        value = next;
    }
    while let Some((holder, member)) = chain.pop() {
        let container = container(holder);
        let is_alone = container.members.len() == 1;
        let blank = |from: usize, to: usize| text[from..to].bytes().all(is_blank);
        let is_made = is_alone
            && blank(container.place.start + 1, member.start)
            && member.start > container.place.start + 1
            && blank(member.end, container.place.end - 1);
        if chain.is_empty() {
            let is_outside_blank =
                blank(0, container.place.start) && blank(container.place.end, text.len());
            let is_first = container.members.first().map(|first| first.start) == Some(member.start);
            let is_all = is_made || (is_first && holds_only(holder, behind));
            if is_all && is_outside_blank && member.start > container.place.start + 1 {
                return Ok(None);
            }
        } else if is_made {
            continue;
        }
        return taken(text, &container, member).map(Some);
    }
    Ok(Some(text.to_owned()))
}

/// True where an object holds its first member and then exactly these.
fn holds_only(object: &Value<'_>, behind: &[(&str, &str)]) -> bool {
    let Value::Object(object) = object else {
        return false;
    };
    let rest = object.properties.iter().skip(1);
    !behind.is_empty()
        && object.properties.len() == behind.len() + 1
        && rest.zip(behind).all(|(property, (key, value))| {
            property.name.as_str() == *key
                && matches!(&property.value, Value::NumberLit(number) if number.value == *value)
        })
}

fn place(ranged: &impl Ranged) -> Place {
    Place {
        start: ranged.start(),
        end: ranged.end(),
    }
}

fn container(value: &Value<'_>) -> Container {
    let members = match value {
        Value::Object(object) => object.properties.iter().map(place).collect(),
        Value::Array(array) => array.elements.iter().map(place).collect(),
        _ => Vec::new(),
    };
    Container {
        place: place(value),
        members,
    }
}

/// Puts a member behind the last one of a container.
fn put(
    text: &str,
    holder: &Value<'_>,
    member: impl Fn(usize, &str) -> String,
) -> Result<String, Problem> {
    let container = container(holder);
    let (newline, unit) = (newline(text), unit(text));
    let Some(last) = container.members.last() else {
        let outer = indent_of(text, container.place.start);
        let new = with_base(&member(0, &unit), outer, newline);
        let at = container.place.start + 1;
        return spliced(text, &[edit(at, at, new)]);
    };
    let outer = indent_of(text, container.place.start);
    let before = &text[..last.start];
    let own = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    let indent = if own.bytes().all(is_blank) && own.len() < before.len() {
        own.to_owned()
    } else {
        format!("{outer}{unit}")
    };
    let new = with_base(&member(0, &unit), &indent, newline);
    let next = trivia(text, last.end);
    let mut edits = Vec::new();
    if text[next..].starts_with(',') {
        let at = line_rest(text, next + 1);
        edits.push(edit(at, at, format!("{newline}{indent}{new},")));
    } else {
        let at = line_rest(text, last.end);
        let new = format!("{newline}{indent}{new}");
        if at == last.end {
            edits.push(edit(at, at, format!(",{new}")));
        } else {
            edits.push(edit(last.end, last.end, ",".to_owned()));
            edits.push(edit(at, at, new));
        }
    }
    spliced(text, &edits)
}

/// Takes a member out of its container, with the whitespace before it and one comma.
fn taken(text: &str, container: &Container, member: Place) -> Result<String, Problem> {
    let blanks = text[..member.start].bytes().rev();
    let start = member.start - blanks.take_while(|byte| is_blank(*byte)).count();
    let mut edits = vec![edit(start, member.end, String::new())];
    let next = trivia(text, member.end);
    if text[next..].starts_with(',') {
        if next == member.end {
            edits = vec![edit(start, next + 1, String::new())];
        } else {
            edits.push(edit(next, next + 1, String::new()));
        }
    } else {
        let earlier = container.members.iter();
        let mut earlier = earlier.filter(|earlier| earlier.end <= member.start);
        if let Some(previous) = earlier.next_back() {
            let comma = trivia(text, previous.end);
            if comma + 1 == start {
                edits = vec![edit(comma, member.end, String::new())];
            } else {
                edits.insert(0, edit(comma, comma + 1, String::new()));
            }
        }
    }
    spliced(text, &edits)
}

fn edit(start: usize, end: usize, new: String) -> Edit {
    let span = Span {
        start: start as u32,
        end: end as u32,
    };
    Edit::replace(span, new)
}

fn spliced(text: &str, edits: &[Edit]) -> Result<String, Problem> {
    let problem = |message: String| Problem { line: 1, message };
    let bytes =
        splice::apply(text.as_bytes(), edits).map_err(|error| problem(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| problem(error.to_string()))
}

/// A leaf below keys that are to be made, as the member of an object.
fn nested(keys: &[&str], leaf: &Leaf<'_>, depth: usize, unit: &str) -> String {
    let Some((key, rest)) = keys.split_first() else {
        return String::new();
    };
    let (inner, outer) = (unit.repeat(depth + 1), unit.repeat(depth));
    match (rest, leaf) {
        ([], Leaf::Value(value)) => format!("\"{key}\": {}", indented(value, depth, unit)),
        ([], Leaf::Element(value)) => {
            let value = indented(value, depth + 1, unit);
            format!("\"{key}\": [\n{inner}{value}\n{outer}]")
        }
        (rest, leaf) => {
            let value = nested(rest, leaf, depth + 1, unit);
            format!("\"{key}\": {{\n{inner}{value}\n{outer}}}")
        }
    }
}

/// A text with another indentation than two spaces, so many levels deep.
fn indented(text: &str, depth: usize, unit: &str) -> String {
    let deep = unit.repeat(depth);
    lines(text, unit).replace('\n', &format!("\n{deep}"))
}

fn lines(text: &str, unit: &str) -> String {
    let lines = text.lines().map(|line| {
        let rest = line.trim_start_matches(' ');
        let level = (line.len() - rest.len()) / 2;
        format!("{}{rest}", unit.repeat(level))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn with_base(text: &str, base: &str, newline: &str) -> String {
    text.replace('\n', &format!("{newline}{base}"))
}

/// The whitespace that the line of an offset begins with.
fn indent_of(text: &str, at: usize) -> &str {
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = &text[start..at];
    let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    &line[..blanks.count()]
}

/// What a level of indentation looks like: that of the first line that has some.
fn unit(text: &str) -> String {
    let mut lines = text.split(['\n', '\r']).skip(1);
    let first = lines.find_map(|line| {
        let rest = line.trim_start_matches([' ', '\t']);
        let is_code = rest.starts_with(['"', '}', ']', '{', '[']);
        (is_code && rest.len() < line.len()).then(|| &line[..line.len() - rest.len()])
    });
    first.unwrap_or("  ").to_owned()
}

/// How lines end.
pub(crate) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Where whitespace and comments end.
fn trivia(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start().len();
        let comment = comment(&rest[blank..]);
        if blank + comment == 0 {
            return at;
        }
        at += blank + comment;
    }
}

/// The length of the comment that a text begins with.
fn comment(text: &str) -> usize {
    if text.starts_with("//") {
        text.find('\n').unwrap_or(text.len())
    } else if text.starts_with("/*") {
        text.find("*/").map_or(text.len(), |end| end + 2)
    } else {
        0
    }
}

/// The end of the last comment that follows on the same line, without the whitespace behind it.
fn line_rest(text: &str, from: usize) -> usize {
    let (mut at, mut end) = (from, from);
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let comment = comment(&rest[blank..]);
        if comment == 0 {
            return end;
        }
        at += blank + comment;
        let is_blank = |c: char| c.is_ascii() && is_blank(c as u8);
        end = from + text[from..at].trim_end_matches(is_blank).len();
    }
}
