//! What the front matter of a document says about when to load it.

use planwright_dialect::Dialect;
use planwright_syntax::yaml::{self, Value, ValueKind};

/// When a document is to be loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Load {
    /// It does not say.
    #[default]
    Silent,
    /// Into every brief.
    Always,
    /// When one of its triggers is spoken of, else when it is found.
    OnDemand,
    /// Never, unless it is asked for by name.
    Never,
}

/// What a document says about being loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Policy {
    pub(super) load: Load,
    pub(super) triggers: Vec<String>,
    /// 0 is most urgent; nothing where it says nothing.
    pub(super) priority: Option<u8>,
    /// What it says it costs at most.
    pub(super) tokens: Option<u32>,
    /// `YYYY-MM-DD`, after which it no longer speaks for the present.
    pub(super) expires: Option<String>,
}

/// Words of which front matter that says anything of this has one.
const KEYS: [&str; 7] = [
    "context_load",
    "load_policy",
    "triggers",
    "token_budget",
    "expires",
    "expiry",
    "valid_until",
];

impl Policy {
    /// Reads front matter that begins a text.
    pub(super) fn read(text: &str, dialect: Option<&Dialect>) -> Self {
        let mut policy = Self::default();
        let Some(inner) =
            front_matter(text).filter(|inner| KEYS.iter().any(|key| inner.contains(key)))
        else {
            return policy;
        };
        let Ok(Some(value)) = yaml::parse(inner, 0) else {
            return policy;
        };
        for entry in value.entries() {
            policy.take(&entry.key, &entry.value, dialect);
            for below in entry.value.entries() {
                policy.take(
                    &format!("{}.{}", entry.key, below.key),
                    &below.value,
                    dialect,
                );
            }
        }
        policy
    }

    fn take(&mut self, key: &str, value: &Value, dialect: Option<&Dialect>) {
        let name = dialect
            .and_then(|dialect| dialect.field_name(key))
            .unwrap_or(key);
        let word = value.as_str().map(str::trim);
        match name {
            "context_load" => {
                self.load = match word
                    .unwrap_or_default()
                    .to_ascii_lowercase()
                    .replace('_', "-")
                    .as_str()
                {
                    "always" => Load::Always,
                    "on-demand" | "on demand" => Load::OnDemand,
                    "never" => Load::Never,
                    _ => self.load,
                };
            }
            "triggers" => {
                let listed = match &value.kind {
                    ValueKind::Sequence(all) => all.iter().filter_map(Value::as_str).collect(),
                    _ => word
                        .into_iter()
                        .flat_map(|word| word.split(','))
                        .collect::<Vec<&str>>(),
                };
                let triggers = listed.into_iter().map(|word| word.trim().to_lowercase());
                self.triggers
                    .extend(triggers.filter(|word| !word.is_empty()));
            }
            "priority" => self.priority = word.map(crate::next::urgency),
            "token_budget" => {
                let digits = word.unwrap_or_default().trim_start_matches('~');
                let kilo = digits.ends_with(['k', 'K']);
                let number: String = digits.chars().filter(char::is_ascii_digit).collect();
                let number: Option<u32> = number.parse().ok();
                self.tokens =
                    number.and_then(|number| number.checked_mul(if kilo { 1000 } else { 1 }));
            }
            "expires" => self.expires = word.and_then(|word| word.get(..10)).map(str::to_owned),
            _ => {}
        }
    }

    /// True after the day up to which it speaks for the present.
    pub(super) fn is_over(&self, today: &str) -> bool {
        self.expires
            .as_deref()
            .is_some_and(|expires| is_date(expires) && expires < today)
    }

    /// The first trigger that is spoken of. A trigger that looks like a path or a glob is held against
    /// the paths, every other against the words of a text in lower case.
    pub(super) fn triggered(&self, text: &str, paths: &[String]) -> Option<&str> {
        let spoken = |trigger: &str| {
            if trigger.contains(['/', '*']) {
                return paths.iter().any(|path| matches(trigger, path));
            }
            let mut found = text.match_indices(trigger);
            found.any(|(at, _)| {
                let before = text[..at].chars().next_back();
                let after = text[at + trigger.len()..].chars().next();
                // `auth` is spoken of in `auth tokens`, not in `author`; a plural is fine.
                !before.is_some_and(char::is_alphanumeric)
                    && after.is_none_or(|c| !c.is_alphanumeric() || c == 's')
            })
        };
        self.triggers
            .iter()
            .map(String::as_str)
            .find(|trigger| spoken(trigger))
    }
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[0].is_ascii_digit()
}

/// True when a path is what a pattern names, lies below it, or matches it as a glob.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    if pattern.is_empty() {
        return false;
    }
    if !pattern.contains(['*', '?', '[', '{']) {
        let below = path.len() > pattern.len() && path.as_bytes()[pattern.len()] == b'/';
        return path == pattern || (below && path.starts_with(pattern));
    }
    let glob = globset::GlobBuilder::new(pattern)
        .literal_separator(true)
        .build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(path))
}

/// The lines between the first two `---`.
fn front_matter(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('\u{feff}');
    let inner = text.strip_prefix("---")?;
    let inner = inner
        .strip_prefix('\n')
        .or_else(|| inner.strip_prefix("\r\n"))?;
    let end = inner.find("\n---")?;
    Some(&inner[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Policy {
        let (dialects, _) = planwright_dialect::Dialects::load(&[]);
        Policy::read(text, dialects.get("ai-docs"))
    }

    #[test]
    fn a_policy_is_read_where_it_stands() {
        let policy = read(
            "---\ntitle: X\nai:\n  context_load: on-demand\n  triggers: [auth, src/auth/**]\n  priority: high\n  token_budget: 2k\nexpires: 2026-03-01\n---\n# X\n",
        );
        assert_eq!(policy.load, Load::OnDemand);
        assert_eq!(policy.triggers, ["auth", "src/auth/**"]);
        assert_eq!((policy.priority, policy.tokens), (Some(1), Some(2000)));
        assert!(policy.is_over("2026-03-02") && !policy.is_over("2026-03-01"));
        assert_eq!(read("---\nload_policy: always\n---\n").load, Load::Always);
        assert_eq!(
            read("# No front matter\nload_policy: always\n"),
            Policy::default()
        );
    }

    #[test]
    fn a_trigger_is_a_word_or_a_path() {
        let policy = read("---\ntriggers: [auth, 'src/auth/**']\n---\n");
        assert_eq!(policy.triggered("rotate auth tokens", &[]), Some("auth"));
        assert_eq!(policy.triggered("the author", &[]), None);
        let path = ["src/auth/token.rs".to_owned()];
        assert_eq!(policy.triggered("", &path), Some("src/auth/**"));
    }

    #[test]
    fn a_pattern_means_a_file_a_folder_or_a_glob() {
        assert!(matches("src/auth", "src/auth/token.rs"));
        assert!(matches("./src/auth/", "src/auth"));
        assert!(!matches("src/auth", "src/author.rs"));
        assert!(matches("src/**/*.rs", "src/auth/token.rs"));
        assert!(!matches("src/*.rs", "src/auth/token.rs"));
    }
}
