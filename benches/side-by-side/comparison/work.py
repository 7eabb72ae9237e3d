"""The work of each double: each answer is the result of requests, as far as there is a function to send one to."""

import contextlib
import http.client
import json
import re
import ssl
import subprocess
import tempfile

from . import doubles, servers
from .processes import free_port, stopped
from .services import FIRST, HEADERS, LIST, SUFFIX, fixture

ROWS = {
    "list": "the list of three",
    "object": "one object",
    "create": "create with 201, and the object exists",
    "update": "update, and the object has changed",
    "delete": "delete with 204, and the object is gone",
    "errors": "errors of validation in the form of the API",
    "query": "a query for one of the objects",
    "pages": "pages of the list",
    "formats": "XML and JSON of the same object",
    "reset": "reset over HTTP",
    "snapshot": "snapshot and restore of all objects",
    "failure": "a failure that a test requests",
    "break": "a connection that breaks at a test's request",
    "requests": "the received requests",
    "verification": "verification with a number of requests",
    "spaces": "several isolated spaces in a process",
    "https": "HTTPS",
    "another": "a response of a test's own, at a path of another API",
    "proxy": "recording the responses of a real server as a proxy",
}
UNKNOWN = "no ¹"
FROM_A_FILE = "yes, from its file"
SOME_SERVICES, A_KEY, A_SERVER, A_PROXY = "yes ²", "no ³", "yes ⁴", "yes ⁵"
NOTES = (
    "“Canned” is a response with the expected status after which nothing has changed: these servers return the responses"
    " that a test sets, or examples. A number is the status that the API has instead.",
    "",
    "1. According to its documentation, it has no function for this, so no request was sent.",
    "2. S3 has only XML; the request was for queues of SQS, which have both.",
    "3. json-server writes its data to a file when a key is pressed in its terminal.",
    "4. According to its documentation: the crate runs in the process of the test, and has no control over HTTP. A list"
    " and an object were requested for the measurements.",
)
CRATES = {
    "create": "canned",
    "update": "canned",
    "delete": "canned",
    **dict.fromkeys(("list", "object"), "yes"),
    **dict.fromkeys(("failure", "verification", "spaces", "another"), A_SERVER),
}
"""The crates: a test sets the responses, and each test has a server of its own."""
DOCUMENTED = {
    "httpmock": {**CRATES, "https": A_SERVER, "proxy": A_PROXY},
    "wiremock": {**CRATES, "requests": A_SERVER},
    "mockito": CRATES,
}


