//! Text as terms: words in lower case without their endings.

use std::ops::Range;

use rapidhash::{RapidHashMap, v3::rapidhash_v3};

/// Bytes of a word that count; longer ones are keys and hashes.
const LONGEST: usize = 40;

/// Words that say nothing about what a text is about.
const EMPTY: [&str; 72] = [
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been",
    "before", "but", "by", "can", "do", "does", "each", "for", "from", "had", "has", "have", "how",
    "if", "in", "into", "is", "it", "its", "may", "more", "must", "no", "not", "of", "on", "one",
    "only", "or", "other", "our", "out", "over", "shall", "should", "so", "such", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "to", "up", "use", "was",
    "we", "were", "what", "when", "where", "which", "will", "with",
];

/// The terms of a question, each once, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    numbers: RapidHashMap<u64, u32>,
    /// How much each counts.
    weights: Vec<f64>,
    /// How the terms begin, which most words of a text do not share.
    begins: Begins,
}

impl Terms {
    /// Adds the words of a text, each of them `weight` times.
    pub fn add(&mut self, text: &str, weight: f64) {
        each(text, |word| {
            let mut buffer = [0; LONGEST];
            let term = fold(word, &mut buffer);
            if EMPTY.contains(&word.to_ascii_lowercase().as_str()) || term.is_empty() {
                return;
            }
            let next = self.weights.len() as u32;
            let number = *self.numbers.entry(rapidhash_v3(term)).or_insert(next);
            if number == next {
                self.weights.push(0.0);
                self.begins.add(term);
            }
            self.weights[number as usize] += weight;
        });
    }

    /// How much each term counts.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// True when there is nothing to ask.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Calls `found` with every term in a text; how many words the text has.
    pub fn find(&self, text: &str, mut found: impl FnMut(u32)) -> u32 {
        let mut words = 0;
        if self.is_empty() {
            return words;
        }
        each(text, |word| {
            words += 1;
            if !self.begins.may_hold(word.as_bytes()) {
                return;
            }
            let mut buffer = [0; LONGEST];
            if let Some(number) = self.numbers.get(&rapidhash_v3(fold(word, &mut buffer))) {
                found(*number);
            }
        });
        words
    }
}

/// How terms begin: by five bits of each of their first bytes, in which a letter is the same in upper
/// and lower case.
#[derive(Clone, Debug, Default)]
struct Begins {
    /// By two bytes, and by three.
    short: Vec<bool>,
    long: Vec<bool>,
}

impl Begins {
    fn add(&mut self, term: &[u8]) {
        if self.short.is_empty() {
            self.short = vec![false; 1 << 10];
            self.long = vec![false; 1 << 15];
        }
        let two = begin(term, 2);
        self.short[two] = true;
        match term.get(2) {
            Some(_) => self.long[begin(term, 3)] = true,
            // The word may go on where the term ends.
            None => self.long[two << 5..(two + 1) << 5].fill(true),
        }
    }

    /// False for a word that is none of the terms. Folding leaves the first three bytes of a word of
    /// five alone, and the first two of a shorter one.
    fn may_hold(&self, word: &[u8]) -> bool {
        match word {
            [first, ..] if !first.is_ascii() => true,
            [_, _, _, _, _, ..] if word[1].is_ascii() && word[2].is_ascii() => {
                self.long[begin(word, 3)]
            }
            [_, second, ..] if !second.is_ascii() => true,
            _ => self.short[begin(word, 2)],
        }
    }
}

fn begin(term: &[u8], bytes: usize) -> usize {
    (0..bytes).fold(0, |sum, at| {
        sum << 5 | usize::from(term.get(at).copied().unwrap_or(0) & 31)
    })
}

