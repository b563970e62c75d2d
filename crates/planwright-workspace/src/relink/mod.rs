//! Rewrites what refers to a path that becomes another one.
//!
//! [`Moves`] says what moves. [`Workspace::referrers`] finds the files that may speak of it, and
//! [`Workspace::relink`] makes the edits for one of them: every path that leads to what moves, and in
//! a file that moves every path that leads from there to anything, is written anew in its own style.
//! Only what can be proved is rewritten: a path has to lead to the very file before the move. What
//! looks like a reference and cannot be proved is listed.

mod markdown;
mod moves;
mod spell;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use planwright_dialect::Reading;
use planwright_dialect::writer::differences;
use planwright_syntax::splice::{self, Edit};
use planwright_syntax::{Parsed, Source, Span};

pub use moves::Moves;

use crate::{Workspace, path};
use spell::Place;
use words::Word;

/// Folders of what others wrote, or what is made from other files.
const FOREIGN: [&str; 10] = [
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "node_modules",
    "dist",
    "generated",
    "snapshots",
    "__snapshots__",
    "target",
];

/// What has to be rewritten in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relinked {
    /// The edits, in the order of their place.
    pub edits: Vec<Edit>,
    /// What could not be proved to be a reference, or could not be rewritten.
    pub unproved: Vec<Unproved>,
}

/// Something that looks like a reference and was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unproved {
    /// 1-based line, before the change.
    pub line: u32,
    /// What stands there.
    pub text: String,
    /// Why it was left.
    pub why: &'static str,
}

impl Relinked {
    /// The bytes with the edits in them; `None` where there are none, or they contradict each other.
    pub fn apply(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.edits.is_empty() {
            return None;
        }
        splice::apply(bytes, &self.edits).ok()
    }
}

/// How far a written path may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// A link: from the file's folder.
    Link,
    /// What a relation names: also from the folders above, and without its folder or `.md`.
    Value,
    /// Front matter: also from the folders above, and without its folder.
    Matter,
    /// A word in prose: also from the folders above.
    Prose,
    /// A word in code: from the root, or from the file's folder.
    Code,
}

/// What a written path leads to.
struct Found {
    /// The folder that it starts from.
    base: String,
    /// It is written from the root.
    rooted: bool,
    /// From the root, before the move.
    target: String,
    /// The `.md` was left out.
    bare: bool,
}

impl Found {
    /// A path, without `.md` where that was left out.
    fn shown<'p>(&self, path: &'p str) -> &'p str {
        let bare = path.strip_suffix(".md").filter(|_| self.bare);
        bare.unwrap_or(path)
    }
}

/// One file whose references are rewritten.
struct File<'a> {
    ws: &'a Workspace,
    moves: &'a Moves,
    /// Its path before the move.
    from: &'a str,
    source: &'a Source,
    /// The file itself moves.
    moved: bool,
    found: Relinked,
}

impl Workspace {
    /// The files that may refer to what moves, without those that move themselves: Markdown and
    /// boards, files that state relations, and every text file that git tracks. In the order of their
    /// paths.
    pub fn referrers(&self, moves: &Moves) -> Vec<String> {
        let needles = moves.needles();
        let finder = match aho_corasick::AhoCorasick::new(&needles) {
            Ok(finder) if !needles.is_empty() => finder,
            _ => return Vec::new(),
        };
        let mut found = self.holding(&finder);
        let mut grep = vec!["grep", "-I", "-l", "-z", "-F"];
        for needle in &needles {
            grep.extend(["-e", needle]);
        }
        // Where nothing is found, or where there is no repository, git fails.
        let tracked = self.git(&grep).unwrap_or_default();
        let is_foreign = |path: &String| {
            let folders = path::parent(path).split('/');
            folders.into_iter().any(|folder| FOREIGN.contains(&folder))
        };
        found.extend(tracked.into_iter().filter(|path| !is_foreign(path)));
        found.retain(|path| !moves.is_moved(path) && self.is_regular(path));
        found.into_iter().collect()
    }

