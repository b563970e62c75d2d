//! What was read, kept in the user's cache directory between two calls.
//!
//! SQLite serves as a store of shards that can be rewritten one by one. The file is disposable: it
//! is written without waiting for the disk, so every part carries a checksum and all of them one
//! digest, and whatever does not fit is thrown away as a whole. Truth never depends on it, because
//! each record counts only as long as the status of its file is unchanged.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::details::Detail;
use crate::docs::{Docs, Place, Side};
use crate::name_shard::{self, NameShard, StoredName};
use crate::names::Prefixes;
use crate::shard::{Records, SHARDS, ShardSet};
use crate::sys::{self, hash};
use crate::tree::Tree;
use crate::watched::Watched;

/// Goes up with every change of what is stored.
const VERSION: u32 = 5;

/// How long another process that writes is waited for before this one goes on without.
const PATIENCE: Duration = Duration::from_millis(100);

const SCHEMA: &str = "
    CREATE TABLE meta (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE stat (shard INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE heads (shard INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE summaries (shard INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE links (shard INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE names (shard INTEGER PRIMARY KEY, data BLOB NOT NULL);
";

/// Rows of the table `meta`.
const META: i64 = 1;
const ORDER: i64 = 2;
const STATED: i64 = 3;
const CHECKS: i64 = 4;

/// Where the snapshot of a root lies, and what it must have been made with.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    file: PathBuf,
    root: Vec<u8>,
    fingerprint: u64,
}

impl Location {
    /// `fingerprint` stands for everything that decides how a file is read.
    pub(crate) fn new(cache_dir: &Path, root: &Path, fingerprint: u64) -> Self {
        let root = sys::os_bytes(root.as_os_str()).into_owned();
        let file = cache_dir
            .join(format!("{:016x}", hash(&root)))
            .join(format!("index-v{VERSION}.db"));
        Self {
            file,
            root,
            fingerprint,
        }
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }
}

#[derive(Serialize, Deserialize)]
struct Meta {
    version: u32,
    fingerprint: u64,
    root: Vec<u8>,
    watched: Vec<Watched>,
    prefixes: Prefixes,
    digest: u64,
    /// Hash of the fields above.
    check: u64,
}

impl Meta {
    fn sealed(mut self) -> Self {
        self.check = self.own_check();
        self
    }

    fn own_check(&self) -> u64 {
        let origin = (self.version, self.fingerprint, &self.root);
        let fields = (origin, &self.watched, &self.prefixes, self.digest);
        postcard::to_stdvec(&fields).map_or(0, |bytes| hash(&bytes))
    }
}

/// Checksums of all parts.
#[derive(Clone)]
struct Checks {
    stat: Vec<u64>,
    heads: Vec<u64>,
    /// Of summaries and links, as [`Detail`] numbers them.
    details: [Vec<u64>; 2],
    names: Vec<u64>,
    order: u64,
    stated: u64,
}

impl Default for Checks {
    fn default() -> Self {
        let none = || vec![0; SHARDS];
        Self {
            stat: none(),
            heads: none(),
            details: [none(), none()],
            names: none(),
            order: 0,
            stated: 0,
        }
    }
}

impl Checks {
    fn digest(&self) -> u64 {
        let details = self.details.iter().flatten();
        let all = self.stat.iter().chain(&self.heads).chain(details);
        let all = all.chain(&self.names).chain([&self.order, &self.stated]);
        hash(&words(all))
    }

    /// Those of the parts that are read one by one.
    fn store(&self) -> Vec<u8> {
        let details = self.details.iter().flatten();
        words(self.heads.iter().chain(details).chain(&self.names))
    }

    /// Takes them over. `None` when the bytes are not what [`Checks::store`] gives.
    fn load(&mut self, bytes: &[u8]) -> Option<()> {
        let checks = bytes.chunks_exact(8).map(|word| word.try_into().ok());
        let checks = checks.map(|word| word.map(u64::from_le_bytes));
        let checks: Vec<u64> = checks.collect::<Option<_>>()?;
        let [heads, summaries, links, names] = checks.as_chunks::<SHARDS>().0 else {
            return None;
        };
        self.heads = heads.to_vec();
        self.details = [summaries.to_vec(), links.to_vec()];
        self.names = names.to_vec();
        Some(())
    }
}

fn words<'a>(words: impl Iterator<Item = &'a u64>) -> Vec<u8> {
    words.flat_map(|word| word.to_le_bytes()).collect()
}

/// The checksum of a part; 0 for an empty one, which need not be stored.
fn check(bytes: &[u8]) -> u64 {
    if bytes.is_empty() { 0 } else { hash(bytes) }
}

/// A snapshot that was opened.
pub(crate) struct Snapshot {
    connection: Connection,
    location: Location,
    meta: Meta,
    checks: Checks,
    stated: Vec<u8>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("file", &self.location.file)
            .finish_non_exhaustive()
    }
}

/// What is to be written.
pub(crate) struct Parts<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) dirty_stat: &'a ShardSet,
    pub(crate) docs: &'a Docs,
    pub(crate) dirty_docs: &'a ShardSet,
    pub(crate) is_reordered: bool,
    /// What the shards in `dirty_docs` hold beside their heads.
    pub(crate) sides: &'a BTreeMap<usize, Side>,
    /// The shards of the names that changed.
    pub(crate) names: &'a BTreeMap<u8, NameShard>,
    /// The files that state relations, where they changed.
    pub(crate) stated: Option<&'a [u8]>,
    /// The files outside the tree on which the ignore rules depend, where they changed.
    pub(crate) watched: Option<&'a [Watched]>,
    /// Of the dialects, which the snapshot's fingerprint stands for.
    pub(crate) prefixes: &'a Prefixes,
}

