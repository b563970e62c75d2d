//! The text of a document, section by section.

use super::Work;
use crate::Reading;
use crate::template::SectionRule;
use crate::words::normalise;
use crate::writer::relative;
use planwright_model::{Document, ItemRole};

/// A section of the highest level with all that it holds.
#[derive(Clone, Debug)]
struct Block {
    /// Its number in the document; none for one that the form adds.
    number: Option<usize>,
    /// The line of its heading, with the signs in front.
    heading: String,
    title: String,
    role: Option<String>,
    /// It holds tasks or phases.
    works: bool,
    text: String,
    /// The place that the form has for it.
    place: Option<usize>,
}

/// The sections in the order in which they are written.
#[derive(Clone, Debug)]
pub(super) struct Body {
    /// What stands in front of the first of them, in paragraphs.
    lead: Vec<String>,
    blocks: Vec<Block>,
    newline: &'static str,
}

/// One step towards the form.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// The sections stand in its order.
    Order,
    /// A section has its heading.
    Rename { block: usize, title: String },
    /// A section that it owes stands there, without anything in it yet.
    Add {
        place: usize,
        title: String,
        text: String,
    },
    /// Sections have headings by which no dialect is known.
    Neutral { titles: Vec<(usize, String)> },
    /// A paragraph goes that says what only the old form says.
    Drop { part: String },
}

impl Step {
    /// True for a step that is taken only where it is needed.
    pub(super) const fn is_costly(&self) -> bool {
        matches!(self, Self::Drop { .. } | Self::Neutral { .. })
    }
}

/// The level of the sections that make up a document; the title is none.
pub(super) fn top_level(document: &Document) -> Option<u8> {
    let sections = document.sections.iter();
    let below = sections.filter(|section| !is_title(document, section.line));
    below.map(|section| section.level).min()
}

fn is_title(document: &Document, line: u32) -> bool {
    let first = document.sections.iter().find(|section| section.level == 1);
    document.title.line == Some(line) || first.is_some_and(|first| first.line == line)
}

/// The first line below the front matter.
pub(super) fn first_line(reading: &Reading) -> u32 {
    let matter = reading.parsed.front_matter.as_ref();
    matter.map_or(1, |matter| {
        let source = &reading.parsed.source;
        let end = matter.outer.end;
        let line = source.line(end);
        if source.line_span(line).start < end {
            line + 1
        } else {
            line
        }
    })
}

impl Body {
    pub(super) fn new(work: &Work<'_>) -> Self {
        let document = &work.reading.document;
        let source = &work.reading.parsed.source;
        let newline = source.line_ending().as_str();
        let top = top_level(document);
        let heads: Vec<_> = document
            .sections
            .iter()
            .filter(|section| Some(section.level) == top && !is_title(document, section.line))
            .collect();
        let last = source.line_count();
        let first = heads.first().map_or(last + 1, |section| section.line);
        let title = document.sections.iter().find(|section| section.level == 1);
        let title = title.map(|section| section.line);
        let states: Vec<u32> = document
            .state_claims
            .iter()
            .filter_map(|claim| claim.line)
            .collect();
        let kept = |line: u32| {
            let text = source.line_text(line);
            // A line that says the state and more stays; the state is put right in it.
            !(Some(line) == title || states.contains(&line) && !text.contains('|'))
        };
        let lines = |from: u32, to: u32| -> String {
            let lines = (from..=to).filter(|line| kept(*line));
            let text: Vec<&str> = lines.map(|line| source.line_text(line)).collect();
            rebased(work, text.join(newline).trim_matches(['\n', '\r', ' ']))
        };
        let begin = first_line(work.reading);
        let lead = lines(begin, first.saturating_sub(1));
        let mut blocks = Vec::new();
        for (at, head) in heads.iter().enumerate() {
            let end = heads.get(at + 1).map_or(last, |next| next.line - 1);
            let holds = |line: u32| head.line < line && line <= end;
            let tasks = document.items.iter();
            let mut tasks = tasks.filter(|item| item.role == ItemRole::Task);
            // A phase or task that is a heading keeps its words.
            let is_own = document.phases.iter().any(|phase| phase.line == head.line)
                || document.items.iter().any(|item| item.line == head.line);
            let works = !is_own
                && (tasks.any(|item| holds(item.line))
                    || document.phases.iter().any(|phase| holds(phase.line)));
            let place = work
                .form
                .sections
                .iter()
                .position(|rule| rule.level == 2 && rule.is_met_by(head));
            let place = place.or_else(|| works.then(|| work_place(&work.form.sections)).flatten());
            blocks.push(Block {
                number: Some(at),
                heading: source.line_text(head.line).trim().to_owned(),
                title: head.title.clone(),
                role: head.role.clone(),
                works,
                text: lines(head.line + 1, end),
                place,
            });
        }
        // What one form calls the goal, another one sums up.
        for (role, like) in [
            ("goal", "summary"),
            ("summary", "goal"),
            ("verification", "criteria"),
        ] {
            let rule = rules_of(work, like);
            let taken = blocks.iter().any(|block| block.place == rule);
            let mut open = blocks
                .iter_mut()
                .filter(|block| block.place.is_none() && block.role.as_deref() == Some(role));
            if let Some(block) = open.next().filter(|_| !taken) {
                block.place = rule;
            }
        }
        Self {
            lead: parts(&lead, newline)
                .filter(|part| !is_of_form(work, part))
                .map(str::to_owned)
                .collect(),
            blocks,
            newline,
        }
    }

