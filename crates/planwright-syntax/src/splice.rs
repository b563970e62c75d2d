//! The only way to change text: sorted, disjoint edits against the original bytes.

use crate::Span;

/// Replaces the bytes of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty for an insertion.
    pub span: Span,
    /// What to put in their place.
    pub replacement: Vec<u8>,
}

impl Edit {
    /// Replaces a span.
    pub fn replace(span: Span, replacement: impl Into<Vec<u8>>) -> Self {
        Self {
            span,
            replacement: replacement.into(),
        }
    }

    /// Inserts before the byte at `offset`.
    pub fn insert(offset: u32, text: impl Into<Vec<u8>>) -> Self {
        Self::replace(
            Span {
                start: offset,
                end: offset,
            },
            text,
        )
    }
}

/// Why edits could not be applied; the bytes are untouched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpliceError {
    /// Two edits touch the same bytes.
    Overlap(Span, Span),
    /// An edit reaches past the end, or its start lies after its end.
    OutOfBounds(Span),
}

impl std::fmt::Display for SpliceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Overlap(a, b) => write!(
                f,
                "edits of bytes {}..{} and {}..{} overlap",
                a.start, a.end, b.start, b.end
            ),
            Self::OutOfBounds(span) => {
                write!(
                    f,
                    "an edit of bytes {}..{} reaches outside the file",
                    span.start, span.end
                )
            }
        }
    }
}

impl std::error::Error for SpliceError {}

/// Applies edits in the order of their place; every byte outside their spans stays.
///
/// Insertions at one place are made in the order given.
///
/// # Errors
/// When two edits overlap or one reaches outside the bytes. Nothing is changed then.
pub fn apply(bytes: &[u8], edits: &[Edit]) -> Result<Vec<u8>, SpliceError> {
    let mut order: Vec<&Edit> = edits.iter().collect();
    order.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let grown: usize = order.iter().map(|edit| edit.replacement.len()).sum();
    let mut out = Vec::with_capacity(bytes.len() + grown);
    let mut at = 0;
    let mut previous = Span::default();
    for edit in order {
        let span = edit.span;
        if span.start > span.end || span.end as usize > bytes.len() {
            return Err(SpliceError::OutOfBounds(span));
        }
        if span.start < at {
            return Err(SpliceError::Overlap(previous, span));
        }
        out.extend_from_slice(&bytes[at as usize..span.start as usize]);
        out.extend_from_slice(&edit.replacement);
        at = span.end;
        previous = span;
    }
    out.extend_from_slice(&bytes[at as usize..]);
    Ok(out)
}
