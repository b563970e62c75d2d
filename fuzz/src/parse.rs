use std::sync::LazyLock;

use planwright_dialect::Dialects;
use planwright_model::Document;
use planwright_syntax::yaml::{Value, ValueKind};
use planwright_syntax::{Parsed, Span};

static DIALECTS: LazyLock<Dialects> = LazyLock::new(|| Dialects::load(&[]).0);

/// Paths that send a file to each dialect, and one that sends it to none.
const PATHS: [&str; 9] = [
    "notes/any.md",
    ".archcore/platform/queue.plan.md",
    "docs/ai/plans/active/queue.md",
    "docs/execplans/queue.md",
    ".dev_ops/docs/plans/PLN-001-queue.md",
    "specs/001-queue/spec.md",
    "specs/001-queue/plan.md",
    "specs/001-queue/tasks.md",
    "PLANS.md",
];

/// Any bytes can be read: nothing panics, the bytes are given back, and every place lies inside.
pub fn check(data: &[u8]) {
    let parsed = Parsed::new(data.to_vec());
    check_syntax(&parsed, data);
    let pick = data.iter().fold(data.len(), |sum, byte| {
        sum.wrapping_mul(31) + usize::from(*byte)
    });
    for path in [PATHS[0], PATHS[pick % PATHS.len()]] {
        let reading = DIALECTS.read(path, data.to_vec());
        assert_eq!(
            reading.parsed.source.bytes(),
            data,
            "{path}: the bytes changed"
        );
        assert_eq!(reading.document.path, path);
        check_document(&reading.document, reading.parsed.source.line_count());
    }
    let _ = DIALECTS.read_relations(".archcore/.sync-state.json", data);
}

fn check_syntax(parsed: &Parsed, data: &[u8]) {
    let source = &parsed.source;
    let text = source.text();
    assert_eq!(source.bytes(), data, "the bytes changed");
    assert_eq!(
        text.len(),
        data.len(),
        "an offset in the text is no offset in the file"
    );
    let inside = |span: Span, what: &str| {
        assert!(
            span.start <= span.end,
            "{what}: {span:?} ends before it starts"
        );
        assert!(
            span.end as usize <= data.len(),
            "{what}: {span:?} reaches outside"
        );
        assert!(
            text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize),
            "{what}: {span:?} cuts a character"
        );
    };
    let nodes = parsed.tree.nodes();
    for (id, node) in nodes.iter().enumerate() {
        inside(node.span, "node");
        assert!(
            node.next as usize > id && node.next as usize <= nodes.len(),
            "node {id} has no end"
        );
    }
    for problem in &parsed.problems {
        inside(problem.span, problem.kind.code());
    }
    if let Some(matter) = &parsed.front_matter {
        inside(matter.outer, "front matter");
        assert!(
            matter.outer.contains(matter.inner),
            "YAML outside of the front matter"
        );
        inside_yaml(&matter.value, &inside);
    }
    let mut end = 0;
    for line in 1..=source.line_count() {
        let span = source.line_span(line);
        inside(span, "line");
        assert!(
            span.start >= end,
            "line {line} starts inside the line before it"
        );
        assert_eq!(
            source.line(span.start),
            line,
            "line {line} is not where it says"
        );
        end = span.end;
    }
}

fn inside_yaml(value: &Value, inside: &impl Fn(Span, &str)) {
    inside(value.span, "YAML value");
    match &value.kind {
        ValueKind::Scalar(..) => {}
        ValueKind::Sequence(values) => values.iter().for_each(|value| inside_yaml(value, inside)),
        ValueKind::Mapping(entries) => {
            for entry in entries {
                inside(entry.key_span, "YAML key");
                inside_yaml(&entry.value, inside);
            }
        }
    }
}

fn check_document(document: &Document, lines: u32) {
    let inside = |line: u32, what: &str| {
        assert!(
            (1..=lines).contains(&line),
            "{what} at line {line} of {lines}"
        );
    };
    assert!(
        document.progress.done <= document.progress.total,
        "more is done than there is"
    );
    for line in [document.title.line, document.state.line]
        .into_iter()
        .flatten()
    {
        inside(line, "title or state");
    }
    for section in &document.sections {
        inside(section.line, "section");
        assert!(
            section.end_line >= section.line && section.end_line <= lines,
            "section without end"
        );
    }
    for phase in &document.phases {
        inside(phase.line, "phase");
        assert!(
            phase.end_line >= phase.line && phase.end_line <= lines,
            "phase without end"
        );
    }
    let starts: Vec<u32> = document.items.iter().map(|item| item.line).collect();
    for item in &document.items {
        inside(item.line, "item");
        if let Some(parent) = item.parent {
            assert!(starts.contains(&parent), "the parent of an item is no item");
        }
        if let Some(phase) = item.phase {
            assert!(
                document.phases.iter().any(|other| other.line == phase),
                "the phase of an item is no phase"
            );
        }
    }
    for diagnostic in &document.diagnostics {
        inside(diagnostic.line, &diagnostic.code);
    }
}
