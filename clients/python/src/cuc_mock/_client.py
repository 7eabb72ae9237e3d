"""Requests to the control plane."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any, Optional
from urllib.parse import quote, urlencode

from ._errors import ControlError, CucMockError
from ._process import Process

_TIMEOUT = 30.0


class Client:
    """Sends requests to the control plane of a server, without a proxy."""

    def __init__(self, host: str, port: int, process: Process, token: Optional[str]) -> None:
        self._host = host
        self._port = port
        self._process = process
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def text(self, method: str, path: str, query: Mapping[str, object], body: Optional[str] = None) -> str:
        """Sends a request whose body, if it has one, is XML, and returns the text of the response."""
        __tracebackhide__ = True
        return self._send(method, path, query, body, "application/xml", 0).decode()

    def json(
        self, method: str, path: str, query: Mapping[str, object], body: Optional[object] = None, wait: float = 0
    ) -> Any:
        """Sends a request whose body, if it has one, is JSON, and returns the value of the response, `None` if it is empty.

        The server needs up to `wait` seconds to respond.
        """
        __tracebackhide__ = True
        sent = None if body is None else json.dumps(body)
        received = self._send(method, path, query, sent, "application/json", wait)
        return json.loads(received) if received else None

    def _send(
        self, method: str, path: str, query: Mapping[str, object], body: Optional[str], content_type: str, wait: float
    ) -> bytes:
        __tracebackhide__ = True
        target = f"/__mock{path}"
        parameters = {name: _parameter(value) for name, value in query.items() if value is not None}
        if parameters:
            target += f"?{urlencode(parameters)}"
        headers = self._headers if body is None else {**self._headers, "Content-Type": content_type}
        self._process.check_open()
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT + wait)
        try:
            connection.request(method, target, None if body is None else body.encode(), headers)
            response = connection.getresponse()
            received = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise CucMockError(
                f"the server did not respond to {method} /__mock{path} ({error}): "
                f"{self._process.ending()}{self._process.log_text()}"
            ) from error
        finally:
            connection.close()
        if response.status >= 400:
            raise ControlError(response.status, _error(received))
        return received


def segment(text: str) -> str:
    """Returns a text as one segment of a path."""
    return quote(text, safe="")


def _parameter(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _error(received: bytes) -> dict[str, Any]:
    """Returns the body of an error; a proxy or a broken server may send one that is not JSON."""
    try:
        body = json.loads(received)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"error": received.decode(errors="replace")}
