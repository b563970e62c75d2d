//! What has to hold for every input. Each check panics where it does not.

/// Checking.
pub mod check;
/// Reading.
pub mod parse;
/// Writing.
pub mod splice;