    /// The Markdown files, boards and files that state relations that may refer to some others, moved
    /// or not.
    pub fn mentions(&self, moves: &Moves) -> Vec<String> {
        match aho_corasick::AhoCorasick::new(moves.needles()) {
            Ok(finder) => self.holding(&finder).into_iter().collect(),
            Err(_) => Vec::new(),
        }
    }

    fn holding(&self, finder: &aho_corasick::AhoCorasick) -> BTreeSet<String> {
        let holds = |path: &String| {
            self.read_bytes(path)
                .is_ok_and(|bytes| finder.is_match(&bytes))
        };
        let known = self.candidates().chain(self.relations_files());
        let known = known.filter(|path| self.is_regular(path));
        known.filter(holds).collect()
    }

    /// False for a symbolic link: what it leads to is looked at under its own name.
    fn is_regular(&self, path: &str) -> bool {
        let real = self.root().join(path).symlink_metadata();
        real.is_ok_and(|real| real.is_file())
    }

    /// What has to be rewritten in a file that holds `bytes` and lies, before the move, at `from`.
    pub fn relink(&self, from: &str, bytes: &[u8], moves: &Moves) -> Relinked {
        if is_markdown(from) {
            let reading = self.dialects().read(from, bytes.to_vec());
            return self.relink_markdown(&reading, moves);
        }
        let source = Source::new(bytes.to_vec(), &mut Vec::new());
        let mut file = File::new(self, moves, from, &source);
        let reach = if self.dialects().is_relations_file(from) {
            Reach::Value
        } else {
            Reach::Code
        };
        for word in words::words(source.text(), Span::new(0, source.text().len())) {
            file.word(&word, reach);
        }
        file.finish()
    }

    fn relink_markdown(&self, reading: &Reading, moves: &Moves) -> Relinked {
        let parsed: &Parsed = &reading.parsed;
        let mut file = File::new(self, moves, &reading.document.path, &parsed.source);
        file.markdown(parsed, &reading.document);
        let found = file.finish();
        let Some(new) = found.apply(parsed.source.bytes()) else {
            return found;
        };
        // What is written is what re-reading shows: nothing but the references may differ.
        let after = self.dialects().read(&reading.document.path, new);
        let differing = differences(reading, &after.document, &found.edits);
        if !differing.iter().any(|place| is_harm(place)) {
            return found;
        }
        let mut unproved = found.unproved;
        unproved.extend(found.edits.iter().map(|edit| Unproved {
            line: parsed.source.line(edit.span.start),
            text: parsed.text(edit.span).to_owned(),
            why: "the document would be read as something else",
        }));
        unproved.sort();
        Relinked {
            edits: Vec::new(),
            unproved,
        }
    }
}

/// True for a place in a document, as `differences` names it, that a new path in its words must not
/// change.
fn is_harm(place: &str) -> bool {
    let mut parts = place.trim_start_matches('/').split('/');
    let top = parts.next().unwrap_or_default();
    let key = parts.next_back();
    match top.split('@').next().unwrap_or_default() {
        "state" | "state_claims" | "progress" | "diagnostics" | "dialect" | "kind" | "template" => {
            true
        }
        "items" => key.is_none_or(|key| matches!(key, "state" | "mark" | "role" | "id" | "ref")),
        _ => false,
    }
}

/// True for the name of a Markdown file.
fn is_markdown(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| matches!(ending, "md" | "mdx" | "markdown"))
}

impl<'a> File<'a> {
    fn new(ws: &'a Workspace, moves: &'a Moves, from: &'a str, source: &'a Source) -> Self {
        Self {
            ws,
            moves,
            from,
            source,
            moved: moves.is_moved(from),
            found: Relinked::default(),
        }
    }