/// A word as it is compared: in lower case, without an ending of grammar.
fn fold<'a>(word: &str, buffer: &'a mut [u8; LONGEST]) -> &'a [u8] {
    let mut len = 0;
    if word.is_ascii() {
        len = word.len().min(LONGEST);
        buffer[..len].copy_from_slice(&word.as_bytes()[..len]);
        buffer[..len].make_ascii_lowercase();
        len = stem(&buffer[..len]).len();
        // `query` and `queries`.
        if len > 3 && buffer[len - 1] == b'y' {
            buffer[len - 1] = b'i';
        }
        return &buffer[..len];
    }
    for char in word.chars().flat_map(char::to_lowercase) {
        if len + char.len_utf8() > LONGEST {
            break;
        }
        len += char.encode_utf8(&mut buffer[len..]).len();
    }
    &buffer[..len]
}

/// An English word without the ending of a plural or of a verb. Words that only look alike stay
/// apart where that costs nothing; what is no English loses an `s` at most in a few.
fn stem(word: &[u8]) -> &[u8] {
    let has_vowel = |part: &[u8]| {
        part.iter()
            .any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
    };
    let mut word = word;
    if word.len() < 4 || word.iter().any(u8::is_ascii_digit) {
        return word;
    }
    if let Some(rest) = word.strip_suffix(b"ies".as_slice()) {
        word = &word[..=rest.len()];
    } else if word.ends_with(b"sses")
        || word.ends_with(b"xes")
        || word.ends_with(b"ches")
        || word.ends_with(b"shes")
    {
        word = &word[..word.len() - 2];
    } else if word.ends_with(b"s")
        && !word.ends_with(b"ss")
        && !word.ends_with(b"us")
        && !word.ends_with(b"is")
    {
        word = &word[..word.len() - 1];
    }
    for ending in [b"ings".as_slice(), b"ing", b"ed"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= 3
            && has_vowel(rest)
        {
            word = rest;
            // `planning` and `plan`, but `call`, `pass`, `buzz` keep their double letter.
            if let [.., a, b] = word
                && a == b
                && !matches!(a, b'l' | b's' | b'z')
            {
                word = &word[..word.len() - 1];
            }
            break;
        }
    }
    // `rotate`, `rotated` and `rotating` meet without the `e`.
    match word.strip_suffix(b"e") {
        Some(rest) if rest.len() >= 3 => rest,
        _ => word,
    }
}

/// Calls `found` with every word. A word in camel case is one word, and so is each of its parts; of
/// a script that does not set words apart, every two characters are one.
fn each(text: &str, mut found: impl FnMut(&str)) {
    let bytes = text.as_bytes();
    let class = |at: usize| {
        bytes
            .get(at)
            .map_or(Class::Sign, |b| CLASSES[usize::from(*b)])
    };
    let mut at = 0;
    while at < bytes.len() {
        match class(at) {
            Class::Wide if letter_at(text, at).is_some() => at = mixed(text, at, &mut found),
            Class::Sign | Class::Wide => at += 1,
            first => {
                let (start, mut before, mut humps) = (at, first, false);
                let after = loop {
                    at += 1;
                    let next = class(at);
                    if matches!(next, Class::Sign | Class::Wide) {
                        break next;
                    }
                    humps |= next == Class::Upper && before == Class::Lower;
                    before = next;
                };
                if after == Class::Wide && letter_at(text, at).is_some() {
                    at = mixed(text, start, &mut found);
                    continue;
                }
                found(&text[start..at]);
                if humps {
                    parts(&text[start..at], &mut found);
                }
            }
        }
    }
}

/// What a byte is to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Sign,
    Lower,
    Upper,
    Digit,
    /// Part of a character beyond ASCII.
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Wide; 256];
    let mut at = 0;
    while at < 128 {
        classes[at] = match at as u8 {
            b'a'..=b'z' => Class::Lower,
            b'A'..=b'Z' => Class::Upper,
            b'0'..=b'9' => Class::Digit,
            _ => Class::Sign,
        };
        at += 1;
    }
    classes
};

/// The character at an offset, where it is a letter or a digit.
fn letter_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?
        .chars()
        .next()
        .filter(|c| c.is_alphanumeric())
}

