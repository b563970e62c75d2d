//! From what a file holds to what it is to hold.

use jsonc_parser::ast::Value;

use crate::block::{self, Block};
use crate::host::{Comment, Content, Hook, Part, Shape};
use crate::json::{self, Leaf, Step};
use crate::toml_block;

/// Why a file is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// 1-based line.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

/// Whether a file holds a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// As this version writes it.
    Current,
    /// Somebody wrote it himself; it is left to him.
    Own,
    /// As another version wrote it.
    Older,
    /// Changed by somebody.
    Edited,
    /// Not all of it.
    Partly,
    /// Nothing of it.
    Absent,
}

/// What is to become of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// It holds this text.
    Text(String),
    /// It is not there.
    Gone,
}

/// The 1-based line of an offset.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    line(&text.as_bytes()[..at.min(text.len())])
}

fn line(before: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', before).count() + 1
}

/// A text and the byte order mark before it.
fn marked(bytes: &[u8]) -> Result<(&str, &str), Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| Problem {
        line: line(&bytes[..error.valid_up_to()]),
        message: "the text is not UTF-8".to_owned(),
    })?;
    let rest = text.trim_start_matches('\u{feff}');
    Ok((&text[..text.len() - rest.len()], rest))
}

impl Part {
    /// Whether a file holds what a host needs of it; `None` is no file.
    ///
    /// # Errors
    /// When the file cannot be understood.
    pub fn standing(&self, host: &str, bytes: Option<&[u8]>) -> Result<Standing, Problem> {
        let Some(bytes) = bytes else {
            return Ok(Standing::Absent);
        };
        let (_, text) = marked(bytes)?;
        let of_block = |comment, lines| {
            let found = Block::find(text, comment)?;
            Ok(found.map(|block| block.standing(host, lines)))
        };
        match &self.content {
            Content::Entry { keys, value } => {
                let root = json::parse(text)?;
                let Some(found) = json::find(&root, keys) else {
                    return Ok(Standing::Absent);
                };
                let is_same = json::same(found, &json::parse(value)?);
                Ok(if is_same {
                    Standing::Current
                } else {
                    Standing::Edited
                })
            }
            Content::Hooks { shape, hooks } => {
                let root = json::parse(text)?;
                let mut standings = Vec::new();
                for hook in *hooks {
                    let ours = Ours::find(&root, host, hook);
                    let value = shape.value(host, hook);
                    standings.push(match ours {
                        None => Standing::Absent,
                        Some(ours) if ours.is_shared => Standing::Current,
                        Some(ours) if json::same(ours.value, &json::parse(&value)?) => {
                            Standing::Current
                        }
                        Some(_) => Standing::Edited,
                    });
                }
                let absent = standings
                    .iter()
                    .filter(|one| **one == Standing::Absent)
                    .count();
                Ok(match absent {
                    0 => standings.into_iter().max().unwrap_or(Standing::Current),
                    all if all == hooks.len() => Standing::Absent,
                    _ => Standing::Partly,
                })
            }
            Content::Table { keys, lines } => toml_block::standing(text, host, keys, lines),
            Content::Lines(lines) => {
                Ok(of_block(Comment::Markup, lines)?.unwrap_or(Standing::Absent))
            }
            Content::File {
                head,
                lines,
                comment,
            } => match of_block(*comment, lines)? {
                None => Err(foreign()),
                Some(Standing::Current) if !begins_with(text, head) => Ok(Standing::Edited),
                Some(standing) => Ok(standing),
            },
        }
    }

    /// What a file is to hold for a host; `None` is no file.
    ///
    /// # Errors
    /// When the file cannot be understood, or belongs to somebody else.
    pub fn wire(&self, host: &str, bytes: Option<&[u8]>) -> Result<String, Problem> {
        let (mark, text) = match bytes {
            Some(bytes) => marked(bytes).map(|(mark, text)| (mark, Some(text)))?,
            None => ("", None),
        };
        let new = self.wired(host, text)?;
        Ok(format!("{mark}{new}"))
    }

