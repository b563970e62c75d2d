//! What the operating system says about files, relative to the root.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// What a directory entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    File,
    Dir,
    Link,
    Other,
}

impl From<std::fs::FileType> for FileKind {
    fn from(kind: std::fs::FileType) -> Self {
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Dir
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::Other
        }
    }
}

/// The part of a file's status that tells whether it is still the file that was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stat {
    /// Hash of kind, size, inode, time of modification and time of change.
    pub(crate) key: u64,
    /// Time of the last change of content or status, in nanoseconds since the Unix epoch. No
    /// program can set it, so it decides whether a status is too young to be trusted.
    pub(crate) changed: i64,
    /// Time of the last modification, in seconds since the Unix epoch.
    pub(crate) modified: i64,
    /// In bytes.
    pub(crate) size: u64,
    pub(crate) kind: FileKind,
}

/// A file can be written again without a change of its status for as long as the file system's
/// clock stands still; the coarsest in use (FAT) ticks every two seconds.
const TICK: i64 = 2_000_000_000;

impl Stat {
    fn new(
        kind: FileKind,
        size: u64,
        inode: u64,
        modified: (i64, i64),
        changed: (i64, i64),
    ) -> Self {
        let mut bytes = [0_u8; 49];
        bytes[0] = kind as u8;
        bytes[1..9].copy_from_slice(&size.to_le_bytes());
        bytes[9..17].copy_from_slice(&inode.to_le_bytes());
        bytes[17..25].copy_from_slice(&modified.0.to_le_bytes());
        bytes[25..33].copy_from_slice(&modified.1.to_le_bytes());
        bytes[33..41].copy_from_slice(&changed.0.to_le_bytes());
        bytes[41..49].copy_from_slice(&changed.1.to_le_bytes());
        let changed = changed
            .0
            .saturating_mul(1_000_000_000)
            .saturating_add(changed.1);
        Self {
            key: hash(&bytes),
            changed,
            modified: modified.0,
            size,
            kind,
        }
    }

    #[cfg(unix)]
    pub(crate) fn of(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self::new(
            metadata.file_type().into(),
            metadata.size(),
            metadata.ino(),
            (metadata.mtime(), metadata.mtime_nsec()),
            (metadata.ctime(), metadata.ctime_nsec()),
        )
    }

    #[cfg(not(unix))]
    pub(crate) fn of(metadata: &std::fs::Metadata) -> Self {
        let time = |time: io::Result<std::time::SystemTime>| {
            let nanos = time.map_or(0, nanos);
            (
                nanos.div_euclid(1_000_000_000),
                nanos.rem_euclid(1_000_000_000),
            )
        };
        let modified = time(metadata.modified());
        let created = nanos(metadata.created().unwrap_or(std::time::UNIX_EPOCH));
        Self::new(
            metadata.file_type().into(),
            metadata.len(),
            created.unsigned_abs(),
            modified,
            modified,
        )
    }

    /// True when the file may have been written after it was looked at without any trace in its
    /// status. `now` is a time before it was looked at, in nanoseconds since the Unix epoch.
    pub(crate) fn is_racy(&self, now: i64) -> bool {
        self.changed.saturating_add(TICK) > now
    }
}

