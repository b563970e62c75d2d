//! The documentation of the code without a warning, and the guide and other pages without a broken
//! link.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::run::{cargo, line, note, root, run};

pub(crate) fn main() -> Result<ExitCode> {
    run(cargo()
        .args(["doc", "--workspace", "--no-deps", "--quiet"])
        .env("RUSTDOCFLAGS", "-D warnings"))?;
    let root = root();
    let guide = root.join("docs/guide");
    if has_mdbook() {
        run(Command::new("mdbook").arg("build").arg(&guide))?;
    } else {
        note("mdbook is not installed; the guide's links are checked, its pages are not built");
    }
    let pages = pages(&root)?;
    let mut problems = broken_links(&root, &pages);
    problems.extend(unlisted(&guide, &pages));
    for problem in &problems {
        note(problem);
    }
    line(&format!(
        "{} pages, {} problems",
        pages.len(),
        problems.len()
    ));
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn has_mdbook() -> bool {
    let mut command = Command::new("mdbook");
    command
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What matters of a page.
#[derive(Debug, Default)]
struct Page {
    /// Names that a `#` can lead to.
    anchors: BTreeSet<String>,
    /// Line and destination of each link.
    links: Vec<(usize, String)>,
}

/// The project's own Markdown: what lies at its root and below `docs/`, but not the fixtures,
/// which are meant to be broken here and there.
fn pages(root: &Path) -> Result<BTreeMap<PathBuf, Page>> {
    // `.ignore` hides the guide from `plan`, not from this.
    let walk = ignore::WalkBuilder::new(root)
        .ignore(false)
        .filter_entry(|entry| {
            entry.depth() != 1 || entry.file_name() == "docs" || entry.path().is_file()
        })
        .build();
    let mut pages = BTreeMap::new();
    for entry in walk {
        let path = entry?.into_path();
        let fixture = path.components().any(|part| part.as_os_str() == "fixtures");
        if path.extension().is_some_and(|extension| extension == "md") && !fixture {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            pages.insert(path, page(&text));
        }
    }
    Ok(pages)
}

fn page(text: &str) -> Page {
    let mut page = Page::default();
    let mut heading: Option<String> = None;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                page.anchors
                    .extend(heading.take().map(|text| anchor(&text)));
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let line = text[..range.start].matches('\n').count() + 1;
                page.links.push((line, dest_url.into_string()));
            }
            _ => {}
        }
    }
    page
}

/// The name of a heading, as mdBook and GitHub make it.
fn anchor(heading: &str) -> String {
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
            _ => None,
        })
        .collect()
}

fn broken_links(root: &Path, pages: &BTreeMap<PathBuf, Page>) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, page) in pages {
        for (line, link) in &page.links {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                file => plain(&path.parent().unwrap_or(root).join(file)),
            };
            let found = if anchor.is_empty() {
                target.exists()
            } else {
                pages
                    .get(&target)
                    .is_some_and(|page| page.anchors.contains(anchor))
            };
            if !found {
                let shown = path.strip_prefix(root).unwrap_or(path);
                problems.push(format!(
                    "{}:{line}: `{link}` leads nowhere",
                    shown.display()
                ));
            }
        }
    }
    problems
}

/// Pages of the guide that its table of contents does not name: mdBook leaves them out.
fn unlisted(guide: &Path, pages: &BTreeMap<PathBuf, Page>) -> Vec<String> {
    let source = guide.join("src");
    let summary = source.join("SUMMARY.md");
    let Some(contents) = pages.get(&summary) else {
        return vec![format!("{} is missing", summary.display())];
    };
    let named: BTreeSet<PathBuf> = contents
        .links
        .iter()
        .map(|(_, link)| plain(&source.join(link)))
        .collect();
    pages
        .keys()
        .filter(|path| path.starts_with(&source) && **path != summary && !named.contains(*path))
        .map(|path| format!("{} is not in SUMMARY.md", path.display()))
        .collect()
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_anchors_are_found_where_they_stand() {
        let page = page("# A `plan` & more\n\n[x](b.md#y)\n\n| a |\n|---|\n| ![i](c.png) |\n");
        assert_eq!(page.anchors, BTreeSet::from(["a-plan--more".to_owned()]));
        assert_eq!(
            page.links,
            [(3, "b.md#y".to_owned()), (7, "c.png".to_owned())]
        );
    }

    #[test]
    fn a_broken_link_is_named_with_its_line() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("docs")).unwrap();
        fs::write(dir.path().join(".ignore"), "/docs\n").unwrap();
        fs::write(dir.path().join("README.md"), "[a](docs/a.md#there)\n").unwrap();
        fs::write(
            dir.path().join("docs/a.md"),
            "# There\n\n[b](b.md)\n[up](../README.md#no)\n",
        )
        .unwrap();
        let problems = broken_links(dir.path(), &pages(dir.path()).unwrap());
        assert_eq!(
            problems,
            [
                "docs/a.md:3: `b.md` leads nowhere",
                "docs/a.md:4: `../README.md#no` leads nowhere"
            ]
        );
    }
}
