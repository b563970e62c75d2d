//! Bytes to front matter and Markdown blocks with byte spans, and splices.
//!
//! This crate knows Markdown and YAML; it does not know what a plan is. Three promises hold for
//! every input, valid or not:
//!
//! - Reading is total. Any bytes give a [`Parsed`]; what is wrong is listed in
//!   [`Parsed::problems`].
//! - Spans index the original bytes. Bytes that are not UTF-8 are replaced one for one before
//!   parsing, so an offset in the text is an offset in the file.
//! - Text changes only by [`splice::apply`]: sorted, disjoint edits against the original bytes.
//!   Without an edit, writing gives back the bytes that were read.

pub mod front_matter;
pub mod links;
pub mod markdown;
mod source;
mod span;
pub mod splice;
pub mod yaml;

pub use front_matter::FrontMatter;
pub use markdown::{Kind, Node, NodeId, Tree};
pub use source::{LineEnding, Lines, Source};
pub use span::Span;

/// Something wrong with the bytes themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where, in bytes of the file.
    pub span: Span,
    /// One sentence for a person.
    pub message: String,
}

/// The ways in which a file can be damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A byte-order mark of UTF-16; the text cannot be read.
    Utf16,
    /// NUL bytes.
    Nul,
    /// Front matter that YAML cannot read.
    FrontMatterInvalid,
    /// Front matter that is opened and never closed.
    FrontMatterUnclosed,
    /// A key that stands twice in one mapping.
    DuplicateKey,
    /// A code fence that is opened and never closed.
    UnclosedFence,
    /// Text that was encoded twice, such as `â€™` for an apostrophe.
    Mojibake,
    /// More than one kind of line ending.
    MixedLineEndings,
}

impl ProblemKind {
    /// Stable name of the problem, as diagnostics show it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotUtf8 => "not-utf8",
            Self::Utf16 => "utf16",
            Self::Nul => "nul-byte",
            Self::FrontMatterInvalid => "front-matter-invalid",
            Self::FrontMatterUnclosed => "front-matter-unclosed",
            Self::DuplicateKey => "duplicate-key",
            Self::UnclosedFence => "unclosed-fence",
            Self::Mojibake => "mojibake",
            Self::MixedLineEndings => "mixed-line-endings",
        }
    }
}

/// A file, taken apart.
#[derive(Debug)]
pub struct Parsed {
    /// The bytes and their text.
    pub source: Source,
    /// The YAML at the top, where there is some.
    pub front_matter: Option<FrontMatter>,
    /// Everything below the front matter.
    pub tree: Tree,
    /// What is wrong with the bytes.
    pub problems: Vec<Problem>,
}

impl Parsed {
    /// Takes bytes apart. Never fails.
    pub fn new(bytes: Vec<u8>) -> Self {
        let mut problems = Vec::new();
        let source = Source::new(bytes, &mut problems);
        let front_matter = front_matter::read(&source, &mut problems);
        let body = front_matter
            .as_ref()
            .map_or(source.body_start(), |matter| matter.outer.end);
        let tree = Tree::parse(&source, body, &mut problems);
        Self {
            source,
            front_matter,
            tree,
            problems,
        }
    }

    /// The text of a span, with bytes that are not UTF-8 shown as `?`.
    pub fn text(&self, span: Span) -> &str {
        self.source.slice(span)
    }
}

#[cfg(test)]
mod tests;
