//! Whether the programs that own a JSON file can still read it.

use planwright_syntax::Source;
use serde::de::IgnoredAny;

/// Where a file is no JSON, and why: its 1-based line and the reason.
///
/// JSON files are read as YAML, which has places and forgives what JSON does not: comments, single
/// quotes, a comma too many. The programs that wrote the file forgive nothing.
pub(crate) fn flaw(source: &Source) -> Option<(u32, String)> {
    let text = source.text().trim_start_matches('\u{feff}');
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let line = u32::try_from(error.line()).unwrap_or(1).max(1);
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    Some((line, format!("not valid JSON: {reason}")))
}
