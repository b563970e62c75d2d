//! The bytes that the snapshot keeps of a document.
//!
//! Entries are written and read as [`Entry`] itself, summaries are written from borrowed mirrors of
//! [`Summary`] with the same fields in the same order. Names and relations stand apart, because the
//! graph of all documents is built from them alone.

use planwright_model::{Document, Endpoint, Relation, RelationType};
use serde::{Deserialize, Serialize};

use crate::convert;
use crate::name_shard::StoredName;
use crate::names::{Namer, Prefixes};
use crate::record::{Entry, OpenTask, PhaseLine, Summary};
use crate::sys::hash;

/// A relation as its document states it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct StoredRelation<'a> {
    pub(crate) kind: RelationType,
    pub(crate) target: &'a str,
    pub(crate) endpoint: Endpoint,
    pub(crate) line: u32,
    pub(crate) source: &'a str,
}

impl<'a> StoredRelation<'a> {
    pub(crate) fn new(relation: &'a Relation) -> Self {
        Self {
            kind: relation.kind,
            target: &relation.target,
            endpoint: relation.endpoint,
            line: relation.line,
            source: &relation.source,
        }
    }

    pub(crate) fn to_relation(self) -> Relation {
        Relation {
            kind: self.kind,
            target: self.target.to_owned(),
            endpoint: self.endpoint,
            line: self.line,
            source: self.source.to_owned(),
            resolved: false,
            path: None,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct StoredPhase<'a> {
    pub(crate) reference: &'a str,
    pub(crate) line: u32,
    pub(crate) title: &'a str,
    pub(crate) done: u32,
    pub(crate) total: u32,
}

#[derive(Serialize)]
pub(crate) struct StoredTask<'a> {
    pub(crate) reference: &'a str,
    pub(crate) id: Option<&'a str>,
    pub(crate) line: u32,
    pub(crate) state: planwright_model::ItemState,
    pub(crate) text: &'a str,
    pub(crate) phase: Option<u32>,
    pub(crate) parent: Option<u32>,
    pub(crate) owner: Option<&'a str>,
    pub(crate) priority: Option<&'a str>,
    pub(crate) estimate: Option<&'a str>,
    pub(crate) depends_on: Vec<&'a str>,
    pub(crate) parallel: bool,
    pub(crate) ready: bool,
    pub(crate) source: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct StoredSummary<'a> {
    pub(crate) phases: Vec<StoredPhase<'a>>,
    pub(crate) open: Vec<StoredTask<'a>>,
}

/// One document of the snapshot, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) head: Vec<u8>,
    pub(crate) summary: Vec<u8>,
    /// Its relations.
    pub(crate) links: Vec<u8>,
    /// In their order.
    pub(crate) names: Vec<StoredName>,
}

impl Record {
    /// `mtime` in seconds since the Unix epoch; `content` stands for the file's bytes.
    pub(crate) fn new(document: &Document, mtime: i64, content: u64, prefixes: &Prefixes) -> Self {
        let entry = Entry {
            content,
            ..convert::entry(document, mtime)
        };
        let relations = document.relations.iter().map(StoredRelation::new);
        let links: Vec<StoredRelation<'_>> = relations.collect();
        // Put together in one buffer, so that each part is allocated once and in its own size.
        let mut buffer = Vec::with_capacity(2048);
        Self {
            links: encode(&links, &mut buffer),
            summary: encode(&convert::summary(document), &mut buffer),
            head: encode(&entry, &mut buffer),
            names: names(&entry, prefixes),
        }
    }
}

/// The names of a document, each once, in their order.
pub(crate) fn names(entry: &Entry<'_>, prefixes: &Prefixes) -> Vec<StoredName> {
    let document = hash(entry.path.as_bytes());
    let is_put_aside = entry.archived || entry.template;
    let mut names = Vec::with_capacity(16);
    Namer::new(prefixes).names(entry, &mut |rank, key| {
        names.push(StoredName {
            key: name_hash(key),
            rank,
            is_put_aside,
            document,
        });
    });
    names.sort_unstable();
    names.dedup_by_key(|name| name.key);
    names
}

