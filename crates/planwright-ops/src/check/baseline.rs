//! What was found before, so that only what is new is reported.
//!
//! A finding is known again by its fingerprint: its rule, its file and the text of the line that it
//! is about, blanks apart. Lines that move keep their findings; of several alike each counts.

use std::collections::BTreeMap;

use planwright_check::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sources;
use crate::{ErrorKind, Hint, OpsError};

const SCHEMA: &str = "planwright/baseline@1";

/// Findings that are known, as a file keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Baseline {
    /// `planwright/baseline@1`
    pub schema: String,
    /// By file, then by rule: how many findings of each fingerprint are known.
    pub findings: BTreeMap<String, BTreeMap<String, BTreeMap<String, u32>>>,
}

impl Baseline {
    /// Reads a file that [`Baseline::to_json`] wrote.
    ///
    /// # Errors
    /// When the text is none.
    pub fn parse(text: &str) -> Result<Self, OpsError> {
        let failed = |reason: String| {
            OpsError::new(
                ErrorKind::Usage,
                format!("the baseline cannot be read: {reason}"),
            )
            .with_hint(Hint::Run("plan check --write-baseline FILE".to_owned()))
        };
        let baseline: Self =
            serde_json::from_str(text).map_err(|error| failed(error.to_string()))?;
        if baseline.schema == SCHEMA {
            Ok(baseline)
        } else {
            Err(failed(format!(
                "it is `{}` and not `{SCHEMA}`",
                baseline.schema
            )))
        }
    }

    /// The findings of a check as a baseline.
    pub fn of(findings: &[super::Finding]) -> Self {
        let mut baseline = Self {
            schema: SCHEMA.to_owned(),
            findings: BTreeMap::new(),
        };
        for found in findings {
            let count = baseline
                .findings
                .entry(found.path.clone())
                .or_default()
                .entry(found.name.to_owned())
                .or_default()
                .entry(found.fingerprint.clone())
                .or_default();
            *count += 1;
        }
        baseline
    }

    /// The text of its file: a line for each fingerprint, in an order that changes little.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// True when a finding is known; each is known as often as it was found.
    pub(super) fn takes(&mut self, found: &Finding, fingerprint: &str) -> bool {
        let count = self
            .findings
            .get_mut(&found.path)
            .and_then(|rules| rules.get_mut(found.rule.name))
            .and_then(|prints| prints.get_mut(fingerprint));
        match count {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

/// Sixteen hexadecimal digits that stand for a finding.
pub(super) fn fingerprint(sources: &mut Sources<'_>, found: &Finding) -> String {
    let mut bytes = Vec::new();
    let mut add = |text: &str| {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
    };
    add(found.rule.name);
    add(&found.path);
    if let Some(source) = sources.get(&found.path) {
        let line = source.line_text(source.line(found.span.start));
        line.split_whitespace().for_each(&mut add);
        add(source.slice(found.span));
    }
    format!("{:016x}", rapidhash::v3::rapidhash_v3(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_baseline_is_refused() {
        for text in [
            "",
            "{}",
            "{\"schema\": \"planwright/list@1\", \"findings\": {}}",
        ] {
            assert_eq!(Baseline::parse(text).unwrap_err().kind, ErrorKind::Usage);
        }
        let empty = Baseline::of(&[]);
        assert_eq!(Baseline::parse(&empty.to_json()).unwrap(), empty);
    }
}
