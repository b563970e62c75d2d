use std::cell::Cell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::disk::{Disk, System};
use super::*;

/// What a faulty disk does at its turn.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// One call fails.
    Once(io::ErrorKind),
    /// This call and all that would write fail.
    From(io::ErrorKind),
    /// The process dies before the call.
    Kill,
    /// The process dies after the call.
    KillAfter,
}

/// A disk whose nth call fails. A file that cannot be written is written by half.
struct Faulty {
    calls: Cell<u32>,
    at: u32,
    fault: Fault,
    exchanges: bool,
}

impl Faulty {
    fn new(at: u32, fault: Fault) -> Self {
        Self {
            calls: Cell::new(0),
            at,
            fault,
            exchanges: true,
        }
    }

    fn call<T>(
        &self,
        writes: bool,
        half: impl FnOnce(),
        call: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        self.calls.set(self.calls.get() + 1);
        let turn = self.calls.get();
        match self.fault {
            Fault::Once(kind) if turn == self.at => {
                half();
                Err(kind.into())
            }
            Fault::From(kind) if turn >= self.at && writes => {
                half();
                Err(kind.into())
            }
            Fault::Kill if turn == self.at => {
                half();
                panic!("killed");
            }
            Fault::KillAfter if turn == self.at => {
                let _ = call();
                panic!("killed");
            }
            _ => call(),
        }
    }
}

impl Disk for Faulty {
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        self.call(false, || {}, || System.read(path))
    }
    fn create(&self, path: &Path, bytes: &[u8], like: Option<&Path>) -> io::Result<()> {
        let half = || fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        self.call(true, half, || System.create(path, bytes, like))
    }
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<bool> {
        if !self.exchanges {
            return Ok(false);
        }
        self.call(false, || {}, || System.exchange(one, other))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call(false, || {}, || System.rename(from, to))
    }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call(false, || {}, || System.rename_new(from, to))
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.call(false, || {}, || System.remove(path))
    }
    fn create_dirs(&self, path: &Path) -> io::Result<()> {
        self.call(true, || {}, || System.create_dirs(path))
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.call(false, || {}, || System.sync_dir(path))
    }
}

/// A repository and where its writers keep their state.
struct Place {
    _dir: tempfile::TempDir,
    root: PathBuf,
    state: PathBuf,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap().join("repo");
        fs::create_dir(&root).unwrap();
        for (path, text) in files {
            fs::write(root.join(path), text).unwrap();
        }
        let state = root.with_file_name("state");
        Self {
            _dir: dir,
            root,
            state,
        }
    }

    fn writer(&self) -> Writer<'static> {
        Writer::new(&self.root, &self.state)
    }

    /// All files and what they hold.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.root).unwrap();
                    let text = fs::read_to_string(&path).unwrap();
                    files.insert(name.display().to_string(), text);
                }
            }
        }
        files
    }
}

fn text(contents: &Contents, path: &str) -> String {
    let bytes = contents[path].clone().unwrap_or_default();
    String::from_utf8(bytes).unwrap()
}

fn write(path: &str, text: impl Into<Vec<u8>>) -> Change {
    Change::Write {
        path: path.to_owned(),
        bytes: text.into(),
    }
}