    fn wired(&self, host: &str, text: Option<&str>) -> Result<String, Problem> {
        match (&self.content, text) {
            (Content::Entry { keys, value }, None) => {
                Ok(json::create(keys, &Leaf::Value(value), &[]))
            }
            (Content::Entry { keys, value }, Some(text)) => {
                let root = json::parse(text)?;
                match json::find(&root, keys) {
                    Some(found) if json::same(found, &json::parse(value)?) => Ok(text.to_owned()),
                    Some(found) => json::replace(text, found, value),
                    None => json::insert(text, keys, &Leaf::Value(value)),
                }
            }
            (Content::Hooks { shape, hooks }, text) => {
                let mut text = text.map(str::to_owned);
                for hook in *hooks {
                    text = Some(hooked(text.as_deref(), host, *shape, hook)?);
                }
                Ok(text.unwrap_or_default())
            }
            (Content::Table { lines, .. }, None) => {
                Ok(block::created("", Comment::Hash, host, lines))
            }
            (Content::Table { keys, lines }, Some(text)) => {
                toml_block::wired(text, host, keys, lines)
            }
            (Content::Lines(lines), None) => Ok(block::created("", Comment::Markup, host, lines)),
            (Content::Lines(lines), Some(text)) => Ok(match Block::find(text, Comment::Markup)? {
                Some(block) => block.renewed(text, Comment::Markup, host, lines),
                None => block::appended(text, Comment::Markup, host, lines),
            }),
            (
                Content::File {
                    head,
                    lines,
                    comment,
                },
                None,
            ) => Ok(block::created(head, *comment, host, lines)),
            (
                Content::File {
                    head,
                    lines,
                    comment,
                },
                Some(text),
            ) => {
                let block = Block::find(text, *comment)?.ok_or_else(foreign)?;
                let renewed = block.renewed(text, *comment, host, lines);
                if begins_with(text, head) {
                    return Ok(renewed);
                }
                Ok(format!("{head}{}", &renewed[block.start..]))
            }
        }
    }

    /// What is to become of a file when a host no longer needs it.
    ///
    /// # Errors
    /// When the file cannot be understood.
    pub fn unwire(&self, host: &str, bytes: &[u8]) -> Result<Form, Problem> {
        let (mark, text) = marked(bytes)?;
        Ok(match self.unwired(host, text)? {
            Form::Text(text) => Form::Text(format!("{mark}{text}")),
            Form::Gone => Form::Gone,
        })
    }

    fn unwired(&self, host: &str, text: &str) -> Result<Form, Problem> {
        match &self.content {
            Content::Entry { keys, .. } => {
                let way: Vec<Step<'_>> = keys.iter().map(|key| Step::Key(key)).collect();
                Ok(json::remove(text, &way, &[])?.map_or(Form::Gone, Form::Text))
            }
            Content::Hooks { shape, hooks } => {
                let mut text = text.to_owned();
                for hook in hooks.iter().rev() {
                    match unhooked(&text, host, *shape, hook)? {
                        Some(new) => text = new,
                        None => return Ok(Form::Gone),
                    }
                }
                Ok(Form::Text(text))
            }
            Content::Table { .. } => without(text, "", Comment::Hash, host),
            Content::Lines(_) => without(text, "", Comment::Markup, host),
            Content::File { head, comment, .. } => without(text, head, *comment, host),
        }
    }
}

fn foreign() -> Problem {
    Problem {
        line: 1,
        message: "the file is not from `plan setup`".to_owned(),
    }
}

fn begins_with(text: &str, head: &str) -> bool {
    text.replace("\r\n", "\n").starts_with(head)
}

fn without(text: &str, head: &str, comment: Comment, host: &str) -> Result<Form, Problem> {
    let Some(block) = Block::find(text, comment)? else {
        return Ok(Form::Text(text.to_owned()));
    };
    let new = block.without(text, comment, host);
    let is_alone = block.end == text.len() && text[..block.start].replace("\r\n", "\n") == head;
    let is_cut = block.hosts.iter().all(|name| name == host);
    Ok(if is_alone && is_cut {
        Form::Gone
    } else {
        Form::Text(new)
    })
}

