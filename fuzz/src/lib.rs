//! What has to hold for every input. Each check panics where it does not.

/// Reading.
pub mod parse;
/// Writing.
pub mod splice;
