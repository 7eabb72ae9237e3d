//! Repeats one operation, for `.ci/instructions`, which counts its instructions.
//!
//! Client and server run on one thread, with a fixed seed and a frozen clock. The preparation depends only on the larger
//! of the two counts that are compared, so that its instructions cancel out.

mod fixture;

use std::{env, fs, process};

use cuc_mock::bench_api::{self, Services};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Builder,
};

/// The number of requests before the measurement: more than the journal keeps.
const WARM_UP: usize = 200;
/// The number of records in the fixture to load.
const FIXTURE_RECORDS: usize = 1_000;

const XML: &str = "Accept: application/xml\r\n";
const JSON: &str = "Accept: application/json\r\n";

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [path, times, max] = arguments.as_slice() else {
        fail("expected an operation, a count and the larger count");
    };
    let (Ok(times), Ok(max)) = (times.parse(), max.parse()) else {
        fail("expected two numbers");
    };
    if path == "load" {
        let fixture = fixture::fixture(FIXTURE_RECORDS);
        for _ in 0..times {
            drop(Services::load(&fixture));
        }
        return;
    }
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(run(path, times, max));
}

fn fail(message: &str) -> ! {
    eprintln!("instructions: {message}");
    process::exit(2);
}

/// Sends the requests of an operation one after the other.
async fn run(path: &str, times: usize, max: usize) {
    let records = if path.starts_with("query") { 1_000 } else { 3 };
    let file = env::temp_dir().join(format!("cuc-mock-instructions-{}.xml", process::id()));
    fs::write(&file, fixture::fixture(records)).expect("a fixture");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let served = file.clone();
    tokio::task::spawn(async move { bench_api::serve(listener, &served).await });
    let mut client = Client(TcpStream::connect(address).await.expect("a connection"));
    let list = request("GET", "", XML, "");
    for _ in 0..WARM_UP {
        client.send(&list, 200).await;
    }
    fs::remove_file(&file).expect("the file exists");
    let object = format!("/{}", fixture::id(1));
    let of_three = format!("?query=(TenantObjectId%20is%20{})", fixture::SMALL_TENANT);
    match path {
        "list-xml" => client.repeat(times, &list, 200).await,
        "list-json" => {
            client
                .repeat(times, &request("GET", "", JSON, ""), 200)
                .await
        }
        "object-xml" => {
            client
                .repeat(times, &request("GET", &object, XML, ""), 200)
                .await
        }
        "query-is" => {
            client
                .repeat(times, &request("GET", &of_three, XML, ""), 200)
                .await
        }
        "put" => {
            for number in 0..times {
                let body = fixture::body(&format!("Changed {number:06}"));
                client.send(&request("PUT", &object, XML, &body), 204).await;
            }
        }
        "post" => {
            for number in 0..times {
                client.create(number).await;
            }
        }
        "delete" => {
            let mut paths = Vec::new();
            for number in 0..max {
                paths.push(client.create(number).await);
            }
            for path in &paths[..times] {
                client.send(&request("DELETE", path, XML, ""), 204).await;
            }
        }
        unknown => fail(&format!(
            "found the operation {unknown:?}, expected list-xml, list-json, object-xml, query-is, post, put, delete or load"
        )),
    }
}

/// Returns a request for a path below the services.
fn request(method: &str, path: &str, accept: &str, body: &str) -> String {
    let content = match body.len() {
        0 => String::new(),
        length => format!("Content-Type: application/xml\r\nContent-Length: {length}\r\n"),
    };
    format!(
        "{method} /vmrest/externalservices{path} HTTP/1.1\r\nHost: cuc.example.com\r\n\
         Authorization: Basic YWRtaW46c2VjcmV0\r\n{accept}{content}\r\n{body}"
    )
}

/// A client with one persistent connection.
struct Client(TcpStream);

impl Client {
    async fn repeat(&mut self, times: usize, request: &str, status: u16) {
        for _ in 0..times {
            self.send(request, status).await;
        }
    }

    /// Adds a service; returns its path below the services.
    async fn create(&mut self, number: usize) -> String {
        let body = fixture::body(&format!("Made {number:06}"));
        let created = self.send(&request("POST", "", XML, &body), 201).await;
        let id = created.rsplit('/').next().unwrap_or_default();
        format!("/{id}")
    }

    /// Sends a request and checks the status; returns the body of the response.
    async fn send(&mut self, request: &str, status: u16) -> String {
        self.0
            .write_all(request.as_bytes())
            .await
            .expect("the request is sent");
        let mut response = Vec::with_capacity(8 * 1024);
        loop {
            let read = self.0.read_buf(&mut response).await.expect("a response");
            assert!(read > 0, "the server closed the connection");
            if let Some(body) = parse(&response, status) {
                return body;
            }
        }
    }
}

/// Returns the body of a response, or `None` if it is incomplete.
fn parse(response: &[u8], status: u16) -> Option<String> {
    let text = str::from_utf8(response).expect("text");
    let (head, body) = text.split_once("\r\n\r\n")?;
    let expected = format!("HTTP/1.1 {status} ");
    assert!(
        head.starts_with(&expected),
        "expected {status}, found {text}"
    );
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("Content-Length: "));
    let length: usize = length.map_or(0, |length| length.parse().expect("a number"));
    (body.len() == length).then(|| body.to_owned())
}
