use jiff::Timestamp;
use planwright_coord::{Record, State, protocol};
use schemars::JsonSchema;
use serde::Serialize;

use super::Desk;

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/claim@1"))]
    pub schema: &'static str,
    /// The verb.
    pub verb: &'static str,
    /// The claims as they are now, in the order asked for.
    pub claims: Vec<Claim>,
    /// What the user is to know besides.
    pub notes: Vec<String>,
}

/// Who works on what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListAnswer {
    /// The contract's name.
    #[schemars(extend("const" = "planwright/claims@1"))]
    pub schema: &'static str,
    /// The claims that are held, in the order of their names.
    pub claims: Vec<Claim>,
    /// What the user is to know besides.
    pub notes: Vec<String>,
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Claim {
    /// The document or item, as its holder called it.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The file, from the root.
    pub path: String,
    /// What it says, or the title of the document.
    pub text: String,
    /// `held`, `expired` (others may take it), `released`, `done`.
    pub state: &'static str,
    /// The name of who holds it, or did last.
    pub holder: String,
    /// Which session of that name.
    pub session: String,
    /// True when it is the session that asks.
    pub own: bool,
    /// The model that the holder is, where told.
    pub model: Option<String>,
    /// Since when, in UTC.
    pub since: String,
    /// Until when it is held without being renewed, in UTC.
    pub until: String,
    /// The fencing number, which grows whenever the holder changes.
    pub fence: u64,
    /// Who held it before and was not done.
    pub after: Option<String>,
    /// Why it was taken over.
    pub reason: Option<String>,
    /// The commit that landed.
    pub commit: Option<String>,
}

impl Claim {
    pub(crate) fn new(record: &Record, desk: Desk<'_>) -> Self {
        let subject = &record.subject;
        Self {
            reference: subject.reference.clone(),
            path: subject.path.clone(),
            text: subject.text.clone(),
            state: match record.state {
                State::Held if record.is_expired(desk.now) => "expired",
                State::Held => "held",
                State::Released => "released",
                State::Done => "done",
            },
            holder: record.holder.name.clone(),
            session: record.holder.session.clone(),
            own: protocol::is_own(record, desk.actor),
            model: record.model.clone(),
            since: moment(record.since),
            until: moment(record.until),
            fence: record.fence,
            after: record.after.as_ref().map(ToString::to_string),
            reason: record.reason.clone(),
            commit: record.commit.clone(),
        }
    }
}

/// A moment in UTC: `2026-03-31T12:00:00Z`.
pub(super) fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| "?".to_owned(), |moment| moment.to_string())
}
