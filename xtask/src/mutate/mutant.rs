//! Clean repositories with one thing wrong.

use std::ops::RangeInclusive;

use super::page::Page;
use super::repository::Repository;

/// A repository with a defect, and where it has to be found.
#[derive(Clone, Debug)]
pub(crate) struct Mutant {
    /// What was done, for whoever reads about a miss.
    pub(crate) what: String,
    pub(crate) repository: Repository,
    /// A finding at any of these places is right: a file and lines of it.
    pub(crate) places: Vec<(String, RangeInclusive<usize>)>,
}

/// Makes the defects of one rule.
#[derive(Debug)]
pub(crate) struct Operator {
    /// The rule that has to find them.
    pub(crate) rule: &'static str,
    /// The dialects in whose documents the defect can occur.
    pub(crate) dialects: &'static [&'static str],
    /// Rules that say the same of some of them.
    pub(crate) also: &'static [&'static str],
    /// True where the bytes themselves are wrong and must not be written in another habit.
    pub(crate) raw: bool,
    pub(crate) make: fn(&Repository, &mut Mutants<'_>),
}

impl Operator {
    pub(crate) const fn new(
        rule: &'static str,
        dialects: &'static [&'static str],
        make: fn(&Repository, &mut Mutants<'_>),
    ) -> Self {
        Self {
            rule,
            dialects,
            also: &[],
            raw: false,
            make,
        }
    }

    pub(crate) const fn also(mut self, also: &'static [&'static str]) -> Self {
        self.also = also;
        self
    }

    pub(crate) const fn raw(mut self) -> Self {
        self.raw = true;
        self
    }

    /// All that it makes of a repository.
    pub(crate) fn mutants(&self, base: &Repository) -> Vec<Mutant> {
        let mut mutants = Mutants {
            base,
            made: Vec::new(),
        };
        if self.dialects.contains(&base.dialect) {
            (self.make)(base, &mut mutants);
        }
        mutants.made
    }
}

/// Takes what an operator makes of a repository.
#[derive(Debug)]
pub(crate) struct Mutants<'a> {
    base: &'a Repository,
    made: Vec<Mutant>,
}

/// Anywhere in a file.
pub(crate) const ANYWHERE: RangeInclusive<usize> = 1..=usize::MAX;

impl Mutants<'_> {
    /// A page with other text, and the lines at which that has to be found.
    pub(crate) fn page(
        &mut self,
        page: &Page<'_>,
        text: impl AsRef<[u8]>,
        lines: RangeInclusive<usize>,
        what: impl Into<String>,
    ) {
        let repository = self.base.with(page.path, text);
        self.add(repository, page.path, lines, what);
    }

    /// A line of a page that reads otherwise.
    pub(crate) fn line(&mut self, page: &Page<'_>, number: usize, line: &str) {
        let text = page.with_line(number, line);
        self.page(page, text, number..=number, line.trim());
    }

    /// A line behind a line of a page.
    pub(crate) fn after(&mut self, page: &Page<'_>, number: usize, line: &str) {
        let text = page.with_after(number, line);
        let end = number + line.trim_end_matches('\n').lines().count().max(1);
        self.page(page, text, number + 1..=end, line.trim());
    }

    /// Another repository, and where something has to be found in it.
    pub(crate) fn add(
        &mut self,
        repository: Repository,
        path: &str,
        lines: RangeInclusive<usize>,
        what: impl Into<String>,
    ) {
        self.add_at(repository, vec![(path.to_owned(), lines)], what);
    }

    /// Another repository, and the places of which one has to be found in it.
    pub(crate) fn add_at(
        &mut self,
        repository: Repository,
        places: Vec<(String, RangeInclusive<usize>)>,
        what: impl Into<String>,
    ) {
        self.made.push(Mutant {
            what: what.into(),
            repository,
            places,
        });
    }
}
