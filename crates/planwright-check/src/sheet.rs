//! What was found in one document alone, and its facts: kept until its content changes.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use planwright_dialect::{Dialects, Reading};
use planwright_model::Level;
use planwright_syntax::Span;
use planwright_syntax::splice::Edit;
use planwright_workspace::{Seen, Visitor};
use serde::{Deserialize, Serialize};

use crate::config::{Config, Context, Now, PATH};
use crate::document::DocumentView;
use crate::facts::Facts;
use crate::finding::{Finding, Findings, Fix, Label, Place, Spot};
use crate::form::Held;
use crate::project::is_subject;
use crate::rule::{Check, Rule};
use crate::rules::RULES;

/// What was found in a document with a certain content.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) content: u64,
    /// The first and the last day on which this is found, by [`number`](crate::config::number).
    pub(crate) days: (i32, i32),
    pub(crate) facts: Facts,
    /// What the rules found that were asked.
    pub(crate) found: Vec<Finding>,
}

impl Sheet {
    pub(crate) fn of(
        doc: &DocumentView,
        content: u64,
        dialects: &Dialects,
        context: &Context,
        rules: &[&'static Rule],
    ) -> Self {
        let context = context.anew();
        let held = Held::of(doc, dialects);
        let facts = Facts::of(doc, held.as_ref(), dialects, &context);
        let mut found = Vec::new();
        for rule in rules {
            if !is_subject(context.config(), rule, doc.path(), &facts) {
                continue;
            }
            let mut findings = Findings::new(rule);
            rule.check.each(&mut |check| match check {
                Check::Document(look) => look(doc, &context, &mut findings),
                Check::Dialect(look) => {
                    if let Some(dialect) = dialects.get(&facts.dialect) {
                        look(doc, dialect, &context, &mut findings);
                    }
                }
                Check::Form(look) => held.iter().for_each(|held| look(held, &mut findings)),
                Check::Suspect(..) | Check::Project(_) | Check::Engine | Check::All(_) => {}
            });
            found.append(&mut findings.into_vec());
        }
        let source = &doc.parsed().source;
        for finding in &mut found {
            finding.place = Some(Place::of(source, finding.span));
            for label in &mut finding.labels {
                label.place = Some(Place::of(source, label.span));
            }
        }
        Self {
            content,
            days: context.days(),
            facts,
            found,
        }
    }
}

/// A sheet as it is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept<F> {
    path: String,
    content: u64,
    days: (i32, i32),
    facts: F,
    found: Vec<Noted>,
}

/// An edit as it is kept.
type Splice = (u32, u32, Vec<u8>);

/// A finding as it is kept: all of it is about one document.
#[derive(Serialize, Deserialize)]
struct Noted {
    /// Its place in [`RULES`].
    rule: u16,
    spot: Spot,
    message: String,
    help: Option<String>,
    labels: Vec<(Spot, String)>,
    /// Its title and edits: first byte, one past the last, and what comes in their place.
    fix: Option<(String, Vec<Splice>)>,
    is_sure: bool,
}

impl<'a> Kept<&'a Facts> {
    /// `None` where something is found that cannot be kept.
    pub(crate) fn new(path: &str, sheet: &'a Sheet) -> Option<Self> {
        let found = sheet.found.iter().map(Noted::new);
        Some(Self {
            path: path.to_owned(),
            content: sheet.content,
            days: sheet.days,
            facts: &sheet.facts,
            found: found.collect::<Option<_>>()?,
        })
    }
}

impl Kept<Facts> {
    pub(crate) fn open(self) -> Option<(String, Sheet)> {
        let found = self.found.into_iter();
        let found: Option<Vec<Finding>> = found.map(|noted| noted.open(&self.path)).collect();
        let sheet = Sheet {
            content: self.content,
            days: self.days,
            facts: self.facts,
            found: found?,
        };
        Some((self.path, sheet))
    }
}

impl Noted {
    fn new(finding: &Finding) -> Option<Self> {
        let rule = RULES
            .iter()
            .position(|rule| std::ptr::eq(*rule, finding.rule))?;
        let labels = finding.labels.iter().map(|label| {
            let is_own = label.path == finding.path;
            is_own.then_some((Spot::new(label.span, label.place?), label.text.clone()))
        });
        let fix = finding.fix.as_ref().map(|fix| {
            let [(path, edits)] = fix.edits.as_slice() else {
                return None;
            };
            let edits = edits.iter();
            let edits =
                edits.map(|edit| (edit.span.start, edit.span.end, edit.replacement.clone()));
            (*path == finding.path).then(|| (fix.title.clone(), edits.collect()))
        });
        let fix = match fix {
            Some(fix) => Some(fix?),
            None => None,
        };
        Some(Self {
            rule: rule as u16,
            spot: Spot::new(finding.span, finding.place?),
            message: finding.message.clone(),
            help: finding.help.clone(),
            labels: labels.collect::<Option<_>>()?,
            fix,
            is_sure: finding.is_sure,
        })
    }

    fn open(self, path: &str) -> Option<Finding> {
        let rule = *RULES.get(usize::from(self.rule))?;
        let labels = self.labels.into_iter().map(|(spot, text)| Label {
            path: path.to_owned(),
            span: spot.span(),
            place: Some(spot.place()),
            text,
        });
        let fix = self.fix.map(|(title, edits)| {
            let edits = edits.into_iter();
            let edits = edits.map(|(start, end, words)| Edit::replace(Span { start, end }, words));
            Fix::new(path, title, edits.collect())
        });
        Some(Finding {
            rule,
            level: rule.level.unwrap_or(Level::Info),
            path: path.to_owned(),
            span: self.spot.span(),
            place: Some(self.spot.place()),
            message: self.message,
            help: self.help,
            labels: labels.collect(),
            fix,
            is_sure: self.is_sure,
        })
    }
}

/// Looks at documents while they are read, so that a check need not read them again.
#[derive(Debug)]
pub struct Reader {
    now: Now,
    /// The configuration and its rules; none where it cannot be read, which the check will tell.
    context: OnceLock<Option<(Context, Vec<&'static Rule>)>>,
    sheets: Mutex<HashMap<String, Sheet>>,
}

impl Reader {
    /// A reader for a check that takes place at that moment.
    pub fn new(now: Now) -> Self {
        Self {
            now,
            context: OnceLock::new(),
            sheets: Mutex::default(),
        }
    }

    /// The moment of the check.
    pub fn now(&self) -> Now {
        self.now
    }

    /// What was found in a document, for the first who asks.
    pub(crate) fn take(&self, path: &str, config: &Config) -> Option<Sheet> {
        let (context, _) = self.context.get()?.as_ref()?;
        if context.config().key() != config.key() {
            return None;
        }
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        sheets.remove(path)
    }
}

impl Visitor for Reader {
    fn visit(&self, seen: &Seen<'_>, reading: Reading, content: u64) {
        let context = self.context.get_or_init(|| {
            let text = seen.read_bytes(PATH).unwrap_or_default();
            let config = Config::parse(&String::from_utf8_lossy(&text)).ok()?;
            let rules = config.rules();
            Some((Context::new(config.into(), self.now), rules))
        });
        let Some((context, rules)) = context else {
            return;
        };
        let doc = DocumentView::new(reading, true);
        if context.config().is_excluded(doc.path()) {
            return;
        }
        let sheet = Sheet::of(&doc, content, seen.dialects(), context, rules);
        let path = doc.path().to_owned();
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        sheets.insert(path, sheet);
    }
}
