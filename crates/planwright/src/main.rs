//! The `plan` program.

/// Reading makes many small strings and drops them file by file; with this allocator a cold start
/// takes about a fifth less time than with the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    planwright::main()
}
