//! Relations and code references.

use planwright_model::{CodeRef, Endpoint, Relation, RelationType};
use planwright_syntax::Kind;
use planwright_syntax::yaml::{Value, ValueKind};
use rapidhash::RapidHashMap;

use super::header::Pair;
use crate::outline::{ListItem, Outline};
use crate::vocabulary::Vocabulary;
use crate::words::{find_ignore_case, holds, is_nothing, is_placeholder};

/// Endings of files that back-ticked words are taken for paths by.
const ENDINGS: [&str; 46] = [
    "rs", "ts", "tsx", "js", "jsx", "mjs", "cjs", "py", "go", "java", "kt", "swift", "c", "h",
    "cc", "cpp", "hpp", "cs", "rb", "php", "sh", "bash", "ps1", "sql", "toml", "yaml", "yml",
    "json", "jsonc", "md", "mdx", "html", "css", "scss", "proto", "graphql", "vue", "svelte",
    "lua", "ex", "exs", "zig", "txt", "lock", "feature", "bats",
];

/// Back-ticked words of raw Markdown that are paths; where there are none, bare words that have a
/// folder and an ending, as in `T012 Create the model in src/models/user.py`.
pub(crate) fn paths_in(raw: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest = raw;
    while let Some(open) = memchr::memchr(b'`', rest.as_bytes()) {
        let inner = &rest[open + 1..];
        let Some(close) = memchr::memchr(b'`', inner.as_bytes()) else {
            break;
        };
        if let Some(path) = code_path(&inner[..close])
            && !out.contains(&path)
        {
            out.push(path);
        }
        rest = &inner[close + 1..];
    }
    if out.is_empty() && memchr::memchr(b'/', raw.as_bytes()).is_some() {
        let words = raw.split_whitespace().filter(|word| !holds(word, "]("));
        let bare = words.filter_map(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
            let path = code_path(word.trim_end_matches('.'))?;
            (path.contains('/') && !path.ends_with(['/']) && !path.ends_with(".md")).then_some(path)
        });
        for path in bare {
            if !out.contains(&path) {
                out.push(path);
            }
        }
    }
    out
}

/// Words of a task that are paths of files, where nothing marks them as code: `in src/models/user.py`.
pub(crate) fn bare_paths_in(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    if memchr::memchr(b'/', text.as_bytes()).is_none() {
        return out;
    }
    let edges = |c: char| {
        matches!(
            c,
            '(' | ')' | '[' | ']' | '"' | '\'' | '*' | ',' | ';' | ':'
        )
    };
    for word in text.split_whitespace() {
        let word = word.trim_end_matches('.').trim_matches(edges);
        let is_file = word.contains('/') && !word.ends_with('/') && !word.starts_with('@');
        if is_file
            && let Some(path) = code_path(word)
            && !out.contains(&path)
        {
            out.push(path);
        }
    }
    out
}

/// A code span as a path of the tree: without a leading `@`, a `:12` line, a trailing `()`.
fn code_path(span: &str) -> Option<String> {
    let text = span.trim();
    let bare = text.strip_prefix('@').unwrap_or(text);
    if bare.is_empty()
        || bare.len() > 200
        || bare.contains(char::is_whitespace)
        || holds(bare, "://")
        || bare.starts_with('-')
    {
        return None;
    }
    let bare = bare.strip_prefix("./").unwrap_or(bare);
    let path = strip_line(bare);
    // ( ) { } < > $ | = ; , quotes and backslashes.
    let is_code =
        |b: u8| matches!(b, b'"' | b'$' | b'\''..=b')' | b',' | b';'..=b'>' | b'\\' | b'{'..=b'}');
    if path.bytes().any(is_code) || path.starts_with('/') || path.starts_with('~') {
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name
        .rsplit_once('.')
        .filter(|(stem, _)| !stem.is_empty())
        .map(|(_, ending)| ending);
    let known = ending.is_some_and(|ending| ENDINGS.contains(&ending));
    let is_inside = path.trim_end_matches('/').contains('/');
    let folder = path.ends_with('/') && !path.starts_with("http");
    // `@scope/pkg` is a name of a registry, `a/b` may be anything; a path has an ending or a slash
    // at its end.
    (known && (is_inside || ending != Some("md") || text.starts_with('@')) || folder)
        .then(|| path.to_owned())
}

fn strip_line(path: &str) -> &str {
    // Most paths have neither, which is told in one go.
    if memchr::memchr2(b':', b'#', path.as_bytes()).is_none() {
        return path;
    }
    match path.rsplit_once(':') {
        Some((front, digits))
            if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'-') =>
        {
            strip_line(front)
        }
        _ => path.split('#').next().unwrap_or(path),
    }
}

