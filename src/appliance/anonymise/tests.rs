use std::sync::Arc;

use super::Anonymiser;
use crate::{
    appliance::{document::XmlElement, object::Object},
    engine::{
        FixtureChunks,
        load::{Completion, Fixture, FixtureSet, Progress},
    },
    resources::{AcceptedSeed, BEHAVIOURS, accepted_seed, embedded_catalogue, seed_clock},
    schema::{Catalogue, Kind, Release},
};

fn anonymiser(release: Release) -> Anonymiser {
    Anonymiser::new(b"key", &embedded_catalogue(release))
}

/// Returns the substitutes of the fields of an object.
fn replaced(path: &str, fields: &[(&str, &str)]) -> Vec<String> {
    let catalogue = embedded_catalogue(Release::V12_5);
    let mut object = Object::default();
    for (name, value) in fields {
        object.set(name, *value);
    }
    let anonymiser = Anonymiser::new(b"key", &catalogue);
    anonymiser.object(catalogue.resource(path), &mut object);
    object.fields.into_iter().map(|(_, value)| value).collect()
}

#[test]
fn a_value_has_the_same_substitute_in_every_field_and_letter_case() {
    let anonymiser = anonymiser(Release::V12_5);
    let of = |text: &str| anonymiser.text(text);
    let (user, domain) = (of("jdoe"), of("acme.example"));
    assert_eq!(of("JDoe"), user);
    assert_eq!(of("jdoe@acme.example"), format!("{user}@{domain}"));
    assert_eq!(of("JDOE@ACME.example"), format!("{user}@{domain}"));
    assert_eq!(
        of("SIP:jdoe@acme.example:5060"),
        format!("SIP:{user}@{domain}:5060")
    );
    assert_eq!(of("mail.acme.example"), format!("{}.{domain}", of("mail")));
    assert_eq!(
        of("https://mail.acme.example:8443/jdoe"),
        format!("https://{}.{domain}:8443/{user}", of("mail"))
    );
    assert_eq!(of("acme\\jdoe"), format!("{}\\{user}", of("acme")));
    let (first, last) = (of("John"), of("O'Doe-Miller"));
    assert_eq!(of("John O'Doe-Miller"), format!("{first} {last}"));
    assert_eq!(
        of("(O'Doe-Miller), <jdoe@acme.example>"),
        format!("({last}), <{user}@{domain}>")
    );
    assert_eq!(of("john.o'doe-miller"), format!("{first}.{last}"));
    assert_eq!(
        replaced(
            "users",
            &[
                ("Alias", "jdoe"),
                ("DisplayName", "JDOE"),
                ("SmtpAddress", "jdoe@acme.example")
            ]
        ),
        [user.clone(), user.clone(), format!("{user}@{domain}")]
    );
    assert_eq!(
        replaced("tenants", &[("SmtpDomain", "Acme.Example")]),
        [domain.as_str()]
    );
    assert_ne!(
        Anonymiser::new(b"other", &embedded_catalogue(Release::V12_5)).text("jdoe"),
        user
    );
}

#[test]
fn substitutes_are_the_same_in_each_run() {
    let anonymiser = anonymiser(Release::V12_5);
    let substitutes = ["jdoe", "4001", "10.1.2.3"].map(|text| anonymiser.text(text));
    assert_eq!(substitutes, ["ljcdiooal", "9729", "198.18.72.67"]);
}

#[test]
fn a_number_to_dial_keeps_its_notation() {
    let anonymiser = anonymiser(Release::V12_5);
    let of = |text: &str| anonymiser.text(text);
    let digits = of("14085551234");
    assert_eq!(digits.len(), 11);
    let dialed = of("+1 (408) 555-1234");
    let notation: String = dialed.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(notation, "+0 (000) 000-0000");
    assert_eq!(dialed.replace(|c: char| !c.is_ascii_digit(), ""), digits);
    assert_eq!(of("tel:+14085551234"), format!("tel:+{digits}"));
    assert_eq!(of("9011??????*"), format!("{}??????*", of("9011")));
    assert_eq!(
        of("555-1234 (Home)"),
        format!("{} ({})", of("555-1234"), of("Home"))
    );
    assert_eq!(of("10.1.2.3:5060"), format!("{}:5060", of("10.1.2.3")));
}

