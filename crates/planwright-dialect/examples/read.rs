//! Prints a file's document as JSON, read without a workspace: `read -C DIR show FILE --json`.
#![expect(clippy::print_stdout, reason = "a program for developers")]

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (Some(dir), Some(path)) = (args.get(2), args.get(4)) else {
        println!("usage: read -C DIR show FILE --json");
        return;
    };
    let (dialects, _) = planwright_dialect::Dialects::load(&[]);
    let bytes = std::fs::read(std::path::Path::new(dir).join(path)).unwrap_or_default();
    let reading = dialects.read(path, bytes);
    println!(
        "{}",
        serde_json::to_string(&reading.document).unwrap_or_default()
    );
    if args.iter().any(|arg| arg == "-v") {
        println!("{:#?}", reading.recognition);
    }
}
