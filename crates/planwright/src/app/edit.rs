//! The verbs that add to documents, change items and relate documents: from flags to requests.

use planwright_ops::OpsError;
use planwright_ops::write::{Answer, add, edit, link};

use super::Face;
use crate::cli::{AddArgs, EditArgs, LinkArgs};

impl Face<'_> {
    pub(super) fn link(&self, args: &LinkArgs, unlink: bool) -> Result<Answer, OpsError> {
        let request = link::Request {
            from: self.reference(&args.from),
            relation: args.relation,
            to: self.references(&args.to),
            unlink,
        };
        self.call(args.dry_run, |call| link::run(self.ws, &request, call))
    }

    pub(super) fn add(&self, args: &AddArgs) -> Result<Answer, OpsError> {
        let details = [
            ("probability", &args.probability),
            ("impact", &args.impact),
            ("mitigation", &args.mitigation),
            ("eta", &args.eta),
        ];
        let details = details
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)));
        let one = |name: &Option<String>| name.as_deref().map(|name| self.reference(name));
        let request = add::Request {
            part: args.what.into(),
            reference: self.reference(&args.reference),
            texts: args.texts.clone(),
            phase: one(&args.phase),
            after: one(&args.after),
            parent: one(&args.parent),
            owner: args.owner.clone(),
            estimate: args.estimate.clone(),
            depends_on: self.references(&args.depends_on),
            details: details.collect(),
        };
        self.call(args.dry_run, |call| add::run(self.ws, &request, call))
    }

    pub(super) fn edit(&self, args: &EditArgs) -> Result<Answer, OpsError> {
        let one = |name: &Option<String>| name.as_deref().map(|name| self.reference(name));
        // Nothing stands for nobody.
        let or_none = |value: &Option<String>, is_none: bool| {
            value.clone().or_else(|| is_none.then(String::new))
        };
        let request = edit::Request {
            item: self.reference(&args.item),
            text: args.text.clone(),
            owner: or_none(&args.owner, args.no_owner),
            estimate: or_none(&args.estimate, args.no_estimate),
            depends_on: self.references(&args.depends_on),
            no_depends_on: self.references(&args.no_depends_on),
            before: one(&args.before),
            after: one(&args.after),
        };
        self.call(args.dry_run, |call| edit::run(self.ws, &request, call))
    }

    fn references(&self, names: &[String]) -> Vec<String> {
        names.iter().map(|name| self.reference(name)).collect()
    }
}
