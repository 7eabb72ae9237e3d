//! Reading a large list on several threads.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::loader::{Entry, Loader};
use crate::{engine::xml::XmlReader, schema::Resource};

impl Loader<'_> {
    /// Reads the objects of the open list, if it is large, on several threads. Reads none of them if there is an error, so
    /// that they are read once more, one after the other, and the errors are reported in order.
    pub(super) fn read_pieces(
        &mut self,
        file: usize,
        reader: &mut XmlReader<'_>,
        resource: &Resource,
    ) {
        if self.parallelism.is_sequential() || resource.is_singleton() {
            return;
        }
        let list = &*resource.list_element;
        let pieces = reader.pieces(list, &resource.element, self.parallelism.min_bytes);
        if pieces.is_empty() {
            return;
        }
        let done = self.progress.done();
        let is_sound = AtomicBool::new(true);
        let read = self.parallelism.map(pieces, |mut piece| {
            let entries = is_sound
                .load(Relaxed)
                .then(|| self.read_piece(file, &mut piece, resource));
            is_sound.fetch_and(matches!(entries, Some(Some(_))), Relaxed);
            entries.flatten()
        });
        let read: Option<Vec<_>> = read.into_iter().collect();
        let read = read.unwrap_or_default();
        let objects: usize = read.iter().map(Vec::len).sum();
        if read.is_empty() || self.objects + objects > self.max_records.0 {
            self.progress.return_to(done);
            return;
        }
        self.objects += objects;
        let entries = &mut self.entries[resource.id.index()];
        entries.reserve_exact(objects);
        entries.extend(read.into_iter().flatten());
        reader.skip_content(list);
    }

    /// Returns the entries of a piece, or `None` if there is an error.
    fn read_piece(
        &self,
        file: usize,
        piece: &mut XmlReader<'_>,
        resource: &Resource,
    ) -> Option<Vec<Entry>> {
        let mut loader = Self::new(
            self.catalogue,
            self.max_records,
            self.progress,
            false,
            self.completion,
            self.parallelism,
        );
        loader.read_objects(file, piece, resource).ok()?;
        let is_sound = loader.errors.is_empty()
            && piece.stray_texts.is_empty()
            && loader.excess_file.is_none();
        is_sound.then(|| std::mem::take(&mut loader.entries[resource.id.index()]))
    }
}
