"""The doubles of other APIs, each with three objects like those of cuc-mock, and the requests for the same work.

moto is a double of AWS and azurite one of Azure: their nearest equivalent of a list of services is a list of objects in
S3 and of blobs, whose contents are the services. json-server and Prism have the objects in JSON; Prism returns examples
of an OpenAPI document, and keeps nothing.
"""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import urllib.parse
from typing import NamedTuple

from . import packages
from .processes import Process, free_port
from .services import FIRST, HEADERS, LIST, POSTED, SUFFIX, response


class Step(NamedTuple):
    """A request in the life of an object. `{id}` and `{name}` are placeholders in the path and the body. `id` is a
    pattern of Lua that finds the id in the body of the response, if the server chooses it."""

    method: str
    path: str
    status: int
    headers: dict = {}
    body: str = ""
    id: str = ""


class Double(NamedTuple):
    """A server that runs, and its requests: for the list of three, for one object, and for create, read, update and
    delete of another object."""

    process: Process
    list: str
    object: str
    life: list
    headers: dict = {}


JSON = {"Content-Type": "application/json", "Accept": "application/json"}
ACCOUNTS = {name: base64.b64encode(hashlib.sha512(name.encode()).digest()).decode() for name in ("first", "second")}
"""The accounts of azurite and their keys."""


def own(process):
    """The requests of cuc-mock, and of every server with the same paths."""
    body = {**HEADERS, "Content-Type": "application/xml"}
    at = f"{LIST}/{{id}}"
    life = [
        Step("POST", LIST, 201, body, POSTED, "([%x-]+)%s*$"),
        Step("GET", at, 200, HEADERS),
        Step("PUT", at, 204, body, POSTED.replace("{name}", "{name} again")),
        Step("DELETE", at, 204, HEADERS),
    ]
    return Double(process, LIST, f"{LIST}/{FIRST}", life, HEADERS)


def objects(captured):
    """The three services in JSON."""
    return json.loads(captured["json list"]["body"])["ExternalService"]


def signed(service, account="test"):
    """The headers that name an account and a service of AWS. moto does not check the signature."""
    scope = f"{account}/20260101/us-east-1/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


def moto(folder, captured, *options, is_empty=False):
    port = free_port()
    command = [packages.moto(), "-H", "127.0.0.1", "-p", port, *options]
    # Its recorder writes into the present folder.
    process = Process("moto", command, ready=port, cwd=folder)
    headers = signed("s3")
    if not is_empty:
        response(process.address, "PUT", "/services", headers=headers)
        for number in range(3):
            response(process.address, "PUT", f"/services/{number:08x}{SUFFIX}", captured["object"]["body"], headers)
    at = "/services/{id}"
    life = [
        Step("PUT", at, 200, headers, POSTED),
        Step("GET", at, 200, headers),
        Step("PUT", at, 200, headers, POSTED.replace("{name}", "{name} again")),
        Step("DELETE", at, 204, headers),
    ]
    return Double(process, "/services?list-type=2", f"/services/{FIRST}", life, headers)


def signature(account):
    """The query of a URL of azurite that permits everything."""
    fields = {"sp": "rwdlac", "ss": "b", "srt": "sco", "se": "2100-01-01T00:00:00Z", "spr": "https,http", "sv": "2019-12-12"}
    order = ("sp", "ss", "srt", "st", "se", "sip", "spr", "sv")
    signed = account + "\n" + "".join(f"{fields.get(name, '')}\n" for name in order)
    digest = hmac.new(base64.b64decode(ACCOUNTS[account]), signed.encode(), hashlib.sha256).digest()
    return urllib.parse.urlencode({**fields, "sig": base64.b64encode(digest).decode()})


