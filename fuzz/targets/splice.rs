//! `cargo fuzz run splice`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| planwright_fuzz::splice::check(data));
