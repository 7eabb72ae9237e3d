//! The coverage of a space as bits: one for each verb, status and field, and for each response of the user.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use super::{hit::CoverageHit, offer::statuses};
use crate::schema::{Catalogue, Resource, ResourceId, ResponseDescription, Verb};

/// The coverage of a space. The first hit of each resource allocates; no lock is taken.
#[derive(Debug)]
pub(super) struct CoverageBits {
    catalogue: Arc<Catalogue>,
    /// In the order of the catalogue.
    resources: OnceLock<Box<[OnceLock<AtomicResourceBits>]>>,
    /// One bit per response of the user, in the order of the catalogue.
    responses: Box<[AtomicU64]>,
}

/// The coverage of one resource.
#[derive(Debug)]
struct AtomicResourceBits {
    /// Three bits per verb: the verb, and its two statuses.
    verbs: AtomicU64,
    /// One bit per field position.
    written: Box<[AtomicU64]>,
    /// One bit per field position.
    asked: Box<[AtomicU64]>,
    /// One bit per view.
    views: Box<[AtomicU64]>,
}

/// The coverage of one resource at one moment, as in [`AtomicResourceBits`].
#[derive(Clone, Debug, Default)]
pub(super) struct ResourceBits {
    verbs: u64,
    written: Box<[u64]>,
    asked: Box<[u64]>,
    views: Box<[u64]>,
}

impl CoverageBits {
    pub(super) fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            responses: words(catalogue.responses().len()),
            catalogue,
            resources: OnceLock::new(),
        }
    }

    pub(super) fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// Records a request that got `status`. Fields count only if it succeeded. `route` is the registered path of the request.
    pub(super) fn record(&self, hit: &CoverageHit, status: u16, route: Option<&str>) {
        let bits = self.bits(hit.resource);
        match self.view(hit.resource, route) {
            Some(number) => {
                let (word, bit) = place(number);
                add(&bits.views[word], bit);
            }
            None => add(
                &bits.verbs,
                verb_bit(hit.verb) | status_bit(hit.verb, status),
            ),
        }
        if !(200..300).contains(&status) {
            return;
        }
        let fields = match hit.verb {
            Verb::List => &bits.asked,
            _ => &bits.written,
        };
        for position in &hit.fields {
            let (word, bit) = place(*position);
            add(&fields[word], bit);
        }
    }

    /// Returns the number of the view of a resource at a registered path.
    fn view(&self, resource: ResourceId, route: Option<&str>) -> Option<usize> {
        let views = &self.catalogue[resource].views;
        let path = route
            .filter(|_| !views.is_empty())?
            .strip_prefix("/vmrest/")?;
        views.iter().position(|view| view.path.as_str() == path)
    }

    /// Records a request that got the response of the user with this number.
    pub(crate) fn record_described(&self, number: usize) {
        let (word, bit) = place(number);
        add(&self.responses[word], bit);
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        for (_, bits) in self.recorded() {
            bits.take();
        }
        self.clear_responses();
    }

    /// Moves everything to `other`, as far as it has the same resources.
    pub(super) fn move_to(&self, other: &Self) {
        let is_same = Arc::ptr_eq(&self.catalogue, &other.catalogue);
        for (resource, bits) in self.recorded() {
            if is_same {
                other.bits(resource).add(&bits.take());
                continue;
            }
            let from = &self.catalogue[resource];
            let bits = bits.take();
            if let Some(to) = other.catalogue.resource(from.path.as_str()) {
                other.bits(to.id).add(&bits.translated(from, to));
            }
        }
        for (number, response) in other.catalogue.responses().iter().enumerate() {
            if self.has_response(response) {
                other.record_described(number);
            }
        }
        self.clear_responses();
    }

    /// True if a request got a response of the user to these requests.
    pub(super) fn has_response(&self, response: &ResponseDescription) -> bool {
        let mut responses = self.catalogue.responses().iter();
        let number = responses.position(|known| known.is_to_same(response));
        number.is_some_and(|number| {
            let (word, bit) = place(number);
            self.responses[word].load(Ordering::Relaxed) & bit != 0
        })
    }

    fn clear_responses(&self) {
        for word in &self.responses {
            word.store(0, Ordering::Relaxed);
        }
    }

    /// Returns the coverage of each resource.
    pub(super) fn snapshot(&self) -> Vec<ResourceBits> {
        let mut snapshot = vec![ResourceBits::default(); self.catalogue.resources().len()];
        for (resource, bits) in self.recorded() {
            snapshot[resource.index()] = bits.load();
        }
        snapshot
    }

    /// Returns the resources that have been hit.
    fn recorded(&self) -> impl Iterator<Item = (ResourceId, &AtomicResourceBits)> {
        let bits = self.resources.get().into_iter().flatten();
        let resources = self.catalogue.resources().iter().zip(bits);
        resources.filter_map(|(resource, bits)| Some((resource.id, bits.get()?)))
    }

    fn bits(&self, resource: ResourceId) -> &AtomicResourceBits {
        let resources = self.resources.get_or_init(|| {
            let resources = self.catalogue.resources().iter();
            resources.map(|_| OnceLock::new()).collect()
        });
        resources[resource.index()]
            .get_or_init(|| AtomicResourceBits::new(&self.catalogue[resource]))
    }
}

