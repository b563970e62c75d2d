use std::fmt::Write as _;

use planwright_model::Level;
use planwright_ops::check::{Answer, Finding};

use super::word;

/// JUnit XML: a suite for each file, a failed case for each finding. What is only worth knowing
/// passes, with a word about it.
pub(crate) fn junit(answer: &Answer) -> String {
    let all = &answer.findings;
    let failures = |found: &[&Finding]| {
        let failed = found.iter().filter(|found| found.level > Level::Info);
        failed.count()
    };
    let mut files: Vec<&str> = all.iter().map(|found| found.path.as_str()).collect();
    files.dedup();
    let every: Vec<&Finding> = all.iter().collect();
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    // A report without a case is taken for a broken one.
    let tests = every.len().max(1);
    let failed = failures(&every);
    let _ = writeln!(
        out,
        "<testsuites name=\"planwright\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\">"
    );
    if all.is_empty() {
        out.push_str(
            "  <testsuite name=\"planwright\" tests=\"1\" failures=\"0\" errors=\"0\">\n    \
             <testcase name=\"plan check\" classname=\"planwright\"/>\n  </testsuite>\n",
        );
    }
    for file in files {
        let found: Vec<&Finding> = all.iter().filter(|found| found.path == file).collect();
        let _ = writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\">",
            escape(file),
            found.len(),
            failures(&found)
        );
        for found in found {
            case(found, &mut out);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn case(found: &Finding, out: &mut String) {
    let _ = writeln!(
        out,
        "    <testcase name=\"{}:{}:{}\" classname=\"{}\" file=\"{}\" line=\"{}\">",
        found.name,
        found.line,
        found.column,
        escape(&found.path),
        escape(&found.path),
        found.line,
    );
    let message = escape(&found.message);
    let help = escape(found.help.as_deref().unwrap_or_default());
    if found.level == Level::Info {
        let _ = writeln!(out, "      <system-out>{message}</system-out>");
    } else {
        let level = word(found.level);
        let _ = writeln!(
            out,
            "      <failure type=\"{level}\" message=\"{message}\">{help}</failure>"
        );
    }
    out.push_str("    </testcase>\n");
}

/// Text for XML, without characters that XML has no way to write.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::render::check::example;

    #[test]
    fn a_file_is_a_suite() {
        assert_snapshot!(junit(&example::answer()));
    }

    #[test]
    fn nothing_of_a_file_becomes_markup() {
        assert_eq!(
            escape("<a b=\"c\">&\u{1b}\n"),
            "&lt;a b=&quot;c&quot;&gt;&amp;? "
        );
    }
}
