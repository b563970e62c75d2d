use arbitrary::{Arbitrary, Unstructured};
use planwright_syntax::splice::{Edit, SpliceError, apply};
use planwright_syntax::{Parsed, Span};

/// An edit as the fuzzer draws it.
#[derive(Debug, Arbitrary)]
struct Drawn {
    start: u16,
    len: u8,
    /// Keeps offsets as drawn, wherever they lie.
    wild: bool,
    replacement: Vec<u8>,
}

/// Edits and the text they are made to; the text takes what the edits leave of the input.
#[derive(Debug, Arbitrary)]
struct Input {
    edits: Vec<Drawn>,
    text: Vec<u8>,
}

/// No edit outside its span, none half done, and none at all where there is none.
pub fn check(data: &[u8]) {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(data)) else {
        return;
    };
    let text = &input.text[..];
    assert_eq!(
        apply(text, &[]).as_deref(),
        Ok(text),
        "no edit changed something"
    );
    let edits: Vec<Edit> = input
        .edits
        .iter()
        .map(|drawn| edit(drawn, text.len()))
        .collect();
    check_edits(text, &edits);
    check_own_text(text);
}

fn edit(drawn: &Drawn, len: usize) -> Edit {
    let (start, end) = if drawn.wild {
        // The length comes off, so that some spans end before they start.
        (
            usize::from(drawn.start),
            usize::from(drawn.start.wrapping_sub(u16::from(drawn.len))),
        )
    } else {
        let start = usize::from(drawn.start) % (len + 1);
        (start, (start + usize::from(drawn.len)).min(len))
    };
    let span = Span {
        start: start as u32,
        end: end as u32,
    };
    Edit::replace(span, drawn.replacement.clone())
}

fn check_edits(text: &[u8], edits: &[Edit]) {
    let mut order: Vec<&Edit> = edits.iter().collect();
    order.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let valid = |span: Span| span.start <= span.end && span.end as usize <= text.len();
    let sound = order.iter().all(|edit| valid(edit.span))
        && order
            .windows(2)
            .all(|pair| pair[0].span.end <= pair[1].span.start);
    let out = match apply(text, edits) {
        Ok(out) => out,
        Err(SpliceError::OutOfBounds(span)) => {
            return assert!(!valid(span), "{span:?} lies inside");
        }
        Err(SpliceError::Overlap(a, b)) => {
            return assert!(b.start < a.end, "{a:?} and {b:?} do not overlap");
        }
    };
    assert!(sound, "edits were made that cannot all be made");
    // What stands between two edits is there, and nothing else is but the replacements.
    let (mut from, mut at) = (0, 0);
    for edit in order {
        let kept = &text[from..edit.span.start as usize];
        assert_eq!(
            &out[at..at + kept.len()],
            kept,
            "bytes outside of an edit changed"
        );
        at += kept.len();
        assert_eq!(
            &out[at..at + edit.replacement.len()],
            edit.replacement,
            "a replacement is lost"
        );
        at += edit.replacement.len();
        from = edit.span.end as usize;
    }
    assert_eq!(
        &out[at..],
        &text[from..],
        "bytes behind the last edit changed"
    );
}

/// Putting the text of every line, or of every word and mark, in its own place changes nothing.
fn check_own_text(text: &[u8]) {
    let parsed = Parsed::new(text.to_vec());
    let lines = (1..=parsed.source.line_count()).map(|line| parsed.source.line_span(line));
    rewrite(text, lines);
    let mut end = 0;
    let mut leaves: Vec<Span> = parsed.tree.nodes().iter().map(|node| node.span).collect();
    leaves.sort_unstable_by_key(|span| (span.start, span.len()));
    leaves.retain(|span| {
        let apart = span.start >= end;
        if apart {
            end = span.end;
        }
        apart
    });
    rewrite(text, leaves.into_iter());
}

fn rewrite(text: &[u8], spans: impl Iterator<Item = Span>) {
    let edits: Vec<Edit> = spans
        .map(|span| Edit::replace(span, &text[span.range()]))
        .collect();
    assert_eq!(
        apply(text, &edits).as_deref(),
        Ok(text),
        "a text differs from itself"
    );
}
