//! A small vocabulary and the text that is made of it.

use std::fmt::Write as _;

/// What work is about. Odd and coprime to the step in [`Topic::new`], so that the topics of one
/// folder differ.
const OBJECTS: [&str; 31] = [
    "session store",
    "invoice export",
    "upload queue",
    "search index",
    "audit trail",
    "rate limiter",
    "mail templates",
    "report scheduler",
    "access rules",
    "import wizard",
    "price table",
    "webhook relay",
    "feature switches",
    "asset pipeline",
    "tenant registry",
    "backup rotation",
    "login form",
    "metrics endpoint",
    "order history",
    "address book",
    "image resizer",
    "retry policy",
    "event stream",
    "release notes",
    "locale files",
    "usage counters",
    "payment ledger",
    "job runner",
    "settings page",
    "error catalogue",
    "data retention",
];
const DEEDS: [&str; 12] = [
    "Replace", "Split", "Harden", "Move", "Simplify", "Cache", "Measure", "Document", "Retire",
    "Rework", "Unify", "Extend",
];
const TAILS: [&str; 10] = [
    "for small teams",
    "behind one interface",
    "without downtime",
    "in two steps",
    "for the second region",
    "after the audit",
    "with signed tokens",
    "per tenant",
    "on the new storage",
    "before the spring release",
];
const STEPS: [&str; 20] = [
    "Add", "Remove", "Rename", "Write", "Describe", "Check", "Wire", "Extract", "Backfill", "Log",
    "Guard", "Index", "Validate", "Stream", "Record", "Compare", "Test", "Port", "Drop", "Expose",
];
const ADJECTIVES: [&str; 20] = [
    "stale", "shared", "nightly", "partial", "signed", "plain", "nested", "public", "internal",
    "failing", "pending", "ordered", "bounded", "empty", "first", "idle", "remote", "typed", "old",
    "daily",
];
const NOUNS: [&str; 40] = [
    "record", "request", "table", "cursor", "queue", "batch", "header", "token", "schema", "page",
    "handler", "worker", "report", "column", "client", "server", "region", "bucket", "snapshot",
    "review", "owner", "window", "limit", "budget", "trace", "digest", "fixture", "release",
    "branch", "module", "policy", "signal", "timer", "switch", "ledger", "index", "session",
    "account", "message", "reader",
];
const VERBS: [&str; 16] = [
    "keeps",
    "reads",
    "writes",
    "rejects",
    "reuses",
    "counts",
    "waits for",
    "replaces",
    "follows",
    "names",
    "holds",
    "returns",
    "drops",
    "splits",
    "marks",
    "closes",
];
const JOINS: [&str; 8] = [
    "because", "until", "so that", "while", "unless", "before", "after", "whenever",
];
const PEOPLE: [&str; 10] = [
    "ada", "bruno", "chidi", "dana", "elif", "farid", "grace", "hana", "ivo", "jun",
];
const FOLDERS: [&str; 8] = [
    "api", "core", "jobs", "store", "web", "mail", "auth", "tools",
];

/// What a document is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Topic {
    /// From 1, running on through all projects.
    pub(crate) number: usize,
    deed: &'static str,
    which: &'static str,
    object: &'static str,
    tail: &'static str,
}

impl Topic {
    /// A topic of a project. Any 31 places in a row differ, and so does the same place of some 7,000
    /// projects: real names seldom repeat.
    pub(crate) fn new(project: usize, place: usize, number: usize) -> Self {
        let (which, rest) = (project % ADJECTIVES.len(), project / ADJECTIVES.len());
        Self {
            number,
            deed: DEEDS[(rest + place * 5) % DEEDS.len()],
            which: ADJECTIVES[(which + place * 11) % ADJECTIVES.len()],
            object: OBJECTS[(rest / DEEDS.len() + place * 7) % OBJECTS.len()],
            tail: TAILS[(project + place * 3) % TAILS.len()],
        }
    }

    /// `Replace the shared session store without downtime`.
    pub(crate) fn title(self) -> String {
        format!(
            "{} the {} {} {}",
            self.deed, self.which, self.object, self.tail
        )
    }