fn paths(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

/// Adds a line to a file.
fn append(
    writer: &Writer<'_>,
    path: &str,
    line: &str,
) -> Result<Vec<Changed>, Failure<Infallible>> {
    writer.run("append", &paths(&[path]), |contents| {
        let new = text(contents, path) + line + "\n";
        Ok(Outcome::Write(vec![write(path, new)]))
    })
}

const FILES: [(&str, &str); 3] = [
    ("a.md", "the first\n"),
    ("gone.md", "the second\n"),
    ("old.md", "the third\n"),
];

/// Replaces, makes, removes and renames.
fn all_at_once(writer: &Writer<'_>) -> Result<Vec<Changed>, Failure<Infallible>> {
    let wanted = paths(&["a.md", "gone.md", "old.md", "new.md", "folder/made.md"]);
    writer.run("all at once", &wanted, |contents| {
        Ok(Outcome::Write(vec![
            write("a.md", text(contents, "a.md") + "and a line\n"),
            write("folder/made.md", "fresh\n"),
            Change::Remove {
                path: "gone.md".to_owned(),
            },
            Change::Rename {
                from: "old.md".to_owned(),
                to: "new.md".to_owned(),
                bytes: contents["old.md"].clone().unwrap(),
            },
        ]))
    })
}

/// The files after that.
fn expected() -> BTreeMap<String, String> {
    [
        ("a.md", "the first\nand a line\n"),
        ("folder/made.md", "fresh\n"),
        ("new.md", "the third\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into()
}

#[test]
fn several_files_change_together_and_undo_brings_them_back() {
    let place = Place::new(&FILES);
    let before = place.files();
    let changed = all_at_once(&place.writer()).unwrap();
    assert_eq!(changed.len(), 4);
    assert_eq!(place.files(), expected());
    let undone = place.writer().undo(false).unwrap();
    assert_eq!(
        (undone.label.as_str(), undone.files.len()),
        ("all at once", 4)
    );
    assert_eq!(place.files(), before);
    assert!(matches!(
        place.writer().undo(false),
        Err(UndoError::Nothing)
    ));
}

#[cfg(unix)]
#[test]
fn a_renamed_file_leaves_no_empty_folder_and_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;

    let place = Place::new(&[("a.md", "")]);
    fs::create_dir_all(place.root.join("x/y")).unwrap();
    let old = place.root.join("x/y/old.md");
    fs::write(&old, "old").unwrap();
    fs::set_permissions(&old, fs::Permissions::from_mode(0o750)).unwrap();
    let before = place.files();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let wanted = paths(&["x/y/old.md", "z/new.md"]);
    let changed = place.writer().run("move", &wanted, |_| {
        Ok::<_, Infallible>(Outcome::Write(vec![Change::Rename {
            from: "x/y/old.md".to_owned(),
            to: "z/new.md".to_owned(),
            bytes: b"new".to_vec(),
        }]))
    });
    let changed = changed.unwrap();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].from.as_deref(), Some("x/y/old.md"));
    assert!(!place.root.join("x").exists());
    assert_eq!(mode(&place.root.join("z/new.md")), 0o750);
    let undone = place.writer().undo(false).unwrap();
    assert_eq!(undone.files[0].from.as_deref(), Some("z/new.md"));
    assert!(!place.root.join("z").exists());
    assert_eq!(mode(&old), 0o750);
    assert_eq!(place.files(), before);
}

#[test]
fn undo_refuses_what_changed_since() {
    let place = Place::new(&[("a.md", "x\n"), ("b.md", "y\n")]);
    append(&place.writer(), "a.md", "1").unwrap();
    append(&place.writer(), "b.md", "2").unwrap();
    fs::write(place.root.join("b.md"), "mine\n").unwrap();
    let error = place.writer().undo(false).unwrap_err();
    assert_eq!(error.to_string(), "b.md changed since");
    assert_eq!(place.files()["b.md"], "mine\n");
    fs::write(place.root.join("b.md"), "y\n2\n").unwrap();
    assert_eq!(place.writer().undo(true).unwrap().files.len(), 1);
    place.writer().undo(false).unwrap();
    place.writer().undo(false).unwrap();
    assert_eq!(place.files()["a.md"], "x\n");
    assert_eq!(place.files()["b.md"], "y\n");
}

#[test]
fn what_changes_nothing_is_not_written() {
    let place = Place::new(&[("a.md", "x\n")]);
    let same = |contents: &Contents| -> Result<Outcome, Infallible> {
        Ok(Outcome::Write(vec![write("a.md", text(contents, "a.md"))]))
    };
    let changed = place.writer().run("same", &paths(&["a.md"]), same).unwrap();
    assert_eq!(changed, []);
    assert!(matches!(
        place.writer().undo(false),
        Err(UndoError::Nothing)
    ));
}

#[test]
fn an_operation_may_ask_for_more_files() {
    let place = Place::new(&[("a.md", "b.md"), ("b.md", "c.md"), ("c.md", "")]);
    let follow = |contents: &Contents| -> Result<Outcome, Infallible> {
        let unread = contents.values().flatten().find_map(|bytes| {
            let next = String::from_utf8_lossy(bytes).into_owned();
            (!next.is_empty() && !contents.contains_key(&next)).then_some(next)
        });
        Ok(match unread {
            Some(next) => Outcome::Read(vec![next]),
            None => Outcome::Write(vec![write("c.md", "the end")]),
        })
    };
    place
        .writer()
        .run("follow", &paths(&["a.md"]), follow)
        .unwrap();
    assert_eq!(place.files()["c.md"], "the end");
}

