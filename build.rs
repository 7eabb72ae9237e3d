//! Compresses the files of the console and the description of the control plane, which the binary contains in this form
//! only.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "console")]
    compressed::write();
}

#[cfg(feature = "console")]
mod compressed {
    use std::{
        env,
        fmt::Write as _,
        fs,
        io::Write as _,
        path::{Path, PathBuf},
    };

    use flate2::{Compression, write::GzEncoder};

    const CONSOLE: &str = "src/console";
    const OPENAPI: &str = "src/control/openapi.json";

    /// Writes all compressed files to the output folder.
    pub(super) fn write() {
        let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
        let output = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
        write_console(&root.join(CONSOLE), &output);
        println!("cargo::rerun-if-changed={OPENAPI}");
        fs::write(output.join("openapi.json.gz"), gzip(&root.join(OPENAPI)))
            .expect("the output folder is writable");
    }

    /// Writes `console.rs`, a list of all files of the console with their compressed contents.
    fn write_console(folder: &Path, output: &Path) {
        println!("cargo::rerun-if-changed={CONSOLE}");
        let mut files = Vec::new();
        add_files(folder, &mut files);
        files.sort();
        let mut list = String::from("&[\n");
        for (number, file) in files.iter().enumerate() {
            let name = file.strip_prefix(folder).expect("a file of the folder");
            let name = name.to_str().expect("a name in UTF-8").replace('\\', "/");
            let compressed = output.join(format!("console-{number}.gz"));
            fs::write(&compressed, gzip(file)).expect("the output folder is writable");
            let content = format!("include_bytes!({compressed:?})");
            writeln!(list, "    Asset {{ name: {name:?}, gzip: {content} }},").expect("a text");
        }
        list.push(']');
        fs::write(output.join("console.rs"), list).expect("the output folder is writable");
    }

    fn add_files(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            match path.is_dir() {
                true => add_files(&path, files),
                false => files.push(path),
            }
        }
    }

    fn gzip(file: &Path) -> Vec<u8> {
        let content = fs::read(file).expect("the file is readable");
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder
            .write_all(&content)
            .expect("memory accepts every byte");
        encoder.finish().expect("memory accepts every byte")
    }
}
