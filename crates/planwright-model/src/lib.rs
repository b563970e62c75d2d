//! The vocabulary of plans.
//!
//! Everything Planwright knows about a plan is one [`Document`] and what hangs under it: phases,
//! items, log entries, relations, code references and the typed tables of a plan (risks, metrics,
//! milestones, blockers, questions). The types are plain data: no I/O, no clock, no terminal. They
//! serialise to the JSON contract `planwright/document@1`, in which fields are added and never
//! renamed.
//!
//! Lines are 1-based in the file as stored. A canonical word ([`DocumentState`], [`ItemState`],
//! [`ItemRole`]) always stands beside the author's own word, which is kept as written.

mod diagnostic;
mod document;
mod item;
mod log;
mod record;
mod relation;
mod state;
mod time;

pub use diagnostic::{Diagnostic, Level};
pub use document::{
    Document, FieldValue, Head, Kind, Placeholder, Progress, Section, SectionRole, StateClaim,
    StateSource, Title,
};
pub use item::{Estimate, Item, ItemRole, ItemState, Origin, Phase};
pub use log::{LogEntry, LogRole};
pub use record::{Blocker, Command, Metric, Milestone, Question, Requirement, Review, Risk};
pub use relation::{CodeRef, Endpoint, Relation, RelationType};
pub use state::DocumentState;
pub use time::Time;