#[test]
fn a_save_in_between_is_kept_and_the_change_made_to_it() {
    let place = Place::new(&[("a.md", "x\n")]);
    let file = place.root.join("a.md");
    let mut saves = 3;
    place
        .writer()
        .run("append", &paths(&["a.md"]), |contents| {
            let new = text(contents, "a.md") + "ours\n";
            if saves > 0 {
                saves -= 1;
                let mut saved = fs::read_to_string(&file).unwrap();
                saved += "theirs\n";
                fs::write(&file, saved).unwrap();
            }
            Ok::<_, Infallible>(Outcome::Write(vec![write("a.md", new)]))
        })
        .unwrap();
    assert_eq!(place.files()["a.md"], "x\ntheirs\ntheirs\ntheirs\nours\n");
    assert_eq!(place.files().len(), 1);
}

/// A disk on which an editor saves in the last moment before the exchange, and once more before
/// what it saved is put back.
struct Racing {
    saves: Cell<u32>,
}

impl Disk for Racing {
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        System.read(path)
    }
    fn create(&self, path: &Path, bytes: &[u8], like: Option<&Path>) -> io::Result<()> {
        System.create(path, bytes, like)
    }
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<bool> {
        if self.saves.get() > 0 {
            let left = self.saves.get() - 1;
            self.saves.set(left);
            fs::write(other, format!("save with {left} to come\n"))?;
        }
        System.exchange(one, other)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        System.rename(from, to)
    }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        System.rename_new(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        System.remove(path)
    }
    fn create_dirs(&self, path: &Path) -> io::Result<()> {
        System.create_dirs(path)
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        System.sync_dir(path)
    }
}

#[test]
fn a_save_in_the_very_moment_of_the_exchange_is_kept() {
    for saves in 1..5 {
        let place = Place::new(&[("a.md", "x\n")]);
        let disk = Racing {
            saves: Cell::new(saves),
        };
        let writer = Writer::on(&place.root, &place.state, &disk);
        append(&writer, "a.md", "ours").unwrap();
        let files = place.files();
        assert_eq!(
            files["a.md"], "save with 0 to come\nours\n",
            "{saves} saves"
        );
        assert_eq!(files.len(), 1);
    }
}

#[test]
fn whatever_call_fails_all_files_are_old_or_all_new() {
    let kinds = [io::ErrorKind::StorageFull, io::ErrorKind::Other];
    let faults = kinds
        .into_iter()
        .flat_map(|kind| [Fault::Once(kind), Fault::From(kind)]);
    for fault in faults {
        for exchanges in [true, false] {
            for at in 1.. {
                let place = Place::new(&FILES);
                let before = place.files();
                let mut disk = Faulty::new(at, fault);
                disk.exchanges = exchanges;
                let result = all_at_once(&Writer::on(&place.root, &place.state, &disk));
                let torn = matches!(result, Err(Failure::Write(WriteError::Torn { .. })));
                if torn {
                    place.writer().recover().unwrap();
                }
                let mut files = place.files();
                let told = format!("{fault:?} at {at}, exchanges {exchanges}: {result:?}");
                // A file beside that cannot be removed is not worth a failure.
                files.retain(|path, _| !(result.is_ok() && path.starts_with(".plan-")));
                if result.is_err() && !torn {
                    files.retain(|path, _| !path.contains(".plan-"));
                    assert_eq!(files, before, "{told}");
                } else if torn {
                    assert!(files == before || files == expected(), "{told} {files:?}");
                } else {
                    files.retain(|path, _| !path.contains(".plan-"));
                    assert_eq!(files, expected(), "{told}");
                }
                if disk.calls.get() < at {
                    assert!(at > 20, "{told}");
                    break;
                }
            }
        }
    }
}

#[test]
fn whenever_it_is_killed_the_next_call_brings_it_to_an_end() {
    std::panic::set_hook(Box::new(|_| {}));
    let (mut undone, mut done) = (0, 0);
    for fault in [Fault::Kill, Fault::KillAfter] {
        for exchanges in [true, false] {
            for at in 1.. {
                let place = Place::new(&FILES);
                let before = place.files();
                let mut disk = Faulty::new(at, fault);
                disk.exchanges = exchanges;
                let writer = Writer::on(&place.root, &place.state, &disk);
                let killed = catch_unwind(AssertUnwindSafe(|| all_at_once(&writer))).is_err();
                if !killed {
                    assert!(at > 20);
                    break;
                }
                place.writer().recover().unwrap();
                let files = place.files();
                let told = format!("{fault:?} at {at}, exchanges {exchanges}: {files:?}");
                if files == before {
                    undone += 1;
                } else {
                    assert_eq!(files, expected(), "{told}");
                    done += 1;
                    place.writer().undo(false).unwrap();
                    assert_eq!(place.files(), before, "{told}");
                }
            }
        }
    }
    let _ = std::panic::take_hook();
    assert!(undone > 20 && done > 10, "{undone} {done}");
}