    fn finish(mut self) -> Relinked {
        self.found
            .edits
            .sort_by_key(|edit| (edit.span.start, edit.span.end));
        // Of two that touch the same bytes the first is made.
        let mut end = 0;
        self.found.edits.retain(|edit| {
            let is_free = edit.span.start >= end;
            end = end.max(edit.span.end);
            is_free
        });
        self.found.unproved.sort();
        self.found.unproved.dedup();
        self.found
    }

    /// A word that may be a path or a name.
    fn word(&mut self, word: &Word<'_>, reach: Reach) {
        let text = word.text;
        let reach = if word.wiki { Reach::Value } else { reach };
        let has_folder = text.contains('/');
        if !self.moved && !self.moves.has_name(text) && self.moves.named(text).is_none() {
            return;
        }
        if word.url {
            return self.url(word);
        }
        let is_path =
            has_folder || reach == Reach::Value || reach == Reach::Matter && is_markdown(text);
        let found = is_path.then(|| self.resolve(text, reach)).flatten();
        if let Some(found) = found {
            return self.rewrite(word.span(), text, &found, Place::Word);
        }
        if !has_folder && reach != Reach::Code {
            let named = self.moves.named(text);
            let named = named.filter(|_| reach == Reach::Value || word.anchored);
            if let Some(new) = named.or_else(|| self.moves.file_named(text)) {
                self.found.edits.push(Edit::replace(word.span(), new));
                return;
            }
        }
        let is_stated = matches!(reach, Reach::Value | Reach::Matter)
            && (text.starts_with("../") || text.starts_with("./"));
        let missing = self
            .missing(text)
            .filter(|_| self.moved && is_stated && is_markdown(text));
        if let Some(found) = missing {
            return self.rewrite(word.span(), text, &found, Place::Word);
        }
        if self.may_be_meant(text, reach) {
            self.unproved(word.span(), "it leads to nothing from here");
        }
    }

    /// A URL cannot be proved to show this repository.
    fn url(&mut self, word: &Word<'_>) {
        let decoded = path::decode(word.text);
        let roots: Vec<&str> = self.moves.roots().map(|(from, _)| from).collect();
        let is_named = roots.iter().any(|root| {
            decoded.match_indices(root).any(|(at, _)| {
                let rest = &decoded[at + root.len()..];
                decoded[..at].ends_with('/') && (rest.is_empty() || rest.starts_with('/'))
            })
        });
        if is_named {
            let mut span = word.span();
            let before = &self.source.text()[..span.start as usize];
            if let Some(scheme) = before.strip_suffix(':') {
                let bare = scheme.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
                span.start = bare.len() as u32;
            }
            self.unproved(span, "a URL");
        }
    }

    /// True for the end of the path of something that moves, which leads nowhere from here: at least
    /// its name and the folder above it, in code also the name alone where it is no other's.
    fn may_be_meant(&self, text: &str, reach: Reach) -> bool {
        let text = text.trim_end_matches('/');
        let tail = text.trim_start_matches("../").trim_start_matches("./");
        self.moves.roots().any(|(from, to)| {
            if path::name(from) == tail {
                return reach == Reach::Code
                    && path::name(to) != tail
                    && self.moves.file_named(tail).is_some();
            }
            let shared = text
                .rsplit('/')
                .zip(from.rsplit('/'))
                .take_while(|(a, b)| a == b)
                .count();
            let is_whole = shared == from.split('/').count() || shared == tail.split('/').count();
            shared > 1 && is_whole
        })
    }

