"""Loads of wrk."""

import json
import pathlib
import re
import subprocess
import sys
import uuid

from .rounds import SECONDS
from .services import FIRST, HEADERS, LIST, POSTED, SUFFIX

CONNECTIONS = 32


def writes(folder, address, method):
    """The script of wrk. Each POST and PUT has another name, and each DELETE another id. The rest is built once,
    so that the measurement does not include wrk."""
    salt, number = uuid.uuid4().hex[:8], "%08x"
    name = f"{salt} {number}"
    path = {"POST": LIST, "PUT": f"{LIST}/{FIRST}", "DELETE": f"{LIST}/{number}{SUFFIX}"}[method]
    head = "".join(f"{header}: {value}\r\n" for header, value in HEADERS.items())
    body = ""
    if method != "DELETE":
        body = POSTED.replace("{name}", name)
        length = len(body) - len(number) + 8
        head += f"Content-Type: application/xml\r\nContent-Length: {length}\r\n"
    request = f"{method} {path} HTTP/1.1\r\nHost: {address}\r\n{head}\r\n{body}"
    before, after = (json.dumps(part) for part in request.split(number))
    script = pathlib.Path(folder, f"{method}-{salt}.lua")
    script.write_text(
        f"local n, before, after = 2, {before}, {after}\n"
        f"function request()\n  n = n + 1\n  return before .. string.format('{number}', n) .. after\nend\n"
    )
    return script


LIFE = """
local steps, salt = {%s}, "%s"
local step, n, id = 1, 0, salt .. "0"
function request()
  local part = steps[step]
  local named = function(text) return (text:gsub("{id}", id):gsub("{name}", id)) end
  local body = named(part[4])
  local head = part[1] .. " " .. named(part[2]) .. " HTTP/1.1\\r\\nHost: %s\\r\\n" .. part[3]
  if #body > 0 then head = head .. "Content-Length: " .. #body .. "\\r\\n" end
  return head .. "\\r\\n" .. body
end
function response(status, headers, body)
  local part = steps[step]
  if status ~= part[5] then io.stderr:write(part[1] .. " " .. status .. " " .. body .. "\\n") os.exit(1) end
  if part[6] then id = body:match(part[6]) end
  step = step %% #steps + 1
  if step == 1 then n = n + 1 id = salt .. n end
end
"""


def life(folder, address, steps):
    """The script of wrk for the steps of the life of an object, which are repeated with another object. It has one
    connection, because each step needs the one before."""
    rows = []
    for step in steps:
        head = "".join(f"{name}: {value}\r\n" for name, value in step.headers.items())
        row = [json.dumps(part) for part in (step.method, step.path, head, step.body)]
        rows.append("{" + ", ".join([*row, str(step.status), json.dumps(step.id) if step.id else "nil"]) + "}")
    salt = uuid.uuid4().hex[:8]
    script = pathlib.Path(folder, f"life-{salt}.lua")
    script.write_text(LIFE % (", ".join(rows), salt, address))
    return script


def load(running, path=LIST, scheme="http", script=None, seconds=SECONDS, connections=CONNECTIONS, headers=HEADERS):
    """Requests per second, CPU seconds per request, and the number of requests."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", f"{scheme}://{running.address}{path}"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", str(script)]
    before = running.cpu()
    wrk = subprocess.run(command, capture_output=True, text=True)
    spent = running.cpu() - before
    if wrk.returncode or "Non-2xx" in wrk.stdout or "Socket errors" in wrk.stdout:
        print(f"  {running.name} {script or path}: {wrk.stdout}{wrk.stderr}", file=sys.stderr)
    if wrk.returncode:
        sys.exit(f"wrk failed with {running.name}")
    count = int(re.search(r"(\d+) requests in", wrk.stdout)[1])
    return float(re.search(r"Requests/sec:\s+([\d.]+)", wrk.stdout)[1]), spent / max(count, 1), count