    /// `replace-shared-session-store`.
    pub(crate) fn slug(self) -> String {
        format!("{}-{}", self.deed.to_lowercase(), self.object_slug())
    }

    /// `shared-session-store`.
    pub(crate) fn object_slug(self) -> String {
        format!("{}-{}", self.which, self.object.replace(' ', "-"))
    }
}

/// `YYYY-MM-DD`, so many days (of months of 28) after the first of 2025.
pub(crate) fn date(day: usize) -> String {
    format!(
        "{}-{:02}-{:02}",
        2025 + day / 336,
        1 + day % 336 / 28,
        1 + day % 28
    )
}

/// A source of words; the same seed gives the same words.
#[derive(Debug)]
pub(crate) struct Words {
    rng: fastrand::Rng,
}

impl Words {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.rng.usize(..end)
    }

    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of several.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A first name in lower case.
    pub(crate) fn person(&mut self) -> &'static str {
        self.pick(&PEOPLE)
    }

    /// `stale record`.
    pub(crate) fn thing(&mut self) -> String {
        format!("{} {}", self.pick(&ADJECTIVES), self.pick(&NOUNS))
    }

    /// `src/api/record.rs`.
    pub(crate) fn path(&mut self) -> String {
        format!("src/{}/{}.rs", self.pick(&FOLDERS), self.pick(&NOUNS))
    }

    /// `HH:MM`.
    pub(crate) fn clock(&mut self) -> String {
        format!("{:02}:{:02}", 7 + self.below(12), self.below(60))
    }

    /// What a task says: `Add the stale record to src/api/token.rs`.
    pub(crate) fn step(&mut self) -> String {
        let step = self.pick(&STEPS);
        let thing = self.thing();
        match self.below(4) {
            0 => format!("{step} the {thing} in `{}`", self.path()),
            1 => format!("{step} the {thing} and the {}", self.pick(&NOUNS)),
            2 => format!("{step} {thing} handling"),
            _ => format!(
                "{step} the {thing} before the {} {}",
                self.pick(&NOUNS),
                self.pick(&VERBS)
            ),
        }
    }

    /// A sentence of some ten words.
    pub(crate) fn sentence(&mut self) -> String {
        let mut text = String::with_capacity(96);
        let _ = write!(
            text,
            "The {} {} {} the {} {}",
            self.pick(&ADJECTIVES),
            self.pick(&NOUNS),
            self.pick(&VERBS),
            self.pick(&ADJECTIVES),
            self.pick(&NOUNS),
        );
        if !self.once_in(3) {
            let _ = write!(
                text,
                " {} the {} {} a {}",
                self.pick(&JOINS),
                self.pick(&NOUNS),
                self.pick(&VERBS),
                self.pick(&NOUNS)
            );
        }
        if self.once_in(6) {
            let _ = write!(text, " (see `{}`)", self.path());
        }
        text.push('.');
        text
    }

    /// Paragraphs, lists, tables and code of about `bytes` bytes together.
    pub(crate) fn prose(&mut self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 400);
        while text.len() < bytes {
            match self.below(9) {
                0 => {
                    for _ in 0..3 {
                        let _ = writeln!(text, "- **{}**: {}", self.thing(), self.sentence());
                    }
                }
                1 => {
                    text.push_str("| Part | Today | Then |\n|------|-------|------|\n");
                    for _ in 0..3 {
                        let _ = writeln!(
                            text,
                            "| `{}` | {} | {} |",
                            self.path(),
                            self.thing(),
                            self.thing()
                        );
                    }
                }
                2 => {
                    let _ = write!(
                        text,
                        "```rust\nfn {}(page: &{}) -> usize {{\n    page.{}.len()\n}}\n```\n",
                        self.pick(&NOUNS),
                        self.pick(&NOUNS),
                        self.pick(&NOUNS),
                    );
                }
                _ => {
                    for _ in 0..=self.below(3) {
                        text.push_str(&self.sentence());
                        text.push('\n');
                    }
                }
            }
            text.push('\n');
        }
        text
    }
}
