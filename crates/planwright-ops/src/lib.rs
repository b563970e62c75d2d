//! The verbs of Planwright: typed request to typed answer.
//!
//! Every verb is one file: a request, an answer that serialises to a versioned JSON contract
//! (`planwright/<verb>@1`), and a `run` that makes the one from the other. The command line, MCP
//! and the web are views of these answers, so they cannot disagree. What a verb decides is decided
//! over plain data ([`planwright_workspace::Entry`], [`planwright_workspace::Summary`],
//! [`planwright_model::Document`]); `run` only fetches it. There is no clock here: where age
//! matters, the caller says which day it is.

mod answer;
mod artifacts;
pub mod board;
pub mod brief;
mod cards;
pub mod check;
pub mod claims;
mod damage;
mod deck;
pub mod dialects;
pub mod doctor;
mod error;
pub mod explain;
pub mod filter;
pub mod graph;
mod hold;
pub mod hook;
mod initiative;
pub mod links;
pub mod list;
pub mod next;
mod reference;
pub mod resume;
pub mod schema;
pub mod search;
pub mod setup;
pub mod show;
pub mod status;
pub mod write;

pub use answer::{Place, Unreadable};
pub use error::{ErrorAnswer, ErrorKind, Hint, OpsError};
pub use hold::Hold;
pub use reference::names;
