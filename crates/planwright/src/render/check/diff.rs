use planwright_ops::check::Answer;
use similar::TextDiff;

use super::super::style::Style;

/// What fixes would change, as a unified diff that `git apply` takes where it goes into a file.
pub(crate) fn diff(answer: &Answer, style: &Style) -> String {
    let mut out = String::new();
    for fixed in &answer.fixed {
        let [before, after] =
            [&fixed.before, &fixed.after].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let diff = TextDiff::from_lines(&before, &after);
        let text = diff
            .unified_diff()
            .context_radius(3)
            .header(&format!("a/{}", fixed.path), &format!("b/{}", fixed.path))
            .to_string();
        out.push_str(&super::super::diff::diff(&text, style));
    }
    out
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::render::check::example;

    #[test]
    fn a_fix_is_a_diff() {
        assert_snapshot!(diff(&example::answer(), &Style::default()));
    }
}
