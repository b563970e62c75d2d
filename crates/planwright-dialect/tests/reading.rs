//! What the reader makes of whole documents.
//!
//! Each file below `tests/plans/<case>/` lies at the path under which it is read, because a path is
//! part of what a dialect is recognised by. Its snapshot shows the file with a margin that says
//! what was read from each line. To add a case, add a file, run the test, read the margin against
//! the text, and accept it with `cargo insta review`.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::path::Path;
use std::sync::LazyLock;

use planwright_dialect::{Dialects, Reading};

static DIALECTS: LazyLock<Dialects> = LazyLock::new(|| Dialects::load(&[]).0);

/// Reads a fixture under its path below `tests/plans/<case>/`.
fn read(file: &Path, bytes: Vec<u8>) -> Reading {
    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let below = file.strip_prefix(plans).unwrap();
    let path: Vec<&str> = below
        .components()
        .skip(1)
        .map(|part| part.as_os_str().to_str().unwrap())
        .collect();
    DIALECTS.read(&path.join("/"), bytes)
}

#[test]
fn reads_plans() {
    insta::glob!("plans/**/*.{md,json}", |file| {
        let reading = read(file, std::fs::read(file).unwrap());
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("read", common::margin(&reading));
        });
    });
}

/// Line ends, a byte order mark and a missing last line end are how a file is stored, not what it
/// says.
#[test]
fn storage_does_not_matter() {
    insta::glob!("plans/**/*.md", |file| {
        let text = std::fs::read_to_string(file).unwrap();
        let plain = common::margin(&read(file, text.clone().into_bytes()));
        for (name, stored) in [
            ("CRLF", text.replace('\n', "\r\n")),
            ("byte order mark", format!("\u{feff}{text}")),
            ("no final line end", text.trim_end_matches('\n').to_owned()),
        ] {
            let other = common::margin(&read(file, stored.into_bytes()));
            for (plain, other) in plain.lines().zip(other.lines()) {
                assert_eq!(plain, other, "with {name}: {}", file.display());
            }
        }
    });
}
