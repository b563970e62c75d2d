//! How the files of a folder are named.

use std::collections::BTreeMap;

/// Words that say what a file is, not what it is about.
const KINDS: [&str; 18] = [
    "plan",
    "execplan",
    "spec",
    "design",
    "adr",
    "rfc",
    "prd",
    "research",
    "proposal",
    "implementation",
    "tasks",
    "task",
    "guide",
    "story",
    "bug",
    "idea",
    "decision",
    "workflow",
];

/// How the words of a title stand in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// What stands between two words.
    pub(super) joiner: char,
    pub(super) case: Case,
}

/// Case of the words of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Case {
    Lower,
    AsWritten,
    Upper,
}

impl Style {
    pub(super) const PLAIN: Self = Self {
        joiner: '-',
        case: Case::Lower,
    };
}

/// What a name begins with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lead {
    Nothing,
    /// A day, and what stands behind it.
    Date(String),
    /// The letters in front of a number, and what stands behind it.
    Number(String, String),
}

/// A name in its parts.
struct Parts<'a> {
    lead: Lead,
    digits: &'a str,
    /// The words.
    rest: &'a str,
    /// What stands behind the first dot.
    ending: &'a str,
    /// What stands in front of it.
    stem: &'a str,
}

/// The pattern that most of some names have, as [`planwright_dialect::template::Place`] reads it,
/// and the style of their words. `None` where there are none.
pub(super) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Option<(String, Style)> {
    let mut parts: Vec<Parts<'_>> = names.map(split).collect();
    let mut lead = most(parts.iter().map(|part| part.lead.clone()))?;
    // A word that few have in front of a number is a word: `issue-83-x` is about an issue.
    if let Lead::Number(letters, _) = &lead
        && !is_prefix(letters, &parts)
    {
        for part in &mut parts {
            *part = part.plain();
        }
        lead = Lead::Nothing;
    }
    let same: Vec<&Parts<'_>> = parts.iter().filter(|part| part.lead == lead).collect();
    let ending = most(same.iter().map(|part| part.ending))?;
    let rests: Vec<&str> = same
        .iter()
        .map(|part| part.rest)
        .filter(|rest| !rest.is_empty())
        .collect();
    let style = style(&rests);
    let mut pattern = match &lead {
        Lead::Nothing => String::new(),
        Lead::Date(gap) => format!("{{{{date}}}}{gap}"),
        Lead::Number(letters, gap) => {
            let width = width(same.iter().map(|part| part.digits));
            format!("{letters}{{{{{}}}}}{gap}", "n".repeat(width))
        }
    };
    let is_numbered = matches!(lead, Lead::Number(..));
    if is_numbered && rests.len() * 2 < same.len() {
        // `TASK-004.md`: the number is the whole name.
        if let Lead::Number(_, gap) = &lead {
            pattern.truncate(pattern.len() - gap.len());
        }
    } else {
        let word = |at: fn(&str, char) -> Option<&str>| {
            let words = rests.iter().filter_map(|rest| at(rest, style.joiner));
            let word = most(words.filter(|word| is_kind(word)))?;
            let has = rests
                .iter()
                .filter(|rest| at(rest, style.joiner) == Some(word));
            (rests.len() > 2 && has.count() * 3 >= rests.len() * 2).then_some(word)
        };
        if let Some(first) = word(|rest, joiner| Some(rest.split_once(joiner)?.0)) {
            pattern.push_str(first);
            pattern.push(style.joiner);
        }
        pattern.push_str("{{slug}}");
        if let Some(last) = word(|rest, joiner| Some(rest.rsplit_once(joiner)?.1)) {
            pattern.push(style.joiner);
            pattern.push_str(last);
        }
    }
    Some((pattern + ending, style))
}

impl Parts<'_> {
    /// The same name, its number taken for a word.
    fn plain(&self) -> Self {
        Self {
            lead: Lead::Nothing,
            digits: "",
            rest: self.stem,
            ending: self.ending,
            stem: self.stem,
        }
    }
}

/// True for what stands in front of the numbers of a series: capitals, a word that says what the
/// documents are, and any other word that nearly all of them have.
fn is_prefix(letters: &str, parts: &[Parts<'_>]) -> bool {
    let word = letters.trim_end_matches(['-', '_']);
    let has = |part: &&Parts<'_>| matches!(&part.lead, Lead::Number(other, _) if other == letters);
    let is_shared = || parts.len() > 2 && parts.iter().filter(has).count() * 5 > parts.len() * 4;
    word.bytes().all(|b| b.is_ascii_uppercase()) || is_kind(word) || is_shared()
}

fn is_kind(word: &str) -> bool {
    KINDS.contains(&word.to_lowercase().as_str())
}

/// What occurs most often; of several, the last in order.
pub(super) fn most<T: Ord>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, u32> = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(one, _)| one)
}