/// The places of the code that a document names, each once.
pub(crate) fn code_refs(outline: &Outline<'_>, relations: &[Relation]) -> Vec<CodeRef> {
    let mut refs: Vec<CodeRef> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut push = |path: String, line: u32| {
        let path = path.trim_end_matches('.').to_owned();
        if seen.insert(path.clone()) {
            refs.push(CodeRef {
                path,
                line,
                exists: None,
            });
        }
    };
    for relation in relations
        .iter()
        .filter(|relation| relation.kind == RelationType::Touches)
    {
        push(relation.target.clone(), relation.line);
    }
    let parsed = outline.parsed;
    for node in parsed.tree.nodes() {
        match node.kind {
            Kind::Code => {
                if let Some(path) = code_path(parsed.text(node.span).trim_matches('`')) {
                    push(path, parsed.source.line(node.span.start));
                }
            }
            Kind::Text => {
                let text = parsed.text(node.span);
                if !text.contains('@') {
                    continue;
                }
                for word in text.split_whitespace() {
                    let word = word.trim_matches(|c: char| {
                        matches!(c, '(' | ')' | ',' | '.' | ';' | ':' | '"' | '\'')
                    });
                    if let Some(path) = word.strip_prefix('@')
                        && path.contains('/')
                        && (path.ends_with('/')
                            || path
                                .rsplit('/')
                                .next()
                                .is_some_and(|name| name.contains('.')))
                        && path.chars().all(|c| {
                            c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '*')
                        })
                    {
                        push(
                            strip_line(path).to_owned(),
                            parsed.source.line(node.span.start),
                        );
                    }
                }
            }
            _ => {}
        }
    }
    refs
}