#[test]
fn constants_and_the_vocabulary_of_the_system_are_kept() {
    let anonymiser = anonymiser(Release::V12_5);
    for kept in [
        "",
        " ",
        "true",
        "fe6541fb-b42c-44f2-8404-ded14cbf7438",
        "fe6541fb-b42c-44f2-8404-ded14cbf7438.wav",
        "2013-01-12 14:57:32.569",
        "undeliverablemessagesmailbox",
        "Opening Greeting",
        "localhost",
        "99990",
        "127.0.0.1",
        "/vmrest/users/fe6541fb-b42c-44f2-8404-ded14cbf7438/voicename",
        "/vmrest/handlers/callhandlers/fe6541fb-b42c-44f2-8404-ded14cbf7438/greetings/Off%20Hours/greetingstreamfiles/1033",
        "/vmrest/alternatenames?query=(GlobalUserObjectId%20is%20fe6541fb-b42c-44f2-8404-ded14cbf7438)",
        "/vmrest/unknown/list?rowsPerPage=10",
    ] {
        assert_eq!(anonymiser.text(kept), kept);
    }
    let setting = [
        ("FullName", "System.Acme.Timeout"),
        ("Value", "1000"),
        ("Type", "3"),
    ];
    assert_eq!(
        replaced("configurationvalues", &setting),
        ["System.Acme.Timeout", "1000", "3"]
    );
    let time_zone = [("DisplayName", "Mars/Olympus"), ("LanguageCode", "1033")];
    assert_eq!(replaced("timezones", &time_zone), ["Mars/Olympus", "1033"]);
    let greeting = [
        ("GreetingType", "Off Hours"),
        ("PlayWhat", "1"),
        ("StreamFile", ""),
    ];
    assert_eq!(
        replaced(
            "handlers/callhandlers/{CallHandlerObjectId}/greetings",
            &greeting
        ),
        ["Off Hours", "1", ""]
    );
}

#[test]
fn a_value_of_another_kind_than_its_field_is_a_text() {
    let values = replaced("users", &[("Language", "1033"), ("TimeZone", "Acme")]);
    assert_eq!(values[0], "1033");
    assert_ne!(values[1], "Acme");
    let sound = replaced(
        "voicefiles",
        &[("Name", "jdoe.wav"), ("Content", "UklGRg==")],
    );
    assert!(
        sound[0].ends_with(".wav") && !sound[0].contains("jdoe"),
        "{sound:?}"
    );
    assert!(
        sound[1].starts_with("UklGR") && sound[1] != "UklGRg==",
        "{sound:?}"
    );
}

#[test]
fn the_values_and_the_paths_of_an_unknown_resource_are_replaced() {
    let values = replaced(
        "widgets",
        &[
            ("URI", "/vmrest/widgets/Night%20shift"),
            ("Name", "night shift"),
            ("OwnerURI", "/vmrest/owners/j.doe/widgets"),
            ("Extension", "4001"),
            (
                "ExtensionURI",
                "https://acme.example/vmrest/extensions/4001?query=(Owner%20is%20jdoe)",
            ),
            ("Size", "12"),
            ("Kind", "-1"),
        ],
    );
    let anonymiser = anonymiser(Release::V12_5);
    let of = |text: &str| anonymiser.text(text);
    let extension = of("4001");
    assert_eq!(
        values,
        [
            format!("/vmrest/widgets/{}", of("night shift").replace(' ', "%20")),
            of("night shift"),
            format!("/vmrest/owners/{}/widgets", of("j.doe")),
            extension.clone(),
            format!(
                "https://{}/vmrest/extensions/{extension}?query=%28Owner%20is%20{}%29",
                of("acme.example"),
                of("jdoe")
            ),
            "12".to_owned(),
            "-1".to_owned(),
        ]
    );
}

#[test]
fn malformed_texts_have_substitutes_of_the_same_form() {
    let anonymiser = anonymiser(Release::V12_5);
    let malformed = [
        "((",
        "'\n",
        "-",
        "@",
        "sip:",
        "://",
        "/vmrest/",
        "/vmrest/?",
        "/cuals/",
        "%",
        "[::1",
        ":",
        "*",
        "\u{a0}(\u{a0}",
        "https:///vmrest/",
        "sip:@:",
        "%%",
        "'-'",
        "a://?query=( is )",
    ];
    for text in malformed {
        let substitute = anonymiser.text(text);
        let is_of_form = |c: &char| !c.is_alphanumeric();
        assert!(
            text.chars()
                .filter(is_of_form)
                .eq(substitute.chars().filter(is_of_form)),
            "{text}: {substitute}"
        );
    }
}