/// Nanoseconds since the Unix epoch.
pub(crate) fn nanos(time: std::time::SystemTime) -> i64 {
    match time.duration_since(std::time::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

/// The hash of all tables and checksums here. Stable between runs of one build.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    rapidhash::v3::rapidhash_v3(bytes)
}

/// The repository's root, held open so that a status costs no walk from `/`.
#[derive(Debug)]
pub(crate) struct Root {
    path: PathBuf,
    #[cfg(unix)]
    handle: rustix::fd::OwnedFd,
}

impl Root {
    /// `path` is absolute and free of links.
    pub(crate) fn open(path: PathBuf) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use rustix::fs::{Mode, OFlags};
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let handle = rustix::fs::open(&path, flags, Mode::empty())?;
            Ok(Self { path, handle })
        }
        #[cfg(not(unix))]
        {
            std::fs::read_dir(&path)?;
            Ok(Self { path })
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The absolute path of a path from the root; the root's own for an empty one.
    pub(crate) fn absolute(&self, relative: &[u8]) -> PathBuf {
        if relative.is_empty() {
            self.path.clone()
        } else {
            self.path.join(os_path(relative))
        }
    }

    /// Opens a file by its path from the root. Never waits, not even for a pipe's other end.
    #[cfg(unix)]
    pub(crate) fn open_file(&self, relative: &[u8]) -> io::Result<std::fs::File> {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        Ok(rustix::fs::openat(&self.handle, relative, flags, Mode::empty())?.into())
    }

    #[cfg(not(unix))]
    pub(crate) fn open_file(&self, relative: &[u8]) -> io::Result<std::fs::File> {
        std::fs::File::open(self.absolute(relative))
    }

    /// The status of a path from the root; a link is not followed.
    #[cfg(unix)]
    pub(crate) fn stat(&self, relative: &[u8]) -> io::Result<Stat> {
        let path = if relative.is_empty() { b"." } else { relative };
        let stat = rustix::fs::statat(&self.handle, path, rustix::fs::AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(from_raw(&stat))
    }

    #[cfg(not(unix))]
    pub(crate) fn stat(&self, relative: &[u8]) -> io::Result<Stat> {
        std::fs::symlink_metadata(self.absolute(relative)).map(|metadata| Stat::of(&metadata))
    }
}

#[cfg(unix)]
fn from_raw(stat: &rustix::fs::Stat) -> Stat {
    use rustix::fs::FileType;
    let kind = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => FileKind::File,
        FileType::Directory => FileKind::Dir,
        FileType::Symlink => FileKind::Link,
        _ => FileKind::Other,
    };
    Stat::new(
        kind,
        number(stat.st_size),
        number(stat.st_ino),
        (number(stat.st_mtime), number(stat.st_mtime_nsec)),
        (number(stat.st_ctime), number(stat.st_ctime_nsec)),
    )
}

/// A field of the system's in the type used here. The fields' types differ between systems; no
/// value that a system gives is out of range.
#[cfg(unix)]
fn number<T: TryInto<N>, N: Default>(value: T) -> N {
    value.try_into().unwrap_or_default()
}

/// A name as bytes. Lossy only where the system's names are not bytes.
pub(crate) fn os_bytes(name: &OsStr) -> Cow<'_, [u8]> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Cow::Borrowed(name.as_bytes())
    }
    #[cfg(not(unix))]
    {
        match name.to_string_lossy() {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }
}

/// The path that bytes name.
pub(crate) fn os_path(bytes: &[u8]) -> Cow<'_, Path> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Cow::Borrowed(Path::new(OsStr::from_bytes(bytes)))
    }
    #[cfg(not(unix))]
    {
        Cow::Owned(PathBuf::from(String::from_utf8_lossy(bytes).into_owned()))
    }
}

/// What the system said, in its own words and without the number behind them.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_racy_until_the_coarsest_clock_has_ticked() {
        let stat = Stat::new(FileKind::File, 1, 1, (100, 0), (100, 5));
        assert!(stat.is_racy(100_000_000_005));
        assert!(stat.is_racy(102_000_000_004));
        assert!(!stat.is_racy(102_000_000_005));
    }

    #[test]
    fn both_ways_to_ask_give_the_same_key() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.md"), "x").unwrap();
        let root = Root::open(dir.path().to_owned()).unwrap();
        let metadata = std::fs::symlink_metadata(dir.path().join("a.md")).unwrap();
        assert_eq!(root.stat(b"a.md").unwrap().key, Stat::of(&metadata).key);
        assert_eq!(root.stat(b"").unwrap().kind, FileKind::Dir);
    }

    #[test]
    fn reasons_read_as_part_of_a_sentence() {
        assert_eq!(
            reason(&io::Error::from_raw_os_error(13)),
            "permission denied"
        );
    }
}