    /// What a written path leads to before the move.
    fn resolve(&self, written: &str, reach: Reach) -> Option<Found> {
        let decoded = path::decode(written);
        if decoded.contains(['$', '{', '}', '\\', '~']) || decoded.contains("//") {
            return None;
        }
        let folder = path::parent(self.from);
        let is_dotted = decoded.starts_with("./") || decoded.starts_with("../");
        let mut bases: Vec<&str> = Vec::new();
        if decoded.starts_with('/') {
            bases.push("");
        } else {
            bases.push(folder);
            if !matches!(reach, Reach::Link | Reach::Code) && !is_dotted {
                let mut above = folder;
                while !above.is_empty() {
                    above = path::parent(above);
                    bases.push(above);
                }
            } else if !decoded.starts_with("../") {
                bases.push("");
            }
        }
        bases.dedup();
        let found = |base: &str, target: String, bare: bool| Found {
            rooted: base.is_empty()
                && !decoded.starts_with("../")
                && (!folder.is_empty()
                    || decoded.starts_with('/')
                    || reach != Reach::Link && !is_dotted),
            base: base.to_owned(),
            target,
            bare,
        };
        let target = |base: &str| path::join(base, &decoded).filter(|target| !target.is_empty());
        let there = bases.iter().find_map(|base| {
            let target = target(base)?;
            if self.ws.exists(&target) {
                return Some(found(base, target, false));
            }
            let named = format!("{target}.md");
            let may_be_bare = reach != Reach::Code && !decoded.ends_with(['/', '.']);
            (may_be_bare && self.ws.exists(&named)).then(|| found(base, named, true))
        });
        // What is yet to be made in a folder that moves will be made in its new place.
        there.or_else(|| {
            let mut places = bases
                .iter()
                .rev()
                .filter_map(|base| Some((base, target(base)?)));
            let (base, target) =
                places.find(|(_, target)| decoded.contains('/') && self.moves.is_moved(target))?;
            Some(found(base, target, false))
        })
    }

    /// The place that a path leads to where nothing is: it stays the same place, unless the path may
    /// have been meant from the root.
    fn missing(&self, written: &str) -> Option<Found> {
        let folder = path::parent(self.from);
        let first = written.split('/').next().unwrap_or_default();
        let is_own = matches!(first, "." | "..")
            || !written.contains('/')
            || !self.ws.exists(first)
            || path::join(folder, first).is_some_and(|path| self.ws.exists(&path));
        let target = path::join(folder, &path::decode(written));
        let target = target.filter(|target| is_own && !target.is_empty())?;
        Some(Found {
            base: folder.to_owned(),
            rooted: false,
            target,
            bare: false,
        })
    }

    /// Rewrites a path that leads to something, where it has to change.
    fn rewrite(&mut self, span: Span, written: &str, found: &Found, place: Place) {
        let target = self.moves.now(&found.target);
        let target = found.shown(&target);
        let now = self.moves.now(self.from).into_owned();
        let folder = path::parent(self.from);
        let is_moved = self.moves.is_moved(&found.target);
        if !is_moved && (found.rooted || path::parent(&now) == folder) {
            return;
        }
        let new = if found.rooted {
            spell::spell(written, &spell::parts(target), place)
        } else if found.base == folder {
            let old = found.shown(&found.target);
            let here = path::parent(&now);
            let still = path::join(here, &path::decode(written));
            if still.as_deref() == Some(target) && !spell::is_plain(folder, old, written) {
                return;
            }
            spell::spell(written, &spell::relative(here, target), place)
        } else {
            // From one of the folders above.
            let base = self.moves.now(&found.base).into_owned();
            match target.strip_prefix(&format!("{base}/")) {
                Some(_)
                    if !is_moved && base == found.base && now.starts_with(&format!("{base}/")) =>
                {
                    return;
                }
                Some(rest) if now.starts_with(&format!("{base}/")) => {
                    spell::spell(written, &spell::parts(rest), place)
                }
                _ => spell::spell(written, &spell::parts(target), place),
            }
        };
        match new {
            Some(new) if new != written => self.found.edits.push(Edit::replace(span, new)),
            Some(_) => {}
            None => self.unproved(span, "the new path cannot be written there"),
        }
    }

    fn unproved(&mut self, span: Span, why: &'static str) {
        let line = self.source.line(span.start);
        let text = self.source.slice(span).to_owned();
        self.found.unproved.push(Unproved { line, text, why });
    }
}