impl Parts<'_> {
    /// True when nothing is to be written.
    pub(crate) fn are_none(&self) -> bool {
        self.dirty_stat.is_empty()
            && self.dirty_docs.is_empty()
            && self.names.is_empty()
            && !self.is_reordered
            && self.stated.is_none()
            && self.watched.is_none()
    }
}

impl Snapshot {
    /// Opens the snapshot and takes the tree from it. `None` when there is none that fits.
    pub(crate) fn open(location: &Location) -> Option<(Self, Tree)> {
        if !location.file.exists() {
            return None;
        }
        let connection = connect(&location.file)?;
        // One transaction for all parts, so that they belong together. Heads follow in `docs`.
        connection.execute_batch("BEGIN").ok()?;
        let meta: Meta = blob(&connection, META, |bytes| postcard::from_bytes(bytes).ok())??;
        let is_ours = meta.version == VERSION
            && meta.fingerprint == location.fingerprint
            && meta.root == location.root
            && meta.check == meta.own_check();
        if !is_ours {
            return None;
        }
        let mut checks = Checks::default();
        let mut tree = Tree::default();
        {
            let mut statement = connection.prepare("SELECT shard, data FROM stat").ok()?;
            let mut rows = statement.query([]).ok()?;
            while let Some(row) = rows.next().ok()? {
                let shard = usize::from(row.get::<_, u8>(0).ok()?);
                let bytes = row.get_ref(1).ok()?.as_blob().ok()?;
                checks.stat[shard] = check(bytes);
                tree.load(bytes)?;
            }
        }
        Some((
            Self {
                connection,
                location: location.clone(),
                meta,
                checks,
                stated: Vec::new(),
            },
            tree,
        ))
    }

    /// The files outside the tree on which the ignore rules depend.
    pub(crate) fn watched(&self) -> &[Watched] {
        &self.meta.watched
    }

    /// Prefixes of identifiers, as the dialects have them.
    pub(crate) fn prefixes(&self) -> &Prefixes {
        &self.meta.prefixes
    }

