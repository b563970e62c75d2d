//! Which dialect a file is written in, what it is, and why.

use std::cell::OnceCell;

use planwright_syntax::{Kind, Parsed};

use crate::Dialects;
use crate::manifest::{Conditions, Headings};
use crate::words::{is_placeholder, normalise, strip_prefix_ignore_case};

/// How much of a file is looked at for words of a dialect.
const HEAD: usize = 4096;

/// A score that words in the text need not add to.
const SURE: u32 = 90;

/// Why a file was given to a dialect.
#[derive(Clone, Debug)]
pub struct Recognition {
    /// The dialect's name.
    pub dialect: String,
    /// Sum of the scores of the rules that matched.
    pub score: u32,
    /// The rules that matched, in words: `path matches **/.archcore/**`.
    pub reasons: Vec<String>,
    /// What the document is.
    pub kind: String,
    /// True for a form to be filled in.
    pub template: bool,
    /// False for Markdown that is no plan document: shown when named, left out of lists.
    pub listed: bool,
}

/// What the rules look at, gathered once a file.
pub(crate) struct Facts<'a> {
    path: &'a str,
    globs: Vec<usize>,
    parsed: &'a Parsed,
    /// Numbers of the headings that rules ask for.
    headings: Vec<u16>,
    /// The beginning of the text in lower case, made when it is first searched.
    head: OnceCell<Vec<u8>>,
    title: &'a str,
    /// Counted when a rule first asks.
    boxes: OnceCell<usize>,
    phases: usize,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(
        path: &'a str,
        globs: Vec<usize>,
        wanted: &Headings,
        parsed: &'a Parsed,
    ) -> Self {
        let mut facts = Self {
            path,
            globs,
            parsed,
            headings: Vec::new(),
            head: OnceCell::new(),
            title: "",
            boxes: OnceCell::new(),
            phases: 0,
        };
        let mut first_h1 = None;
        let nodes = parsed.tree.nodes();
        for node in nodes {
            let Kind::Heading(level) = node.kind else {
                continue;
            };
            let raw = parsed.text(node.span);
            let end = memchr::memchr(b'\n', raw.as_bytes()).unwrap_or(raw.len());
            let line = raw[..end].trim_matches(['#', ' ', '\t', '\r']);
            if level == 1 && first_h1.is_none() {
                first_h1 = Some(line);
            }
            facts.phases += usize::from(starts_as_phase(line));
            facts.headings.extend(wanted.number(&normalise(line)));
        }
        let named = parsed
            .front_matter
            .as_ref()
            .and_then(|matter| matter.get("title"))
            .map(|value| value.as_str().unwrap_or_else(|| parsed.text(value.span)));
        facts.title = named
            .filter(|title| !title.trim().is_empty())
            .or(first_h1)
            .unwrap_or_default();
        facts
    }

    /// The beginning of the text, in which words of a dialect are looked for, in lower case.
    fn head(&self) -> &[u8] {
        self.head.get_or_init(|| {
            let text = self.parsed.source.text();
            let mut end = text.len().min(HEAD);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.as_bytes()[..end].to_ascii_lowercase()
        })
    }

    fn boxes(&self) -> usize {
        *self.boxes.get_or_init(|| {
            let nodes = self.parsed.tree.nodes().iter();
            let items = nodes.filter(|node| node.kind == Kind::Item);
            items
                .filter(|node| {
                    let raw = self.parsed.text(node.span);
                    let body = raw.trim_start_matches(|c: char| {
                        matches!(c, '-' | '*' | '+' | ' ' | '.' | ')') || c.is_ascii_digit()
                    });
                    ["[ ]", "[x]", "[X]"]
                        .iter()
                        .any(|mark| body.starts_with(mark))
                })
                .count()
        })
    }

    /// True where conditions hold.
    fn holds(&self, when: &Conditions, globs: &[(usize, usize)]) -> bool {
        (when.path.is_empty() || self.path_of(globs).is_some())
            && (when.front_matter.is_empty() || self.key_of(when).is_some())
            && (when.headings.is_empty()
                || self.headings_of(when).count() >= when.at_least.unwrap_or(1))
            && when.boxes.is_none_or(|least| self.boxes() >= least)
            && when.phases.is_none_or(|least| self.phases >= least)
            && (when.title.is_empty() || self.title_of(when).is_some())
            && (when.text.is_empty() || self.text_of(when).is_some())
            && (!when.placeholder_title || self.is_form())
    }

    /// The conditions that hold, in words.
    fn reason(&self, when: &Conditions, globs: &[(usize, usize)]) -> String {
        let mut reasons: Vec<String> = Vec::new();
        if let Some(at) = self.path_of(globs) {
            reasons.push(format!("path matches {}", when.path[at]));
        }
        if let Some(key) = self.key_of(when) {
            reasons.push(format!("front matter has {key}"));
        }
        let found: Vec<&str> = self.headings_of(when).collect();
        if !found.is_empty() {
            reasons.push(format!("headings: {}", found.join(", ")));
        }
        if let Some(text) = self.text_of(when) {
            reasons.push(format!("text holds \"{text}\""));
        }
        if let Some(title) = self.title_of(when) {
            reasons.push(format!("title begins with \"{title}\""));
        }
        if when.boxes.is_some() {
            reasons.push(format!("{} boxes", self.boxes()));
        }
        if when.phases.is_some() {
            reasons.push(format!("{} phases", self.phases));
        }
        if when.placeholder_title {
            reasons.push("title is a placeholder".to_owned());
        }
        if reasons.is_empty() {
            "any Markdown".to_owned()
        } else {
            reasons.join("; ")
        }
    }

    /// Which of the paths of a rule matches.
    fn path_of(&self, globs: &[(usize, usize)]) -> Option<usize> {
        globs
            .iter()
            .find(|(id, _)| self.globs.binary_search(id).is_ok())
            .map(|(_, at)| *at)
    }

    fn key_of<'b>(&self, when: &'b Conditions) -> Option<&'b str> {
        let matter = self.parsed.front_matter.as_ref()?;
        let wanted = when.front_matter.iter().zip(&when.keys);
        wanted
            .into_iter()
            .find(|(_, key)| key.stands_in(matter))
            .map(|(text, _)| text.as_str())
    }

    fn headings_of<'b>(&self, when: &'b Conditions) -> impl Iterator<Item = &'b str> {
        let numbered = when.headings.iter().zip(&when.heading_ids);
        numbered
            .filter(|(_, id)| self.headings.contains(id))
            .map(|(heading, _)| heading.as_str())
    }

    fn text_of<'b>(&self, when: &'b Conditions) -> Option<&'b str> {
        let searches = when.text.iter().zip(&when.finders);
        searches
            .into_iter()
            .find(|(_, finder)| finder.find(self.head()).is_some())
            .map(|(text, _)| text.as_str())
    }

    fn title_of<'b>(&self, when: &'b Conditions) -> Option<&'b str> {
        let title = self.title.trim();
        when.title
            .iter()
            .map(String::as_str)
            .find(|start| strip_prefix_ignore_case(title, start).is_some())
    }

    /// True for a form: a placeholder in its title, or `template` in its name.
    fn is_form(&self) -> bool {
        let title = self.title.trim();
        let inner = |open: char, close: char| {
            title.find(open).is_some_and(|at| {
                title[at..].find(close).is_some_and(|end| {
                    let word = &title[at + 1..at + end];
                    word.len() > 2
                        && (word.bytes().all(|b| {
                            b.is_ascii_uppercase() || matches!(b, b'_' | b' ' | b'/' | b'-' | b'#')
                        }) || open == '<' && word.contains(['-', ' '])
                            || open == '['
                                && title.starts_with('[')
                                && !title[at + end + 1..].starts_with('(')
                            || open == '[' && word.contains("Name")
                            || open == '[' && word.contains("Title"))
                })
            })
        };
        let name = self
            .path
            .rsplit('/')
            .next()
            .unwrap_or(self.path)
            .to_ascii_lowercase();
        let stem = name.trim_end_matches(".md").trim_start_matches('_');
        title.contains("{{")
            || inner('[', ']')
            || inner('<', '>')
            || is_placeholder(title) && !title.is_empty()
            || title.contains("<Action")
            || stem == "template"
            || stem.ends_with("-template")
            || stem.ends_with("_template")
            || stem.starts_with("template-")
            || stem.starts_with("template_")
            || stem.ends_with(".template")
    }

    /// The kind that a rule names.
    fn kind_named(&self, is: &str) -> Option<String> {
        if is == "*" {
            let name = self.path.rsplit('/').next().unwrap_or(self.path);
            return name
                .strip_suffix(".md")?
                .rsplit_once('.')
                .map(|(_, kind)| kind.to_owned());
        }
        if let Some(key) = is.strip_prefix('=') {
            let value = self.parsed.front_matter.as_ref()?.get(key)?;
            return value.as_str().map(|text| text.trim().to_lowercase());
        }
        Some(is.to_owned())
    }
}

