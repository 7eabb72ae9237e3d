use std::{
    io::{BufRead, BufReader, Read},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio},
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Instant,
};

use super::{Client, DEADLINE};

/// Returns a command that runs the binary with these arguments and an empty environment.
pub(crate) fn cuc_mock(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cuc-mock"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Runs a command to its end. Returns the exit status, stdout and stderr.
#[track_caller]
pub(crate) fn output(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        status.code().expect("an exit status"),
        text(stdout),
        text(stderr),
    )
}

/// Makes a FIFO.
#[track_caller]
pub(crate) fn make_fifo(path: &Path) {
    let status = Command::new("mkfifo").arg(path).status();
    assert!(status.expect("mkfifo exists").success());
}

/// A server that runs in its own process. Dropping it kills the process.
pub(crate) struct ServerProcess {
    child: Child,
    stdout: BufReader<ChildStdout>,
    log: Log,
    /// The line that the server printed when it was ready.
    pub(crate) ready_line: String,
}

impl ServerProcess {
    /// Starts the command, and waits until it is ready or has failed.
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut server = Self::spawn(command);
        let line = server.stdout.read_line(&mut server.ready_line);
        line.expect("a line in UTF-8");
        server
    }

    /// Starts the command, and does not wait until it is ready.
    #[track_caller]
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let stderr = child.stderr.take().expect("a pipe");
        Self {
            child,
            stdout,
            log: Log::new(stderr),
            ready_line: String::new(),
        }
    }

    /// Reads the next line of stdout.
    #[track_caller]
    pub(crate) fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line in UTF-8");
        line
    }

    #[track_caller]
    pub(crate) fn address(&self) -> SocketAddr {
        let rest = self.ready_line.strip_prefix("listening on http://");
        let address = rest.and_then(|rest| rest.split_whitespace().next());
        address
            .and_then(|address| address.parse().ok())
            .expect("an address")
    }

    pub(crate) fn client(&self) -> Client {
        Client::at(self.address())
    }

    /// Returns the largest amount of memory that the process has taken, in bytes.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub(crate) fn peak_memory(&self) -> usize {
        self.status("VmHWM") * 1024
    }

    /// Waits until the process has at most this many threads beside those that serve requests.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub(crate) fn wait_for_threads(&self, count: usize) {
        let processors = thread::available_parallelism().expect("a number").get();
        let count = count + if processors < 4 { 0 } else { processors / 2 };
        let deadline = Instant::now() + DEADLINE;
        while self.status("Threads") > count {
            assert!(
                Instant::now() < deadline,
                "{} threads",
                self.status("Threads")
            );
        }
    }

    /// Returns a number from the status of the process.
    #[cfg(target_os = "linux")]
    #[track_caller]
    fn status(&self, name: &str) -> usize {
        let file = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(file).expect("the process runs");
        let mut lines = status.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let number = value.and_then(|value| value.split_whitespace().next());
        number
            .and_then(|number| number.parse().ok())
            .expect("a number")
    }

    /// Closes the pipe to stdin, which the command must have.
    #[track_caller]
    pub(crate) fn close_stdin(&mut self) {
        drop(self.child.stdin.take().expect("a pipe"));
    }

    /// Sends the signal of this name.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("kill exists").success());
    }

    /// Waits for a line on stderr that contains `text`. Returns all lines up to and including it.
    #[track_caller]
    pub(crate) fn wait_for_log(&mut self, text: &str) -> String {
        let deadline = Instant::now() + DEADLINE;
        let mut lines = String::new();
        while let Some(line) = self.log.next_line(deadline) {
            lines.push_str(&line);
            if line.contains(text) {
                return lines;
            }
        }
        panic!("the server did not log {text:?}: {lines}");
    }

    /// Waits until the server has begun to stop: it refuses connections then.
    #[track_caller]
    pub(crate) fn wait_for_closed_port(&self) {
        let deadline = Instant::now() + DEADLINE;
        while TcpStream::connect(self.address()).is_ok() {
            assert!(Instant::now() < deadline, "the port is still open");
        }
    }

    /// Kills the process, as a crash would. Returns the unread rest of stderr.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().expect("the process runs");
        self.child.wait().expect("an exit status");
        let deadline = Instant::now() + DEADLINE;
        std::iter::from_fn(|| self.log.next_line(deadline)).collect()
    }

    /// Waits until the process has ended. Returns the exit status and the unread rest of stdout and stderr.
    #[track_caller]
    pub(crate) fn wait_for_exit(mut self) -> (Option<i32>, String, String) {
        let deadline = Instant::now() + DEADLINE;
        let mut stderr = String::new();
        while let Some(line) = self.log.next_line(deadline) {
            stderr.push_str(&line);
        }
        assert!(Instant::now() < deadline, "the server still runs: {stderr}");
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).expect("UTF-8");
        let status = self.child.wait().expect("an exit status");
        (status.code(), stdout, stderr)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The stderr of a server. A thread reads it from the first use on, so that waiting for a line can have a deadline.
struct Log {
    unread: Option<(ChildStderr, Sender<String>)>,
    lines: Receiver<String>,
}

impl Log {
    fn new(stderr: ChildStderr) -> Self {
        let (sender, lines) = mpsc::channel();
        Self {
            unread: Some((stderr, sender)),
            lines,
        }
    }

    /// Returns the next line with its line break, or `None` at the end and after the deadline.
    fn next_line(&mut self, deadline: Instant) -> Option<String> {
        if let Some((stderr, sender)) = self.unread.take() {
            thread::spawn(move || send_lines(stderr, &sender));
        }
        let rest = deadline.saturating_duration_since(Instant::now());
        self.lines.recv_timeout(rest).ok()
    }
}

fn send_lines(stderr: ChildStderr, sender: &Sender<String>) {
    let mut stderr = BufReader::new(stderr);
    loop {
        let mut line = String::new();
        let length = stderr.read_line(&mut line).expect("UTF-8");
        if length == 0 || sender.send(line).is_err() {
            return;
        }
    }
}
