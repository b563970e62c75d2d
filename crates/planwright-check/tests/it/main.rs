//! The pages of the rules, run; and what is generated from the rules, compared.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails by panicking, too"
)]

mod generated;
mod history;
mod kept;
mod page;
mod pages;
mod unasked;