def ask(address, method, path, headers=HEADERS, body="", tls=False):
    """The status and the text of the response, or 0 if the connection breaks."""
    context = ssl._create_unverified_context() if tls else None
    connection = http.client.HTTPSConnection(address, timeout=30, context=context) if tls else http.client.HTTPConnection(address, timeout=30)
    with contextlib.closing(connection):
        try:
            connection.request(method, path, body.encode() or None, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""


def control(address, method, path, body=None, headers=HEADERS):
    """A request with JSON to a server's functions for tests."""
    text = "" if body is None else json.dumps(body)
    return ask(address, method, path, {**headers, "Content-Type": "application/json"}, text)


def ids(text):
    """The number of the services in a list."""
    return len(set(re.findall(rf"[0-9a-f]{{8}}{SUFFIX}", text)))


class Checks:
    """Answers the questions about one double. A question without a method is answered from the documentation."""

    error_body, error_form = "<ExternalService/>", "<ErrorDetails>"
    query = "query=(DisplayName%20is%20Exchange%2000000000)"
    page = "rowsPerPage=1&pageNumber=2"

    def __init__(self, double):
        self.double = double
        self.address = double.process.address

    def ask(self, method, path, headers=None, body=""):
        return ask(self.address, method, path, self.double.headers if headers is None else headers, body)

    def listed(self, query=""):
        separator = "&" if "?" in self.double.list else "?"
        return ids(self.ask("GET", self.double.list + (separator + query if query else ""))[1])

    def check_list(self):
        return self.listed() == 3

    def check_object(self):
        status, text = self.ask("GET", self.double.object)
        return status == 200 and "Exchange 00000000" in text

    def life(self):
        """The answers for create, update and delete."""
        create, read, update, delete = self.double.life
        own = "11111111-1111-4111-8111-111111111111"

        def send(step):
            put = lambda text: text.replace("{id}", own).replace("{name}", "Fresh")
            return ask(self.address, step.method, put(step.path), step.headers, put(step.body))

        def answer(status, expected, happened):
            if not happened:
                return "canned" if status == expected else "no"
            return "yes" if status == expected else f"yes, {status}"

        status, text = send(create)
        if create.id and (found := re.search(r"[0-9a-f-]{36}", text)):
            own = found[0]
        yield answer(status, 201, "Fresh" in send(read)[1])
        status = send(update)[0]
        yield answer(status, status, "Fresh again" in send(read)[1])
        yield answer(send(delete)[0], 204, send(read)[0] == 404)

    def check_errors(self):
        status, text = self.ask("POST", LIST, self.double.life[0].headers, self.error_body)
        if status in range(400, 500) and self.error_form not in text:
            return f"no, {status} in its own form"
        return status == 400

    def check_query(self):
        return self.listed(self.query) == 1

    def check_pages(self):
        return self.listed(self.page) == 1

    def check_formats(self):
        texts = [self.ask("GET", self.double.object, {**self.double.headers, "Accept": f"application/{kind}"})[1] for kind in ("xml", "json")]
        return texts[0].startswith("<") and texts[1].startswith("{")

    def answers(self):
        found = dict(zip(("create", "update", "delete"), self.life()))
        for row in ROWS:
            if check := getattr(self, f"check_{row}", None):
                answer = check()
                found[row] = answer if isinstance(answer, str) else "yes" if answer else "no"
        return found


class CucMock(Checks):
    def check_reset(self):
        self.ask("DELETE", self.double.object)
        before = self.listed()
        control(self.address, "POST", "/__mock/reset")
        return before == 2 and self.listed() == 3

    def check_snapshot(self):
        control(self.address, "PUT", "/__mock/snapshots/one")
        self.ask("DELETE", self.double.object)
        before = self.listed()
        control(self.address, "POST", "/__mock/snapshots/one/restore")
        return before == 2 and self.listed() == 3

    def check_failure(self):
        control(self.address, "POST", "/__mock/faults", {"preset": "busy", "times": 1})
        return [self.ask("GET", self.double.list)[0] for _ in range(2)] == [503, 200]

    def check_break(self):
        control(self.address, "POST", "/__mock/faults", {"effect": "reset", "times": 1})
        return [self.ask("GET", self.double.list)[0] for _ in range(2)] == [0, 200]

    def check_requests(self):
        return LIST in control(self.address, "GET", "/__mock/requests")[1]

    def check_verification(self):
        verified = lambda count: control(
            self.address, "POST", "/__mock/requests/verify", {"requests": {"path": "externalservices/none"}, "exactly": count}
        )[0]
        before = verified(1)
        self.ask("GET", f"{LIST}/none")
        return [before, verified(1)] == [409, 200]

    def check_spaces(self):
        control(self.address, "POST", "/__mock/spaces", {"name": "other"})
        other = {**HEADERS, "Authorization": "Basic b3RoZXI6c2VjcmV0"}
        self.ask("DELETE", self.double.object, other)
        return ids(self.ask("GET", LIST, other)[1]) == 2 and self.listed() == 3

    def check_https(self):
        return ask(self.address, "GET", LIST, HEADERS, tls=True)[0] == 200

    def check_another(self):
        answer = {"status": 200, "body": "own"}
        control(self.address, "POST", "/__mock/faults", {"requests": {"path": "/another/path"}, "effect": {"answer": answer}})
        return self.ask("GET", "/another/path") == (200, "own")


class Moto(Checks):
    query, page = f"prefix={FIRST}", "max-keys=1"

    def check_errors(self):
        status, text = self.ask("PUT", "/a")
        return status == 400 and "<Code>InvalidBucketName</Code>" in text

    def queues(self, target, **headers):
        """Calls a function of SQS in JSON."""
        own = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"AmazonSQS.{target}", **doubles.signed("sqs"), **headers}
        return self.ask("POST", "/", own, '{"QueueName": "services"}')[1]

    def check_formats(self):
        form = {"Content-Type": "application/x-www-form-urlencoded", **doubles.signed("sqs")}
        created = self.queues("CreateQueue")
        status, text = self.ask("POST", "/", form, "Action=GetQueueUrl&QueueName=services&Version=2012-11-05")
        return SOME_SERVICES if "services" in created and created.startswith("{") and text.startswith("<") and status == 200 else False

    def check_requests(self):
        control(self.address, "POST", "/moto-api/recorder/start-recording")
        self.ask("GET", self.double.list)
        control(self.address, "POST", "/moto-api/recorder/stop-recording")
        return "list-type=2" in control(self.address, "GET", "/moto-api/recorder/download-recording")[1]

    def check_spaces(self):
        url = self.queues("GetQueueUrl")
        other = self.queues("GetQueueUrl", **{"x-moto-account-id": "222222222222"})
        return "QueueUrl" in url and "QueueDoesNotExist" in other

    def check_https(self):
        with tempfile.TemporaryDirectory() as folder:
            secure = doubles.moto(folder, {}, "--ssl", is_empty=True)
            with stopped(secure.process):
                return ask(secure.process.address, "GET", "/", {}, tls=True)[0] == 200

    def answers(self):
        # Everything is gone after a reset.
        found = super().answers()
        control(self.address, "POST", "/moto-api/reset")
        return {**found, "reset": "yes" if self.listed() == 0 else "no"}