    /// Takes the documents from the snapshot, and proves that everything fits together. Where only
    /// `few` are needed, they are read when they are.
    pub(crate) fn docs(&mut self, few: bool) -> Option<Docs> {
        blob(&self.connection, CHECKS, |bytes| self.checks.load(bytes))??;
        let (order, order_check) = blob(&self.connection, ORDER, |bytes| {
            let place = |bytes: &[u8]| bytes.try_into().ok().map(u32::from_le_bytes);
            let order: Option<Vec<Place>> = bytes
                .chunks(4)
                .map(|bytes| place(bytes).map(Place::from_bits))
                .collect();
            (order, check(bytes))
        })
        .unwrap_or((Some(Vec::new()), 0));
        self.checks.order = order_check;
        self.stated = blob(&self.connection, STATED, <[u8]>::to_vec).unwrap_or_default();
        self.checks.stated = check(&self.stated);
        if self.checks.digest() != self.meta.digest {
            return None;
        }
        if few {
            let connection = connect(&self.location.file)?;
            let checks = self.checks.heads.clone();
            return Some(Docs::later(Heads::new(connection, checks), order?));
        }
        let mut heads = vec![Records::default(); SHARDS];
        let query = "SELECT shard, data FROM heads";
        let mut statement = self.connection.prepare(query).ok()?;
        let mut rows = statement.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            let shard = usize::from(row.get::<_, u8>(0).ok()?);
            let bytes = row.get_ref(1).ok()?.as_blob().ok()?;
            if check(bytes) != self.checks.heads[shard] {
                return None;
            }
            heads[shard] = Records::load(bytes.to_vec())?;
        }
        Docs::load(heads, order?)
    }

    /// The files that state relations, as they are stored.
    pub(crate) fn stated(&self) -> &[u8] {
        &self.stated
    }

    /// The details of a shard. `None` when another process has replaced them since.
    pub(crate) fn detail(&self, detail: Detail, shard: usize) -> Option<Records> {
        let wanted = *self.checks.details[detail as usize].get(shard)?;
        if wanted == 0 {
            return Some(Records::default());
        }
        let query = format!("SELECT data FROM {} WHERE shard = ?1", table(detail));
        let mut statement = self.connection.prepare(&query).ok()?;
        let bytes: Vec<u8> = statement.query_row([shard as u8], |row| row.get(0)).ok()?;
        if check(&bytes) == wanted {
            Records::load(bytes)
        } else {
            None
        }
    }

    /// The details of all shards but those that another process has replaced since.
    pub(crate) fn all_details(&self, detail: Detail) -> Option<Vec<(usize, Records)>> {
        let query = format!("SELECT shard, data FROM {}", table(detail));
        let mut statement = self.connection.prepare(&query).ok()?;
        let mut rows = statement.query([]).ok()?;
        let mut all = Vec::with_capacity(SHARDS);
        while let Some(row) = rows.next().ok()? {
            let shard = usize::from(row.get::<_, u8>(0).ok()?);
            let bytes = row.get_ref(1).ok()?.as_blob().ok()?;
            if check(bytes) == self.checks.details[detail as usize][shard] {
                all.push((shard, Records::load(bytes.to_vec())?));
            }
        }
        Some(all)
    }

    /// A shard of the names. `None` when another process has replaced it since.
    pub(crate) fn names(&self, shard: u8) -> Option<NameShard> {
        let wanted = *self.checks.names.get(usize::from(shard))?;
        if wanted == 0 {
            return Some(NameShard::default());
        }
        let query = "SELECT data FROM names WHERE shard = ?1";
        let mut statement = self.connection.prepare(query).ok()?;
        let bytes: Vec<u8> = statement.query_row([shard], |row| row.get(0)).ok()?;
        if check(&bytes) == wanted {
            NameShard::load(bytes)
        } else {
            None
        }
    }

    /// Calls `put` with all names, in the order of their keys. `known` gives the shards that need not
    /// be read. `None` when another process has replaced any of the others since.
    pub(crate) fn all_names<'a>(
        &self,
        known: &dyn Fn(u8) -> Option<&'a NameShard>,
        put: &mut dyn FnMut(StoredName),
    ) -> Option<()> {
        let query = "SELECT data FROM names WHERE shard = ?1";
        let mut statement = self.connection.prepare(query).ok()?;
        for (shard, wanted) in (0..=u8::MAX).zip(&self.checks.names) {
            if let Some(names) = known(shard) {
                names.iter().for_each(&mut *put);
            } else if *wanted != 0 {
                let found = statement.query_row([shard], |row| {
                    let bytes = row.get_ref(0)?.as_blob()?;
                    name_shard::names(bytes).for_each(&mut *put);
                    Ok(check(bytes) == *wanted)
                });
                found.ok().filter(|is_same| *is_same)?;
            }
        }
        Some(())
    }

    /// Ends the transaction in which everything so far was read, so that others can write.
    pub(crate) fn release(&self) {
        let _ = self.connection.execute_batch("COMMIT");
    }

    /// Writes the parts that changed; false when it could not. Another process that writes, or has
    /// written, wins.
    pub(crate) fn update(&mut self, parts: &Parts<'_>) -> bool {
        let checks = self.checks.clone();
        if let Some(meta) = self.try_update(parts) {
            self.meta = meta;
            return true;
        }
        // Nothing was written: the checksums go on standing for what is there.
        let _ = self.connection.execute_batch("ROLLBACK");
        self.checks = checks;
        false
    }

    fn try_update(&mut self, parts: &Parts<'_>) -> Option<Meta> {
        // What a crash would tear, the digest finds out.
        self.connection
            .pragma_update(None, "journal_mode", "MEMORY")
            .ok()?;
        self.connection
            .pragma_update(None, "synchronous", "OFF")
            .ok()?;
        self.connection.execute_batch("BEGIN IMMEDIATE").ok()?;
        let now: Meta = blob(&self.connection, META, |bytes| {
            postcard::from_bytes(bytes).ok()
        })??;
        if now.digest != self.meta.digest || now.check != now.own_check() {
            return None;
        }
        let watched = parts.watched.unwrap_or(&self.meta.watched);
        let meta = write(
            &self.connection,
            parts,
            watched,
            &mut self.checks,
            &self.location,
        )?;
        self.connection.execute_batch("COMMIT").ok()?;
        Some(meta)
    }

    /// Writes a new snapshot beside the old one and puts it in its place. A cache that cannot be
    /// written is no error: the next call reads everything again.
    pub(crate) fn create(location: &Location, parts: &Parts<'_>) -> Option<Self> {
        let folder = location.file.parent()?;
        fs::create_dir_all(folder).ok()?;
        remove_leftovers(folder);
        let file = location
            .file
            .with_extension(format!("{}.tmp", std::process::id()));
        let _ = fs::remove_file(&file);
        let mut checks = Checks::default();
        let written = (|| {
            let connection = Connection::open(&file).ok()?;
            connection
                .execute_batch(
                    "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
                     PRAGMA locking_mode = EXCLUSIVE;",
                )
                .ok()?;
            connection.execute_batch(SCHEMA).ok()?;
            connection.execute_batch("BEGIN").ok()?;
            let watched = parts.watched.unwrap_or(&[]);
            let meta = write(&connection, parts, watched, &mut checks, location)?;
            connection.execute_batch("COMMIT").ok()?;
            connection.close().ok()?;
            fs::rename(&file, &location.file).ok()?;
            Some(meta)
        })();
        let Some(meta) = written else {
            let _ = fs::remove_file(&file);
            return None;
        };
        let connection = connect(&location.file)?;
        let stated = parts.stated.unwrap_or_default().to_vec();
        Some(Self {
            connection,
            location: location.clone(),
            meta,
            checks,
            stated,
        })
    }
}