#[test]
fn a_substitute_is_not_longer_than_its_field_allows() {
    let sentence = "The second night shift of the plant in Acme Town, building 4, since 1999";
    let anonymiser = anonymiser(Release::V12_5);
    let of = |text: &str| anonymiser.text(text);
    assert!(of(sentence).chars().count() <= sentence.chars().count());
    let address = of("jdoe@mail.acme.example");
    assert!(of(&format!("{sentence}: jdoe@mail.acme.example")).ends_with(&format!(": {address}")));
    let extension = "SIP:john.doe@very.long.name.test";
    assert!(of(extension).chars().count() <= extension.chars().count());
    let catalogue = embedded_catalogue(Release::V12_5);
    for resource in catalogue.resources() {
        for field in resource
            .fields
            .iter()
            .filter(|field| field.kind == Kind::Text)
        {
            let Some((max, _)) = &field.max_length else {
                continue;
            };
            for value in ["ab ", "A-b c.", "x@", "éü"] {
                let value: String = value.chars().cycle().take(*max).collect();
                let mut object = Object::default();
                object.set(&field.name, value.as_str());
                anonymiser.object(Some(resource), &mut object);
                let substitute = object.get(&field.name).unwrap();
                assert!(
                    substitute.chars().count() <= *max,
                    "{}: {substitute}",
                    field.name
                );
            }
        }
    }
}

#[test]
fn the_keypad_spells_the_substitutes() {
    let user = [
        ("FirstName", "Jo"),
        ("LastName", "Doe"),
        ("DtmfNameFirstLast", "56363"),
        ("DtmfNameLast", "363"),
    ];
    let values = replaced("users", &user);
    let digits = |text: &str| crate::resources::digits(text);
    assert_eq!(values[2], digits(&values[0]) + &digits(&values[1]));
    assert_eq!(values[3], digits(&values[1]));
    let list = [
        ("DisplayName", "The night shift"),
        ("DtmfName", "8436444874438"),
    ];
    let values = replaced("distributionlists", &list);
    assert_eq!(values[1], digits(&values[0])[..16]);
    let kept = [
        ("DisplayName", "All Voice Mail Users"),
        ("DtmfName", "25586423"),
    ];
    assert_eq!(replaced("distributionlists", &kept)[1], "25586423");
}

/// The objects of a company. None of its names is a text of the system.
const COMPANY: &str = r#"<UnityConnection>
  <Tenants><Tenant>
    <ObjectId>11111111-1111-4111-8111-111111111111</ObjectId>
    <Alias>quillworks</Alias><Description>Quillworks of Zurbaran Street, 2nd floor</Description>
    <SmtpDomain>quillworks.test</SmtpDomain>
  </Tenant></Tenants>
  <Users>
    <User>
      <ObjectId>21111111-1111-4111-8111-111111111111</ObjectId>
      <FirstName>Zacharias</FirstName><LastName>Quillfeather</LastName><Alias>zquillfeather</Alias>
      <DtmfAccessId>4711</DtmfAccessId><Country>CH</Country><City>Zurbaran</City>
      <EmailAddress>Zacharias.Quillfeather@mail.quillworks.test</EmailAddress>
      <VoiceName>zquillfeather.wav</VoiceName>
    </User>
    <User>
      <ObjectId>21111111-1111-4111-8111-111111111112</ObjectId>
      <LastName>Quillfeather</LastName><Alias>Wilhelmina</Alias><DisplayName>Quillfeather, Wilhelmina</DisplayName>
      <DtmfAccessId>SIP:wilhelmina@quillworks.test</DtmfAccessId>
      <SmtpAddress>wilhelmina@quillworks.test</SmtpAddress>
    </User>
  </Users>
  <GlobalUsers>
    <GlobalUser><ObjectId>21111111-1111-4111-8111-111111111111</ObjectId></GlobalUser>
  </GlobalUsers>
  <Contacts><Contact>
    <ObjectId>31111111-1111-4111-8111-111111111111</ObjectId>
    <FirstName>Ottokar</FirstName><LastName>Zurbaran</LastName><Alias>ottokar</Alias>
    <TransferExtension>4712</TransferExtension><RemoteAddress>ottokar@zurbaran.test</RemoteAddress>
  </Contact></Contacts>
  <DistributionLists><DistributionList>
    <ObjectId>41111111-1111-4111-8111-111111111111</ObjectId>
    <Alias>quillworks-all</Alias><DisplayName>Everybody of Quillworks in Zurbaran Street</DisplayName>
  </DistributionList></DistributionLists>
  <DistributionListMembers><DistributionListMember>
    <DistributionListObjectId>41111111-1111-4111-8111-111111111111</DistributionListObjectId>
    <MemberUserObjectId>21111111-1111-4111-8111-111111111111</MemberUserObjectId>
    <ObjectId>51111111-1111-4111-8111-111111111111</ObjectId>
  </DistributionListMember></DistributionListMembers>
  <PrivateLists><PrivateList>
    <ObjectId>61111111-1111-4111-8111-111111111111</ObjectId>
    <UserObjectId>21111111-1111-4111-8111-111111111111</UserObjectId>
    <DisplayName>Friends of Zacharias</DisplayName>
  </PrivateList></PrivateLists>
  <Callhandlers><Callhandler>
    <ObjectId>71111111-1111-4111-8111-111111111111</ObjectId><DisplayName>Quillworks counter</DisplayName>
    <DtmfAccessId>4713</DtmfAccessId>
    <RecipientSubscriberObjectId>21111111-1111-4111-8111-111111111111</RecipientSubscriberObjectId>
  </Callhandler></Callhandlers>
  <AlternateNames><AlternateName>
    <ObjectId>81111111-1111-4111-8111-111111111111</ObjectId>
    <FirstName>Zacharias</FirstName><LastName>Ottokar</LastName>
    <GlobalUserObjectId>21111111-1111-4111-8111-111111111111</GlobalUserObjectId>
  </AlternateName></AlternateNames>
  <SmtpProxyAddresses><SmtpProxyAddress>
    <ObjectId>91111111-1111-4111-8111-111111111111</ObjectId><SmtpAddress>quillfeather@zurbaran.test</SmtpAddress>
    <ObjectGlobalUserObjectId>21111111-1111-4111-8111-111111111111</ObjectGlobalUserObjectId>
  </SmtpProxyAddress></SmtpProxyAddresses>
  <VoiceFiles>
    <VoiceFile><Name>zquillfeather.wav</Name><Content>UklGRgAAAABXQVZF</Content></VoiceFile>
  </VoiceFiles>
