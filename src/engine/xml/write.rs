//! Writes XML: compact, as in the vendor's captured traffic.

use std::{io, mem};

use quick_xml::{
    Writer,
    escape::partial_escape,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use crate::{
    engine::{charset::is_carried, escaping::is_plain, list_frame::ListFrame},
    schema::Kind,
};

/// The beginning of every document.
pub(crate) const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// Writes an object into `text`, which is empty, and returns it.
///
/// It does without `quick_xml::Writer` because it runs on each change of a record, with names that are known to be
/// valid.
pub(crate) fn object<'e, V: AsRef<str>>(
    root: &str,
    elements: impl Iterator<Item = (&'e str, &'e Kind, V)>,
    mut text: String,
) -> String {
    push_tag(&mut text, "<", root);
    for (name, kind, value) in elements {
        let value = value.as_ref();
        if value.is_empty() {
            text.push('<');
            text.push_str(name);
            text.push_str("/>");
            continue;
        }
        push_tag(&mut text, "<", name);
        if is_plain(kind, value) {
            text.push_str(value);
        } else {
            text.push_str(&partial_escape(value));
        }
        push_tag(&mut text, "</", name);
    }
    push_tag(&mut text, "</", root);
    text
}

fn push_tag(text: &mut String, start: &str, name: &str) {
    text.push_str(start);
    text.push_str(name);
    text.push('>');
}

/// Returns the text around the objects of a page, with the `total` of the query.
pub(crate) fn list(element: &str, total: usize, rows: usize) -> ListFrame {
    let total = total.to_string();
    let (close, end) = match rows {
        0 => ("/>", String::new()),
        _ => (">", ["</", element, ">"].concat()),
    };
    let start = [DECLARATION, "<", element, " total=\"", &total, "\"", close].concat();
    ListFrame {
        start: start.into_bytes(),
        between: "",
        end: end.into_bytes(),
    }
}

/// Returns the body of an error response. Characters of the message that XML does not allow are replaced.
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

/// Returns a document with this root element; `content` writes its children.
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

/// Writes a document with several lists of objects, each element on its own line. Its text is taken in chunks.
pub(crate) struct FixtureWriter {
    writer: Writer<Vec<u8>>,
    /// The initial capacity of each chunk.
    chunk_size: usize,
}

impl FixtureWriter {
    /// Begins a document with this root element.
    pub(crate) fn new(root: &str, chunk_size: usize) -> Self {
        let chunk = Vec::with_capacity(chunk_size);
        let mut writer = Self {
            writer: Writer::new_with_indent(chunk, b' ', 2),
            chunk_size,
        };
        writer.write(|writer| {
            declaration(writer)?;
            writer.write_event(Event::Start(BytesStart::new(root)))
        });
        writer
    }

    /// Writes the beginning of a list with this number of objects, or all of it if there are none.
    pub(crate) fn begin_list(&mut self, list: &str, total: usize) {
        let text = total.to_string();
        let start = BytesStart::new(list).with_attributes([("total", text.as_str())]);
        self.write(|writer| match total {
            0 => writer.write_event(Event::Empty(start)),
            _ => writer.write_event(Event::Start(start)),
        });
    }

    pub(crate) fn object<'f, V: AsRef<str>>(
        &mut self,
        element: &str,
        fields: impl Iterator<Item = (&'f str, V)>,
    ) {
        self.write(|writer| {
            writer.write_event(Event::Start(BytesStart::new(element)))?;
            for (name, value) in fields {
                text_element(writer, name, value.as_ref())?;
            }
            writer.write_event(Event::End(BytesEnd::new(element)))
        });
    }

    pub(crate) fn end_list(&mut self, list: &str, total: usize) {
        if total > 0 {
            self.write(|writer| writer.write_event(Event::End(BytesEnd::new(list))));
        }
    }

    /// Ends the document, and returns its last chunk.
    pub(crate) fn finish(mut self, root: &str) -> Vec<u8> {
        self.write(|writer| writer.write_event(Event::End(BytesEnd::new(root))));
        let mut chunk = self.writer.into_inner();
        chunk.push(b'\n');
        chunk
    }

    /// Returns the size of the current chunk.
    pub(crate) fn len(&self) -> usize {
        self.writer.get_ref().len()
    }

    /// Returns the current chunk, and begins the next one.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        let next = Vec::with_capacity(self.chunk_size);
        mem::replace(self.writer.get_mut(), next)
    }

    fn write(&mut self, write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) {
        write(&mut self.writer).expect("writing to memory does not fail");
    }
}

/// Writes [`DECLARATION`] as an event, so that a writer that indents knows of it.
fn declaration(writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new(
        "1.0",
        Some("UTF-8"),
        Some("yes"),
    )))
}

/// Writes an element with this text, or an empty element if the text is empty.
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
    write(&mut writer).expect("writing to memory does not fail");
    writer.into_inner()
}