#[test]
fn what_somebody_changed_after_a_kill_is_kept() {
    std::panic::set_hook(Box::new(|_| {}));
    for at in 1.. {
        let place = Place::new(&FILES);
        let disk = Faulty::new(at, Fault::Kill);
        let writer = Writer::on(&place.root, &place.state, &disk);
        let killed = catch_unwind(AssertUnwindSafe(|| all_at_once(&writer))).is_err();
        fs::write(place.root.join("a.md"), "edited\n").unwrap();
        if !killed {
            break;
        }
        place.writer().recover().unwrap();
        let files = place.files();
        assert_eq!(files["a.md"], "edited\n", "at {at}");
        let renamed = files.contains_key("old.md") == files.contains_key("new.md");
        let kept = files.contains_key("gone.md") || files.contains_key("new.md");
        assert!(!renamed && kept, "at {at}: {files:?}");
        assert!(files.keys().all(|path| !path.contains(".tmp")), "{files:?}");
    }
    let _ = std::panic::take_hook();
}

#[test]
fn many_writers_lose_nothing() {
    let names = ["a.md", "b.md", "c.md"];
    let place = Place::new(&names.map(|name| (name, "")));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let place = &place;
            scope.spawn(move || {
                for round in 0..20 {
                    let line = format!("{thread} {round}");
                    let one = names[(thread + round) % 3];
                    if round % 4 > 0 {
                        append(&place.writer(), one, &line).unwrap();
                        continue;
                    }
                    let all = |contents: &Contents| -> Result<Outcome, Infallible> {
                        let lines =
                            names.map(|name| write(name, text(contents, name) + &line + "\n"));
                        Ok(Outcome::Write(lines.into()))
                    };
                    place.writer().run("all", &paths(&names), all).unwrap();
                }
            });
        }
    });
    let files = place.files();
    let lines: usize = files.values().map(|text| text.lines().count()).sum();
    assert_eq!(lines, 8 * (15 + 5 * 3));
    assert_eq!(files.len(), 3);
}

#[test]
fn what_cannot_be_written_is_told() {
    let place = Place::new(&[("a.md", "x\n")]);
    let told = |path: &str| {
        append(&place.writer(), path, "y").map_err(|error| match error {
            Failure::Write(error) => error.to_string(),
            Failure::Refused(never) => match never {},
        })
    };
    fs::create_dir(place.root.join("folder.md")).unwrap();
    assert_eq!(
        told("folder.md").unwrap_err(),
        "cannot write folder.md: not a regular file"
    );
    assert_eq!(
        told("../a.md").unwrap_err(),
        "cannot write ../a.md: the path leads out of the repository"
    );
    let mut permissions = fs::metadata(place.root.join("a.md")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(place.root.join("a.md"), permissions).unwrap();
    assert_eq!(
        told("a.md").unwrap_err(),
        "cannot write a.md: it is read-only"
    );
    fs::write(place.root.join("state"), "").unwrap();
    let writer = Writer::new(&place.root, &place.root.join("state"));
    let error = append(&writer, "b.md", "y").unwrap_err();
    assert!(matches!(error, Failure::Write(WriteError::State { .. })));
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let place = Place::new(&[("a.md", "x\n")]);
    let file = place.root.join("a.md");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("a.md", place.root.join("link.md")).unwrap();
    append(&place.writer(), "link.md", "y").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "x\ny\n");
    let rename = |contents: &Contents| -> Result<Outcome, Infallible> {
        Ok(Outcome::Write(vec![Change::Rename {
            from: "a.md".to_owned(),
            to: "b.md".to_owned(),
            bytes: contents["a.md"].clone().unwrap(),
        }]))
    };
    let wanted = paths(&["a.md", "b.md"]);
    place.writer().run("rename", &wanted, rename).unwrap();
    let mode = fs::metadata(place.root.join("b.md"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(place.root.join("link.md").is_symlink());
}
