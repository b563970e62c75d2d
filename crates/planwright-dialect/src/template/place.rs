//! Where documents lie and how they are named.

use super::Values;

/// A path with gaps: `.archcore/**/{{slug}}.plan.md`, `specs/{{nnn}}-{{slug}}/plan.md`.
///
/// | Gap | Stands for |
/// |---|---|
/// | `**` | any folders, also none; a new document goes into the folder asked for |
/// | `*` | any characters of one name |
/// | `{{slug}}` | lower-case letters and digits, joined by `-` |
/// | `{{nnn}}` | a number of at least as many digits |
/// | `{{date}}` | a day, `2026-03-01` |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(char),
    Folders,
    Any,
    Slug,
    Number(usize),
    Date,
}

impl Place {
    /// Reads a path with gaps.
    ///
    /// # Errors
    /// Says in one sentence what is no path of the repository.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('/') || text.contains(['\\', '\n']) {
            return Err(format!("`{text}` is no path from the root of a repository"));
        }
        if text.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(format!("`{text}` has a folder without a name"));
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some(behind) = rest.strip_prefix("**/") {
                if !matches!(parts.last(), None | Some(Part::Literal('/'))) {
                    return Err(format!("`**` in `{text}` stands for whole folders"));
                }
                parts.push(Part::Folders);
                rest = behind;
            } else if rest.starts_with("**") {
                return Err(format!("a `/` has to follow the `**` in `{text}`"));
            } else if let Some(inner) = rest.strip_prefix("{{") {
                let Some((word, behind)) = inner.split_once("}}") else {
                    return Err(format!("`{{{{` in `{text}` is not closed"));
                };
                parts.push(gap(word).ok_or_else(|| {
                    format!("`{{{{{word}}}}}` is no gap of a path; these are slug, date and n, nn, nnn ...")
                })?);
                rest = behind;
            } else {
                parts.push(if c == '*' {
                    Part::Any
                } else {
                    Part::Literal(c)
                });
                rest = &rest[c.len_utf8()..];
            }
        }
        Ok(Self {
            text: text.to_owned(),
            parts,
        })
    }

    /// As the form writes it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The digits of its number, where it has one.
    pub fn digits(&self) -> Option<usize> {
        self.parts.iter().find_map(|part| match part {
            Part::Number(digits) => Some(*digits),
            _ => None,
        })
    }

    /// The path of a new document; `folder` stands for `**`. `None` where a value is missing or
    /// empty, where the form leaves a name open with `*`, and where the folder leads upwards.
    pub fn path(&self, folder: &str, values: &Values) -> Option<String> {
        if folder.split(['/', '\\']).any(|part| part == "..") {
            return None;
        }
        let mut out = String::new();
        let put = |name: &str, out: &mut String| {
            let value = values.text(name).filter(|value| !value.is_empty())?;
            out.push_str(&value.replace(['/', '\\'], "-"));
            Some(())
        };
        for part in &self.parts {
            match part {
                Part::Literal(c) => out.push(*c),
                Part::Folders => {
                    let folder = folder.trim_matches('/');
                    out.push_str(folder);
                    out.push_str(if folder.is_empty() { "" } else { "/" });
                }
                Part::Any => return None,
                Part::Slug => put("slug", &mut out)?,
                Part::Date => put("date", &mut out)?,
                Part::Number(digits) => {
                    let number = values.text("number")?;
                    let zeros = digits.saturating_sub(number.len());
                    out.extend(std::iter::repeat_n('0', zeros));
                    put("number", &mut out)?;
                }
            }
        }
        Some(out)
    }

    /// True for a path, from the root with `/`, that has this form.
    pub fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        // Which ends of the path the parts so far can reach: time grows with both lengths only.
        let mut reached = vec![false; path.len() + 1];
        reached[0] = true;
        for part in &self.parts {
            let mut next = vec![false; path.len() + 1];
            for from in (0..=path.len()).filter(|at| reached[*at]) {
                part.ends(&path, from, &mut next);
            }
            reached = next;
        }
        reached[path.len()]
    }
}

impl Part {
    /// Marks where this part can end that begins at `from`.
    fn ends(&self, path: &[char], from: usize, next: &mut [bool]) {
        let rest = &path[from..];
        match self {
            Self::Literal(c) => {
                if rest.first() == Some(c) {
                    next[from + 1] = true;
                }
            }
            Self::Folders => {
                next[from] = true;
                for (at, c) in rest.iter().enumerate() {
                    if *c == '/' {
                        next[from + at + 1] = true;
                    }
                }
            }
            Self::Any => {
                next[from] = true;
                for at in 0..run(rest, |c| c != '/') {
                    next[from + at + 1] = true;
                }
            }
            Self::Slug => {
                let letter = |c: char| c.is_alphanumeric() && !c.is_uppercase();
                for at in 0..run(rest, |c| letter(c) || c == '-') {
                    if letter(rest[0]) && letter(rest[at]) {
                        next[from + at + 1] = true;
                    }
                }
            }
            Self::Number(least) => {
                for at in 0..run(rest, |c| c.is_ascii_digit()) {
                    if at + 1 >= *least {
                        next[from + at + 1] = true;
                    }
                }
            }
            Self::Date => {
                let day = rest.get(..10).is_some_and(|day| {
                    day.iter().enumerate().all(|(at, c)| match at {
                        4 | 7 => *c == '-',
                        _ => c.is_ascii_digit(),
                    })
                });
                if day {
                    next[from + 10] = true;
                }
            }
        }
    }
}

fn run(path: &[char], of: impl Fn(char) -> bool) -> usize {
    path.iter().take_while(|c| of(**c)).count()
}

fn gap(word: &str) -> Option<Part> {
    match word {
        "slug" => Some(Part::Slug),
        "date" => Some(Part::Date),
        _ if !word.is_empty() && word.len() <= 9 && word.bytes().all(|b| b == b'n') => {
            Some(Part::Number(word.len()))
        }
        _ => None,
    }
}
