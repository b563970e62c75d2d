//! Lists between `<!-- planwright:begin plans state=open folder=docs/plans -->` and
//! `<!-- planwright:end -->`: all of what lies between is Planwright's.

use planwright_dialect::Reading;
use planwright_model::DocumentState;
use planwright_syntax::Span;
use planwright_workspace::path;

use super::lines::Plan;

/// Lines between two markers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    /// The line of the first marker.
    pub(super) first: u32,
    /// The line of the last.
    pub(super) last: u32,
    folder: String,
    state: Option<String>,
}

impl Region {
    /// The regions of a document.
    pub(super) fn all(reading: &Reading) -> Vec<Self> {
        let source = &reading.parsed.source;
        let mut found = Vec::new();
        let mut open: Option<Self> = None;
        for line in 1..=source.line_count() {
            let text = source.line_text(line).trim();
            let Some(inner) = text
                .strip_prefix("<!--")
                .and_then(|text| text.strip_suffix("-->"))
            else {
                continue;
            };
            let mut words = inner.split_whitespace();
            match (words.next(), words.next()) {
                (Some("planwright:begin"), Some("plans")) => {
                    let value = |key: &str| {
                        let mut words = inner.split_whitespace();
                        words.find_map(|word| word.strip_prefix(key).map(str::to_owned))
                    };
                    let own = path::parent(&reading.document.path).to_owned();
                    open = Some(Self {
                        first: line,
                        last: line,
                        folder: value("folder=").map_or(own, |folder| {
                            folder.trim_matches('/').trim_start_matches("./").to_owned()
                        }),
                        state: value("state="),
                    });
                }
                (Some("planwright:end"), _) => {
                    if let Some(mut region) = open.take() {
                        region.last = line;
                        found.push(region);
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// True for a line between the markers.
    pub(super) const fn holds(&self, line: u32) -> bool {
        self.first < line && line < self.last
    }

    /// The bytes between the markers.
    pub(super) fn span(&self, reading: &Reading) -> Span {
        let source = &reading.parsed.source;
        Span {
            start: source.line_span(self.first + 1).start,
            end: source.line_span(self.last).start,
        }
    }

    /// True for a plan that belongs here.
    pub(super) fn wants(&self, plan: &Plan) -> bool {
        let below = self.folder.is_empty() || plan.path.starts_with(&format!("{}/", self.folder));
        let state = plan.state;
        below
            && match self.state.as_deref() {
                None | Some("all") => true,
                Some("open") => !state.is_closed(),
                Some("closed") => state.is_closed(),
                Some(word) => DocumentState::from_canonical(word) == Some(state),
            }
    }
}
