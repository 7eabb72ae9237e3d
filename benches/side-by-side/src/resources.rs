//! Serves a fixture with services and tenants alone, or with all embedded resources.
//!
//!     resources two|all FIXTURE.xml

use std::{env, path::PathBuf};

use cuc_mock::bench_api;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = env::args().skip(1);
    let resources = arguments.next().expect("the resources");
    let path = PathBuf::from(arguments.next().expect("the path of a fixture"));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    // Its backlog holds a client that connects before the fixture is loaded.
    println!("listening on {address}");
    match resources.as_str() {
        "two" => bench_api::serve_two_resources(listener, &path).await,
        "all" => bench_api::serve(listener, &path).await,
        other => panic!("there are no resources {other}"),
    }
}