impl AtomicResourceBits {
    fn new(resource: &Resource) -> Self {
        let fields = resource.fields.len();
        Self {
            verbs: AtomicU64::new(0),
            written: words(fields),
            asked: words(fields),
            views: words(resource.views.len()),
        }
    }

    fn add(&self, bits: &ResourceBits) {
        add(&self.verbs, bits.verbs);
        for (words, new) in [
            (&self.written, &bits.written),
            (&self.asked, &bits.asked),
            (&self.views, &bits.views),
        ] {
            words
                .iter()
                .zip(new)
                .for_each(|(word, new)| add(word, *new));
        }
    }

    fn load(&self) -> ResourceBits {
        self.map(|word| word.load(Ordering::Relaxed))
    }

    /// Clears the bits and returns them.
    fn take(&self) -> ResourceBits {
        self.map(|word| word.swap(0, Ordering::Relaxed))
    }

    fn map(&self, read: impl Fn(&AtomicU64) -> u64) -> ResourceBits {
        ResourceBits {
            verbs: read(&self.verbs),
            written: self.written.iter().map(&read).collect(),
            asked: self.asked.iter().map(&read).collect(),
            views: self.views.iter().map(&read).collect(),
        }
    }
}

/// Returns words for this number of bits.
fn words(bits: usize) -> Box<[AtomicU64]> {
    (0..bits.div_ceil(WORD))
        .map(|_| AtomicU64::new(0))
        .collect()
}

/// Adds bits to a word. Most requests add nothing new; not writing then keeps the cache line shared between cores.
fn add(word: &AtomicU64, bits: u64) {
    if word.load(Ordering::Relaxed) & bits != bits {
        word.fetch_or(bits, Ordering::Relaxed);
    }
}

/// The number of bits in a word.
const WORD: usize = u64::BITS as usize;

/// Returns the word and the bit of a position.
fn place(position: usize) -> (usize, u64) {
    (position / WORD, 1 << (position % WORD))
}

impl ResourceBits {
    /// Adds the bits of another space.
    pub(super) fn add(&mut self, other: &Self) {
        self.verbs |= other.verbs;
        for (words, new) in [
            (&mut self.written, &other.written),
            (&mut self.asked, &other.asked),
            (&mut self.views, &other.views),
        ] {
            if words.is_empty() {
                words.clone_from(new);
            }
            words
                .iter_mut()
                .zip(new)
                .for_each(|(word, new)| *word |= new);
        }
    }

    /// Returns the bits for another description of the resource.
    fn translated(&self, from: &Resource, to: &Resource) -> Self {
        let fields = from.fields.iter().map(|field| to.position(&field.name));
        let fields: Vec<_> = fields.collect();
        let view = |path: &str| to.views.iter().position(|view| view.path.as_str() == path);
        let views: Vec<_> = from
            .views
            .iter()
            .map(|known| view(known.path.as_str()))
            .collect();
        Self {
            verbs: self.verbs,
            written: translated(&self.written, &fields, to.fields.len()),
            asked: translated(&self.asked, &fields, to.fields.len()),
            views: translated(&self.views, &views, to.views.len()),
        }
    }

    pub(super) fn has_written(&self, position: usize) -> bool {
        has(&self.written, position)
    }

    pub(super) fn has_asked(&self, position: usize) -> bool {
        has(&self.asked, position)
    }

    pub(super) fn has_view(&self, number: usize) -> bool {
        has(&self.views, number)
    }

    pub(super) fn has_verb(&self, verb: Verb) -> bool {
        self.verbs & verb_bit(verb) != 0
    }

    pub(super) fn has_status(&self, verb: Verb, status: u16) -> bool {
        self.verbs & status_bit(verb, status) != 0
    }
}

const fn verb_bit(verb: Verb) -> u64 {
    1 << (3 * verb as usize)
}

/// Returns the bit of a status, or 0 if the verb does not offer it.
fn status_bit(verb: Verb, status: u16) -> u64 {
    let position = statuses(verb).iter().position(|offered| *offered == status);
    position.map_or(0, |position| verb_bit(verb) << (position + 1))
}

/// Returns words for `length` bits, with each bit moved to its new position, if it has one.
fn translated(words: &[u64], positions: &[Option<usize>], length: usize) -> Box<[u64]> {
    let mut translated = vec![0; length.div_ceil(WORD)];
    for (old, new) in positions.iter().enumerate() {
        if let Some(new) = new.filter(|_| has(words, old)) {
            let (word, bit) = place(new);
            translated[word] |= bit;
        }
    }
    translated.into()
}

fn has(words: &[u64], position: usize) -> bool {
    let (word, bit) = place(position);
    words.get(word).is_some_and(|word| word & bit != 0)
}
