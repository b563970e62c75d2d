//! What coding agents read: their files, and the edits that wire Planwright into them.
//!
//! One file a host below `hosts` says, as data, which files it reads in which form. From text to text
//! go `json` (entries in JSON with comments), `toml` and `block` (lines between markers). Every edit
//! only inserts, in a form from which it can be told what was inserted, so that taking it back gives
//! the very bytes from before. Nothing here knows a file system.

mod block;
mod host;
mod hosts;
mod json;
mod part;
#[cfg(test)]
mod tests;
mod toml_block;

pub use host::{Base, Comment, Content, Event, Hook, Host, Part, Purpose, Shape};
pub use hosts::HOSTS;
pub use part::{Form, Problem, Standing};

/// The host of a name.
pub fn host(name: &str) -> Option<&'static Host> {
    HOSTS.iter().copied().find(|host| host.name == name)
}