fn split(name: &str) -> Parts<'_> {
    let (stem, ending) = name.find('.').map_or((name, ""), |at| name.split_at(at));
    let nothing = Parts {
        lead: Lead::Nothing,
        digits: "",
        rest: stem,
        ending,
        stem,
    };
    if let Some(rest) = date(stem) {
        let words = rest.trim_start_matches(['-', '_', ' ']);
        let gap = &rest[..rest.len() - words.len()];
        if gap.is_empty() || words.is_empty() || is_clock(words) {
            return nothing;
        }
        return Parts {
            lead: Lead::Date(gap.to_owned()),
            rest: words,
            ..nothing
        };
    }
    let letters = stem.len()
        - stem
            .trim_start_matches(|c: char| c.is_ascii_alphabetic())
            .len();
    let dash = usize::from(letters > 0 && stem[letters..].starts_with(['-', '_']));
    let start = letters + dash;
    let digits = stem[start..].bytes().take_while(u8::is_ascii_digit).count();
    let end = start + digits;
    let words = stem[end..].trim_start_matches(['-', '_', ' ']);
    let gap = &stem[end..stem.len() - words.len()];
    // `3-11-1-x` is the place in another list, `issue-83` the number of something else.
    let is_list = words.starts_with(|c: char| c.is_ascii_digit())
        && gap.len() == 1
        && words
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(['-', '_'])
        && digits < 3;
    let is_year = letters == 0 && digits == 4 && stem.starts_with(['1', '2']);
    if !(1..=6).contains(&digits)
        || letters > 8
        || is_list
        || is_year
        || gap.is_empty() && !words.is_empty()
    {
        return nothing;
    }
    Parts {
        lead: Lead::Number(stem[..start].to_owned(), gap.to_owned()),
        digits: &stem[start..end],
        rest: words,
        ending,
        stem,
    }
}

/// What stands behind the day that a name begins with.
fn date(stem: &str) -> Option<&str> {
    let day = stem.as_bytes().get(..10)?;
    let is_day = day.iter().enumerate().all(|(at, b)| match at {
        4 | 7 => *b == b'-',
        _ => b.is_ascii_digit(),
    });
    is_day.then(|| &stem[10..])
}