    pub(super) fn text(&self) -> String {
        let newline = self.newline;
        let mut out = String::new();
        let mut put = |text: &str| {
            if !text.trim().is_empty() {
                out.push_str(newline);
                out.push_str(text);
                out.push_str(newline);
            }
        };
        self.lead.iter().for_each(|part| put(part));
        for block in &self.blocks {
            put(&block.heading);
            put(&block.text);
        }
        out
    }

    pub(super) fn steps(&self, work: &Work<'_>) -> Vec<Step> {
        let mut steps = vec![Step::Order];
        let rules = &work.form.sections;
        let mut taken: Vec<usize> = Vec::new();
        for (at, block) in self.blocks.iter().enumerate() {
            let Some(place) = block.place else { continue };
            if taken.contains(&place) {
                continue;
            }
            taken.push(place);
            if rules[place].title != block.title {
                steps.push(Step::Rename {
                    block: at,
                    title: rules[place].title.clone(),
                });
            }
        }
        // A form without a section for work has tasks all the same where a document has them.
        let working = self.blocks.iter().find(|block| block.works);
        if let Some(number) = working.and_then(|block| block.number) {
            steps.push(Step::Neutral {
                titles: vec![(number, "Tasks".to_owned())],
            });
        }
        steps
    }

    fn rename(&mut self, number: usize, title: &str) {
        let mut blocks = self.blocks.iter_mut();
        if let Some(found) = blocks.find(|found| found.number == Some(number)) {
            let signs = found.heading.chars().take_while(|c| *c == '#').count();
            found.heading = format!("{} {title}", "#".repeat(signs.max(2)));
        }
    }

    /// The sections that the form owes and the document does not have.
    pub(super) fn owed(work: &Work<'_>, document: &Document) -> Vec<Step> {
        let missing: Vec<u32> = work
            .form
            .missing_sections(document)
            .filter(|rule| rule.level == 2)
            .map(|rule| rule.line)
            .collect();
        let rules = work.form.sections.iter().enumerate();
        let owed = rules.filter(|(_, rule)| missing.contains(&rule.line));
        owed.map(|(place, rule)| Step::Add {
            place,
            title: rule.title.clone(),
            text: "None yet.".to_owned(),
        })
        .collect()
    }

    /// Steps for a document that would be taken for one of another dialect.
    pub(super) fn last(&self, work: &Work<'_>) -> Vec<Step> {
        let titles = self.neutral(work);
        let parts = self.lead.iter().cloned();
        let drops = parts.map(|part| Step::Drop { part });
        let neutral = (!titles.is_empty()).then_some(Step::Neutral { titles });
        neutral.into_iter().chain(drops).collect()
    }

