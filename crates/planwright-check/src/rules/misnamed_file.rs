use planwright_model::Level;

use crate::finding::Findings;
use crate::form::Held;
use crate::rule::{Category, Check, Rule, page};

pub(super) static RULE: Rule = Rule {
    code: "PW119",
    name: "misnamed-file",
    category: Category::Structure,
    level: Some(Level::Info),
    reason: "tools that find documents by their names do not find this one",
    page: page!("misnamed-file"),
    check: Check::Form(check),
    ..Rule::DEFAULT
};

fn check(held: &Held<'_>, findings: &mut Findings) {
    let doc = held.doc;
    if let Some(place) = held.form.path.as_ref().filter(|place| !place.matches(doc.path())) {
        let name = doc.path().rsplit('/').next().unwrap_or_default();
        let message = format!("the path of `{name}` is not of the form `{}`", place.as_str());
        findings
            .at(doc, doc.title_span(), message)
            .help("rename the file, and what links to it");
    }
}
