//! `plan list`: the heads of the documents that meet some conditions.

use planwright_model::Head;
use planwright_workspace::{Entry, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::filter::{Culprit, Filter, Hidden, Matcher};
use crate::{OpsError, Unreadable, answer};

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Conditions.
    pub filter: Filter,
}

/// Heads in the order of their paths.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/list@1"))]
    pub schema: &'static str,
    /// How many documents meet the conditions.
    pub total: u32,
    /// How many documents there are, hidden ones included.
    pub of: u32,
    /// Their heads.
    pub documents: Vec<Head>,
    /// What meets the conditions and was left out.
    pub hidden: Hidden,
    /// Why the list is empty, where one condition is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emptied_by: Option<Culprit>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// Lists documents.
pub fn run(ws: &Workspace, request: &Request) -> Result<Answer, OpsError> {
    let entries: Vec<Entry<'_>> = answer::entries(ws);
    let mut answer = select(&entries, &request.filter)?;
    answer.unreadable = answer::unreadable(ws);
    Ok(answer)
}

fn select(entries: &[Entry<'_>], filter: &Filter) -> Result<Answer, OpsError> {
    let matcher = Matcher::new(filter)?;
    let documents: Vec<Head> = entries
        .iter()
        .filter(|entry| matcher.matches(entry))
        .map(answer::head)
        .collect();
    Ok(Answer {
        schema: "planwright/list@1",
        total: u32::try_from(documents.len()).unwrap_or(u32::MAX),
        of: u32::try_from(entries.len()).unwrap_or(u32::MAX),
        hidden: matcher.hidden(entries.iter()),
        emptied_by: if documents.is_empty() {
            matcher.culprit(entries)
        } else {
            None
        },
        documents,
        unreadable: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_says_so() {
        let entries = [Entry {
            path: "a.md",
            codes: vec!["state-unknown", "front-matter-invalid"],
            ..Entry::default()
        }];
        let answer = select(&entries, &Filter::default()).unwrap();
        assert_eq!(answer.documents[0].damage, ["front-matter-invalid"]);
    }

    #[test]
    fn hidden_documents_are_counted() {
        let entries = [
            Entry {
                path: "a.md",
                kind: "plan",
                ..Entry::default()
            },
            Entry {
                path: "b.md",
                kind: "plan",
                archived: true,
                ..Entry::default()
            },
            Entry {
                path: "c.md",
                kind: "plan",
                template: true,
                ..Entry::default()
            },
            Entry {
                path: "d.md",
                kind: "spec",
                template: true,
                ..Entry::default()
            },
        ];
        let filter = Filter {
            kinds: vec!["Plan".to_owned()],
            ..Filter::default()
        };
        let answer = select(&entries, &filter).unwrap();
        assert_eq!(answer.total, 1);
        assert_eq!(
            answer.hidden,
            Hidden {
                templates: 1,
                archived: 1
            }
        );
    }
}