/// The heads of documents, read from the snapshot shard by shard.
#[derive(Debug)]
pub(crate) struct Heads {
    connection: Mutex<Connection>,
    checks: Vec<u64>,
    has_failed: AtomicBool,
}

impl Heads {
    fn new(connection: Connection, checks: Vec<u64>) -> Self {
        Self {
            connection: Mutex::new(connection),
            checks,
            has_failed: AtomicBool::new(false),
        }
    }

    /// One shard; none of it where another process has replaced it since.
    pub(crate) fn read(&self, shard: usize) -> Records {
        self.try_read(shard).unwrap_or_else(|| {
            self.has_failed.store(true, Ordering::Relaxed);
            Records::default()
        })
    }

    fn try_read(&self, shard: usize) -> Option<Records> {
        let wanted = *self.checks.get(shard)?;
        if wanted == 0 {
            return Some(Records::default());
        }
        let connection = self.connection.lock();
        let connection = connection.unwrap_or_else(PoisonError::into_inner);
        let query = "SELECT data FROM heads WHERE shard = ?1";
        let mut statement = connection.prepare(query).ok()?;
        let bytes: Vec<u8> = statement.query_row([shard as u8], |row| row.get(0)).ok()?;
        if check(&bytes) == wanted {
            Records::load(bytes)
        } else {
            None
        }
    }

    /// True when something could not be read.
    pub(crate) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }
}

fn connect(file: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).ok()?;
    connection.busy_timeout(PATIENCE).ok()?;
    Some(connection)
}

