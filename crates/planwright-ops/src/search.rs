//! `plan search`: documents that hold some words, best first.

use planwright_model::Head;
use planwright_workspace::Workspace;
use schemars::JsonSchema;
use serde::Serialize;

use crate::filter::{Filter, Matcher};
use crate::{ErrorKind, OpsError, Place, Unreadable, answer};

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The words, separated by spaces.
    pub words: String,
    /// Which documents to look at.
    pub filter: Filter,
    /// At most so many documents.
    pub limit: usize,
}

/// Documents that hold the words.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/search@1"))]
    pub schema: &'static str,
    /// Best first.
    pub hits: Vec<Hit>,
    /// True when there are more than asked for.
    pub more: bool,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// The best place of one document.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Hit {
    /// The document.
    pub document: Head,
    /// Higher is better; comparable within one answer only.
    pub score: f64,
    /// The best line.
    pub place: Place,
    /// Its text.
    pub text: String,
    /// Where the words stand in `text`: start and end in bytes of its UTF-8 form.
    pub ranges: Vec<(usize, usize)>,
}

/// Searches the documents.
pub fn run(ws: &Workspace, request: &Request) -> Result<Answer, OpsError> {
    if request.words.trim().is_empty() {
        return Err(OpsError::new(
            ErrorKind::Usage,
            "there is no word to search for",
        ));
    }
    let matcher = Matcher::new(&request.filter)?;
    let asked = request.limit.max(1);
    let mut hits = ws.search(
        &request.words,
        &|entry| matcher.matches(entry),
        asked.saturating_add(1),
    );
    let more = hits.len() > asked;
    hits.truncate(asked);
    let hits = hits
        .into_iter()
        .map(|hit| {
            let document = answer::head(&ws.entry(hit.entry));
            Hit {
                score: hit.score,
                place: Place {
                    path: document.path.clone(),
                    line: hit.line,
                },
                document,
                ranges: sound(&hit.text, hit.ranges),
                text: hit.text,
            }
        })
        .collect();
    Ok(Answer {
        schema: "planwright/search@1",
        hits,
        more,
        unreadable: answer::unreadable(ws),
    })
}

/// The ranges in order, without those that overlap or do not lie on characters.
fn sound(text: &str, mut ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    ranges.sort_unstable();
    let mut end = 0;
    ranges.retain(|(from, to)| {
        let good = *from >= end && from < to && text.get(*from..*to).is_some();
        if good {
            end = *to;
        }
        good
    });
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_ordered_disjoint_and_on_characters() {
        let text = "naïve plan";
        assert_eq!(
            sound(text, vec![(7, 11), (0, 2), (1, 4), (2, 3), (8, 90), (5, 5)]),
            [(0, 2), (7, 11)]
        );
    }
}
