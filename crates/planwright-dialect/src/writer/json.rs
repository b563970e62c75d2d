//! Splices in JSON: an element more or less in an array, another string.

use planwright_syntax::splice::Edit;
use planwright_syntax::yaml::{Value, ValueKind};
use planwright_syntax::{Source, Span};

/// The elements of an array.
pub(super) fn elements(value: &Value) -> &[Value] {
    match &value.kind {
        ValueKind::Sequence(all) => all,
        _ => &[],
    }
}

/// The bytes of a value without the white space behind it.
pub(super) fn span(source: &Source, value: &Value) -> Span {
    let text = source.slice(value.span);
    Span::new(
        value.span.start as usize,
        value.span.start as usize + text.trim_end().len(),
    )
}

/// A string in its quotes.
pub(super) fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Another string in place of one.
pub(super) fn set(source: &Source, value: &Value, text: &str) -> Option<Edit> {
    let span = span(source, value);
    source
        .slice(span)
        .starts_with('"')
        .then(|| Edit::replace(span, string(text)))
}

/// One more element at the end of an array, laid out as the others are; `text` has the line endings
/// and, behind the first line, the white space that it is to have.
pub(super) fn push(source: &Source, array: &Value, text: &str) -> Option<Edit> {
    let all = elements(array);
    if let Some(last) = all.last() {
        let start = match all.len() {
            1 => array.span.start + source.slice(array.span).find('[')? as u32 + 1,
            count => {
                let before = span(source, &all[count - 2]).end;
                let comma = source.slice(Span::new(before as usize, last.span.start as usize));
                before + comma.find(',')? as u32 + 1
            }
        };
        let gap = source.slice(Span::new(start as usize, last.span.start as usize));
        // Of one element it is not known how it would be parted from another.
        let inner = source.slice(Span::new(
            span(source, last).start as usize,
            span(source, last).end as usize,
        ));
        let is_airy = all.len() == 1 && inner.starts_with('"') && source.text().contains("\": ");
        let gap = if gap.is_empty() && is_airy { " " } else { gap };
        return Some(Edit::insert(
            span(source, last).end,
            format!(",{gap}{text}"),
        ));
    }
    let inner = source.slice(array.span);
    let open = array.span.start as usize + inner.find('[')? + 1;
    let close = array.span.start as usize + inner.rfind(']')?;
    let line = source.line_text(source.line(array.span.start));
    let indent = &line[..line.len() - line.trim_start().len()];
    let newline = source.line_ending().as_str();
    let is_long = text.contains('\n');
    let text = if is_long {
        format!("{newline}{indent}  {text}{newline}{indent}")
    } else {
        text.to_owned()
    };
    Some(Edit::replace(Span::new(open, close), text))
}

/// An array without one of its elements.
pub(super) fn remove(source: &Source, array: &Value, at: usize) -> Option<Edit> {
    let all = elements(array);
    let gone = all.get(at)?;
    let taken = match (
        at.checked_sub(1).and_then(|before| all.get(before)),
        all.get(at + 1),
    ) {
        (_, Some(next)) => Span::new(gone.span.start as usize, next.span.start as usize),
        (Some(before), None) => Span::new(
            span(source, before).end as usize,
            span(source, gone).end as usize,
        ),
        (None, None) => {
            let inner = source.slice(array.span);
            Span::new(
                array.span.start as usize + inner.find('[')? + 1,
                array.span.start as usize + inner.rfind(']')?,
            )
        }
    };
    Some(Edit::replace(taken, ""))
}