/// Relations from front matter, header lines, sections and links.
pub(crate) fn relations(
    outline: &Outline<'_>,
    words: &Vocabulary,
    pairs: &[Pair],
    path: &str,
) -> Vec<Relation> {
    let mut found: Vec<Relation> = Vec::new();
    let parsed = outline.parsed;
    let mut known: RapidHashMap<String, Vec<RelationType>> = RapidHashMap::default();
    let mut push = |kind: RelationType, target: &str, line: u32, source: &str| {
        let target = target.trim().trim_matches(['`', '"', '\'', ' ']).trim();
        let target = target
            .strip_prefix("[[")
            .and_then(|rest| rest.strip_suffix("]]"))
            .unwrap_or(target);
        if target.is_empty() || is_nothing(target) || is_placeholder(target) || target.len() > 300 {
            return;
        }
        // The first statement counts; a plain link says less than a named relation.
        let kinds = known.entry(target.to_owned()).or_default();
        if kinds.is_empty() || !kinds.contains(&kind) && kind != RelationType::Related {
            kinds.push(kind);
            found.push(Relation {
                kind,
                target: target.to_owned(),
                endpoint: endpoint(target),
                line,
                source: source.to_owned(),
                resolved: false,
                path: None,
            });
        }
    };
    if let Some(matter) = &parsed.front_matter {
        for entry in matter.entries() {
            if let Some(kind) = words.relation(&entry.key) {
                each_target(&entry.value, &mut |value, text| {
                    push(
                        kind,
                        text,
                        parsed.source.line(value.span.start),
                        "front matter",
                    );
                });
            }
        }
    }
    for pair in pairs {
        let Some(kind) = words.relation(&pair.key) else {
            continue;
        };
        for target in targets(&pair.value, parsed.source.line_text(pair.line), &pair.key) {
            push(
                kind,
                &target,
                pair.line,
                if pair.footer { "footer" } else { "header" },
            );
        }
    }
    for item in &outline.items {
        let role = outline.sections[item.section].role_above;
        if !matches!(
            role,
            Some("dependencies" | "related" | "blockers" | "prerequisites")
        ) {
            continue;
        }
        let (kind, rest) = verb(&item.text, words).unwrap_or((
            if role == Some("related") || opens_the_way(&outline.items, item) {
                RelationType::Related
            } else {
                RelationType::DependsOn
            },
            &*item.text,
        ));
        let documents = documents_in(item.raw);
        for target in &documents {
            push(kind, target, item.line, "section");
        }
        if documents.is_empty()
            && let Some(first) = rest.split_whitespace().next()
            && is_document_name(first)
        {
            push(kind, first, item.line, "section");
        }
    }
    for node in parsed.tree.nodes() {
        if let Kind::Link(_) = node.kind {
            let target = parsed.tree.string_of(node.kind);
            let bare = target.split('#').next().unwrap_or("");
            let local = !bare.contains("://") && !bare.starts_with("mailto:") && !bare.is_empty();
            if local && (bare.ends_with(".md") || bare.ends_with(".mdx")) && !own(bare, path) {
                push(
                    RelationType::Related,
                    bare,
                    parsed.source.line(node.span.start),
                    "link",
                );
            }
        }
    }
    // `[[slug]]` in prose.
    if !holds(parsed.source.text(), "[[") {
        return found;
    }
    for para in &outline.paras {
        for target in wikilinks(parsed.text(para.span)) {
            push(RelationType::Related, &target, para.line, "link");
        }
    }
    for item in &outline.items {
        for target in wikilinks(item.raw) {
            push(RelationType::Related, &target, item.line, "link");
        }
    }
    found
}

