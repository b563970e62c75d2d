use planwright_ops::OpsError;
use planwright_ops::write::relocate::verbs::{self, Destination, Subject};
use planwright_ops::write::{Answer, registry};

use super::Face;
use crate::cli::{ArchiveArgs, RegistryArgs, RelocateArgs, RenameArgs};
use crate::paths;

impl Face<'_> {
    pub(super) fn relocate(&self, args: &RelocateArgs) -> Result<Answer, OpsError> {
        let subject = self.subject(&args.reference);
        let to = Destination {
            path: self.path(&args.to)?,
            into: args.to.ends_with(['/', std::path::MAIN_SEPARATOR]),
        };
        self.call(args.dry_run, |call| {
            verbs::relocate(self.ws, &subject, &to, call)
        })
    }

    pub(super) fn rename(&self, args: &RenameArgs) -> Result<Answer, OpsError> {
        let subject = self.subject(&args.reference);
        self.call(args.dry_run, |call| {
            verbs::rename(self.ws, &subject, &args.name, call)
        })
    }

    pub(super) fn archive(&self, args: &ArchiveArgs) -> Result<Answer, OpsError> {
        let subjects = args.references.iter().map(|name| self.subject(name));
        let subjects: Vec<Subject> = subjects.collect();
        self.call(args.dry_run, |call| {
            verbs::archive(self.ws, &subjects, call)
        })
    }

    pub(super) fn registry(&self, args: &RegistryArgs) -> Result<Answer, OpsError> {
        let path = args.path.as_deref().map(|path| self.path(path));
        let request = registry::Request {
            path: path.transpose()?,
            prune: args.prune,
        };
        self.call(args.dry_run || args.check, |call| {
            registry::run(self.ws, &request, call)
        })
    }

    /// A document or a folder as the user gave it.
    fn subject(&self, given: &str) -> Subject {
        let path = paths::from_root(self.ws.root(), &self.folder, given);
        Subject {
            reference: self.reference(given),
            folder: path.filter(|path| self.ws.is_folder(path)),
        }
    }
}
