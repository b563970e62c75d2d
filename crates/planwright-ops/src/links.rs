//! `plan links`: how one document is joined to others, in both directions.

use planwright_model::{Endpoint, Head, RelationType};
use planwright_workspace::Workspace;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{OpsError, Unreadable, answer, reference};

/// Which links to show.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document.
    pub reference: String,
    /// Also everything that a change of it can reach.
    pub impact: bool,
}

/// The links of one document.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/links@1"))]
    pub schema: &'static str,
    /// The document.
    pub document: Head,
    /// What it says about others.
    pub outgoing: Vec<Outgoing>,
    /// What others say about it.
    pub incoming: Vec<Incoming>,
    /// Everything that a change of it can reach, nearest first; `null` when not asked for.
    pub impact: Option<Vec<Reached>>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// A link that starts at the document.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Outgoing {
    /// The relation.
    #[serde(rename = "type")]
    pub kind: RelationType,
    /// The target as written.
    pub target: String,
    /// What the target is.
    pub endpoint: Endpoint,
    /// Line where it is stated; 0 where it stands in another file.
    pub line: u32,
    /// Where it was read.
    pub source: String,
    /// Whether the target was found.
    pub resolved: bool,
    /// The document found.
    pub document: Option<Head>,
}

/// A link that ends at the document.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Incoming {
    /// The relation, as the other document states it.
    #[serde(rename = "type")]
    pub kind: RelationType,
    /// How it reads from here: `implemented by`.
    pub label: String,
    /// The other document.
    pub document: Head,
    /// Line of the other document where it is stated; 0 where it stands in another file.
    pub line: u32,
    /// Where it was read.
    pub source: String,
}

/// A document that a change can reach.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reached {
    /// The document.
    pub document: Head,
    /// How many links away.
    pub distance: u32,
    /// The relation by which it is reached, as it states it.
    pub via: RelationType,
}

/// Shows the links of a document.
pub fn run(ws: &Workspace, request: &Request) -> Result<Answer, OpsError> {
    let center = reference::document(ws, &request.reference, "links")?;
    let graph = ws.graph();
    let head = |index: usize| answer::head(&ws.entry(index));
    let mut outgoing: Vec<Outgoing> = graph
        .outgoing(center)
        .map(|link| Outgoing {
            kind: link.relation.kind,
            target: link.relation.target.clone(),
            endpoint: link.relation.endpoint,
            line: link.relation.line,
            source: link.relation.source.clone(),
            resolved: link.relation.resolved,
            document: link.to.map(head),
        })
        .collect();
    outgoing.sort_by(|a, b| (a.kind, a.line, &a.target).cmp(&(b.kind, b.line, &b.target)));
    let mut incoming: Vec<Incoming> = graph
        .incoming(center)
        .map(|link| Incoming {
            kind: link.relation.kind,
            label: link.relation.kind.inverse_label().to_owned(),
            document: head(link.from),
            line: link.relation.line,
            source: link.relation.source.clone(),
        })
        .collect();
    incoming.sort_by(|a, b| {
        (a.kind, &a.document.path, a.line).cmp(&(b.kind, &b.document.path, b.line))
    });
    let impact = request.impact.then(|| {
        graph
            .impact(center)
            .into_iter()
            .map(|(index, distance, via)| Reached {
                document: head(index),
                distance,
                via,
            })
            .collect()
    });
    Ok(Answer {
        schema: "planwright/links@1",
        document: head(center),
        outgoing,
        incoming,
        impact,
        unreadable: answer::unreadable(ws),
    })
}