/// Writes parts into an open transaction; returns what stands for everything that is there now.
fn write(
    connection: &Connection,
    parts: &Parts<'_>,
    watched: &[Watched],
    checks: &mut Checks,
    location: &Location,
) -> Option<Meta> {
    let mut stat = connection
        .prepare("REPLACE INTO stat VALUES (?1, ?2)")
        .ok()?;
    for (shard, bytes) in parts.tree.store(parts.dirty_stat) {
        let old = std::mem::replace(&mut checks.stat[usize::from(shard)], check(&bytes));
        if old != 0 || !bytes.is_empty() {
            stat.execute(params![shard, bytes]).ok()?;
        }
    }
    let mut heads = connection
        .prepare("REPLACE INTO heads VALUES (?1, ?2)")
        .ok()?;
    let mut summaries = connection
        .prepare("REPLACE INTO summaries VALUES (?1, ?2)")
        .ok()?;
    let mut links = connection
        .prepare("REPLACE INTO links VALUES (?1, ?2)")
        .ok()?;
    for shard in (0..SHARDS).filter(|shard| parts.dirty_docs.has(*shard as u8)) {
        let head = parts.docs.shard(shard).bytes();
        // A whole snapshot is written from a map that knows only the shards that hold anything.
        let none = Side::default();
        let side = parts.sides.get(&shard).unwrap_or(&none);
        let (summary, link) = (side.summaries.bytes(), side.links.bytes());
        let own = [check(summary), check(link)];
        let old = std::mem::replace(&mut checks.heads[shard], check(head));
        checks.details[Detail::Summaries as usize][shard] = own[0];
        checks.details[Detail::Links as usize][shard] = own[1];
        if old != 0 || !head.is_empty() {
            heads.execute(params![shard as u8, head]).ok()?;
            summaries.execute(params![shard as u8, summary]).ok()?;
            links.execute(params![shard as u8, link]).ok()?;
        }
    }
    let mut meta = connection
        .prepare("REPLACE INTO meta VALUES (?1, ?2)")
        .ok()?;
    let mut names = connection
        .prepare("REPLACE INTO names VALUES (?1, ?2)")
        .ok()?;
    for (shard, changed) in parts.names {
        let own = check(changed.bytes());
        let old = std::mem::replace(&mut checks.names[usize::from(*shard)], own);
        if old != own {
            names.execute(params![shard, changed.bytes()]).ok()?;
        }
    }
    meta.execute(params![CHECKS, checks.store()]).ok()?;
    if parts.is_reordered {
        let order = parts
            .docs
            .order()
            .iter()
            .flat_map(|place| place.bits().to_le_bytes());
        let order: Vec<u8> = order.collect();
        checks.order = check(&order);
        meta.execute(params![ORDER, order]).ok()?;
    }
    if let Some(stated) = parts.stated {
        checks.stated = check(stated);
        meta.execute(params![STATED, stated]).ok()?;
    }
    let record = Meta {
        version: VERSION,
        fingerprint: location.fingerprint,
        root: location.root.clone(),
        watched: watched.to_vec(),
        prefixes: parts.prefixes.clone(),
        digest: checks.digest(),
        check: 0,
    };
    let record = record.sealed();
    meta.execute(params![META, postcard::to_stdvec(&record).ok()?])
        .ok()?;
    Some(record)
}

/// The table of a detail.
const fn table(detail: Detail) -> &'static str {
    match detail {
        Detail::Summaries => "summaries",
        Detail::Links => "links",
    }
}

/// A row of the table `meta`. `None` when there is no such row.
fn blob<T>(connection: &Connection, id: i64, read: impl FnOnce(&[u8]) -> T) -> Option<T> {
    let mut statement = connection
        .prepare("SELECT data FROM meta WHERE id = ?1")
        .ok()?;
    let found = statement.query_row([id], |row| Ok(read(row.get_ref(0)?.as_blob()?)));
    found.optional().ok()?
}

/// Removes what processes that were killed while writing have left.
pub(crate) fn remove_leftovers(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_temporary = entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "tmp");
        let age = entry.metadata().and_then(|metadata| metadata.modified());
        let age = age
            .ok()
            .and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if is_temporary && age.is_some_and(|age| age > Duration::from_hours(1)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
