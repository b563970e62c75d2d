//! Who works on what.
//!
//! A claim is a [`Record`]: who holds a thing, until when, and under which fencing number.
//! [`protocol`] says which record may follow which, as a pure function; where records are kept must
//! replace one by the next in a single step, and only while it is still the one that was looked at.
//! On one machine that is a folder under a lock ([`Local`]), shared by all work trees of a
//! repository; between machines it is one ref for each claim on a git remote.
//!
//! Clocks decide when somebody else may try, never whether a step is right: what makes a holder's
//! step fail after a takeover is that the record is no longer the one it knows. Decision 0009 tells
//! more. Things are named by their [`Key`]; what they are is not known here.

mod claims;
mod git;
mod local;
mod place;
pub mod protocol;
mod push;
mod record;
mod remote;
mod session;

pub use claims::{ClaimError, Claims, Guard, Outcome, Shared};
pub use local::Local;
pub use protocol::{Refusal, Terms, Want};
pub use record::{Actor, Key, Record, State, Subject, digits};
pub use remote::RemoteError;
pub use session::{Act, Host, Session};