def azurite(folder, captured, *options, is_empty=False):
    port = free_port()
    main = packages.npm("azurite") / "dist" / "src" / "blob" / "main.js"
    command = ["node", main, "--silent", "--inMemoryPersistence", "--disableTelemetry", "--blobHost", "127.0.0.1"]
    accounts = ";".join(f"{name}:{key}" for name, key in ACCOUNTS.items())
    environment = {**os.environ, "AZURITE_ACCOUNTS": accounts}
    command += ["--blobPort", port, *options]
    process = Process("azurite", command, ready=port, env=environment, cwd=folder)
    signed = signature("first")
    blob = {"x-ms-blob-type": "BlockBlob", "x-ms-version": "2019-12-12", "Content-Type": "application/xml"}
    read = {"x-ms-version": "2019-12-12"}
    if not is_empty:
        response(process.address, "PUT", f"/first/services?restype=container&{signed}", headers={**read, "Content-Length": "0"})
        for number in range(3):
            path = f"/first/services/{number:08x}{SUFFIX}?{signed}"
            response(process.address, "PUT", path, captured["object"]["body"], blob)
    at = f"/first/services/{{id}}?{signed}"
    life = [
        Step("PUT", at, 201, blob, POSTED),
        Step("GET", at, 200, read),
        Step("PUT", at, 201, blob, POSTED.replace("{name}", "{name} again")),
        Step("DELETE", at, 202, read),
    ]
    listed = f"/first/services?restype=container&comp=list&{signed}"
    return Double(process, listed, f"/first/services/{FIRST}?{signed}", life, read)


def json_server(folder, captured):
    port = free_port()
    data = pathlib.Path(folder, "json-server.json")
    rows = [{"id": row["ObjectId"], **row} for row in objects(captured)]
    data.write_text(json.dumps({"externalservices": rows}))
    main = packages.npm("json-server") / "lib" / "cli" / "bin.js"
    command = ["node", main, "--quiet", "--host", "127.0.0.1", "--port", port, data]
    process = Process("json-server", command, ready=port, cwd=folder)
    at = "/externalservices/{id}"
    posted = '{"id": "{id}", "DisplayName": "{name}", "ServiceAlias": "admin", "ServicePassword": "ecsbulab", "ServerType": "4"}'
    life = [
        Step("POST", "/externalservices", 201, JSON, posted),
        Step("GET", at, 200, JSON),
        Step("PUT", at, 200, JSON, posted.replace("{name}", "{name} again")),
        Step("DELETE", at, 200, JSON),
    ]
    return Double(process, "/externalservices", f"/externalservices/{FIRST}", life, JSON)


def document(captured):
    """The OpenAPI document of Prism, with the responses of cuc-mock as examples."""
    types = lambda name: {
        "application/json": {"schema": {"type": "object"}, "example": json.loads(captured[f"json {name}"]["body"])},
        "application/xml": {"schema": {"type": "string"}, "example": captured[name]["body"]},
    }
    answers = lambda status, name=None: {str(status): {"description": "", **({"content": types(name)} if name else {})}}
    string = {"type": "string"}
    properties = {name: string for name in ("DisplayName", "ServiceAlias", "ServicePassword", "ServerType")}
    body = {"required": True, "content": {"application/json": {"schema": {
        "type": "object", "required": ["DisplayName", "ServerType"], "properties": properties}}}}
    failure = {"500": {"description": "", "content": {"application/json": {"example": {"error": "injected"}}}}}
    identity = [{"name": "id", "in": "path", "required": True, "schema": string}]
    return {
        "openapi": "3.0.3",
        "info": {"title": "services", "version": "1"},
        "paths": {
            LIST: {
                "get": {"responses": {**answers(200, "list"), **failure}},
                "post": {"requestBody": body, "responses": answers(201)},
            },
            f"{LIST}/{{id}}": {
                "parameters": identity,
                "get": {"responses": answers(200, "object")},
                "put": {"requestBody": body, "responses": answers(204)},
                "delete": {"responses": answers(204)},
            },
        },
    }


def prism(folder, captured):
    port = free_port()
    path = pathlib.Path(folder, "openapi.json")
    path.write_text(json.dumps(document(captured)))
    main = packages.npm("@stoplight/prism-cli") / "dist" / "index.js"
    command = ["node", main, "mock", "--host", "127.0.0.1", "--port", port, "--verboseLevel", "silent", path]
    process = Process("Prism", command, ready=port)
    at = f"{LIST}/{{id}}"
    posted = '{"DisplayName": "{name}", "ServiceAlias": "admin", "ServicePassword": "ecsbulab", "ServerType": "4"}'
    life = [
        Step("POST", LIST, 201, JSON, posted),
        Step("GET", at, 200, JSON),
        Step("PUT", at, 204, JSON, posted.replace("{name}", "{name} again")),
        Step("DELETE", at, 204, JSON),
    ]
    return Double(process, LIST, f"{LIST}/{FIRST}", life, HEADERS)


def started(folder, captured):
    """All doubles, one after the other."""
    return [moto(folder, captured), azurite(folder, captured), json_server(folder, captured), prism(folder, captured)]