class Azurite(Checks):
    query, page = f"prefix={FIRST}", "maxresults=1"

    def check_errors(self):
        status, text = self.ask("PUT", f"/first/UPPER_CASE?restype=container&{doubles.signature('first')}")
        return status == 400 and "<Code>InvalidResourceName</Code>" in text

    def check_formats(self):
        return self.ask("GET", self.double.list, {**self.double.headers, "Accept": "application/json"})[1].startswith("{")

    def check_spaces(self):
        named = [self.ask("GET", f"/{account}/?comp=list&{doubles.signature(account)}") for account in ("first", "second")]
        return ["<Name>services</Name>" in text for _, text in named] == [True, False] and named[1][0] == 200

    def check_https(self):
        with tempfile.TemporaryDirectory() as folder:
            files = ["--key", f"{folder}/key.pem", "--cert", f"{folder}/cert.pem"]
            command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
            command += ["-keyout", files[1], "-out", files[3]]
            subprocess.run(command, check=True, capture_output=True)
            secure = doubles.azurite(folder, {}, *files, is_empty=True)
            with stopped(secure.process):
                path = f"/first/?comp=list&{doubles.signature('first')}"
                return ask(secure.process.address, "GET", path, secure.headers, tls=True)[0] == 200


class JsonServer(Checks):
    query, page, error_body = "DisplayName=Exchange%2000000000", "_page=2&_limit=1", "{}"

    def check_errors(self):
        return self.ask("POST", self.double.list, doubles.JSON, "{}")[0] == 400

    def check_snapshot(self):
        return A_KEY

    def check_another(self):
        return FROM_A_FILE if self.check_list() else False


class Prism(Checks):
    error_body = "{}"

    def check_another(self):
        return FROM_A_FILE if self.check_list() else False

    def check_failure(self):
        return self.ask("GET", self.double.list, {**doubles.JSON, "Prefer": "code=500"})[0] == 500