/// True for an entry that names what comes after this document, by its own label or by that of the
/// entry above it: `Unlocks: 019`.
fn opens_the_way(items: &[ListItem<'_>], item: &ListItem<'_>) -> bool {
    const LABELS: [&str; 9] = [
        "unlock",
        "unblock",
        "blocks",
        "enables",
        "followed by",
        "downstream",
        "needed by",
        "解锁",
        "后续",
    ];
    let is_label = |text: &str| {
        let label = text.split([':', '：']).next().unwrap_or_default();
        let label = label.trim_matches(['*', '_', ' ']).to_lowercase();
        label.chars().count() < 30
            && LABELS
                .iter()
                .any(|word| label.starts_with(word) || !word.is_ascii() && label.contains(word))
    };
    is_label(&item.text)
        || item
            .parent
            .is_some_and(|parent| is_label(&items[parent].text))
}

fn own(target: &str, path: &str) -> bool {
    path.rsplit('/').next() == Some(target.trim_start_matches("./"))
}

fn each_target(value: &Value, push: &mut dyn FnMut(&Value, &str)) {
    match &value.kind {
        ValueKind::Scalar(text, _) => {
            // A list that invalid front matter left as text.
            let listed = text
                .strip_prefix('[')
                .and_then(|text| text.strip_suffix(']'));
            if let Some(listed) = listed.filter(|listed| !listed.contains(['[', '|'])) {
                listed.split(',').for_each(|part| push(value, part));
                return;
            }
            // Several ids in one scalar: `ADR-015, BUG-042`.
            if text.contains(',') && !text.contains(' ')
                || text.split(',').all(|part| is_document_name(part.trim()))
            {
                text.split(',').for_each(|part| push(value, part));
            } else {
                push(value, text);
            }
        }
        ValueKind::Sequence(values) => values.iter().for_each(|inner| each_target(inner, push)),
        ValueKind::Mapping(entries) => {
            for entry in entries {
                if matches!(
                    entry.key.as_str(),
                    "path" | "url" | "id" | "ref" | "target" | "file"
                ) {
                    each_target(&entry.value, push);
                }
            }
        }
    }
}

/// The targets of a header line: links, code spans, names of documents, paths.
fn targets(value: &str, line: &str, key: &str) -> Vec<String> {
    let from = find_ignore_case(line, key).map_or(0, |at| at + key.len());
    let tail = line.get(from..).unwrap_or("");
    let tail = tail.split(" | **").next().unwrap_or(tail);
    // `None (extends ADR-002)`
    let first = value.split([' ', ',', ';', '(']).next().unwrap_or_default();
    if matches!(
        first.to_lowercase().trim_matches(['*', '_', '.']),
        "none" | "n/a" | "nothing"
    ) {
        return Vec::new();
    }
    let mut found = documents_in(tail);
    if found.is_empty() {
        let words: Vec<&str> = value
            .split([',', ';', ' '])
            .map(|word| word.trim_matches(['`', '(', ')', '[', ']']))
            .filter(|word| is_document_name(word))
            .collect();
        found.extend(words.into_iter().map(str::to_owned));
    }
    found
}

/// Documents named in raw Markdown: link targets, back-ticked `x.md` and `x.plan`, ids.
fn documents_in(raw: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut push = |target: &str| {
        let target = target.trim();
        if !target.is_empty() && !found.iter().any(|other| other == target) {
            found.push(target.to_owned());
        }
    };
    // A link's target says it all: neither its words nor its parts name another document.
    let mut between: Vec<&str> = Vec::new();
    let mut rest = raw;
    while let Some(at) = rest.find("](") {
        let inner = &rest[at + 2..];
        let Some(close) = inner.find(')') else { break };
        let target = inner[..close].split_whitespace().next().unwrap_or("");
        if !target.starts_with('#') {
            push(target);
        }
        between.push(&rest[..rest[..at].rfind('[').unwrap_or(at)]);
        rest = &inner[close + 1..];
    }
    between.push(rest);
    for part in &between {
        let mut rest = *part;
        while let Some(open) = rest.find('`') {
            let inner = &rest[open + 1..];
            let Some(close) = inner.find('`') else { break };
            if is_document_name(&inner[..close]) {
                push(&inner[..close]);
            }
            rest = &inner[close + 1..];
        }
    }
    for part in &between {
        for word in part.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | ';')) {
            // A dot in front begins a path.
            let word = word.trim_matches([':', '*', '"', '@']);
            let word = word.trim_end_matches(['.', ':', '*', '"']);
            if !word.contains('`') && is_document_name(word) {
                push(word);
            }
        }
    }
    found
}

/// `x.md`, `use-postgres.adr`, `ADR-015`, `specs/001-x/`.
fn is_document_name(word: &str) -> bool {
    // Every name has a dot, or capitals at its beginning.
    if !(4..=200).contains(&word.len())
        || !word.starts_with(|c: char| c.is_ascii_uppercase())
            && memchr::memchr(b'.', word.as_bytes()).is_none()
        || word.contains(char::is_whitespace)
    {
        return false;
    }
    let bare = word.split('#').next().unwrap_or(word);
    if bare.ends_with(".md") && !bare.contains('*') {
        return true;
    }
    if let Some((stem, kind)) = bare.rsplit_once('.')
        && !stem.is_empty()
        && stem
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/'))
        && matches!(
            kind,
            "plan"
                | "adr"
                | "prd"
                | "rfc"
                | "rule"
                | "guide"
                | "idea"
                | "spec"
                | "rnd"
                | "mrd"
                | "brd"
                | "urd"
                | "cpat"
                | "task-type"
        )
    {
        return true;
    }
    let upper = bare.bytes().take_while(u8::is_ascii_uppercase).count();
    (2..=8).contains(&upper)
        && bare[upper..]
            .strip_prefix('-')
            .is_some_and(|digits| digits.len() >= 2 && digits.bytes().all(|b| b.is_ascii_digit()))
        && !matches!(
            &bare[..upper],
            "UTF" | "ISO" | "RFC" | "FR" | "SC" | "NFR" | "SHA" | "CVE" | "AES" | "IEEE" | "HTTP"
        )
}

