//! A document in another dialect.
//!
//! [`Dialects::convert`] takes the form that the other dialect has for it, carries the text over
//! section by section, and reads the result. What the author wrote stays as it is below its heading;
//! headings become those of the form, and sections move to the places that the form has for them,
//! wherever re-reading shows the same tasks, entries, risks and the rest as before. What reads
//! differently in the end is a [`Loss`], and told.

mod body;
mod head;
mod losses;
mod state;
#[cfg(test)]
mod tests;

use planwright_model::Document;

use crate::template::{Template, Values};
use crate::{Dialects, Reading};

pub use head::values;
pub use losses::Loss;

/// What a document is to become.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The dialect.
    pub dialect: &'a str,
    /// The name of its form: `plan`.
    pub form: &'a str,
    /// Where it is to lie, from the root.
    pub path: &'a str,
    /// What the form is filled in with.
    pub values: Values,
    /// The moment, in seconds since the Unix epoch.
    pub now: i64,
}

/// A document in another dialect.
#[derive(Clone, Debug)]
pub struct Converted {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is read from them.
    pub document: Document,
    /// What reads differently, and what the form has no place for.
    pub losses: Vec<Loss>,
}

/// Why a document cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unconverted {
    /// Not a Markdown document.
    #[error("only Markdown documents are converted")]
    NotMarkdown,
    /// The dialect has no such form.
    #[error("the {dialect} dialect has no form for a {form}")]
    NoForm {
        /// The dialect.
        dialect: String,
        /// The form.
        form: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// The result would be read as something else.
    #[error("{path} would be read as a document of the {dialect} dialect")]
    Misread {
        /// Where it was to lie.
        path: String,
        /// The dialect it would be read in.
        dialect: String,
    },
}

impl Dialects {
    /// A document in another dialect, and what is lost by it. Nothing is: text without a place in
    /// the form stays under its own heading, fields in the front matter.
    ///
    /// # Errors
    /// When there is no form for it, or the result would be read in yet another dialect.
    pub fn convert(
        &self,
        reading: &Reading,
        wanted: &Wanted<'_>,
    ) -> Result<Converted, Unconverted> {
        let no_form = || Unconverted::NoForm {
            dialect: wanted.dialect.to_owned(),
            form: wanted.form.to_owned(),
            known: self.get(wanted.dialect).map_or_else(Vec::new, |dialect| {
                dialect.template_names().map(str::to_owned).collect()
            }),
        };
        if reading.document.path.ends_with(".json") {
            return Err(Unconverted::NotMarkdown);
        }
        let form = self
            .template(wanted.dialect, wanted.form)
            .ok_or_else(no_form)?;
        let work = Work {
            dialects: self,
            reading,
            form,
            wanted,
        };
        let text = work.best();
        let after = self.read(wanted.path, text.clone().into_bytes());
        if after.document.dialect != wanted.dialect {
            return Err(Unconverted::Misread {
                path: wanted.path.to_owned(),
                dialect: after.document.dialect,
            });
        }
        let losses = losses::told(&work, &text, &after.document);
        Ok(Converted {
            bytes: text.into_bytes(),
            document: after.document,
            losses,
        })
    }
}

/// A conversion under way.
struct Work<'a> {
    dialects: &'a Dialects,
    reading: &'a Reading,
    form: &'a Template,
    wanted: &'a Wanted<'a>,
}

impl Work<'_> {
    /// How much of a text, read in the other dialect, is not what was written.
    fn cost(&self, text: &str) -> usize {
        let after = self
            .dialects
            .read(self.wanted.path, text.as_bytes().to_vec());
        let misread = usize::from(after.document.dialect != self.wanted.dialect);
        misread * 1000 + losses::count(&self.reading.document, &after.document)
    }

    /// The text that is nearest to the form and costs least: everything as it stands first, then one
    /// step after the other towards the form, as long as nothing is lost by it.
    fn best(&self) -> String {
        let mut head = head::Head::new(self);
        let mut body = body::Body::new(self);
        let whole = |head: &head::Head, body: &body::Body| head.text() + &body.text();
        let mut cost = self.cost(&whole(&head, &body));
        for step in head::Step::ALL {
            let mut next = head.clone();
            next.take(step);
            let new = self.cost(&whole(&next, &body));
            if new < cost || new == cost && !step.is_costly() {
                (head, cost) = (next, new);
            }
        }
        let mut take = |steps: Vec<body::Step>, body: &mut body::Body| {
            for step in steps {
                let mut next = body.clone();
                next.take(&step);
                let new = self.cost(&whole(&head, &next));
                if new < cost || new == cost && !step.is_costly() {
                    (*body, cost) = (next, new);
                }
            }
        };
        take(body.steps(self), &mut body);
        let text = whole(&head, &body).into_bytes();
        let document = self.dialects.read(self.wanted.path, text).document;
        take(body::Body::owed(self, &document), &mut body);
        take(body.last(self), &mut body);
        // Fields that nothing carries yet.
        let mut best = whole(&head, &body);
        for (key, value) in head::left(self, &best) {
            head.add(&key, &value);
        }
        let new = whole(&head, &body);
        if self.cost(&new) <= cost {
            best = new;
        }
        best
    }
}