class WireMock(Checks):
    def stub(self, response):
        request = {"method": "GET", "urlPath": "/stub"}
        control(self.address, "POST", "/__admin/mappings", {"priority": 1, "request": request, "response": response})
        return self.ask("GET", "/stub")[0]

    def check_reset(self):
        before = self.stub({"status": 200})
        control(self.address, "POST", "/__admin/mappings/reset")
        return before == 200 and self.ask("GET", "/stub")[0] == 404

    def check_another(self):
        return self.stub({"status": 200}) == 200

    def check_proxy(self):
        return A_PROXY

    def check_failure(self):
        return self.stub({"status": 503}) == 503

    def check_break(self):
        return self.stub({"fault": "CONNECTION_RESET_BY_PEER"}) == 0

    def check_requests(self):
        return LIST in control(self.address, "GET", "/__admin/requests")[1]

    def check_verification(self):
        requests = {"method": "GET", "urlPath": "/stub"}
        counted = lambda: json.loads(control(self.address, "POST", "/__admin/requests/count", requests)[1])["count"]
        before = counted()
        self.ask("GET", "/stub")
        return counted() == before + 1

    def check_https(self):
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            secure = servers.wiremock_java(folder, self.canned, "--https-port", port)
            with stopped(secure):
                # It is ready for HTTP before it is for HTTPS.
                secure.address = f"127.0.0.1:{port}"
                secure.wait_for_port()
                return ask(secure.address, "GET", LIST, HEADERS, tls=True)[0] == 200


class Mountebank(Checks):
    def admin(self, method, path, body=None):
        return control(self.double.process.admin, method, path, body, {"Accept": "application/json"})

    def stub(self, response):
        port = self.address.split(":")[1]
        stub = {"predicates": [{"equals": {"path": "/stub"}}], "responses": [response]}
        self.admin("POST", f"/imposters/{port}/stubs", {"index": 0, "stub": stub})
        return self.ask("GET", "/stub")[0]

    def check_another(self):
        return self.stub({"is": {"statusCode": 200}}) == 200

    def check_proxy(self):
        return A_PROXY

    def check_failure(self):
        return self.stub({"is": {"statusCode": 503}}) == 503

    def check_break(self):
        return self.stub({"fault": "CONNECTION_RESET_BY_PEER"}) == 0

    def check_requests(self):
        return LIST in self.admin("GET", f"/imposters/{self.address.split(':')[1]}")[1]

    def another(self, protocol):
        """Starts another server in the same process, which returns 418 for everything."""
        own = {"port": free_port(), "protocol": protocol, "host": "127.0.0.1", "stubs": [{"responses": [{"is": {"statusCode": 418}}]}]}
        self.admin("POST", "/imposters", own)
        return ask(f"127.0.0.1:{own['port']}", "GET", LIST, HEADERS, tls=protocol == "https")[0]

    def check_spaces(self):
        return self.another("http") == 418 and self.ask("GET", LIST)[0] == 200

    def check_https(self):
        return self.another("https") == 418


def work(folder, canned):
    """The answers of each double."""
    ours = servers.cuc_mock("--fixtures", fixture(folder, 3))
    running = doubles.started(folder, canned)
    WireMock.canned = canned
    own = [servers.wiremock_java(folder, canned), servers.mountebank(folder, canned, recordRequests=True)]
    checked = [doubles.own(ours), *running, *map(doubles.own, own)]
    found = {}
    with stopped(*(double.process for double in checked)):
        for double, checks in zip(checked, (CucMock, Moto, Azurite, JsonServer, Prism, WireMock, Mountebank)):
            found[double.process.name] = checks(double).answers()
    return {**found, **DOCUMENTED}


def rows(found):
    """The rows of the table: for each work, the answer of each double."""
    return [(text, *(answers.get(row, UNKNOWN) for answers in found.values())) for row, text in ROWS.items()]
