//! The `cuc-mock` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    cuc_mock::cli::main()
}
