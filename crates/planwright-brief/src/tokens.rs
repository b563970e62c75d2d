//! What a text costs a reader that counts in tokens.

/// Counts the tokens of a text.
pub type Count = fn(&str) -> u32;

/// An estimate that needs no table of an encoding: a token for 3.6 bytes of letters and blanks, for 1.3
/// of digits, for 2 of signs, for 2.5 of capitals and of what is not ASCII. Over a plan that is a token for 3.3 bytes.
///
/// Unlike one figure for all, it is high for prose, for code and for tables; it is low only for what no
/// plan is made of, such as keys in base 64.
pub fn estimate(text: &str) -> u32 {
    // In 360ths of a token, so that nothing is rounded before the end.
    let mut sum = 0_u64;
    let mut before = 0;
    for byte in text.bytes() {
        sum += match byte {
            b'a'..=b'z' | b' ' => 100,
            b'A'..=b'Z' | 0x80.. => 144,
            b'0'..=b'9' => 280,
            // The signs of a date or a version are tokens of their own.
            _ if u8::is_ascii_digit(&before) => 360,
            _ => 180,
        };
        before = byte;
    }
    u32::try_from(sum.div_ceil(360)).unwrap_or(u32::MAX)
}

/// The longest beginning of a text that costs at most `most` and ends where a word ends.
pub fn cut(text: &str, most: u32, count: Count) -> &str {
    if count(text) <= most {
        return text;
    }
    let (mut fits, mut exceeds) = (0, text.len());
    while fits + 1 < exceeds {
        let middle = text.floor_char_boundary(usize::midpoint(fits, exceeds));
        if middle <= fits {
            break;
        }
        if count(&text[..middle]) <= most {
            fits = middle;
        } else {
            exceeds = middle;
        }
    }
    let cut = &text[..fits];
    let is_inside = text[fits..].starts_with(|c: char| !c.is_whitespace());
    match cut.rfind(char::is_whitespace).filter(|_| is_inside) {
        // A word that is most of what there is room for is cut itself.
        Some(end) if end * 2 > fits => cut[..end].trim_end(),
        _ => cut.trim_end(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_estimate_is_no_lower_than_the_count() {
        let encoding = tiktoken::get_encoding("o200k_base").unwrap();
        for text in [
            "Rotate the refresh token whenever it is used, and end the session when one comes twice.",
            "- [x] T012 [P] [US1] Create the model in src/models/user.py (depends on T010, T011)",
            "| Risk | Probability | Mitigation |\n|---|---|---|\n| It breaks | Low | Fix it |\n",
            "- (2026-01-02 10:15Z) 4711 rows, 1,000,000 at most, port 8080, v1.2.3",
            "Токены обновляются при каждом использовании, а сессия завершается.",
            "登录令牌每次使用后都会更新，旧令牌不再有效。",
            "```sh\ncargo test -p auth --features rotate -- --nocapture\n```",
        ] {
            let exact = encoding.count(text) as u32;
            assert!(
                estimate(text) >= exact,
                "{} < {exact}: {text}",
                estimate(text)
            );
        }
    }

    #[test]
    fn a_text_is_cut_where_a_word_ends() {
        let count: Count = |text| text.len() as u32;
        assert_eq!(cut("one two three", 9, count), "one two");
        assert_eq!(cut("one two three", 13, count), "one two three");
        assert_eq!(cut("unbreakable", 4, count), "unbr");
        assert_eq!(cut("äöü", 3, count), "ä");
        assert_eq!(cut("x", 0, count), "");
    }

    proptest! {
        #[test]
        fn what_is_cut_costs_no_more_than_asked(text in "(\\PC|\n){0,80}", most in 0_u32..40) {
            prop_assert!(estimate(cut(&text, most, estimate)) <= most);
        }

        #[test]
        fn parts_cost_no_less_than_the_whole(a in "\\PC{0,40}", b in "\\PC{0,40}") {
            let whole = estimate(&format!("{a}\n{b}"));
            prop_assert!(estimate(&a) + estimate(&b) + 1 >= whole);
        }
    }
}