    /// Headings by which the old dialect is known, and others that mean the same.
    fn neutral(&self, work: &Work<'_>) -> Vec<(usize, String)> {
        let Some(old) = work.dialects.get(&work.reading.document.dialect) else {
            return Vec::new();
        };
        let signs: Vec<String> = old
            .manifest
            .detect
            .iter()
            .flat_map(|rule| &rule.when.headings)
            .map(|heading| normalise(heading))
            .collect();
        let others = |block: &Block| {
            let words = old.common.sections.get(block.role.as_deref()?)?;
            let word = words
                .iter()
                .find(|word| !signs.contains(&normalise(word)))?;
            let mut chars = word.chars();
            let first = chars.next()?.to_uppercase();
            Some(first.chain(chars).collect::<String>())
        };
        let known = self
            .blocks
            .iter()
            .filter(|block| signs.contains(&normalise(&block.title)));
        known
            .filter_map(|block| Some((block.number?, others(block)?)))
            .collect()
    }

    pub(super) fn take(&mut self, step: &Step) {
        match step {
            // What the form has no place for stays behind what it followed.
            Step::Order => {
                let mut last = 0;
                let mut keyed: Vec<(usize, Block)> = Vec::new();
                for block in self.blocks.drain(..) {
                    last = block.place.unwrap_or(last);
                    keyed.push((last, block));
                }
                keyed.sort_by_key(|(place, _)| *place);
                self.blocks = keyed.into_iter().map(|(_, block)| block).collect();
            }
            Step::Rename { block, title } => self.rename(*block, title),
            Step::Neutral { titles } => {
                for (block, title) in titles {
                    self.rename(*block, title);
                }
            }
            Step::Drop { part } => self.lead.retain(|found| found != part),
            Step::Add { place, title, text } => {
                let at = self
                    .blocks
                    .iter()
                    .rposition(|block| block.place.is_some_and(|found| found < *place));
                let new = Block {
                    number: None,
                    heading: format!("## {title}"),
                    title: title.clone(),
                    role: None,
                    works: false,
                    text: text.clone(),
                    place: Some(*place),
                };
                self.blocks.insert(at.map_or(0, |at| at + 1), new);
            }
        }
    }
}

/// The section of a form that has a role.
fn rules_of(work: &Work<'_>, role: &str) -> Option<usize> {
    let rules = &work.form.sections;
    rules
        .iter()
        .position(|rule| rule.level == 2 && rule.role.as_deref() == Some(role))
}

/// The section of a form that holds its work.
fn work_place(rules: &[SectionRule]) -> Option<usize> {
    let tasks = |rule: &SectionRule| rule.holds.contains(&ItemRole::Task);
    rules.iter().position(|rule| rule.level == 2 && tasks(rule))
}

fn parts<'t>(text: &'t str, newline: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(newline)
        .collect::<Vec<_>>()
        .split(|line| line.trim().is_empty())
        .filter(|lines| !lines.is_empty())
        .filter_map(|lines| {
            let first = lines.first()?.as_ptr() as usize - text.as_ptr() as usize;
            let last = lines.last()?;
            let end = last.as_ptr() as usize - text.as_ptr() as usize + last.len();
            text.get(first..end)
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// True for words of the form that the document was made from.
pub(super) fn is_of_form(work: &Work<'_>, text: &str) -> bool {
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let said = letters(text);
    let form = work.dialects.template_of(&work.reading.document);
    !said.is_empty() && form.is_some_and(|form| letters(&form.text).contains(&said))
}

/// A path in a document as one from the root.
pub(super) fn resolved(document: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A path as the new document has to write it; the same where it does not depend on the folder.
pub(super) fn moved(work: &Work<'_>, target: &str) -> String {
    let (path, rest) = target.split_at(target.find(['#', '?']).unwrap_or(target.len()));
    let is_relative = !path.is_empty() && !path.starts_with(['/', '<', '@']) && !path.contains(':');
    let old = &work.reading.document.path;
    let found = resolved(old, path).filter(|_| is_relative);
    found.map_or_else(
        || target.to_owned(),
        |found| relative(work.wanted.path, &found) + rest,
    )
}

/// The text with its relative links turned to where the new document lies.
pub(super) fn rebased(work: &Work<'_>, text: &str) -> String {
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    if folder(&work.reading.document.path) == folder(work.wanted.path) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        out.push_str(&rest[..at + 2]);
        rest = &rest[at + 2..];
        let Some(end) = rest.find([')', ' ', '\n']) else {
            break;
        };
        out.push_str(&moved(work, &rest[..end]));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}
