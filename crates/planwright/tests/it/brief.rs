//! What a brief says about each fixture.

use insta::assert_snapshot;

use crate::runner::Repo;

#[test]
fn ai_docs() {
    let repo = Repo::of("ai-docs");
    assert_snapshot!(repo.plan("brief search-index --budget 1200"));
    assert_snapshot!(repo.plan("brief src/index/writer.py --budget 500"));
}

#[test]
fn archcore() {
    let repo = Repo::of("archcore");
    assert_snapshot!(repo.plan("brief label-printing.plan --budget 1200"));
}

#[test]
fn dev_ops() {
    let repo = Repo::of("dev-ops");
    assert_snapshot!(repo.plan("brief PLN-001 --budget 1200"));
}

#[test]
fn execplan() {
    let repo = Repo::of("execplan");
    assert_snapshot!(repo.plan("brief streaming-export --budget 1200"));
}

#[test]
fn generic() {
    let repo = Repo::of("generic");
    assert_snapshot!(repo.plan("brief TODO.md --budget 600"));
}

#[test]
fn spec_kit() {
    let repo = Repo::of("spec-kit");
    assert_snapshot!(repo.plan("brief 001 --budget 1500"));
    assert_snapshot!(repo.plan("brief 001 --budget 300 --explain"));
}

#[test]
fn a_session_and_a_question() {
    let repo = Repo::of("ai-docs");
    assert_snapshot!(repo.plan("brief --budget 500"));
    assert_snapshot!(repo.plan("brief --for tokenizer --budget 300"));
}
