use insta::assert_snapshot;

use crate::runner::Repo;

#[test]
fn usage_errors_are_exit_code_two() {
    let repo = Repo::empty();
    assert_snapshot!(repo.plan("bogus"), @r"
    exit code: 2
    ----- stderr -----
    error: unrecognized subcommand 'bogus'

    Usage: plan [OPTIONS] [COMMAND]

    For more information, try '--help'.
    ");
    assert_snapshot!(repo.plan("stauts"), @r"
    exit code: 2
    ----- stderr -----
    error: unrecognized subcommand 'stauts'

      tip: a similar subcommand exists: 'status'

    Usage: plan [OPTIONS] [COMMAND]

    For more information, try '--help'.
    ");
    assert_snapshot!(repo.plan("show"), @r"
    exit code: 2
    ----- stderr -----
    error: the following required arguments were not provided:
      <REF>

    Usage: plan show <REF>

    For more information, try '--help'.
    ");
    assert_snapshot!(repo.plan("graph --format svg"), @r"
    exit code: 2
    ----- stderr -----
    error: invalid value 'svg' for '--format <FORMAT>'
      [possible values: tree, dot, mermaid]

    For more information, try '--help'.
    ");
    assert_snapshot!(repo.plan("schema lists"), @r"
    exit code: 2
    ----- stderr -----
    error: there is no schema `lists`
      note: there are: status, list, document, item, phase, next, graph, search, links, check, rules, rule, dialects, dialect, config
    ");
    assert_snapshot!(repo.plan("list --path a["), @r"
    exit code: 2
    ----- stderr -----
    error: `a[` is no valid glob: unclosed character class; missing ']'
    ");
    assert_snapshot!(repo.plan("dialects show"), @r"
    exit code: 2
    ----- stderr -----
    error: the following required arguments were not provided:
      <NAME>

    Usage: plan dialects show <NAME>

    For more information, try '--help'.
    ");
}
