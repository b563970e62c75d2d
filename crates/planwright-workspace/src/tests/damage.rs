//! A snapshot that cannot be used is as good as none.

use std::fs;

use super::{Repository, counts, everything, paths, plan};

fn repository() -> Repository {
    let repository = Repository::new(&[]);
    for number in 0..40 {
        repository.write(
            &format!("docs/plans/{number}.md"),
            &plan(&format!("Plan {number}")),
        );
    }
    repository
}

#[test]
fn bytes_changed_anywhere_in_the_snapshot_are_never_believed() {
    let repository = repository();
    let expected = everything(&repository.open_later());
    let file = repository.snapshot();
    let intact = fs::read(&file).unwrap();
    for at in (0..intact.len()).step_by(intact.len() / 97) {
        let mut damaged = intact.clone();
        for byte in &mut damaged[at..(at + 8).min(intact.len())] {
            *byte ^= 0x5A;
        }
        fs::write(&file, &damaged).unwrap();
        let named = repository.open_for(&["docs/plans/7.md"], true);
        let found = named.find("docs/plans/7.md");
        let title = found.map(|index| named.entry(index).title.to_owned());
        if !named.has_strayed() {
            assert_eq!(title.as_deref(), Some("Plan 7"), "damaged at {at}");
        }
        fs::write(&file, damaged).unwrap();
        assert_eq!(
            everything(&repository.open_later()),
            expected,
            "damaged at {at}"
        );
        fs::write(&file, &intact).unwrap();
    }
}

#[test]
fn documents_replaced_by_another_call_are_not_mistaken() {
    let repository = repository();
    repository.open_later();
    let named = repository.open_for(&["7"], true);
    for number in 0..40 {
        repository.write(&format!("docs/plans/{number}.md"), &plan("Changed"));
        repository.write(&format!("docs/plans/{number}-more.md"), &plan("More"));
    }
    repository.open_later();
    for number in 0..40 {
        named.find(&format!("docs/plans/{number}.md"));
    }
    assert!(named.has_strayed());
}

#[test]
fn a_snapshot_cut_short_or_not_a_database_is_replaced() {
    let repository = repository();
    let expected = everything(&repository.open_later());
    let file = repository.snapshot();
    let intact = fs::read(&file).unwrap();
    for damaged in [
        &intact[..0],
        &intact[..100],
        &intact[..intact.len() / 2],
        b"not a database",
    ] {
        fs::write(&file, damaged).unwrap();
        let workspace = repository.open_later();
        assert_eq!(counts(&workspace), (0, 40, 0));
        assert_eq!(everything(&workspace), expected);
        assert_eq!(counts(&repository.open_later()), (40, 0, 0));
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let repository = repository();
    // A file where the folder should be, which no permission gets around.
    let cache = repository.cache().join("file");
    fs::write(&cache, "").unwrap();
    let options = crate::Options {
        dir: repository.path(""),
        cache_dir: Some(cache),
    };
    let workspace = crate::Workspace::open(&options).unwrap();
    assert_eq!(everything(&workspace), everything(&repository.open_anew()));
}

#[cfg(unix)]
#[test]
fn a_cache_that_can_only_be_read_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let repository = repository();
    repository.open_later();
    let file = repository.snapshot();
    let folder = file.parent().unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).unwrap();
    assert_eq!(counts(&repository.open_later()), (40, 0, 0));
    repository.write("docs/plans/7.md", &plan("Changed"));
    let workspace = repository.open_later();
    assert_eq!(everything(&workspace), everything(&repository.open_anew()));
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn another_writer_is_not_waited_for_long_and_not_overwritten() {
    let repository = repository();
    repository.open_later();
    let lock = rusqlite::Connection::open(repository.snapshot()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    repository.write("docs/plans/7.md", &plan("Changed"));
    let start = std::time::Instant::now();
    let workspace = repository.open_later();
    assert!(start.elapsed() < std::time::Duration::from_secs(5));
    assert_eq!(counts(&workspace), (39, 1, 0));
    assert_eq!(everything(&workspace), everything(&repository.open_anew()));
    lock.execute_batch("ROLLBACK").unwrap();
    assert_eq!(counts(&repository.open_later()), (39, 1, 0));
    assert_eq!(counts(&repository.open_later()), (40, 0, 0));
}

#[test]
fn summaries_replaced_by_another_call_are_made_again() {
    let repository = repository();
    repository.open_later();
    let old = repository.open_later();
    for number in 0..40 {
        repository.write(&format!("docs/plans/{number}.md"), &plan("Changed"));
        repository.write(&format!("docs/plans/{number}-more.md"), &plan("More"));
    }
    repository.open_later();
    for index in 0..old.len() {
        assert_eq!(
            old.summary(index),
            repository.open_anew().summary(index * 2 + 1)
        );
    }
}

#[test]
fn many_calls_at_once_agree() {
    let repository = repository();
    let expected = everything(&repository.open_anew());
    for round in 0..4 {
        std::thread::scope(|scope| {
            let calls: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| everything(&repository.open())))
                .collect();
            for call in calls {
                assert_eq!(call.join().unwrap(), expected, "round {round}");
            }
        });
    }
    assert_eq!(paths(&repository.open()).len(), 40);
}
