//! Prints the public API of a library, one item a line, from the JSON of rustdoc.

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os()
        .nth(1)
        .ok_or("expected the path of rustdoc's JSON")?;
    let api = public_api::Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .build()?;
    print!("{api}");
    Ok(())
}
