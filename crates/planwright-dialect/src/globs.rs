//! All globs of all dialects.
//!
//! Every file is held against every glob, and few match. Most globs ask for one name, of the file or
//! of a folder above it, and are looked up by that. The characters that a match of each other glob
//! must hold are looked for all at once, and a glob is compiled when a path has them.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use globset::{GlobBuilder, GlobMatcher};
use rapidhash::RapidHashMap;

use crate::manifest::Headings;

/// The globs, each known by its number.
#[derive(Debug, Default)]
pub(crate) struct Globs {
    /// Globs that ask for a file's name, by that name in lower case.
    files: RapidHashMap<String, Vec<Named>>,
    /// Globs that ask for Markdown anywhere below a folder, by the folder's name in lower case.
    folders: RapidHashMap<String, Vec<Named>>,
    others: Vec<LazyGlob>,
    /// Searches for the literals of `others`.
    literals: Option<AhoCorasick>,
    /// For each literal the glob that asks for it, by its place among `others`.
    owners: Vec<usize>,
    /// The globs among `others` that ask for no literal.
    unsure: Vec<usize>,
}

/// Collects what the rules of all dialects look for, to be looked for together.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// Globs that are still to be compiled.
    pub(crate) patterns: Vec<String>,
    pub(crate) headings: Headings,
}

impl Collector {
    /// The number of a glob; equal globs share one.
    pub(crate) fn add(&mut self, pattern: &str) -> usize {
        if let Some(at) = self.patterns.iter().position(|other| other == pattern) {
            return at;
        }
        self.patterns.push(pattern.to_owned());
        self.patterns.len() - 1
    }
}

/// Checks one pattern.
///
/// # Errors
/// Says what is wrong with it.
pub(crate) fn check(pattern: &str) -> Result<(), String> {
    glob(pattern).map(|_| ()).map_err(|error| error.to_string())
}

/// Smart case: `plan.md` finds `PLAN.md` too, `AGENTS.md` is meant as it stands.
fn glob(pattern: &str) -> Result<globset::Glob, globset::Error> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .case_insensitive(!is_exact(pattern))
        .build()
}

fn is_exact(pattern: &str) -> bool {
    pattern.contains(char::is_uppercase)
}

/// A glob that is compiled when a path may match it.
#[derive(Debug)]
struct LazyGlob {
    number: usize,
    pattern: String,
    /// `None` inside for a pattern that is not valid; it matches nothing.
    matcher: OnceLock<Option<GlobMatcher>>,
}

impl LazyGlob {
    fn matches(&self, path: &str) -> bool {
        self.matcher
            .get_or_init(|| Some(glob(&self.pattern).ok()?.compile_matcher()))
            .as_ref()
            .is_some_and(|matcher| matcher.is_match(path))
    }
}

/// A glob that asks for one name, and for nothing else but the folders right above it.
#[derive(Debug)]
struct Named {
    number: usize,
    /// The name as it must stand, where its case counts.
    exact: Option<String>,
    /// The folders right above it, in lower case: `docs` of `**/docs/plans/**/*.md`.
    above: Option<String>,
}

impl Named {
    fn new(number: usize, pattern: &str, asked: &Asked<'_>) -> Self {
        Self {
            number,
            exact: is_exact(pattern).then(|| asked.name.to_owned()),
            above: asked.above.map(str::to_ascii_lowercase),
        }
    }

    /// True for a name that stands below `folders`, which end in a slash where there are any.
    fn is(&self, name: &str, folders: &str) -> bool {
        let is_below = |above: &String| {
            let rest = folders
                .strip_suffix('/')
                .and_then(|folders| folders.strip_suffix(above.as_str()));
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        self.exact.as_ref().is_none_or(|exact| exact == name)
            && self.above.as_ref().is_none_or(is_below)
    }
}

/// What a pattern asks for.
struct Asked<'a> {
    name: &'a str,
    above: Option<&'a str>,
    /// The name is that of a folder.
    is_folder: bool,
}