/// `19-11-57_x`: a time of day, which no name is given by hand.
fn is_clock(words: &str) -> bool {
    let clock = words.as_bytes().get(..5);
    clock.is_some_and(|clock| {
        clock.iter().enumerate().all(|(at, b)| {
            if at == 2 {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
    })
}

/// How many digits numbers are written with.
fn width<'a>(digits: impl Iterator<Item = &'a str>) -> usize {
    let digits: Vec<&str> = digits.collect();
    let padded = digits.iter().filter(|digits| digits.starts_with('0'));
    let padded = padded.map(|digits| digits.len()).max();
    let shortest = digits.iter().map(|digits| digits.len()).min();
    padded.or(shortest).unwrap_or(1)
}

fn style(rests: &[&str]) -> Style {
    let count = |of: &dyn Fn(&str) -> bool| rests.iter().filter(|rest| of(rest)).count();
    let has = |c: char| count(&|rest| rest.contains(c));
    let joiner = if has('_') > has('-') { '_' } else { '-' };
    let is_upper = |rest: &str| {
        rest.contains(|c: char| c.is_uppercase()) && !rest.contains(|c: char| c.is_lowercase())
    };
    let upper = count(&is_upper);
    let mixed = count(&|rest| rest.contains(|c: char| c.is_uppercase())) - upper;
    let case = if upper * 2 > rests.len() {
        Case::Upper
    } else if mixed * 2 > rests.len() {
        Case::AsWritten
    } else {
        Case::Lower
    };
    Style { joiner, case }
}

/// The words of a title as a part of a file name: letters and digits of any script, no longer than
/// some 60 characters. Empty where the title has none.
pub(super) fn slug(title: &str, style: Style) -> String {
    const LONGEST: usize = 60;
    let mut out = String::new();
    let mut len = 0;
    for word in words(title) {
        let word = match style.case {
            Case::Lower => word.to_lowercase(),
            Case::AsWritten => word,
            Case::Upper => word.to_uppercase(),
        };
        let letters = word.chars().count();
        if len + letters >= LONGEST && !out.is_empty() {
            break;
        }
        if !out.is_empty() {
            out.push(style.joiner);
        }
        // Names are limited in bytes, and letters of other scripts take up to four.
        out.extend(word.chars().take(LONGEST));
        len += letters + 1;
    }
    out
}

/// Runs of letters and digits, without the apostrophes and the combining accents inside.
fn words(title: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for c in title.chars() {
        let is_mark =
            matches!(u32::from(c), 0x0300..=0x036F | 0x200D | 0xFE0F) || matches!(c, '\'' | '’');
        if c.is_alphanumeric() {
            if let Some(last) = all.last_mut() {
                last.push(c);
            }
        } else if !is_mark {
            all.push(String::new());
        }
    }
    all.retain(|word| !word.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_their_pattern() {
        for (names, expected) in [
            (
                &["search.plan.md", "rank-by-stock.plan.md"][..],
                "{{slug}}.plan.md",
            ),
            (
                &["012-search.md", "002-x.md", "readme.md"],
                "{{nnn}}-{{slug}}.md",
            ),
            (&["1-search.md", "12-ranking.md"], "{{n}}-{{slug}}.md"),
            (
                &["FP-0101-a.md", "FP-0100-b-c.md", "ROADMAP.md"],
                "FP-{{nnnn}}-{{slug}}.md",
            ),
            (&["TASK-004.md", "TASK-011.md"], "TASK-{{nnn}}.md"),
            (
                &[
                    "2026-01-02-a-plan.md",
                    "2026-02-03-b-plan.md",
                    "2026-02-04-c-d-plan.md",
                ],
                "{{date}}-{{slug}}-plan.md",
            ),
            (
                &["execplan_a_b.md", "execplan_c.md", "execplan_d_e_f.md"],
                "execplan_{{slug}}.md",
            ),
            (
                &["auth-login.md", "auth-logout.md", "auth-tokens.md"],
                "{{slug}}.md",
            ),
            // The first numbers of a list that stands elsewhere are nobody's to give.
            (&["3-11-1-config.md", "4-1-2-parse.md"], "{{slug}}.md"),
            (&["issue-83-a.md", "issue-84-b.md"], "{{slug}}.md"),
            (
                &["t-3 - Do-it.md", "t-12 - Be-it.md", "t-4 - See-it.md"],
                "t-{{n}} - {{slug}}.md",
            ),
            (&["PLAN.md", "NOTES.md"], "{{slug}}.md"),
            (&["2026-02-17_19-11-57_provider.md"], "{{slug}}.md"),
            (&["001-search"], "{{nnn}}-{{slug}}"),
        ] {
            let found = of(names.iter().copied()).unwrap().0;
            assert_eq!(found, expected, "{names:?}");
        }
        assert_eq!(of(std::iter::empty()), None);
    }

    #[test]
    fn titles_become_names() {
        let style = |joiner, case| Style { joiner, case };
        for (title, style, expected) in [
            (
                "Find it faster: \"search\"",
                Style::PLAIN,
                "find-it-faster-search",
            ),
            ("../../etc/passwd", Style::PLAIN, "etc-passwd"),
            (
                "Don’t cache  Übergrößen!",
                Style::PLAIN,
                "dont-cache-übergrößen",
            ),
            ("Cafe\u{301} menu", Style::PLAIN, "cafe-menu"),
            ("Поиск по складу", Style::PLAIN, "поиск-по-складу"),
            ("検索を速く", Style::PLAIN, "検索を速く"),
            ("🎉 ?", Style::PLAIN, ""),
            ("Rank by stock", style('_', Case::Upper), "RANK_BY_STOCK"),
            (
                "Rank by Stock",
                style('-', Case::AsWritten),
                "Rank-by-Stock",
            ),
        ] {
            assert_eq!(slug(title, style), expected);
        }
        let long = slug(&"word ".repeat(40), Style::PLAIN);
        assert!(long.len() < 62 && long.ends_with("word"), "{long}");
        assert_eq!(slug(&"x".repeat(300), Style::PLAIN).len(), 60);
    }

    #[test]
    fn the_style_is_that_of_most() {
        let found = |names: &[&str]| of(names.iter().copied()).unwrap().1;
        assert_eq!(
            found(&["RANK_BY.md", "X_Y.md"]),
            Style {
                joiner: '_',
                case: Case::Upper
            }
        );
        assert_eq!(found(&["a-b.md", "C-d.md", "e.md"]), Style::PLAIN);
    }
}
