//! Measures a plain pass of quick-xml over a file: each event is read, and nothing is kept. Prints the seconds, and the
//! number of the elements.
//!
//!     pass FIXTURE.xml

use std::{env, fs::File, io::BufReader, time::Instant};

use quick_xml::{Reader, events::Event};

fn main() {
    let path = env::args().nth(1).expect("the path of a fixture");
    let begun = Instant::now();
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
    println!("{:.3} {elements}", begun.elapsed().as_secs_f64());
}
