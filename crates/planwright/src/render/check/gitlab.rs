use std::collections::HashMap;

use planwright_model::Level;
use planwright_ops::check::Answer;
use serde_json::{Value, json};

/// A code quality report as GitLab reads it from a job's artifacts.
pub(crate) fn gitlab(answer: &Answer) -> Value {
    // The same words twice in one file have one fingerprint, and GitLab would keep one of them.
    let mut seen: HashMap<&str, u32> = HashMap::new();
    let findings = answer.findings.iter().map(|found| {
        let count = seen.entry(&found.fingerprint).or_default();
        *count += 1;
        let fingerprint = match count {
            1 => found.fingerprint.clone(),
            count => format!("{}-{count}", found.fingerprint),
        };
        let severity = match found.level {
            Level::Error => "major",
            Level::Warning => "minor",
            Level::Info => "info",
        };
        json!({
            "description": found.message,
            "check_name": found.name,
            "fingerprint": fingerprint,
            "severity": severity,
            "location": {
                "path": found.path,
                "positions": {
                    "begin": {"line": found.line, "column": found.column},
                    "end": {"line": found.end_line, "column": found.end_column},
                },
            },
        })
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::render::check::example;

    #[test]
    fn a_finding_is_an_entry_with_its_fingerprint() {
        let report = gitlab(&example::answer());
        assert_snapshot!(serde_json::to_string_pretty(&report).unwrap());
    }
}
