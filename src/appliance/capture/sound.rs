//! The sound to which captured objects refer.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{CaptureError, CapturedKind, crawl::Crawl};
use crate::{
    appliance::object::Object,
    schema::{Kind, Resource, path},
};

/// The file of an object, and the path of its sound.
struct SoundPath {
    /// The path of the resource that has the bytes.
    resource: String,
    name: String,
    /// The paths from which the sound can be read, the usual one first.
    targets: Vec<String>,
}

/// Reads the sound of the captured objects.
pub(super) fn run(crawl: &mut Crawl<'_>) -> Result<(), CaptureError> {
    let paths = paths(crawl);
    crawl.progress.begin("sound", paths.len());
    let server = crawl.server;
    let contents = server.for_each(&paths, |sound| {
        let mut status = 404;
        for target in &sound.targets {
            match server.bytes(target)? {
                Ok(bytes) => return Ok(Ok(bytes)),
                Err(other) => status = other,
            }
        }
        Ok(Err(status))
    })?;
    for (sound, content) in paths.into_iter().zip(contents) {
        let mut object = Object::default();
        object.set("Name", sound.name.clone());
        match content {
            Ok(bytes) => object.set("Content", BASE64_STANDARD.encode(bytes)),
            // The object exists, as one whose sound was never uploaded.
            Err(status) => crawl.warn(&sound.targets[0], status),
        }
        let known = crawl
            .kinds
            .iter_mut()
            .find(|kind| kind.path == sound.resource);
        if let Some(kind) = known {
            kind.objects.push(object);
        } else if let Some(resource) = crawl.catalogue.resource(&sound.resource) {
            let mut kind = CapturedKind::of(resource);
            kind.objects.push(object);
            crawl.kinds.push(kind);
        }
    }
    Ok(())
}

/// Returns the sound of the captured objects, each once.
fn paths(crawl: &Crawl<'_>) -> Vec<SoundPath> {
    let mut paths: Vec<SoundPath> = Vec::new();
    for kind in &crawl.kinds {
        let Some(resource) = kind.resource(&crawl.catalogue) else {
            continue;
        };
        for &field in &resource.file_fields {
            let Some(reference) = &resource.fields[field].reference else {
                continue;
            };
            let files = &crawl.catalogue[reference.resource];
            // The bytes of messages are private.
            if !is_sound(files) || super::crawl::is_private(files.path.as_str()) {
                continue;
            }
            for object in &kind.objects {
                let name = object.get(&resource.fields[field].name).unwrap_or_default();
                let is_known = paths.iter().any(|known| known.name == name);
                if !name.is_empty() && !is_known {
                    paths.push(SoundPath {
                        resource: files.path.to_string(),
                        name: name.to_owned(),
                        targets: targets(resource, files, field, object, name),
                    });
                }
            }
        }
    }
    paths
}

/// True if a resource has the names and the bytes of sound.
fn is_sound(files: &Resource) -> bool {
    let has = |name: &str, kind: Kind| {
        let position = files.position(name);
        position.is_some_and(|position| files.fields[position].kind == kind)
    };
    has("Name", Kind::Text) && has("Content", Kind::Binary)
}

/// Returns the paths of the sound: that of the file, and those below the object that refers to it.
fn targets(
    resource: &Resource,
    files: &Resource,
    field: usize,
    object: &Object,
    name: &str,
) -> Vec<String> {
    let mut targets = vec![format!("/vmrest/{}/{}", files.path, path::encoded(name))];
    let value = |position: usize| object.get(&resource.fields[position].name);
    let audio = resource.audio.iter().zip(&resource.audio_fields);
    let audio = audio.filter(|(_, position)| **position == field);
    targets.extend(
        audio.map(|(audio, _)| resource.record_path(&format!("/{}", audio.segment), value)),
    );
    targets
}
