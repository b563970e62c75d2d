//! What a document costs a reader that counts in tokens.

use crate::document::DocumentView;

/// The encoding that counts.
const ENCODING: &str = "o200k_base";

/// Exact tokens (o200k) of a document that may come near a limit; `None` for one that plainly stays
/// below it.
///
/// Loading the encoding costs some 90 ms once, so that only those pay who have to know.
pub(crate) fn count_near(doc: &DocumentView, limit: u32) -> Option<u32> {
    let estimate = u64::from(doc.tokens());
    // The estimate is high for prose and low for digits and signs, which no plan is made of alone.
    if estimate * 4 < u64::from(limit) * 3 {
        return None;
    }
    let text = doc.parsed().source.text();
    let exact = tiktoken::get_encoding(ENCODING).map(|encoding| encoding.count(text));
    Some(exact.map_or(estimate as u32, |count| {
        u32::try_from(count).unwrap_or(u32::MAX)
    }))
}
