//! What has to hold for every input. Each check panics where it does not.

/// Checking.
pub mod check;
/// Changing documents.
pub mod ops;
/// Reading.
pub mod parse;
/// Changing bytes.
pub mod splice;