fn starts_as_phase(title: &str) -> bool {
    [
        "Phase ",
        "Milestone ",
        "Stage ",
        "Wave ",
        "Step ",
        "Sprint ",
    ]
    .iter()
    .any(|word| {
        title.strip_prefix(word).is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase())
        })
    })
}

/// Finds the dialect with the highest score, and in it the kind.
///
/// Why it is so is told where somebody wants it explained.
pub(crate) fn recognise(
    dialects: &Dialects,
    path: &str,
    parsed: &Parsed,
    explain: bool,
) -> Recognition {
    let globs = dialects.globs().matches(path);
    let facts = Facts::new(path, globs, &dialects.headings, parsed);
    let mut scores = vec![(0, Vec::new()); dialects.dialects.len()];
    let mut add = |looking_for_words: bool| {
        for (dialect, (score, reasons)) in dialects.dialects.iter().zip(&mut scores) {
            for (rule, globs) in dialect.manifest.detect.iter().zip(&dialect.detect_globs) {
                if rule.when.text.is_empty() == looking_for_words || !facts.holds(&rule.when, globs)
                {
                    continue;
                }
                *score += rule.score;
                if explain {
                    let reason = facts.reason(&rule.when, globs);
                    reasons.push(format!("{reason} (+{})", rule.score));
                }
            }
        }
        scores.iter().any(|(score, _)| *score >= SURE)
    };
    // Looking for words costs most: where place and headings are sure, nothing is looked for.
    if !add(false) {
        add(true);
    }
    let mut best: Option<(usize, u32, Vec<String>)> = None;
    for (at, (score, reasons)) in scores.into_iter().enumerate() {
        if score > 0 && best.as_ref().is_none_or(|(_, highest, _)| score > *highest) {
            best = Some((at, score, reasons));
        }
    }
    let Some((at, score, mut reasons)) = best else {
        return Recognition {
            dialect: "generic".to_owned(),
            score: 0,
            reasons: Vec::new(),
            kind: "doc".to_owned(),
            template: false,
            listed: false,
        };
    };
    let dialect = &dialects.dialects[at];
    if instructs_agents(facts.path) {
        return Recognition {
            dialect: dialect.name.clone(),
            score,
            reasons,
            kind: "guide".to_owned(),
            template: false,
            listed: false,
        };
    }
    for (rule, globs) in dialect.manifest.kind.iter().zip(&dialect.kind_globs) {
        if facts.holds(&rule.when, globs)
            && let Some(kind) = facts.kind_named(&rule.is)
        {
            if explain {
                let reason = facts.reason(&rule.when, globs);
                reasons.push(format!("{kind}: {reason}"));
            }
            return Recognition {
                dialect: dialect.name.clone(),
                score,
                reasons,
                kind,
                template: rule.template || lies_among_templates(facts.path),
                listed: rule.listed,
            };
        }
    }
    Recognition {
        dialect: dialect.name.clone(),
        score,
        reasons,
        kind: "doc".to_owned(),
        template: false,
        listed: true,
    }
}
/// True for a file that is laid out in other repositories: `templates/en/.agent/plans/x.md`.
fn lies_among_templates(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let mut parts = folders.split('/');
    parts.any(|part| matches!(part, "templates" | "_templates"))
        && parts.any(|part| part.starts_with('.'))
}

/// True for what tells agents how to work: a skill or a command of theirs is no plan, whatever it looks
/// like.
fn instructs_agents(path: &str) -> bool {
    const TOOLS: [&str; 13] = [
        ".claude",
        ".codex",
        ".cursor",
        ".gemini",
        ".opencode",
        ".windsurf",
        ".roo",
        ".qwen",
        ".agents",
        ".github",
        ".factory",
        ".kilocode",
        ".trae",
    ];
    const INSTRUCTIONS: [&str; 14] = [
        "skills",
        "commands",
        "agents",
        "protocols",
        "rules",
        "prompts",
        "workflows",
        "templates",
        "hooks",
        "output-styles",
        "instructions",
        "references",
        "gsd-core",
        "get-shit-done",
    ];
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let mut parts = folders.split('/').peekable();
    while let Some(part) = parts.next() {
        let is_instruction = |next: &&str| INSTRUCTIONS.contains(next);
        if matches!(part, "_bmad" | ".bmad-core")
            || TOOLS.contains(&part) && parts.peek().is_some_and(is_instruction)
        {
            return true;
        }
    }
    false
}
