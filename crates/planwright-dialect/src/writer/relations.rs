//! Relations that stand in a file of their own: `.archcore/.sync-state.json`.

use planwright_model::RelationType;
use planwright_syntax::splice::{self, Edit};
use planwright_syntax::yaml::{self, Value};
use planwright_syntax::{Parsed, Source};

use super::{Refusal, json};
use crate::{Dialects, StatedRelation};

/// A relation between two documents, by their paths from the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triple {
    /// The document that has it.
    pub source: String,
    /// How it stands to the other.
    pub relation: RelationType,
    /// The other.
    pub target: String,
}

impl Dialects {
    /// The file that holds the relations of a document, where its dialect keeps them in one.
    pub fn relations_file(&self, dialect: &str, path: &str) -> Option<String> {
        let patterns = &self.get(dialect)?.manifest.relations_file;
        let names = patterns
            .iter()
            .filter_map(|pattern| pattern.rsplit('/').next());
        let names: Vec<&str> = names.collect();
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            let mut found = names.iter().map(|name| format!("{above}/{name}"));
            if let Some(found) = found.find(|found| self.is_relations_file(found)) {
                return Some(found);
            }
            folder = above;
        }
        None
    }

    /// The bytes of such a file with one relation more, or less. The same bytes where it says so.
    ///
    /// # Errors
    /// When it is no such file, the documents lie elsewhere, or the result would say anything else.
    pub fn change_relations(
        &self,
        path: &str,
        bytes: &[u8],
        triple: &Triple,
        is_added: bool,
    ) -> Result<Vec<u8>, Refusal> {
        let refusal = |why: &str| Refusal::NoPlace {
            line: 1,
            why: why.to_owned(),
        };
        let parsed = Parsed::new(bytes.to_vec());
        if let Some((line, why)) = crate::json::flaw(&parsed.source) {
            return Err(Refusal::NoPlace { line, why });
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let inside = |path: &str| {
            let rest = path.strip_prefix(folder)?;
            rest.strip_prefix('/')
                .or((folder.is_empty()).then_some(rest))
                .map(str::to_owned)
        };
        let (Some(source), Some(target)) = (inside(&triple.source), inside(&triple.target)) else {
            return Err(refusal(&format!(
                "only documents below {folder}/ stand in it"
            )));
        };
        let (before, _) = self.read_relations(path, bytes);
        let is_it = |found: &StatedRelation| {
            found.path == triple.source
                && found.relation.kind == triple.relation
                && found.relation.target == format!("/{}", triple.target)
        };
        if before.iter().any(is_it) == is_added {
            return Ok(bytes.to_vec());
        }
        let root = yaml::parse(parsed.source.text(), 0).ok().flatten();
        let edit = root.as_ref().and_then(|root| {
            let array = root.get("relations")?;
            if is_added {
                add(
                    &parsed.source,
                    array,
                    [&source, &target, triple.relation.as_str()],
                )
            } else {
                let at = json::elements(array).iter().position(|entry| {
                    let text = |key: &str| entry.get(key).and_then(Value::as_str);
                    text("source") == Some(&source)
                        && text("target") == Some(&target)
                        && text("type") == Some(triple.relation.as_str())
                })?;
                json::remove(&parsed.source, array, at)
            }
        });
        let edit = edit.ok_or_else(|| refusal("it has no list of relations"))?;
        let new = splice::apply(bytes, &[edit]).map_err(|error| refusal(&error.to_string()))?;
        let (after, _) = self.read_relations(path, &new);
        let told = |all: &[StatedRelation]| {
            let mut told: Vec<_> = all
                .iter()
                .filter(|found| !is_it(found))
                .map(|found| {
                    let relation = &found.relation;
                    (found.path.clone(), relation.kind, relation.target.clone())
                })
                .collect();
            told.sort();
            told
        };
        let is_sound = crate::json::flaw(&Parsed::new(new.clone()).source).is_none();
        let is_said = after.iter().any(is_it) == is_added && told(&before) == told(&after);
        if is_sound && is_said {
            Ok(new)
        } else {
            Err(refusal("another relation would change, too"))
        }
    }
}

