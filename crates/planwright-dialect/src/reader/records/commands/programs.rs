/// Programs that plans call.
const PROGRAMS: [&str; 78] = [
    "ansible",
    "bash",
    "bats",
    "bazel",
    "black",
    "bun",
    "bundle",
    "bunx",
    "cargo",
    "cmake",
    "composer",
    "ctest",
    "curl",
    "cypress",
    "deno",
    "docker",
    "docker-compose",
    "dotnet",
    "eslint",
    "flake8",
    "flutter",
    "git",
    "go",
    "golangci-lint",
    "gradle",
    "helm",
    "hugo",
    "jest",
    "just",
    "kubectl",
    "make",
    "markdownlint",
    "mdbook",
    "meson",
    "mise",
    "mix",
    "mvn",
    "mypy",
    "ninja",
    "nix",
    "node",
    "nox",
    "npm",
    "npx",
    "php",
    "phpunit",
    "pip",
    "plan",
    "playwright",
    "pnpm",
    "poetry",
    "pre-commit",
    "prettier",
    "pyright",
    "pytest",
    "python",
    "python3",
    "rake",
    "rspec",
    "ruby",
    "ruff",
    "rustc",
    "sbt",
    "sh",
    "shellcheck",
    "swift",
    "task",
    "terraform",
    "tox",
    "tsc",
    "turbo",
    "uv",
    "uvx",
    "vitest",
    "xcodebuild",
    "yarn",
    "zig",
    "./gradlew",
];

/// Programs that do something worth naming without anything behind them.
const ALONE: [&str; 17] = [
    "bats", "ctest", "eslint", "flake8", "jest", "make", "mypy", "ninja", "nox", "phpunit",
    "pyright", "pytest", "rake", "rspec", "tox", "tsc", "vitest",
];

/// A program that plans call, with something behind it.
pub(super) fn looks_like_command(text: &str) -> bool {
    let mut words = text.split_whitespace().skip_while(|word| {
        // `RUST_LOG=debug cargo test`
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        })
    });
    let first = words.next().unwrap_or("");
    let further = words.next().is_some();
    (PROGRAMS.contains(&first) && (further || ALONE.contains(&first)))
        || first.starts_with("./") && !first.ends_with(".md") && (further || first.ends_with(".sh"))
}
