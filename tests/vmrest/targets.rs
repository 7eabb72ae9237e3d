//! The targets of actions: a conversation and the handler that it begins with.

use cuc_mock::CucMock;

use crate::support::{Client, Response};

const DIRECTORY: &str = "/vmrest/handlers/directoryhandlers";
const OPENING: &str = "22231eef-93e5-4a33-9c88-56dd7792c5fe";

fn mock() -> CucMock {
    CucMock::builder().seed(1).start_blocking()
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// Changes a target of an object, whose fields begin with a word.
fn put(client: Client, path: &str, word: &str, conversation: &str, handler: &str) -> Response {
    client.put(
        path,
        format!(
            "<Object><{word}TargetConversation>{conversation}</{word}TargetConversation>\
             <{word}TargetHandlerObjectId>{handler}</{word}TargetHandlerObjectId></Object>"
        ),
    )
}

/// Creates a user and an interview handler whose recipient it is.
fn user_and_interview(client: Client) -> (String, String) {
    let user = client.create(
        "/vmrest/users?templateAlias=voicemailusertemplate",
        "<User><Alias>jane</Alias><DtmfAccessId>1001</DtmfAccessId></User>",
    );
    let interview = client.create(
        "/vmrest/handlers/interviewhandlers",
        format!(
            "<InterviewHandler><DisplayName>Claims</DisplayName><RecipientSubscriberObjectId>{}\
             </RecipientSubscriberObjectId></InterviewHandler>",
            id(&user)
        ),
    );
    (user, interview)
}

#[test]
fn the_exit_of_a_user_leads_to_a_handler_of_the_kind_of_its_conversation() {
    let mock = mock();
    let client = Client::of(&mock);
    let (user, interview) = user_and_interview(client);
    let directory = client.get(&format!("{DIRECTORY}?rowsPerPage=1"));
    let directory = directory.element("ObjectId").expect("a handler").to_owned();
    let before = client.get(&user).body;
    for (conversation, handler) in [
        ("PHInterview", id(&user)),
        ("PHInterview", OPENING),
        ("AD", id(&interview)),
        ("PHGreeting", id(&user)),
        ("PHTransfer", &directory),
    ] {
        let refused = put(client, &user, "Exit", conversation, handler);
        assert_eq!(refused.status, 400, "{conversation} {refused}");
        let expected = format!("as ExitTargetConversation is {conversation}");
        assert!(refused.body.contains(&expected), "{refused}");
    }
    assert_eq!(client.get(&user).body, before);
    let primary = client.get(&user);
    let primary = primary.element("CallHandlerObjectId").expect("a handler");
    for (conversation, handler) in [
        ("PHInterview", id(&interview)),
        ("AD", &directory),
        ("PHTransfer", OPENING),
        ("PHGreeting", primary),
        ("SubSignIn", id(&user)),
    ] {
        let accepted = put(client, &user, "Exit", conversation, handler);
        assert_eq!(accepted.status, 204, "{conversation} {accepted}");
    }
}

#[test]
fn each_handler_and_template_checks_its_targets() {
    let mock = mock();
    let client = Client::of(&mock);
    let (user, interview) = user_and_interview(client);
    let first = |path: &str| {
        let list = client.get(&format!("{path}?rowsPerPage=1"));
        format!("{path}/{}", list.element("ObjectId").expect("an object"))
    };
    let (directory, handler) = (first(DIRECTORY), first("/vmrest/handlers/callhandlers"));
    let objects = [
        (interview.clone(), vec!["AfterMessage"]),
        (handler, vec!["AfterMessage"]),
        (first("/vmrest/callhandlertemplates"), vec!["AfterMessage"]),
        (
            first("/vmrest/callhandlerprimarytemplates"),
            vec!["AfterMessage"],
        ),
        (first("/vmrest/usertemplates"), vec!["Exit"]),
        (directory, vec!["Exit", "NoInput", "NoSelection", "Zero"]),
    ];
    for (path, words) in objects {
        for word in words {
            let refused = put(client, &path, word, "PHInterview", id(&user));
            assert_eq!(refused.status, 400, "{path} {word} {refused}");
            let accepted = put(client, &path, word, "PHInterview", id(&interview));
            assert_eq!(accepted.status, 204, "{path} {word} {accepted}");
        }
    }
}

#[test]
fn a_new_handler_checks_its_targets_unless_they_are_those_of_its_template() {
    let mock = mock();
    let client = Client::of(&mock);
    let (user, interview) = user_and_interview(client);
    let directory = |handler: &str| {
        client.post(
            DIRECTORY,
            format!(
                "<DirectoryHandler><DisplayName>Names</DisplayName>\
                 <ExitTargetConversation>PHInterview</ExitTargetConversation>\
                 <ExitTargetHandlerObjectId>{handler}</ExitTargetHandlerObjectId></DirectoryHandler>"
            ),
        )
    };
    assert_eq!(directory(id(&user)).status, 400);
    assert_eq!(directory(id(&interview)).status, 201);
    let template = client.get("/vmrest/usertemplates?query=(Alias%20is%20voicemailusertemplate)");
    let template = template.element("URI").expect("a template").to_owned();
    let claims = put(client, &template, "Exit", "PHInterview", id(&interview));
    assert_eq!(claims.status, 204, "{claims}");
    assert_eq!(client.delete(&interview).status, 204);
    // The handler no longer exists, and the template still names it.
    let copy = client.create(
        "/vmrest/users?templateAlias=voicemailusertemplate",
        "<User><Alias>joe</Alias><DtmfAccessId>1002</DtmfAccessId></User>",
    );
    let copy = client.get(&copy);
    assert_eq!(
        copy.element("ExitTargetHandlerObjectId"),
        Some(id(&interview))
    );
    let renamed = client.put(
        &template,
        "<UserTemplate><Address>1234</Address></UserTemplate>",
    );
    assert_eq!(renamed.status, 204, "{renamed}");
    assert_eq!(
        put(client, &template, "Exit", "PHTransfer", id(&interview)).status,
        400
    );
}

#[test]
fn a_state_with_deleted_targets_is_loaded_as_it_was() {
    let mock = mock();
    let client = Client::of(&mock);
    let (user, interview) = user_and_interview(client);
    let changed = put(client, &user, "Exit", "PHInterview", id(&interview));
    assert_eq!(changed.status, 204);
    let primary = client.get(&user);
    let primary = primary.element("CallHandlerObjectId").expect("a handler");
    let handler = format!("/vmrest/handlers/callhandlers/{primary}");
    let key = format!("{handler}/menuentries/3");
    let target = format!(
        "<MenuEntry><Action>2</Action><TargetConversation>PHInterview</TargetConversation>\
         <TargetHandlerObjectId>{}</TargetHandlerObjectId></MenuEntry>",
        id(&interview)
    );
    assert_eq!(client.put(&key, target).status, 204);
    let greeting = format!("{handler}/greetings/Standard");
    let changed = put(
        client,
        &greeting,
        "AfterGreeting",
        "PHInterview",
        id(&interview),
    );
    assert_eq!(changed.status, 204, "{changed}");
    assert_eq!(client.delete(&interview).status, 204);
    let paths = [user, key, greeting];
    let before = paths.each_ref().map(|path| client.get(path).body);
    assert!(
        before.iter().all(|body| body.contains(id(&interview))),
        "{before:?}"
    );
    let state = client.control("GET", "/__mock/state", "").body;
    mock.reset();
    assert_eq!(client.control("PUT", "/__mock/state", &state).status, 204);
    assert_eq!(paths.each_ref().map(|path| client.get(path).body), before);
    assert_eq!(client.control("GET", "/__mock/state", "").body, state);
    // The same objects as a fixture of another server.
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("state.xml"), &state).expect("a file");
    let builder = CucMock::builder().seed(1).fixtures(folder.path());
    let other = builder.start_blocking();
    let client = Client::of(&other);
    assert_eq!(paths.each_ref().map(|path| client.get(path).body), before);
}
