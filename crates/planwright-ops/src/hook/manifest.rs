//! The dependencies that a manifest names.

use std::collections::BTreeSet;

/// True for the name of a manifest that is understood.
pub(super) fn is_one(name: &str) -> bool {
    matches!(name, "Cargo.toml" | "package.json" | "go.mod")
}

/// The dependencies that the manifest of this name has now and had not before.
pub(super) fn added(name: &str, before: &[u8], after: &[u8]) -> Vec<String> {
    let read = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        match name {
            "package.json" => of_node(&text),
            "go.mod" => of_go(&text),
            _ => of_cargo(&text),
        }
    };
    let known = read(before);
    read(after).difference(&known).cloned().collect()
}

/// Keys of tables that hold dependencies, by their lines: what a manifest looks like half written.
fn of_cargo(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut is_inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            is_inside = header.ends_with("dependencies");
            // `[dependencies.serde]`
            if let Some((_, name)) = header.split_once("dependencies.") {
                found.insert(name.to_owned());
            }
        } else if let Some((key, _)) = line.split_once('=').filter(|_| is_inside) {
            let key = key.trim().split('.').next().unwrap_or_default();
            if !key.is_empty() && !key.starts_with('#') {
                found.insert(key.trim_matches('"').to_owned());
            }
        }
    }
    found
}

fn of_node(text: &str) -> BTreeSet<String> {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else {
        return BTreeSet::new();
    };
    let tables = ["dependencies", "devDependencies", "optionalDependencies"];
    let tables = tables.iter().filter_map(|key| value.get(key)?.as_object());
    tables.flat_map(|table| table.keys().cloned()).collect()
}

/// Modules that are required directly.
fn of_go(text: &str) -> BTreeSet<String> {
    let mut is_inside = false;
    let mut found = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        match line {
            "require (" => is_inside = true,
            ")" => is_inside = false,
            _ if line.ends_with("// indirect") => {}
            _ => {
                let words = line.strip_prefix("require ").or(is_inside.then_some(line));
                let module = words.and_then(|words| words.split_whitespace().next());
                found.extend(module.map(str::to_owned));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, before: &str, after: &str, expected: &[&str]) {
        assert_eq!(added(name, before.as_bytes(), after.as_bytes()), expected);
    }

    #[test]
    fn a_new_dependency_is_seen_and_a_new_version_is_none() {
        check(
            "Cargo.toml",
            "[package]\nversion = \"1\"\n[dependencies]\nserde = \"1.0\"\n",
            "[package]\nversion = \"2\"\nedition = \"2024\"\n[dependencies]\nserde = \"1.1\"\n\
             jiff.workspace = true\n[dev-dependencies.insta]\nversion = \"1\"\n",
            &["insta", "jiff"],
        );
        check(
            "package.json",
            "{\"dependencies\": {\"react\": \"18\"}}",
            "{\"version\": \"2\", \"dependencies\": {\"react\": \"19\"}, \"devDependencies\": {\"vite\": \"7\"}}",
            &["vite"],
        );
        check(
            "go.mod",
            "module a\nrequire b v1\n",
            "module a\ngo 1.24\nrequire (\n\tb v2\n\tc/d v1\n\te v1 // indirect\n)\n",
            &["c/d"],
        );
    }

    #[test]
    fn what_is_no_manifest_names_nothing() {
        check("package.json", "{", "[1, ", &[]);
        check("go.mod", "", "require (", &[]);
        check("Cargo.toml", "", "[dependencies\n= 1\n", &[]);
    }
}
