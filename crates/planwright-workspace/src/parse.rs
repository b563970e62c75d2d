//! Reads files and turns those that hold plans into records.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use planwright_model::Document;

use crate::dialects::Team;
use crate::parallel::{self, Portions};
use crate::stated::{self, StatedFile};
use crate::stored::Record;
use crate::sys::{self, FileKind, Root, Stat, hash};
use crate::tree::{File, Tree, file, shown};
use crate::visit::{Seen, Visitor};
use crate::walk::is_gone;

/// Larger files are not read: nobody's plan is that long, and a stray log must not fill memory.
pub(crate) const LIMIT: u64 = 16 * 1024 * 1024;

/// What became of a file that was looked at.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is still what it was.
    Same,
    /// It holds a plan that lists show.
    Plan(Record),
    /// It states relations between other files.
    Stated(StatedFile),
    /// It holds nothing of the kind.
    NotPlan,
    /// It is a link to a file that is read under its own name.
    Duplicate,
    /// It is no longer there.
    Gone,
    /// It could not be read, and why.
    Failed(String),
}

/// A file that was looked at.
#[derive(Debug)]
pub(crate) struct Look {
    /// Index of its folder.
    pub(crate) dir: usize,
    /// Its index.
    pub(crate) file: usize,
    /// Its record from now on.
    pub(crate) record: File,
    pub(crate) outcome: Outcome,
}

/// Looks at files, given by the indexes of their folder and their own, on several threads.
pub(crate) struct Looker<'a> {
    pub(crate) root: &'a Root,
    pub(crate) tree: &'a Tree,
    pub(crate) team: &'a Team,
    /// When this call began, in nanoseconds since the Unix epoch.
    pub(crate) now: i64,
    /// Is shown every plan, whole.
    pub(crate) visitor: Option<&'a dyn Visitor>,
}

