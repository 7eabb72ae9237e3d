"""The servers that return the same bytes: cuc-mock, the reference, and the peers with responses of a test's own."""

import json
import pathlib
import shutil

from .packages import npm
from .processes import Process, free_port
from .rounds import BUILT, ROOT
from .services import LIST

NOT_COPIED = ("Content-Length", "Date", "Set-Cookie")
"""The headers that each server sets itself."""


def cuc_mock(*options, binary=None):
    binary = binary or ROOT / "target" / "release" / "cuc-mock"
    return Process("cuc-mock", [binary, "--listen", "127.0.0.1:0", "--seed", "1", "--log", "off", *options])


def written(folder, captured):
    """A file with the responses."""
    path = pathlib.Path(folder, "captured.json")
    path.write_text(json.dumps(captured))
    return path


def reference(folder, captured, *options):
    return Process("reference", [BUILT / "release" / "reference", written(folder, captured), *options])


def crate(name, folder, captured):
    """A peer that is a crate: httpmock, wiremock or mockito."""
    return Process(name, [BUILT / "release" / "peer", name, written(folder, captured)])


def nginx(folder, captured):
    root = pathlib.Path(folder, "nginx")
    (root / "vmrest").mkdir(parents=True)
    (root / "vmrest" / "externalservices").write_text(captured["list"]["body"])
    port = free_port()
    own = ("Content-Type", "Content-Length", "Date", "Server")
    added = "".join(f'add_header {n} "{v}";' for n, v in captured["list"]["headers"] if n not in own)
    (root / "nginx.conf").write_text(
        f"user root; worker_processes 2; pid {root}/pid; error_log /dev/null; daemon off; events {{ }}"
        f"http {{ access_log off; sendfile on; open_file_cache max=10; keepalive_requests 100000000; client_body_temp_path {root};"
        f"proxy_temp_path {root}; fastcgi_temp_path {root}; uwsgi_temp_path {root}; scgi_temp_path {root};"
        f"server {{ listen 127.0.0.1:{port}; root {root}; default_type application/xml; {added} }} }}"
    )
    return Process("nginx", ["nginx", "-c", root / "nginx.conf", "-p", root], ready=port)


def wiremock_java(folder, captured, *options):
    root = pathlib.Path(folder, "wiremock")
    (root / "mappings").mkdir(parents=True, exist_ok=True)
    for name, method, url in [
        ("list", "GET", {"urlPath": LIST}),
        ("object", "GET", {"urlPathPattern": f"{LIST}/.+"}),
        ("post", "POST", {"urlPath": LIST}),
        ("put", "PUT", {"urlPathPattern": f"{LIST}/.+"}),
        ("delete", "DELETE", {"urlPathPattern": f"{LIST}/.+"}),
    ]:
        answer = captured[name]
        headers = {n: v for n, v in answer["headers"] if n not in NOT_COPIED}
        response = {"status": answer["status"], "headers": headers, "body": answer["body"]}
        mapping = {"request": {"method": method, **url}, "response": response}
        (root / "mappings" / f"{name}.json").write_text(json.dumps(mapping))
    jar = next(npm("wiremock").rglob("*.jar"))
    port = free_port()
    command = ["java", "-jar", jar, "--port", port, "--bind-address", "127.0.0.1", "--root-dir", root]
    return Process("WireMock", [*command, "--max-request-journal-entries", "1000", *options], ready=port)


def imposter(captured, **options):
    """The configuration of a server of mountebank."""

    def stub(name, predicate):
        answer = captured[name]
        headers = {n: v for n, v in answer["headers"] if n not in NOT_COPIED}
        response = {"is": {"statusCode": answer["status"], "headers": headers, "body": answer["body"]}}
        return {"predicates": [predicate], "responses": [response]}

    equals = lambda method: {"equals": {"method": method, "path": LIST}}
    starts = lambda method: {"startsWith": {"method": method, "path": f"{LIST}/"}}
    stubs = [stub("list", equals("GET")), stub("post", equals("POST")), stub("object", starts("GET"))]
    stubs += [stub("put", starts("PUT")), stub("delete", starts("DELETE"))]
    return {"port": free_port(), "protocol": "http", "host": "127.0.0.1", "stubs": stubs, **options}


def mountebank(folder, captured, **options):
    own = imposter(captured, **options)
    admin = free_port()
    config = pathlib.Path(folder, "mountebank.json")
    config.write_text(json.dumps({"imposters": [own]}))
    main = npm("@mbtest/mountebank") / "bin" / "mb"
    command = ["node", main, "start", "--configfile", config, "--port", admin, "--host", "127.0.0.1", "--nologfile"]
    server = Process("mountebank", [*command, "--loglevel", "error"], ready=own["port"], cwd=folder)
    server.admin = f"127.0.0.1:{admin}"
    return server


def same_bytes(folder, captured):
    """All servers that return the same bytes, except cuc-mock. Without nginx, which a short run can do without, the
    others."""
    servers = [reference(folder, captured), *(crate(name, folder, captured) for name in ("httpmock", "wiremock", "mockito"))]
    if shutil.which("nginx"):
        servers.append(nginx(folder, captured))
    return [*servers, wiremock_java(folder, captured), mountebank(folder, captured)]
