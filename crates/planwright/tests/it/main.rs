//! End-to-end tests: the built program, run over small repositories.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails by panicking, too"
)]

mod artifacts;
mod board;
mod board_sync;
mod brief;
mod check;
mod claims;
mod convert;
mod doctor;
mod edit;
mod empty;
mod errors;
mod fixtures;
mod forms;
mod help;
mod hook;
mod mcp;
mod mcp_update;
mod new;
mod relocate;
mod runner;
mod schemas;
mod setup;
mod show;
mod verify;
mod watch;
mod write;