/// A word with letters beyond ASCII; where it ends.
fn mixed(text: &str, start: usize, found: &mut impl FnMut(&str)) -> usize {
    let is_dense = |c: char| c >= '\u{2E80}';
    let mut end = start;
    let mut dense: Vec<Range<usize>> = Vec::new();
    for c in text[start..].chars().take_while(|c| c.is_alphanumeric()) {
        if is_dense(c) {
            dense.push(end..end + c.len_utf8());
        } else if !dense.is_empty() {
            break;
        }
        end += c.len_utf8();
    }
    match dense.as_slice() {
        [] => found(&text[start..end]),
        [one] => {
            if one.start > start {
                found(&text[start..one.start]);
            }
            found(&text[one.clone()]);
        }
        [first, ..] => {
            if first.start > start {
                found(&text[start..first.start]);
            }
            for pair in dense.windows(2) {
                found(&text[pair[0].start..pair[1].end]);
            }
        }
    }
    end
}

/// The parts of a word in camel case.
fn parts(word: &str, found: &mut impl FnMut(&str)) {
    let bytes = word.as_bytes();
    let mut start = 0;
    for at in 1..=bytes.len() {
        let is_end = at == bytes.len()
            || (bytes[at].is_ascii_uppercase() && !bytes[at - 1].is_ascii_uppercase());
        if is_end {
            if at - start > 1 {
                found(&word[start..at]);
            }
            start = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        each(text, |word| {
            let mut buffer = [0; LONGEST];
            all.push(String::from_utf8(fold(word, &mut buffer).to_vec()).unwrap());
        });
        all
    }

    #[test]
    fn forms_of_a_word_meet() {
        for forms in [
            "plan plans planned planning",
            "rotate rotates rotated rotating",
            "query queries",
            "pass passes passed passing",
            "install installs installed installing",
            "box boxes",
            "class classes",
        ] {
            let mut folded = words(forms);
            folded.dedup();
            assert_eq!(folded.len(), 1, "{forms}: {folded:?}");
        }
        for word in ["status", "this", "string", "red", "t012s"] {
            assert_eq!(words(word), [word]);
        }
    }

    #[test]
    fn code_is_taken_apart_and_kept() {
        assert_eq!(words("SessionStore"), ["sessionstor", "session", "stor"]);
        assert_eq!(
            words("src/db/user_model.rs"),
            ["src", "db", "user", "model", "rs"]
        );
        assert_eq!(words("HTTPServer"), ["httpserver"]);
    }

    #[test]
    fn every_script_has_words() {
        assert_eq!(words("Größe ÄNDERN"), ["größe", "ändern"]);
        assert_eq!(words("планы"), ["планы"]);
        assert_eq!(words("年度計画"), ["年度", "度計", "計画"]);
        assert_eq!(words("v2計画 x"), ["v2", "計画", "x"]);
        assert_eq!(words("— … “”"), Vec::<String>::new());
    }

    #[test]
    fn terms_are_found_in_all_their_forms() {
        let mut terms = Terms::default();
        terms.add("Rotate the tokens", 1.0);
        terms.add("token", 2.0);
        assert_eq!(terms.weights(), [1.0, 3.0]);
        let mut found = Vec::new();
        let count = terms.find("The token is rotated; Tokens are not.", |term| {
            found.push(term);
        });
        assert_eq!((found, count), (vec![1, 0, 1], 7));
    }

    proptest! {
        #[test]
        fn no_term_is_passed_over(
            question in "([a-zA-ZäßİÉ計9]{1,7} ){0,9}",
            text in "([a-zA-ZäßİÉ計9]{1,7}(s|ies|ed|ing|e|y)?[ .])*",
        ) {
            let mut terms = Terms::default();
            terms.add(&question, 1.0);
            let mut found = 0;
            terms.find(&format!("{text} {question}"), |_| found += 1);
            let asked = words(&question);
            let is_asked = |word: &&String| {
                asked.contains(*word) && !EMPTY.contains(&word.as_str())
            };
            let all = words(&format!("{text} {question}"));
            prop_assert!(found >= all.iter().filter(is_asked).count());
        }
    }
}
