//! The command `peerc`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    peerc::cli::main()
}
