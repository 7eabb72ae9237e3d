"""Sample tests of a provisioning tool."""

SERVICE = {
    "DisplayName": "Voicemail in the cloud",
    "ServerType": 1,
    "Server": "meetingplace.example.com",
    "ServiceAlias": "admin",
    "ServicePassword": "secret",
    "TransferExtensionDialString": "111",
}


def provision(session, url):
    """Represents your tool: creates a service, and retries once if the server is busy."""
    for _ in range(2):
        answer = session.post(f"{url}/vmrest/externalservices", json=SERVICE, timeout=30)
        if answer.status_code != 503:
            break
    answer.raise_for_status()
    return answer.headers["Location"]


def test_a_service_is_created(cuc_mock, session):
    path = provision(session, cuc_mock.url)
    service = session.get(path, timeout=30).json()
    assert service["DisplayName"] == SERVICE["DisplayName"]
    assert service["ServicePassword"] == ""


def test_each_test_starts_from_the_seed(cuc_mock, session):
    services = session.get(f"{cuc_mock.url}/vmrest/externalservices", timeout=30).json()
    assert services["@total"] == "5"


def test_it_is_created_exactly_once(cuc_mock, session):
    provision(session, cuc_mock.url)
    cuc_mock.verify(
        requests={
            "method": "POST",
            "path": "externalservices",
            "fields": {"DisplayName": SERVICE["DisplayName"]},
        },
        exactly=1,
    )


def test_a_busy_server_is_asked_again(cuc_mock, session):
    cuc_mock.control("POST", "/faults", json={"preset": "busy", "times": 1})
    provision(session, cuc_mock.url)
    cuc_mock.verify(requests={"method": "POST", "path": "externalservices", "status": 503}, exactly=1)
    cuc_mock.verify(requests={"method": "POST", "path": "externalservices", "status": 201}, exactly=1)


def test_without_a_password_nobody_is_let_in(cuc_mock, session):
    session.auth = None
    answer = session.get(f"{cuc_mock.url}/vmrest/externalservices", timeout=30)
    assert answer.status_code == 401
