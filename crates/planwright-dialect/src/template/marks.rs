//! What comments of a form say about it.

/// A mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A document may go without it.
    Optional,
    /// A document owes it.
    Required,
    /// A document has items there.
    Items,
    /// Other words that serve as well.
    Also(Vec<String>),
    /// Where a new document goes.
    File(String),
    /// Which paths such documents have.
    Name(String),
    /// The kind that the reader gives to it.
    Kind(String),
}

impl Mark {
    /// True for a mark that speaks of the whole form.
    pub(super) const fn is_of_form(&self) -> bool {
        matches!(self, Self::File(_) | Self::Name(_) | Self::Kind(_))
    }
}

/// The marks of a comment; `None` for advice to the author.
///
/// # Errors
/// Names the part that is no mark, in a comment that begins with one.
pub(super) fn read(comment: &str) -> Option<Result<Vec<Mark>, String>> {
    let mut marks = Vec::new();
    for part in comment.split(';').map(str::trim) {
        match (one(part), marks.is_empty()) {
            (Some(mark), _) => marks.push(mark),
            (None, true) => return None,
            (None, false) => return Some(Err(part.to_owned())),
        }
    }
    Some(Ok(marks))
}

fn one(part: &str) -> Option<Mark> {
    let (word, rest) = part
        .split_once(':')
        .map_or((part, ""), |(word, rest)| (word.trim_end(), rest.trim()));
    Some(match (word, rest) {
        ("optional", "") => Mark::Optional,
        ("required", "") => Mark::Required,
        ("items", "") => Mark::Items,
        ("also", words) if !words.is_empty() => {
            let words = words.split(',').map(|word| word.trim().to_owned());
            Mark::Also(words.filter(|word| !word.is_empty()).collect())
        }
        ("file", path) if !path.is_empty() => Mark::File(path.to_owned()),
        ("name", path) if !path.is_empty() => Mark::Name(path.to_owned()),
        ("kind", kind) if is_word(kind) => Mark::Kind(kind.to_owned()),
        _ => return None,
    })
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Where the comment of a line of YAML begins, at its `#`.
pub(super) fn yaml_comment(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) => {
                if c == open && !(open == '"' && before == '\\') {
                    quote = None;
                }
            }
            None => match c {
                '#' if before.is_whitespace() => return Some(at),
                // Inside of a word a quote is an apostrophe.
                '"' | '\'' if !before.is_alphanumeric() => quote = Some(c),
                _ => {}
            },
        }
        before = c;
    }
    None
}
