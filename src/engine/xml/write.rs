//! Writing XML: compact, as the vendor's captured traffic has it.

use std::io;

use quick_xml::{
    Writer,
    escape::partial_escape,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use crate::engine::{
    charset::{has_none_of, is_carried},
    list_body::Frame,
};

/// What every document begins with.
pub(crate) const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// A document with one object, to which its members are added.
///
/// Without a writer, which knows what may stand where: this is written with each change of a record, and what stands
/// in it is known.
pub(crate) struct Object<'o> {
    element: &'o str,
    document: String,
}

impl<'o> Object<'o> {
    /// Writes into `document`, which is empty.
    pub(crate) fn new(element: &'o str, document: String) -> Self {
        let mut object = Self { element, document };
        object.put(&[DECLARATION, "<", element, ">"]);
        object
    }

    pub(crate) fn member(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            self.put(&["<", name, "/>"]);
        } else if has_none_of(value, |byte| matches!(byte, b'<' | b'>' | b'&' | b'\r')) {
            self.put(&["<", name, ">", value, "</", name, ">"]);
        } else {
            self.put(&["<", name, ">", &partial_escape(value), "</", name, ">"]);
        }
    }

    pub(crate) fn end(mut self) -> String {
        self.put(&["</", self.element, ">"]);
        self.document
    }

    fn put(&mut self, pieces: &[&str]) {
        self.document
            .reserve(pieces.iter().map(|piece| piece.len()).sum());
        pieces
            .iter()
            .for_each(|piece| self.document.push_str(piece));
    }
}

/// What stands around the objects of a page, with the `total` of what was found.
pub(crate) fn list(element: &str, total: usize, rows: usize) -> Frame {
    let total = total.to_string();
    let (close, end) = match rows {
        0 => ("/>", String::new()),
        _ => (">", ["</", element, ">"].concat()),
    };
    let start = [DECLARATION, "<", element, " total=\"", &total, "\"", close].concat();
    Frame {
        start: start.into_bytes(),
        between: "",
        end: end.into_bytes(),
    }
}

/// The document that answers a failure. What XML cannot carry of the message is replaced.
pub(crate) fn error(code: &str, message: &str) -> Vec<u8> {
    let message = &message.replace(|c| !is_carried(c), "\u{fffd}");
    written(|writer| {
        declaration(writer)?;
        writer
            .create_element("ErrorDetails")
            .write_inner_content(|writer| {
                writer
                    .create_element("errors")
                    .write_inner_content(|writer| {
                        text_element(writer, "code", code)?;
                        text_element(writer, "message", message)
                    })?;
                Ok(())
            })?;
        Ok(())
    })
}

/// A document that is described and not stored: its root, and what `content` writes into it.
pub(crate) fn document(
    root: &str,
    attributes: &[(&str, &str)],
    content: impl Fn(&mut Writer<Vec<u8>>) -> io::Result<()>,
) -> Vec<u8> {
    written(|writer| {
        declaration(writer)?;
        let root = writer.create_element(root);
        root.with_attributes(attributes.iter().copied())
            .write_inner_content(content)
            .map(drop)
    })
}

/// A document with several lists of objects, each member on a line of its own.
pub(crate) fn fixture<V, M, R>(
    root: &str,
    lists: impl Iterator<Item = (&'static str, &'static str, R)>,
) -> Vec<u8>
where
    V: AsRef<str>,
    M: Iterator<Item = (&'static str, V)>,
    R: ExactSizeIterator<Item = M>,
{
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let write = |writer: &mut Writer<Vec<u8>>| {
        declaration(writer)?;
        writer.write_event(Event::Start(BytesStart::new(root)))?;
        for (list, element, objects) in lists {
            let total = objects.len().to_string();
            let start = BytesStart::new(list).with_attributes([("total", total.as_str())]);
            if objects.len() == 0 {
                writer.write_event(Event::Empty(start))?;
                continue;
            }
            writer.write_event(Event::Start(start))?;
            for members in objects {
                writer.write_event(Event::Start(BytesStart::new(element)))?;
                for (name, value) in members {
                    text_element(writer, name, value.as_ref())?;
                }
                writer.write_event(Event::End(BytesEnd::new(element)))?;
            }
            writer.write_event(Event::End(BytesEnd::new(list)))?;
        }
        writer.write_event(Event::End(BytesEnd::new(root)))
    };
    write(&mut writer).expect("memory takes what is written to it");
    let mut document = writer.into_inner();
    document.push(b'\n');
    document
}

/// Writes what [`DECLARATION`] is, as an event: whoever indents has to know of it.
fn declaration(writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new(
        "1.0",
        Some("UTF-8"),
        Some("yes"),
    )))
}

/// An empty text is an empty element.
fn text_element(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> io::Result<()> {
    let element = writer.create_element(name);
    if text.is_empty() {
        element.write_empty()?;
    } else {
        element.write_text_content(BytesText::from_escaped(partial_escape(text)))?;
    }
    Ok(())
}

fn written(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> Vec<u8> {
    let mut writer = Writer::new(Vec::with_capacity(1024));
    write(&mut writer).expect("memory takes what is written to it");
    writer.into_inner()
}