/// The hash of a name's key.
pub(crate) fn name_hash(key: &str) -> u64 {
    hash(key.as_bytes())
}

/// Writing to memory cannot fail for these types; an empty record reads as the default.
fn encode(value: &impl Serialize, buffer: &mut Vec<u8>) -> Vec<u8> {
    buffer.clear();
    *buffer = postcard::to_extend(value, std::mem::take(buffer)).unwrap_or_default();
    buffer.clone()
}

/// The entry of a record. The snapshot's checksums are proven before, so the default for bytes that
/// cannot be read never shows.
pub(crate) fn entry(head: &[u8]) -> Entry<'_> {
    postcard::from_bytes(head).unwrap_or_default()
}

/// The path of an entry, its first field.
pub(crate) fn path(head: &[u8]) -> &str {
    postcard::take_from_bytes(head).map_or("", |(path, _)| path)
}

/// The summary that is made of a stored summary.
pub(crate) fn summary(summary: &[u8]) -> Summary {
    let (phases, open): (Vec<PhaseLine>, Vec<OpenTask>) =
        postcard::from_bytes(summary).unwrap_or_default();
    Summary { phases, open }
}

/// The relations that are stored of a document.
pub(crate) fn relations(links: &[u8]) -> Vec<StoredRelation<'_>> {
    postcard::from_bytes(links).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use planwright_model::{Item, ItemRole, ItemState, Phase, Title};

    use super::*;
    use crate::names::Rank;

    #[test]
    fn what_is_encoded_is_decoded() {
        let document = Document {
            path: "docs/x.md".to_owned(),
            reference: "x".to_owned(),
            aliases: vec!["PLN-001".to_owned(), "012".to_owned()],
            title: Title {
                text: "Größe".to_owned(),
                line: Some(3),
            },
            phases: vec![Phase {
                line: 5,
                title: "One".to_owned(),
                ..Phase::default()
            }],
            items: vec![Item {
                reference: "x#T1".to_owned(),
                id: Some("T1".to_owned()),
                state: ItemState::Blocked,
                text: "do it".to_owned(),
                phase: Some(5),
                owner: Some("ann".to_owned()),
                depends_on: vec!["T0".to_owned()],
                parallel: true,
                ..Item::new(6, ItemRole::Task)
            }],
            relations: vec![Relation {
                kind: RelationType::DependsOn,
                target: "y.md".to_owned(),
                endpoint: Endpoint::Document,
                line: 8,
                source: "link".to_owned(),
                resolved: false,
                path: None,
            }],
            ..Document::default()
        };
        let record = Record::new(&document, -5, 7, &Prefixes::default());
        let known = Entry {
            content: 7,
            ..convert::entry(&document, -5)
        };
        assert_eq!(entry(&record.head), known);
        assert_eq!(path(&record.head), "docs/x.md");
        let summary = summary(&record.summary);
        assert_eq!(summary.phases[0].title, "One");
        assert_eq!((summary.phases[0].done, summary.phases[0].total), (0, 1));
        let task = &summary.open[0];
        assert_eq!(
            (task.id.as_deref(), task.line, task.state),
            (Some("T1"), 6, ItemState::Blocked)
        );
        assert_eq!((task.owner.as_deref(), task.parallel), (Some("ann"), true));
        assert_eq!(task.depends_on, ["T0"]);
        let relations = relations(&record.links).into_iter();
        let relations: Vec<Relation> = relations.map(StoredRelation::to_relation).collect();
        assert_eq!(relations, document.relations);
        let found = |wanted: &str| {
            let mut names = record.names.iter();
            names.find(|name| name.key == name_hash(wanted)).copied()
        };
        let name = found("pln-1").unwrap();
        assert_eq!(name.goodness(), (Rank::Name, false));
        assert_eq!(name.document, hash(b"docs/x.md"));
        assert_eq!(found("pln-2"), None);
    }
}
