//! Makes a plain pass of quick-xml over a file, for comparison with a load: each event is read, and nothing is kept.
//! Prints the number of the elements.
//!
//!     pass FIXTURE.xml

use std::{env, fs::File, io::BufReader};

use quick_xml::{Reader, events::Event};

fn main() {
    let path = env::args().nth(1).expect("the path of a fixture");
    let file = File::open(path).expect("a file");
    let mut reader = Reader::from_reader(BufReader::new(file));
    let mut buffer = Vec::new();
    let mut elements = 0_usize;
    loop {
        match reader.read_event_into(&mut buffer).expect("well-formed") {
            Event::Start(_) | Event::Empty(_) => elements += 1,
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    println!("{elements}");
}