</UnityConnection>"#;
/// The names in the objects above and in the embedded services and tenants.
const NAMES: [&str; 10] = [
    "quill",
    "zurbaran",
    "zacharias",
    "wilhelmina",
    "ottokar",
    "everybody",
    "friends",
    "clientteam",
    "taxoma",
    "10.65.156.190",
];

/// Loads fixtures and those of a fresh system, and returns the document with all of their objects.
fn exported(catalogue: &Arc<Catalogue>, fixtures: &[Fixture], system: &[Fixture]) -> Vec<u8> {
    let set = FixtureSet {
        otherwise: system,
        completion: Completion {
            clock: seed_clock(),
            behaviours: BEHAVIOURS,
        },
        ..FixtureSet::new(catalogue, fixtures)
    };
    let store = set.load(&Progress::default());
    let store = store.unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    FixtureChunks::new(Arc::new(store)).into_document()
}

/// Replaces the values of all objects in a document. Checks that the ids remain.
fn anonymised(catalogue: &Arc<Catalogue>, document: &XmlElement) -> XmlElement {
    let anonymiser = Anonymiser::new(b"key", catalogue);
    let mut document = document.clone();
    for list in &mut document.children {
        let mut resources = catalogue.resources().iter();
        let resource = resources.find(|resource| *resource.list_element == *list.name);
        for element in &mut list.children {
            let mut object = Object::of(element);
            anonymiser.object(resource, &mut object);
            assert_eq!(object.fields.len(), element.children.len());
            for (field, (name, value)) in element.children.iter_mut().zip(object.fields) {
                assert!(field.name == name && (!name.ends_with("ObjectId") || field.text == value));
                field.text = value;
            }
        }
    }
    document
}

#[test]
fn an_anonymised_store_loads_and_has_the_same_references_and_no_original_name() {
    for release in [Release::V10_5, Release::V12_5, Release::V15] {
        let catalogue = embedded_catalogue(release);
        let AcceptedSeed {
            mut samples,
            system,
            ..
        } = accepted_seed(&catalogue, true);
        samples.push(Fixture::new("company.xml", COMPANY));
        let original = exported(&catalogue, &samples, &system);
        let original = XmlElement::read(&original).unwrap();
        let anonymised = anonymised(&catalogue, &original);
        let mut text = String::new();
        original.write(&mut text, 0);
        let folded = text.to_lowercase();
        for name in NAMES {
            assert!(folded.contains(name), "{name}");
        }
        text.clear();
        anonymised.write(&mut text, 0);
        let folded = text.to_lowercase();
        for name in NAMES {
            assert!(!folded.contains(name), "{name}");
        }
        let extension = anonymiser(release).text("SIP:wilhelmina@quillworks.test");
        assert_eq!(
            text.matches("SIP:").count(),
            text.matches(&extension).count()
        );
        // All that the server computes follows from the substitutes: it changes nothing.
        let loaded = exported(
            &catalogue,
            &[Fixture::new("anonymised.xml", text.clone())],
            &[],
        );
        let mut reloaded = String::new();
        XmlElement::read(&loaded).unwrap().write(&mut reloaded, 0);
        for (expected, found) in text.lines().zip(reloaded.lines()) {
            assert_eq!(found, expected);
        }
        assert_eq!(reloaded.lines().count(), text.lines().count());
    }
}
