//! Secrets in what a command says, made unreadable.
//!
//! In three ways, as pipelines and secret scanners do it: the values of variables whose names say
//! that they are secret; what begins as the tokens of well-known services do; what stands behind a
//! name that says so.

const MASK: &str = "***";

/// Values shorter than this are words as well.
const SHORTEST: usize = 8;

/// How tokens of well-known services begin, and how long they are at least.
const TOKENS: [(&str, usize); 30] = [
    ("AIza", 35),
    ("AKIA", 20),
    ("ASIA", 20),
    ("SG.", 40),
    ("dop_v1_", 40),
    ("eyJ", 30),
    ("figd_", 30),
    ("gho_", 30),
    ("ghp_", 30),
    ("ghr_", 30),
    ("ghs_", 30),
    ("ghu_", 30),
    ("github_pat_", 40),
    ("gldt-", 20),
    ("glpat-", 20),
    ("hf_", 30),
    ("lin_api_", 30),
    ("npm_", 36),
    ("ntn_", 40),
    ("pypi-", 50),
    ("rk_live_", 20),
    ("shpat_", 30),
    ("sk-", 24),
    ("sk_live_", 20),
    ("sk_test_", 20),
    ("xapp-", 20),
    ("xoxa-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("ya29.", 30),
];

/// Words in the names of what is secret.
const NAMES: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "private_key",
    "credential",
    "authorization",
];

/// The secret values among the variables of the environment, the longest first.
pub(super) fn secrets(vars: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let mut found: Vec<String> = vars
        .filter(|(name, _)| {
            let name = name.to_lowercase();
            is_secret(&name) || name.ends_with("_key") || name.ends_with("_pat")
        })
        // Of a value of several lines, each is told by itself.
        .flat_map(|(_, value)| value.lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|value| value.len() >= SHORTEST && !value.starts_with('/'))
        .collect();
    found.sort_by_key(|value| std::cmp::Reverse(value.len()));
    found.dedup();
    found
}

fn is_secret(name: &str) -> bool {
    NAMES.iter().any(|word| name.contains(word))
}

/// The text without secrets.
pub(super) fn mask(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        text = text.replace(secret.as_str(), MASK);
    }
    let mut in_key = false;
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            let begins = line.contains("-----BEGIN") && line.contains("PRIVATE KEY");
            let ends = line.contains("-----END");
            let hides = in_key && !ends;
            in_key = (in_key || begins) && !ends;
            if hides { MASK.to_owned() } else { masked(line) }
        })
        .collect();
    lines.join("\n")
}

const fn is_sign(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'+' | b'~' | b'%')
}

/// One line, word by word.
fn masked(line: &str) -> String {
    let bytes = line.as_bytes();
    let mut out = String::with_capacity(line.len());
    let mut name = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let len = bytes[at..]
            .iter()
            .take_while(|byte| is_sign(**byte))
            .count();
        if len == 0 {
            let width = line[at..].chars().next().map_or(1, char::len_utf8);
            out.push_str(&line[at..at + width]);
            at += width;
            continue;
        }
        let word = &line[at..at + len];
        let before = &line[..at];
        let follows = line.as_bytes().get(at + len);
        let user = before.rsplit_once("://").map_or("/", |(_, user)| user);
        let is_password = follows == Some(&b'@') && user.ends_with(':') && !user.contains('/');
        let padding = bytes[at + len..]
            .iter()
            .take_while(|byte| **byte == b'=')
            .count();
        if is_password || is_token(word) || is_named(before, &name, word) {
            out.push_str(MASK);
            at += len + padding;
        } else {
            out.push_str(word);
            at += len;
        }
        word.clone_into(&mut name);
    }
    out
}

fn is_token(word: &str) -> bool {
    let mut tokens = TOKENS.iter();
    tokens.any(|(start, least)| word.starts_with(start) && word.len() >= *least)
        && (!word.starts_with("eyJ") || word.contains('.'))
}

/// True for what stands behind a name that says that it is secret.
fn is_named(before: &str, name: &str, word: &str) -> bool {
    let name = name.to_lowercase();
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let joint = before.trim_end_matches(['"', '\'', ' ']);
    if matches!(name.as_str(), "bearer" | "basic") && before.ends_with(' ') {
        return word.len() >= SHORTEST && has_digit;
    }
    if !is_secret(&name) {
        return false;
    }
    match joint.bytes().last() {
        Some(b'=') => word.len() >= 4,
        // `unexpected token: name` is no secret.
        Some(b':') => word.len() >= SHORTEST && has_digit,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_told() {
        let check = |text: &str, expected: &str| assert_eq!(mask(text, &[]), expected);
        let token = format!("ghp_{}", "a1".repeat(18));
        check(&format!("push with {token}!"), "push with ***!");
        check(
            "url https://ann:hunter2@host/x",
            "url https://ann:***@host/x",
        );
        check("password=hunter2 ok", "password=*** ok");
        check("{\"api_key\": \"abc123def456\"}", "{\"api_key\": \"***\"}");
        check(
            "Authorization: Bearer abc123def456==",
            "Authorization: Bearer ***",
        );
        check(
            "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\nok",
            "-----BEGIN RSA PRIVATE KEY-----\n***\n-----END RSA PRIVATE KEY-----\nok",
        );
    }

    #[test]
    fn words_are_told() {
        for text in [
            "error: unexpected token: `identifier`",
            "test token::tests::reads_tokens ... ok",
            "3 passed; 0 failed; finished in 0.02s",
            "https://example.org/a:b@c",
            "12:30 naïve café",
        ] {
            assert_eq!(mask(text, &[]), text);
        }
    }

    #[test]
    fn values_of_secret_variables_are_not_told() {
        let vars = [
            ("MY_TOKEN", "correct horse"),
            ("HOME", "/home/ann"),
            ("A_SECRET", "abc"),
        ];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let secrets = secrets(vars.into_iter());
        assert_eq!(secrets, ["correct horse"]);
        assert_eq!(mask("said correct horse abc", &secrets), "said *** abc");
    }
}
