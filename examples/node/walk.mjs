// Talks to cuc-mock over HTTPS with Node's `fetch`, trusting its CA.
//
//     CUC_MOCK=target/release/cuc-mock node walk.mjs
//
// Node reads its trusted CAs at the start, so this script starts the server, and then itself again.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

async function serveAndRunAgain() {
  const folder = await mkdtemp(join(tmpdir(), "cuc-mock-"));
  const ca = join(folder, "ca.pem");
  const options = ["--listen", "127.0.0.1:0", "--ca-out", ca, "--log", "off"];
  const server = spawn(process.env.CUC_MOCK ?? "cuc-mock", options, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    // listening on http://127.0.0.1:40123 https://127.0.0.1:40123 …
    const [line] = await once(createInterface(server.stdout), "line");
    const env = { ...process.env, CUC_MOCK_URL: line.split(" ")[3], NODE_EXTRA_CA_CERTS: ca };
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
      env,
      stdio: "inherit",
    });
    const [status] = await once(child, "exit");
    process.exitCode = status ?? 1;
  } finally {
    server.kill();
    await rm(folder, { recursive: true });
  }
}

async function walk(url) {
  const authorization = "Basic " + Buffer.from("admin:secret").toString("base64");
  const ask = (path, { method = "GET", body, ...headers } = {}) =>
    fetch(url + path, {
      method,
      body: body && JSON.stringify(body),
      headers: { authorization, accept: "application/json", "content-type": "application/json", ...headers },
    });
  const json = async (path) => (await ask(path)).json();

  console.log("version", (await json("/vmrest/version")).version);

  const created = await ask("/vmrest/externalservices", {
    method: "POST",
    body: {
      DisplayName: "From Node",
      ServiceAlias: "admin",
      ServicePassword: "secret",
      ServerType: 1,
      Server: "meetingplace.example.com",
      TransferExtensionDialString: "111",
    },
  });
  assert.equal(created.status, 201);
  const path = await created.text();
  assert.equal(created.headers.get("location"), url + path);

  const query = encodeURIComponent("(DisplayName startswith from)");
  const found = await json(`/vmrest/externalservices?query=${query}`);
  assert.equal(found["@total"], "1");
  assert.equal(found.ExternalService.DisplayName, "From Node");

  const changed = await ask(path, { method: "PUT", body: { IsEnabled: false } });
  assert.equal(changed.status, 204);
  assert.equal(changed.headers.get("content-type"), "application/json;charset=UTF-8");
  assert.equal((await json(path)).IsEnabled, "false");

  const xml = await ask(path, { accept: "*/*" });
  assert.match(await xml.text(), /<IsEnabled>false<\/IsEnabled>/);

  assert.equal((await ask(path, { method: "DELETE" })).status, 204);
  const gone = await ask(path);
  assert.equal(gone.status, 404);
  assert.equal((await gone.json()).errors.code, "NOT_FOUND");
  assert.equal((await fetch(url + "/vmrest/tenants")).status, 401);
}

if (process.env.CUC_MOCK_URL) {
  await walk(process.env.CUC_MOCK_URL);
  console.log("all went as it should, at", process.env.CUC_MOCK_URL);
} else {
  await serveAndRunAgain();
}