impl<'a> Asked<'a> {
    /// Takes `**/name`, `**/name/**/*.md` and `**/above/name/**/*.md` apart.
    fn new(pattern: &'a str) -> Option<Self> {
        let rest = pattern.strip_prefix("**/")?;
        let folder = rest.strip_suffix("/**/*.md");
        let names = folder.unwrap_or(rest);
        // Where case counts, it counts for the folders and the ending too.
        if is_exact(pattern) && (folder.is_some() || names.contains('/')) {
            return None;
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let is_name = |name: &str| !name.is_empty() && name.chars().all(is_plain);
        if !names.split('/').all(is_name) {
            return None;
        }
        let (above, name) = names
            .rsplit_once('/')
            .map_or((None, names), |(above, name)| (Some(above), name));
        Some(Self {
            name,
            above,
            is_folder: folder.is_some(),
        })
    }
}

/// The patterns that a pattern with one choice stands for: `a.md` and `b.md` of `{a,b}.md`.
fn alternatives(pattern: &str) -> Vec<String> {
    if let Some((head, rest)) = pattern.split_once('{')
        && let Some((choices, tail)) = rest.split_once('}')
        && !head.contains(['[', '\\'])
        && !choices.contains(['{', '[', '\\'])
        && !tail.contains(['{', '}', '\\'])
    {
        let choices = choices.split(',');
        return choices
            .map(|choice| [head, choice, tail].concat())
            .collect();
    }
    vec![pattern.to_owned()]
}

/// The longest run of characters that stands for itself, in lower case. A slash beside `**` is none
/// of them: it may stand for no folder at all.
fn literal(pattern: &str) -> String {
    // `[]a]` is a class of two characters; nobody writes that, and it is not worked out here.
    let odd = ["\\", "[]", "[!]", "[^]"];
    if !pattern.is_ascii() || odd.iter().any(|odd| pattern.contains(odd)) {
        return String::new();
    }
    let lower = pattern.to_ascii_lowercase();
    let is_special = |c: char| matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | ',');
    let mut depth = 0_i32;
    let mut longest = "";
    let mut from = 0;
    for part in lower.split(is_special) {
        let (start, end) = (from, from + part.len());
        from = end + 1;
        // Inside a class or a choice nothing is sure.
        match lower[..start].chars().next_back() {
            Some('[' | '{') => depth += 1,
            Some(']' | '}') => depth -= 1,
            _ => {}
        }
        let mut run = part;
        if lower[..start].ends_with("**") {
            run = run.trim_start_matches('/');
        }
        if lower[end..].starts_with("**") {
            run = run.trim_end_matches('/');
        }
        if depth == 0 && run.len() > longest.len() {
            longest = run;
        }
    }
    longest.to_owned()
}

impl Globs {
    /// Takes patterns in; one that is not valid matches nothing.
    pub(crate) fn new(patterns: &[String]) -> Self {
        let mut globs = Self::default();
        let mut literals = Vec::new();
        for (number, pattern) in patterns.iter().enumerate() {
            let Some(asked) = Asked::new(pattern) else {
                globs.add_other(number, pattern, &mut literals);
                continue;
            };
            let of = if asked.is_folder {
                &mut globs.folders
            } else {
                &mut globs.files
            };
            of.entry(asked.name.to_ascii_lowercase())
                .or_default()
                .push(Named::new(number, pattern, &asked));
        }
        // A quicker automaton takes longer to build than a call that reads one file takes.
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        globs.literals = AhoCorasick::builder().kind(kind).build(&literals).ok();
        if globs.literals.is_none() {
            globs.unsure = (0..globs.others.len()).collect();
        }
        globs
    }

    fn add_other(&mut self, number: usize, pattern: &str, literals: &mut Vec<String>) {
        let at = self.others.len();
        self.others.push(LazyGlob {
            number,
            pattern: pattern.to_owned(),
            matcher: OnceLock::new(),
        });
        let asked: Vec<String> = alternatives(pattern)
            .iter()
            .map(|pattern| literal(pattern))
            .collect();
        if asked.iter().any(String::is_empty) {
            self.unsure.push(at);
        } else {
            self.owners.extend(asked.iter().map(|_| at));
            literals.extend(asked);
        }
    }

