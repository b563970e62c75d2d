//! The protocol over real remotes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::Claims;
use crate::protocol::{Terms, Want};
use crate::record::{Actor, Key, State};

/// A bare repository and clones of it.
struct Shop {
    dir: tempfile::TempDir,
}

fn git(dir: &Path, line: &str) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "commit.gpgSign=false",
        ])
        .args(line.split(' '))
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {line}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl Shop {
    fn new() -> Self {
        let shop = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        git(shop.dir.path(), "init --quiet --bare hub");
        shop
    }

    fn hub(&self) -> PathBuf {
        self.dir.path().join("hub")
    }

    /// A clone with one commit of its own.
    fn clone(&self, name: &str) -> PathBuf {
        git(self.dir.path(), &format!("clone --quiet hub {name}"));
        let clone = self.dir.path().join(name);
        commit(&clone, name);
        clone
    }

    fn remote(&self, name: &str) -> Remote {
        Remote::open(&self.clone(name), "origin").unwrap()
    }

    fn refuse(&self, pattern: &str) {
        let hook = self.hub().join("hooks/update");
        let text = format!(
            "#!/bin/sh\ncase $1 in {pattern}) echo 'no such refs here' >&2; exit 1;; esac\n"
        );
        fs::write(&hook, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    fn refs(&self) -> Vec<String> {
        let refs = git(&self.hub(), "for-each-ref --format=%(refname)");
        refs.lines().map(str::to_owned).collect()
    }
}

fn commit(clone: &Path, name: &str) -> String {
    git(clone, &format!("commit --quiet --allow-empty -m {name}"));
    git(clone, "rev-parse HEAD")
}

fn key(item: Option<&str>) -> Key {
    Key {
        document: "auth".to_owned(),
        item: item.map(str::to_owned),
    }
}

fn terms(name: &str, now: i64) -> Terms {
    Terms {
        actor: Actor {
            name: name.to_owned(),
            session: "1".to_owned(),
        },
        now,
        lease: 100,
        nonce: record::nonce().unwrap(),
        ..Terms::default()
    }
}

fn take(remote: &Remote, name: &str, now: i64) -> Result<Kept, Failure> {
    remote.change(&key(Some("T1")), &Want::Claim, &terms(name, now))
}

#[test]
fn a_claim_is_one_ref_that_outlives_it() {
    let shop = Shop::new();
    let (ann, bob) = (shop.remote("ann"), shop.remote("bob"));
    assert!(ann.records(None).unwrap().is_empty() && shop.refs().is_empty());
    let mine = take(&ann, "ann", 0).unwrap();
    assert_eq!(mine.record.fence, 1);
    assert_eq!(shop.refs().len(), 2);
    assert!(matches!(
        take(&bob, "bob", 50),
        Err(Failure::Refused(Refusal::Held(_)))
    ));
    assert!(matches!(
        take(&ann, "ann", 50),
        Err(Failure::Refused(Refusal::Own(_)))
    ));
    ann.change(&key(Some("T1")), &Want::Release, &terms("ann", 60))
        .unwrap();
    assert_eq!(shop.refs().len(), 2);
    assert_eq!(take(&bob, "bob", 70).unwrap().record.fence, 2);
    // Ann's session sleeps and wakes: its claim is no longer its own.
    for want in [Want::Renew, Want::Release] {
        assert!(matches!(
            ann.change(&key(Some("T1")), &want, &terms("ann", 80)),
            Err(Failure::Refused(Refusal::NotHeld(Some(_))))
        ));
    }
}

#[test]
fn a_branch_serves_where_nothing_else_is_taken() {
    let shop = Shop::new();
    shop.refuse("refs/planwright/*");
    let (ann, bob) = (shop.remote("ann"), shop.remote("bob"));
    take(&ann, "ann", 0).unwrap();
    assert!(
        shop.refs()
            .iter()
            .all(|name| name.starts_with("refs/heads/planwright/"))
    );
    assert!(take(&bob, "bob", 0).is_err());
}

#[test]
fn a_remote_that_takes_nothing_says_so() {
    let shop = Shop::new();
    shop.refuse("*");
    let Err(Failure::Remote(error)) = take(&shop.remote("ann"), "ann", 0) else {
        panic!("it was taken");
    };
    assert_eq!(
        error.to_string(),
        "the remote `origin` takes no claims: no such refs here"
    );
}

#[test]
fn names_that_are_no_remotes_are_refused() {
    let shop = Shop::new();
    let clone = shop.clone("ann");
    for name in [
        "",
        "-x",
        "--upload-pack=x",
        "other",
        "../hub",
        "https://a:b@c/d",
    ] {
        assert!(Remote::open(&clone, name).is_err(), "{name}");
    }
}

#[test]
fn a_document_and_its_items_exclude_each_other() {
    let shop = Shop::new();
    let (ann, bob) = (shop.remote("ann"), shop.remote("bob"));
    take(&ann, "ann", 0).unwrap();
    let whole = |now| bob.change(&key(None), &Want::Claim, &terms("bob", now));
    assert!(matches!(whole(50), Err(Failure::Refused(Refusal::Held(_)))));
    whole(500).unwrap();
    // The item's time was over, and it was taken away with the document.
    assert!(matches!(
        ann.change(&key(Some("T1")), &Want::Renew, &terms("ann", 501)),
        Err(Failure::Refused(Refusal::NotHeld(Some(_))))
    ));
}

#[test]
fn collected_refs_let_no_number_come_back() {
    let shop = Shop::new();
    let (ann, bob) = (shop.remote("ann"), shop.remote("bob"));
    for now in 0..3 {
        take(&ann, "ann", now).unwrap();
        ann.change(&key(Some("T1")), &Want::Release, &terms("ann", now))
            .unwrap();
    }
    let held = ann.change(&key(Some("T2")), &Want::Claim, &terms("ann", 9));
    held.unwrap();
    assert_eq!(bob.collect(10_000).unwrap(), 1);
    assert_eq!(bob.collect(10_000).unwrap(), 0);
    assert_eq!(shop.refs().len(), 2);
    assert_eq!(take(&bob, "bob", 20).unwrap().record.fence, 4);
}

#[test]
fn only_the_holder_lands_and_branch_and_claim_move_together() {
    let shop = Shop::new();
    let (ann, bob) = (shop.remote("ann"), shop.remote("bob"));
    let of = |name: &str| shop.dir.path().join(name);
    let work = git(&of("ann"), "rev-parse HEAD");
    take(&ann, "ann", 0).unwrap();
    let reason = "gone".to_owned();
    let over = Want::TakeOver { reason };
    bob.change(&key(Some("T1")), &over, &terms("bob", 1))
        .unwrap();
    let land = |remote: &Remote, commit: &str, name: &str| {
        remote.land(&key(Some("T1")), commit, "main", &terms(name, 2))
    };
    assert!(matches!(
        land(&ann, &work, "ann"),
        Err(Failure::Refused(Refusal::NotHeld(Some(_))))
    ));
    assert!(!shop.refs().contains(&"refs/heads/main".to_owned()));
    let other = git(&of("bob"), "rev-parse HEAD");
    let done = land(&bob, &other, "bob").unwrap().record;
    assert_eq!(
        (done.state, done.commit.as_deref()),
        (State::Done, Some(&*other))
    );
    assert_eq!(git(&shop.hub(), "rev-parse main"), other);
    // A branch that has gone on moves neither.
    ann.change(&key(Some("T2")), &Want::Claim, &terms("ann", 3))
        .unwrap();
    assert!(matches!(
        ann.land(&key(Some("T2")), &work, "main", &terms("ann", 4)),
        Err(Failure::Remote(RemoteError::Behind { .. }))
    ));
    let state = |kept: &Kept| (kept.record.key.item.clone(), kept.record.state);
    let states: Vec<_> = bob.records(None).unwrap().iter().map(state).collect();
    assert!(states.contains(&(Some("T2".to_owned()), State::Held)));
}

#[test]
fn a_reply_that_was_lost_is_found_out() {
    let shop = Shop::new();
    let ann = shop.remote("ann");
    take(&ann, "ann", 0).unwrap();
    let seen = ann.look(None).unwrap();
    let (name, kept) = seen.claims.iter().next().unwrap();
    let record = Record {
        nonce: "x".to_owned(),
        ..kept.record.clone()
    };
    let object = ann.write(&record.to_text()).unwrap();
    ann.swap(name, Some(&kept.object), &object).unwrap();
    // The same push again: git calls it up to date, which says nothing about who did it.
    let again = ann.swap(name, Some(&kept.object), &object).unwrap();
    assert!(matches!(again, step::Swap::Done));
    let record = Record {
        nonce: "y".to_owned(),
        ..kept.record.clone()
    };
    let other = ann.write(&record.to_text()).unwrap();
    let lost = ann.swap(name, Some(&kept.object), &other).unwrap();
    assert!(matches!(lost, step::Swap::Lost));
}

#[test]
fn without_the_remote_claims_are_of_this_machine_until_it_is_back() {
    let shop = Shop::new();
    let open = |name: &str| {
        let clone = shop.clone(name);
        Claims::open(&clone, Path::new("/nowhere"), Some("origin"))
    };
    let (ann, bob) = (open("ann"), open("bob"));
    let (hub, away) = (shop.hub(), shop.dir.path().join("away"));
    fs::rename(&hub, &away).unwrap();
    let key = key(Some("T1"));
    let outcome = ann.change(&key, &Want::Claim, &terms("ann", 0)).unwrap();
    assert!(outcome.notes[0].ends_with("it is held on this machine only"));
    fs::rename(&away, &hub).unwrap();
    bob.change(&key, &Want::Claim, &terms("bob", 1)).unwrap();
    // Back again, Ann's session learns that somebody else has it.
    let actor = terms("ann", 2).actor;
    assert!(ann.guard(std::slice::from_ref(&key), &actor).is_err());
    assert!(ann.change(&key, &Want::Renew, &terms("ann", 2)).is_err());
    bob.change(&key, &Want::Release, &terms("bob", 3)).unwrap();
    assert!(ann.refresh().unwrap().is_empty());
    fs::rename(&hub, &away).unwrap();
    ann.change(&key, &Want::Claim, &terms("ann", 4)).unwrap();
    fs::rename(&away, &hub).unwrap();
    // Nobody else has it now: renewing takes it there, too.
    let renewed = ann.change(&key, &Want::Renew, &terms("ann", 5)).unwrap();
    assert!(renewed.notes.is_empty());
    assert!(bob.change(&key, &Want::Claim, &terms("bob", 6)).is_err());
    let guard = ann.guard(std::slice::from_ref(&key), &actor).unwrap();
    assert!(guard.notes.is_empty());
}
