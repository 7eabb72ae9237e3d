//! The audio of objects.

use super::{
    client::WAVE,
    objects::Object,
    run::{BEFORE, Run},
};
use crate::{engine::wave::silence, schema::Resource};

impl Run<'_> {
    /// Replaces the audio of an object and gets it back.
    pub(super) fn check_audio(&self, resource: &Resource, object: &Object) {
        self.mock.restore(BEFORE);
        for audio in &resource.audio {
            let path = format!("{}/{}", object.path, audio.segment);
            let wave = silence();
            let put = self.client.send("PUT", &path, WAVE, &wave);
            let got = self.client.send("GET", &path, WAVE, b"");
            let wrong = self.client.send("PUT", &path, WAVE, b"no audio");
            let after = self.client.send("GET", &path, WAVE, b"");
            let is_right = (put.status, got.status, wrong.status) == (204, 200, 400);
            if !is_right || got.body != wave || after != got {
                let detail = format!("{put} {} {wrong}", got.status);
                self.problem(resource, &audio.segment, "audio", detail);
            }
        }
    }
}
