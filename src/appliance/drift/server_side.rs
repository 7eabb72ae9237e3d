//! One of the two servers of a comparison, and the objects that its responses have announced.

use ureq::http::Method;

use crate::appliance::client::{Client, NoResponse, Request, Response};

/// A server that receives the requests of the probes.
#[derive(Debug)]
pub(super) struct ServerSide {
    client: Client,
    /// The absolute paths of the objects that the probes have created and not deleted, in their order.
    created: Vec<String>,
}

impl ServerSide {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            created: Vec::new(),
        }
    }

    /// Returns the base URL.
    pub(super) fn base(&self) -> &str {
        self.client.base()
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the paths of the objects that are left.
    pub(super) fn created(&self) -> &[String] {
        &self.created
    }

    /// Sends a request. Returns the response and the path of the object that it has created. `is_old` is true for a path of an
    /// object that existed before: whatever a response contains, such an object is never deleted.
    pub(super) fn send(
        &mut self,
        request: &Request,
        is_old: impl Fn(&str) -> bool,
    ) -> Result<(Response, Option<String>), NoResponse> {
        let response = self.client.send(request)?;
        let is_success = (200..300).contains(&response.status);
        let mut created = None;
        if request.method == Method::POST && is_success {
            created = new_path(&response).filter(|path| !is_old(path));
            self.created.extend(created.clone());
        }
        if request.method == Method::DELETE && is_success {
            self.created.retain(|path| *path != request.target);
        }
        Ok((response, created))
    }

    /// Deletes the objects that were created when there were `count` others, the last one first. Those that cannot be
    /// deleted remain known. Returns the paths of the others.
    pub(super) fn delete_behind(&mut self, count: usize) -> Vec<String> {
        let mut deleted = Vec::new();
        loop {
            let left = self.created.split_off(count.min(self.created.len()));
            let before = left.len();
            let left = left.into_iter().rev();
            let (gone, mut refused): (Vec<_>, Vec<_>) = left.partition(|path| self.delete(path));
            deleted.extend(gone);
            refused.reverse();
            let is_done = refused.is_empty() || refused.len() == before;
            self.created.append(&mut refused);
            if is_done {
                return deleted;
            }
        }
    }

    /// Deletes an object. Returns true if it does not exist any more.
    fn delete(&self, path: &str) -> bool {
        let request = Request::new(Method::DELETE, path);
        let response = self.client.send(&request);
        response.is_ok_and(|response| matches!(response.status, 200..300 | 404 | 410))
    }
}

/// Returns the absolute path of a new object: the body of the response, or its `Location`.
fn new_path(response: &Response) -> Option<String> {
    let body = String::from_utf8_lossy(&response.body);
    let location = response.header("Location");
    [Some(body.trim()), location]
        .into_iter()
        .flatten()
        .find_map(|text| {
            let path = &text[text.find("/vmrest/")?..];
            let is_path = !path.contains(|c: char| c.is_whitespace() || "<>\"?".contains(c));
            is_path.then(|| path.to_owned())
        })
}

#[cfg(test)]
mod tests {
    use ureq::http::Uri;

    use super::*;
    use crate::{
        appliance::client::{Credentials, Trust},
        mock::CucMock,
    };

    #[test]
    fn an_object_that_existed_before_is_never_one_to_delete() {
        let mock = CucMock::start_blocking();
        let uri: Uri = mock.uri().parse().unwrap();
        let credentials = Credentials {
            user: "admin".into(),
            password: "secret".into(),
        };
        let mut side = ServerSide::new(Client::new(&uri, &credentials, &Trust::default()));
        let body =
            "<Tenant><Alias>initech</Alias><SmtpDomain>initech.example</SmtpDomain></Tenant>";
        let request = Request::new(Method::POST, "/vmrest/tenants").xml(body);
        let (response, path) = side.send(&request, |_| true).unwrap();
        assert_eq!((response.status, path), (201, None));
        assert_eq!(side.created(), [""; 0]);
        let request =
            Request::new(Method::POST, "/vmrest/tenants").xml(body.replace("initech", "globex"));
        let (response, path) = side.send(&request, |_| false).unwrap();
        assert_eq!(response.status, 201);
        assert_eq!(side.created(), [path.unwrap()]);
    }
}
