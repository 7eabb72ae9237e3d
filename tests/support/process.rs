use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio},
};

use super::Client;

/// The binary with these arguments and no environment.
pub(crate) fn cuc_mock(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cuc-mock"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Runs a command to its end; tells the exit status, stdout and stderr.
#[track_caller]
pub(crate) fn output(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        status.code().expect("an exit status"),
        text(stdout),
        text(stderr),
    )
}

/// A server that was started as a process.
pub(crate) struct Started {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: BufReader<ChildStderr>,
    /// What it said when it was ready.
    pub(crate) line: String,
}

impl Started {
    #[track_caller]
    pub(crate) fn new(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        Self {
            child,
            stdout,
            stderr,
            line,
        }
    }

    #[track_caller]
    pub(crate) fn address(&self) -> SocketAddr {
        let after = self.line.strip_prefix("listening on http://");
        let address = after.and_then(|rest| rest.split_whitespace().next());
        address.and_then(|a| a.parse().ok()).expect("an address")
    }

    pub(crate) fn client(&self) -> Client {
        Client::at(self.address())
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("kill is there").success());
    }

    /// Waits for a line on stderr that says this; tells all lines up to it.
    #[track_caller]
    pub(crate) fn wait_to_tell(&mut self, said: &str) -> String {
        let mut lines = String::new();
        loop {
            let before = lines.len();
            let length = self.stderr.read_line(&mut lines).expect("UTF-8");
            assert!(length > 0, "it never said {said:?}: {lines}");
            if lines[before..].contains(said) {
                return lines;
            }
        }
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Waits for the end; tells the exit status and what else went to stdout and to stderr.
    pub(crate) fn end(mut self) -> (Option<i32>, String, String) {
        let status = self.child.wait().expect("it ends");
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).expect("UTF-8");
        self.stderr.read_to_string(&mut stderr).expect("UTF-8");
        (status.code(), stdout, stderr)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