impl Looker<'_> {
    pub(crate) fn look_at(&self, files: &[(usize, usize)]) -> Vec<Look> {
        let portions = Portions::new(files.len(), 16);
        let all = Mutex::new(Vec::with_capacity(files.len()));
        parallel::run(parallel::threads(files.len(), 8), || {
            let mut path = Vec::new();
            while let Some(portion) = portions.take() {
                let looks: Vec<Look> = files[portion]
                    .iter()
                    .map(|(dir, file)| {
                        self.tree.file_path(*dir, *file, &mut path);
                        let (record, outcome) = self.look(&path, self.tree.files[*file]);
                        Look {
                            dir: *dir,
                            file: *file,
                            record,
                            outcome,
                        }
                    })
                    .collect();
                all.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend(looks);
            }
        });
        all.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, path: &[u8], known: File) -> (File, Outcome) {
        match self.try_look(path, known) {
            Ok(done) => done,
            Err(error) => {
                let record = File {
                    key: 0,
                    content: 0,
                    flags: unread(known.flags),
                    ..known
                };
                let gone = is_gone(&error) && !known.is(file::LINK);
                (
                    record,
                    if gone {
                        Outcome::Gone
                    } else {
                        Outcome::Failed(sys::reason(&error))
                    },
                )
            }
        }
    }

    fn try_look(&self, path: &[u8], known: File) -> io::Result<(File, Outcome)> {
        let failed = |reason: &str| {
            let record = File {
                key: 0,
                content: 0,
                flags: unread(known.flags),
                ..known
            };
            Ok((record, Outcome::Failed(reason.to_owned())))
        };
        let (was_read, was_racy) = (!known.is(file::UNREAD), known.is(file::RACY));
        let status = self.root.stat(path)?;
        let mut link = 0;
        match status.kind {
            FileKind::File => {
                if status.key == known.key && was_read && !was_racy {
                    return Ok((known, Outcome::Same));
                }
            }
            FileKind::Link => {
                let absolute = self.root.absolute(path);
                let target = fs::metadata(&absolute)?;
                let target_status = Stat::of(&target);
                link = combine(status.key, target_status.key);
                if link == known.key && was_read && !was_racy {
                    return Ok((known, Outcome::Same));
                }
                let racy = status.is_racy(self.now) || target_status.is_racy(self.now);
                let record = File {
                    key: link,
                    content: 0,
                    flags: read(known.flags & !file::LISTED, racy),
                    ..known
                };
                let target = fs::canonicalize(&absolute)?;
                let Ok(inner) = target.strip_prefix(self.root.path()) else {
                    return failed("a symbolic link that leads out of the repository");
                };
                let is_dir = target_status.kind == FileKind::Dir;
                if is_dir || self.team.dialects().is_candidate(&inner_path(inner)) {
                    return Ok((record, Outcome::Duplicate));
                }
            }
            FileKind::Dir => return Err(io::ErrorKind::NotFound.into()),
            FileKind::Other => return failed(NOT_REGULAR),
        }
        let (bytes, stat) = match read_file(self.root, path)? {
            Ok(read) => read,
            Err(reason) => return failed(&reason),
        };
        let racy = stat.is_racy(self.now) || (link != 0 && status.is_racy(self.now));
        let key = if link == 0 {
            stat.key
        } else {
            combine(status.key, stat.key)
        };
        let content = hash(&bytes);
        let flags = read(known.flags, racy);
        let record = File {
            key,
            content: if racy { content } else { 0 },
            flags,
            ..known
        };
        if was_read && was_racy && key == known.key && content == known.content {
            return Ok((record, Outcome::Same));
        }
        if known.is(file::RELATIONS) {
            let stated = stated::read(self.team.dialects(), &shown(path), &bytes);
            return Ok((record, Outcome::Stated(stated)));
        }
        let (dialects, shown) = (self.team.dialects(), shown(path));
        let known = |document: &Document| {
            Record::new(document, stat.modified, content, self.team.prefixes())
        };
        let plan = if let Some(visitor) = self.visitor {
            let reading = dialects.read(&shown, bytes);
            reading.recognition.listed.then(|| {
                let record = known(&reading.document);
                visitor.visit(&Seen::new(self.root, self.team), reading, content);
                record
            })
        } else {
            let document = dialects.summarise(&shown, bytes);
            document.map(|document| known(&document))
        };
        let Some(plan) = plan else {
            let flags = flags & !file::LISTED;
            return Ok((File { flags, ..record }, Outcome::NotPlan));
        };
        let flags = flags | file::LISTED;
        Ok((File { flags, ..record }, Outcome::Plan(plan)))
    }

    /// Looks at a file of ignore rules: its record from now on, and whether the rules must be read
    /// again.
    ///
    /// They must also where its status is too young: it may have been written after they were read.
    pub(crate) fn look_at_rules(&self, path: &[u8], known: File) -> (File, bool) {
        let Ok(mut stat) = self.root.stat(path) else {
            return (known, true);
        };
        let mut racy = stat.is_racy(self.now);
        if stat.kind == FileKind::Link {
            let target = fs::metadata(self.root.absolute(path)).map(|target| Stat::of(&target));
            racy |= target.as_ref().is_ok_and(|target| target.is_racy(self.now));
            stat.key = combine(stat.key, target.map_or(0, |target| target.key));
        }
        let is_changed = known.is(file::UNREAD | file::RACY) || stat.key != known.key;
        let record = File {
            key: stat.key,
            content: 0,
            flags: read(known.flags, racy),
            ..known
        };
        (record, is_changed)
    }
}

/// Flags of a file that was read.
fn read(flags: u8, racy: bool) -> u8 {
    let flags = flags & !(file::UNREAD | file::RACY);
    if racy { flags | file::RACY } else { flags }
}

/// Flags of a file that could not be read.
fn unread(flags: u8) -> u8 {
    (flags | file::UNREAD) & !(file::RACY | file::LISTED)
}

fn combine(link: u64, target: u64) -> u64 {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&link.to_le_bytes());
    bytes[8..].copy_from_slice(&target.to_le_bytes());
    hash(&bytes)
}

fn inner_path(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

/// Why a pipe, a socket or a device is not read: it may never end.
pub(crate) const NOT_REGULAR: &str = "not a regular file";

/// The content of a file and its status before it was read; a reason of our own where it is not to
/// be read.
pub(crate) fn read_file(root: &Root, path: &[u8]) -> io::Result<Result<(Vec<u8>, Stat), String>> {
    let file = root.open_file(path)?;
    let stat = Stat::of(&file.metadata()?);
    if stat.kind != FileKind::File {
        return Ok(Err(NOT_REGULAR.to_owned()));
    }
    if stat.size > LIMIT {
        return Ok(Err(too_large(stat.size)));
    }
    let mut bytes = Vec::with_capacity(stat.size as usize + 1);
    let size = file.take(LIMIT + 1).read_to_end(&mut bytes)? as u64;
    if size > LIMIT {
        return Ok(Err(too_large(size)));
    }
    Ok(Ok((bytes, stat)))
}

fn too_large(size: u64) -> String {
    let size = size.div_ceil(1024 * 1024);
    format!("{size} MiB are more than the 16 MiB that are read of one file")
}