    /// The numbers of the globs that match a path, ascending.
    pub(crate) fn matches(&self, path: &str) -> Vec<usize> {
        let lower = path.to_ascii_lowercase();
        let mut found = Vec::new();
        let mut named = |of: &RapidHashMap<String, Vec<Named>>, start: usize, end: usize| {
            let asked = of.get(&lower[start..end]).map_or(&[][..], Vec::as_slice);
            let met = asked
                .iter()
                .filter(|named| named.is(&path[start..end], &lower[..start]));
            found.extend(met.map(|named| named.number));
        };
        let is_markdown = lower.ends_with(".md");
        let mut start = 0;
        for end in memchr::memchr_iter(b'/', path.as_bytes()) {
            if is_markdown {
                named(&self.folders, start, end);
            }
            start = end + 1;
        }
        named(&self.files, start, path.len());
        let mut asked = self.unsure.clone();
        if let Some(literals) = &self.literals {
            let hits = literals.find_overlapping_iter(&lower);
            asked.extend(hits.map(|hit| self.owners[hit.pattern().as_usize()]));
        }
        asked.sort_unstable();
        asked.dedup();
        let others = asked.iter().map(|at| &self.others[*at]);
        found.extend(
            others
                .filter(|glob| glob.matches(path))
                .map(|glob| glob.number),
        );
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_match_must_hold_is_found() {
        for (pattern, expected) in [
            ("**/.archcore/**/*.md", ".archcore"),
            ("**/plan.md", "plan.md"),
            ("**/*-plan.md", "-plan.md"),
            ("**/*exec-plan*.md", "exec-plan"),
            ("**/docs/Plans/**/*.md", "docs/plans"),
            ("**/specs/[0-9]*/**/*.md", "specs/"),
            ("**/*.{plan,adr}.md", ".md"),
            ("specs/*", "specs/"),
            ("a\\*b", ""),
            ("[!]a]b.md", ""),
            ("[0-9]", ""),
        ] {
            assert_eq!(literal(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn a_choice_stands_for_several_patterns() {
        assert_eq!(alternatives("*.{plan,adr}.md"), ["*.plan.md", "*.adr.md"]);
        for whole in [
            "x.md",
            "{a,b}{c,d}",
            "{a,{b,c}}",
            "x[{b]c}d",
            "{a",
            "\\{a,b}",
        ] {
            assert_eq!(alternatives(whole), [whole], "{whole}");
        }
    }

    #[test]
    fn the_globs_of_the_built_in_dialects_are_valid() {
        let (dialects, _) = crate::Dialects::load(&[]);
        assert!(dialects.patterns.len() > 50);
        for pattern in &dialects.patterns {
            check(pattern).unwrap();
        }
    }

    #[test]
    fn a_glob_matches_what_globset_matches() {
        let patterns = [
            "**/.archcore/**/*.md",
            "**/plan.md",
            "**/PLANS.md",
            "**/adr/**/*.md",
            "**/docs/adr/**/*.md",
            "**/a/docs/adr/**/*.md",
            "**/docs/plan.md",
            "**/docs/PLAN.md",
            "**//adr/**/*.md",
            "**/ADRS/**/*.md",
            "**/specs/[0-9]*/**/*.md",
            "**/*.{plan,adr}.md",
            "**/tasks/**/task*.md",
            "**/{PLN,PLAN}-[0-9]*.md",
            "specs/*",
            "[",
            "*",
            "**/docs/PLAN*.md",
        ]
        .map(str::to_owned);
        let globs = Globs::new(&patterns);
        for path in [
            "plan.md",
            "adr/x.md",
            "adr/.md",
            "a/Adr/b/X.MD",
            "a/adr",
            "adrs/x.md",
            "ADRS/x.md",
            "ADRS/x.MD",
            "docs/adr/adr/x.md",
            "Docs/Adr/x.md",
            "a/docs/adr/x.md",
            "ba/docs/adr/x.md",
            "x/a/docs/adr/b/x.md",
            "docs/x/adr/x.md",
            "x/docs/plan.md",
            "Docs/PLAN.md",
            "docs/PLAN.md",
            "docs/plans.md",
            "PLANS.md",
            ".archcore/x.plan.md",
            "a/.ARCHCORE/b/c.md",
            "specs/001-x/plan.md",
            "specs/001-x",
            "tasks/task-1.md",
            "a/tasks/b/TASK.md",
            "PLAN-1.md",
            "pln-1.md",
            "x/é.adr.md",
            "",
        ] {
            let expected: Vec<usize> = (0..patterns.len())
                .filter(|at| {
                    glob(&patterns[*at]).is_ok_and(|glob| glob.compile_matcher().is_match(path))
                })
                .collect();
            assert_eq!(globs.matches(path), expected, "{path}");
        }
    }
}