/// Behind the call: where the wiring is shared and `plan` is not installed, some hosts would refuse
/// every edit, or begin anew without end, because a hook failed.
const WHATEVER: &str = "; exit 0";

/// A call of ours among those of a hook.
struct Ours<'v, 'a> {
    way: Vec<Step<'v>>,
    value: &'v Value<'a>,
    /// True where it shares a group with calls of others.
    is_shared: bool,
}

impl<'v, 'a> Ours<'v, 'a> {
    /// Finds the first one.
    fn find(root: &'v Value<'a>, host: &str, hook: &'v Hook) -> Option<Self> {
        let keys = ["hooks", hook.on];
        let command = format!("hook {host} {}", hook.event.name());
        let is_ours = |value: &Value<'_>| {
            let mut found = Vec::new();
            json::strings(value, &mut found);
            found.iter().any(|text| {
                let text = text.trim_end();
                text.strip_suffix(WHATEVER)
                    .unwrap_or(text)
                    .ends_with(&command)
            })
        };
        let elements = json::elements(root, &keys);
        let at = elements.iter().position(is_ours)?;
        let group = &elements[at];
        let mut way = vec![Step::Key("hooks"), Step::Key(hook.on), Step::Index(at)];
        let handlers = json::elements(group, &["hooks"]);
        let is_shared = handlers.iter().any(|handler| !is_ours(handler));
        let mut value = group;
        if is_shared {
            let at = handlers.iter().position(is_ours)?;
            value = &handlers[at];
            way.extend([Step::Key("hooks"), Step::Index(at)]);
        }
        Some(Self {
            way,
            value,
            is_shared,
        })
    }
}

fn hooked(text: Option<&str>, host: &str, shape: Shape, hook: &Hook) -> Result<String, Problem> {
    let keys = ["hooks", hook.on];
    let value = shape.value(host, hook);
    let leaf = Leaf::Element(&value);
    let Some(text) = text else {
        return Ok(json::create(&keys, &leaf, shape.behind()));
    };
    let root = json::parse(text)?;
    match Ours::find(&root, host, hook) {
        None => json::insert(text, &keys, &leaf),
        Some(ours) if ours.is_shared || json::same(ours.value, &json::parse(&value)?) => {
            Ok(text.to_owned())
        }
        Some(ours) => json::replace(text, ours.value, &value),
    }
}

fn unhooked(text: &str, host: &str, shape: Shape, hook: &Hook) -> Result<Option<String>, Problem> {
    let root = json::parse(text)?;
    match Ours::find(&root, host, hook) {
        None => Ok(Some(text.to_owned())),
        Some(ours) => json::remove(text, &ours.way, shape.behind()),
    }
}

impl Shape {
    /// The call as the host writes it, with an indentation of two spaces.
    fn value(self, host: &str, hook: &Hook) -> String {
        let command = format!("plan hook {host} {}{WHATEVER}", hook.event.name());
        let matcher = |indent: &str| {
            let matcher = hook
                .matcher
                .map(|matcher| format!("{indent}\"matcher\": \"{matcher}\",\n"));
            matcher.unwrap_or_default()
        };
        match self {
            Self::Grouped { timeout } => format!(
                "{{\n{}  \"hooks\": [\n    {{\n      \"type\": \"command\",\n      \"command\": \"{command}\",\n      \
                 \"timeout\": {timeout}\n    }}\n  ]\n}}",
                matcher("  ")
            ),
            Self::Flat => format!(
                "{{\n  \"command\": \"{command}\",\n{}  \"timeout\": 10\n}}",
                matcher("  ")
            ),
            Self::Shells => format!(
                "{{\n  \"type\": \"command\",\n{}  \"bash\": \"{command}\",\n  \"powershell\": \"{command}\",\n  \
                 \"timeoutSec\": 10\n}}",
                matcher("  ")
            ),
        }
    }

    /// What a file has to hold besides.
    const fn behind(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Grouped { .. } => &[],
            Self::Flat | Self::Shells => &[("version", "1")],
        }
    }
}
