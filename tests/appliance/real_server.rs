//! The server that plays the real one: with other data, another release, changed descriptions and a list that only it has.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use cuc_mock::{CucMock, Release};
use tempfile::TempDir;

use crate::support::{ADMIN_AUTHORIZATION, Client, cuc_mock, output};

pub(crate) const USER: &str = "auditor";
pub(crate) const PASSWORD: &str = "correct-horse";
/// The secrets of the data.
pub(crate) const SECRETS: [&str; 3] = [PASSWORD, "hush-hush", "73550"];
/// The names in the data.
pub(crate) const NAMES: [&str; 7] = [
    "globex",
    "hscorpio",
    "Scorpio",
    "Hank",
    "Globex mail",
    "10.20.30.40",
    "5150",
];

/// A server with its files.
pub(crate) struct RealServer {
    pub(crate) mock: CucMock,
    _folder: TempDir,
}

const DATA: &str = r#"<UnityConnection>
  <Tenants>
    <Tenant>
      <ObjectId>11111111-1111-4111-8111-111111111111</ObjectId>
      <Alias>globex</Alias>
      <Description>Hank's &lt;volcano&gt;</Description>
      <SmtpDomain>globex.example</SmtpDomain>
    </Tenant>
  </Tenants>
  <ExternalServices>
    <ExternalService>
      <ObjectId>22222222-2222-4222-8222-222222222222</ObjectId>
      <TenantObjectId>11111111-1111-4111-8111-111111111111</TenantObjectId>
      <DisplayName>Globex mail</DisplayName>
      <ServerType>1</ServerType>
      <Server>10.20.30.40</Server>
      <ServiceAlias>hscorpio</ServiceAlias>
      <ServicePassword>hush-hush</ServicePassword>
      <TransferExtensionDialString>5150</TransferExtensionDialString>
    </ExternalService>
  </ExternalServices>
</UnityConnection>"#;

const WIDGETS: &str = r#"<Widgets total="2">
  <Widget>
    <URI>/vmrest/widgets/7c1e0d5a-93b2-4f68-a1d4-2b5f8e6c9073</URI>
    <ObjectId>7c1e0d5a-93b2-4f68-a1d4-2b5f8e6c9073</ObjectId>
    <DisplayName>Night shift</DisplayName>
    <Size>3</Size>
  </Widget>
  <Widget>
    <URI>/vmrest/widgets/0e9d8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b</URI>
    <ObjectId>0e9d8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b</ObjectId>
    <DisplayName>Day shift</DisplayName>
    <Size>4</Size>
  </Widget>
</Widgets>"#;

impl RealServer {
    /// Starts a server of release 14 with a tenant that has a user, a service and a contact.
    pub(crate) fn start() -> Self {
        Self::with_resources(&[])
    }

    /// Does the same with these descriptions.
    pub(crate) fn with_resources(resources: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, content: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, content).expect("a file");
        };
        write("data/objects.xml", DATA);
        write("data/widgets.xml", WIDGETS);
        let mut builder = CucMock::builder()
            .release(Release::V14)
            .fixtures(folder.path().join("data"))
            .user(USER, PASSWORD)
            // The tests sign in as this one.
            .user("admin", "secret")
            .seed(11);
        if !resources.is_empty() {
            for (name, content) in resources {
                write(&format!("resources/{name}"), content);
            }
            builder = builder.resources(folder.path().join("resources"));
        }
        let mock = builder.start_blocking();
        let server = Self {
            mock,
            _folder: folder,
        };
        server.add_user();
        server
    }

    /// Adds a user with secrets of its own.
    fn add_user(&self) {
        let client = self.client();
        let created = client.create(
            "/vmrest/users?templateAlias=globex_UserTemplate_1",
            "<User><Alias>hscorpio</Alias><FirstName>Hank</FirstName><LastName>Scorpio</LastName>\
             <DtmfAccessId>5150</DtmfAccessId></User>",
        );
        let pin = "<Credential><Credentials>73550</Credentials></Credential>";
        let response = client.put(&format!("{created}/credential/pin"), pin);
        assert_eq!(response.status, 204, "{response}");
    }

    pub(crate) fn client(&self) -> Client {
        Client::of(&self.mock)
    }

    /// Runs a command of the binary against the server. Returns the exit status, stdout and stderr.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let url = self.mock.uri();
        let mut all = vec![arguments[0], &url, "--user", USER];
        all.extend(&arguments[1..]);
        output(cuc_mock(&all).env("CUC_MOCK_PASSWORD", PASSWORD))
    }

    /// Forgets the requests so far.
    pub(crate) fn clear_journal(&self) {
        self.client().control("DELETE", "/__mock/requests", "");
    }
}

/// Returns the bodies of all reads to which the links in responses lead, by their paths.
pub(crate) fn reads(client: Client) -> BTreeMap<String, String> {
    let resources = client.control("GET", "/__mock/resources", "").body;
    let paths = resources.split("\"path\":\"").skip(1);
    let paths = paths.filter_map(|rest| rest.split('"').next());
    let mut queue: Vec<String> = paths
        .filter(|path| !path.contains('{'))
        .map(|path| format!("/vmrest/{path}"))
        .collect();
    let mut seen: BTreeSet<String> = queue.iter().cloned().collect();
    let mut found = BTreeMap::new();
    while let Some(path) = queue.pop() {
        let body = body(client, &path);
        for link in links(&body) {
            if seen.insert(link.clone()) {
                queue.push(link);
            }
        }
        found.insert(path, body);
    }
    found
}

/// Returns the body of the response to a `GET`, which may be sound.
fn body(client: Client, path: &str) -> String {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\r\n");
    let response = client.raw(request.as_bytes());
    let text = String::from_utf8_lossy(&response);
    let (_, body) = text.split_once("\r\n\r\n").expect("a head");
    body.to_owned()
}

/// Returns the paths in the elements of a body whose names end with `URI`, except schemas, which describe the evidence.
fn links(body: &str) -> Vec<String> {
    let texts = body.split("URI>/vmrest/").skip(1);
    let texts = texts.filter_map(|rest| rest.split('<').next());
    let links = texts.filter(|path| !path.starts_with("schema/"));
    links
        .map(|path| format!("/vmrest/{}", path.replace("&amp;", "&")))
        .collect()
}