/// A relation's name in front of a target: `implements → x`, `Depends on: x`, `**Upstream**: x`.
fn verb<'a>(text: &'a str, words: &Vocabulary) -> Option<(RelationType, &'a str)> {
    for separator in [":", "：", "→", "->", "←"] {
        if let Some((key, rest)) = text.split_once(separator)
            && key.len() < 40
        {
            let key = key.trim().trim_matches(['*', '`']);
            let kind = words
                .relation(key)
                .or_else(|| RelationType::from_canonical(&crate::vocabulary::key_word(key)))?;
            return Some((kind, rest.trim()));
        }
    }
    None
}

fn wikilinks(raw: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = raw;
    while let Some(open) = rest.find("[[") {
        let inner = &rest[open + 2..];
        let Some(close) = inner.find("]]") else { break };
        let target = inner[..close].split(['|', '#']).next().unwrap_or("").trim();
        if !target.is_empty()
            && target.len() < 120
            && !target.contains('\n')
            && !target.starts_with(['"', '$', '-', ':'])
            && !target.contains([' ', '"', '=', '`'])
        {
            out.push(target.to_owned());
        }
        rest = &inner[close + 2..];
    }
    out
}

fn endpoint(target: &str) -> Endpoint {
    if target.contains("://") || target.starts_with("mailto:") {
        Endpoint::Url
    } else if target.contains('#') && !target.ends_with(".md") && !target.contains(".md#") {
        Endpoint::Item
    } else if target.ends_with('/') || target.contains('*') {
        Endpoint::Path
    } else {
        Endpoint::Document
    }
}

#[cfg(test)]
mod tests {
    use super::{bare_paths_in, documents_in, is_document_name, paths_in};

    #[test]
    fn paths_are_told_from_other_code_spans() {
        assert_eq!(
            paths_in("Edit `src/db/mod.rs:12` and `@app/x.ts`"),
            ["src/db/mod.rs", "app/x.ts"]
        );
        assert_eq!(
            paths_in("`package.json`, `src/db/`, `./a/b.py`"),
            ["package.json", "src/db/", "a/b.py"]
        );
        assert_eq!(
            paths_in("T012 Create User in **src/models/user.py**, and/or a/b."),
            ["src/models/user.py"]
        );
        assert!(paths_in("See [x](a/b.rs), docs/x.md and https://x.org/y.rs").is_empty());
        assert!(
            paths_in("`@scope/pkg` `foo()` `GET /x` `a/b` `--flag` `https://x/y.md` `x.md`")
                .is_empty()
        );
    }

    #[test]
    fn paths_of_tasks_need_no_marks() {
        assert_eq!(
            bare_paths_in("Create User in src/models/user.py (and src/db/, a/b, tests/x_test.go)."),
            ["src/models/user.py", "tests/x_test.go"]
        );
        assert!(
            bare_paths_in(
                "Add GET /api/users.json and https://x.org/y.js to @scope/pkg.ts, user.py"
            )
            .is_empty()
        );
    }

    #[test]
    fn documents_are_named_by_links_spans_and_ids() {
        assert_eq!(
            documents_in("See [spec](./spec.md) and `jwt.adr`, ADR-015."),
            ["./spec.md", "jwt.adr", "ADR-015"]
        );
        assert_eq!(
            documents_in("[the x.md rule](../rules/x.md), [`y.md`](../y.md) and ./z.md"),
            ["../rules/x.md", "../y.md", "./z.md"]
        );
        assert!(is_document_name("use-postgres.adr.md"));
        assert!(
            !is_document_name("UTF-8") && !is_document_name("FR-001") && !is_document_name("e.g.")
        );
    }
}
