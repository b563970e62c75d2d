//! What is wrong with a file itself, whatever it says.

/// What a diagnostic of the reader means for the file as a whole, after "it". `None` for those
/// that leave bytes and front matter alone.
pub(crate) fn told(code: &str) -> Option<&'static str> {
    Some(match code {
        "front-matter-invalid" => "front matter is no valid YAML",
        "front-matter-unclosed" => "front matter is never closed",
        "duplicate-key" => "a key stands twice in its front matter",
        "unclosed-fence" => "a code fence is never closed",
        "not-utf8" => "is not valid UTF-8",
        "utf16" => "is encoded as UTF-16",
        "board-invalid" => "is no valid JSON",
        _ => return None,
    })
}

/// The codes among these that tell of damage, in their order.
pub(crate) fn codes<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for code in codes.filter(|code| told(code).is_some()) {
        if !found.iter().any(|known| known == code) {
            found.push(code.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_told_from_what_the_author_says() {
        let all = [
            "state-unknown",
            "not-utf8",
            "all-items-done",
            "not-utf8",
            "utf16",
        ];
        assert_eq!(codes(all.into_iter()), ["not-utf8", "utf16"]);
    }
}