/// One more entry, in the form of the last.
fn add(source: &Source, array: &Value, [from, to, kind]: [&str; 3]) -> Option<Edit> {
    let newline = source.line_ending().as_str();
    if let Some(last) = json::elements(array).last() {
        let span = json::span(source, last);
        let text = source.slice(span);
        let edits = [("source", from), ("target", to), ("type", kind)].map(|(key, value)| {
            let found = last.get(key)?;
            let mut edit = json::set(source, found, value)?;
            edit.span.start -= span.start;
            edit.span.end -= span.start;
            Some(edit)
        });
        let edits: Option<Vec<Edit>> = edits.into_iter().collect();
        if let Some(edits) = edits.filter(|_| last.entries().len() == 3)
            && let Ok(text) = splice::apply(text.as_bytes(), &edits)
        {
            return json::push(source, array, &String::from_utf8(text).ok()?);
        }
    }
    let line = source.line_text(source.line(array.span.start));
    let indent = &line[..line.len() - line.trim_start().len()];
    let pairs = [("source", from), ("target", to), ("type", kind)];
    let pairs = pairs.map(|(key, value)| format!("{indent}    \"{key}\": {}", json::string(value)));
    let pairs = pairs.join(&format!(",{newline}"));
    json::push(
        source,
        array,
        &format!("{{{newline}{pairs}{newline}{indent}  }}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = ".archcore/.sync-state.json";

    fn triple(source: &str, relation: RelationType, target: &str) -> Triple {
        Triple {
            source: source.to_owned(),
            relation,
            target: target.to_owned(),
        }
    }

    fn changed(text: &str, triple: &Triple, is_added: bool) -> Result<String, Refusal> {
        let dialects = Dialects::load(&[]).0;
        let new = dialects.change_relations(FILE, text.as_bytes(), triple, is_added)?;
        Ok(String::from_utf8(new).unwrap())
    }

    #[test]
    fn an_entry_comes_and_goes() {
        let asked = triple(
            ".archcore/a.plan.md",
            RelationType::Implements,
            ".archcore/x/b.prd.md",
        );
        for (before, after) in [
            (
                "{\n  \"version\": 1,\n  \"relations\": []\n}\n",
                "{\n  \"version\": 1,\n  \"relations\": [\n    {\n      \"source\": \"a.plan.md\",\n      \"target\": \"x/b.prd.md\",\n      \"type\": \"implements\"\n    }\n  ]\n}\n",
            ),
            (
                "{\"relations\": [{\"source\": \"c.md\", \"target\": \"d.md\", \"type\": \"related\"}]}",
                "{\"relations\": [{\"source\": \"c.md\", \"target\": \"d.md\", \"type\": \"related\"},{\"source\": \"a.plan.md\", \"target\": \"x/b.prd.md\", \"type\": \"implements\"}]}",
            ),
            (
                "{\n\t\"relations\": [\n\t\t{ \"type\": \"related\", \"source\": \"c.md\", \"target\": \"d.md\" }\n\t]\n}\n",
                "{\n\t\"relations\": [\n\t\t{ \"type\": \"related\", \"source\": \"c.md\", \"target\": \"d.md\" },\n\t\t{ \"type\": \"implements\", \"source\": \"a.plan.md\", \"target\": \"x/b.prd.md\" }\n\t]\n}\n",
            ),
        ] {
            assert_eq!(changed(before, &asked, true).unwrap(), after);
            assert_eq!(changed(after, &asked, true).unwrap(), after);
            assert_eq!(changed(after, &asked, false).unwrap(), before);
        }
    }

    #[test]
    fn what_has_no_place_is_refused() {
        let inside = triple(
            ".archcore/a.plan.md",
            RelationType::Implements,
            ".archcore/b.prd.md",
        );
        let outside = triple(".archcore/a.plan.md", RelationType::Implements, "docs/b.md");
        for (text, asked) in [
            ("{\"version\": 1}", &inside),
            ("{\"relations\": [", &inside),
            ("[]", &inside),
            ("", &inside),
            ("{\"relations\": []}", &outside),
        ] {
            assert!(changed(text, asked, true).is_err(), "{text}");
        }
    }

    #[test]
    fn a_document_has_the_file_above_it() {
        let dialects = Dialects::load(&[]).0;
        let file = |dialect: &str, path: &str| dialects.relations_file(dialect, path);
        assert_eq!(
            file("archcore", "app/.archcore/x/a.plan.md").as_deref(),
            Some("app/.archcore/.sync-state.json")
        );
        assert_eq!(file("archcore", "docs/a.plan.md"), None);
        assert_eq!(file("execplan", ".archcore/a.md"), None);
    }
}
