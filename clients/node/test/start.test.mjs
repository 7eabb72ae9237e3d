import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { CucMock, StartError, StoppedError } from "cuc-mock";

import { findBinary } from "../dist/binary.js";
import { addService, send, startMock } from "./server.mjs";

const fixture = fileURLToPath(new URL("../../../examples/compose/fixtures", import.meta.url));

test("a server has its addresses, its release and its seed", async (t) => {
  const mock = await startMock(t, { release: "12.5", seed: 2n ** 64n - 1n, log: "off" });
  assert.match(mock.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(mock.httpsUrl, mock.url.replace("http:", "https:"));
  assert.equal(mock.name, "default");
  assert.equal(mock.release, "12.5");
  assert.equal(mock.seed, 2n ** 64n - 1n);
  process.kill(mock.pid, 0);
});

test("the same seed yields the same ids", async (t) => {
  const first = await startMock(t, { seed: 1 });
  const second = await startMock(t, { seed: "1" });
  assert.equal(await addService(first), await addService(second));
});

test("parallel servers share nothing", async (t) => {
  const mocks = await Promise.all(Array.from({ length: 8 }, () => startMock(t)));
  assert.equal(new Set(mocks.map((mock) => mock.url)).size, 8);
  await Promise.all(mocks.map((mock, n) => addService(mock, { DisplayName: `Service ${n}` })));
  for (const [n, mock] of mocks.entries()) {
    const difference = await mock.diff();
    assert.deepEqual(
      difference.objects.map(({ name }) => name),
      [`Service ${n}`],
    );
  }
});

test("only the given users can sign in", async (t) => {
  const mock = await startMock(t, { users: { admin: "secret", "-a,b": "secret" } });
  assert.equal((await send(mock, "GET", "tenants")).status, 200);
  assert.equal((await send(mock, "GET", "tenants", { user: "-a,b" })).status, 200);
  assert.equal((await send(mock, "GET", "tenants", { user: "other" })).status, 401);
});

test("each user has a space with spaces: auto", async (t) => {
  const mock = await startMock(t, { spaces: "auto" });
  await send(mock, "GET", "tenants", { user: "one" });
  assert.deepEqual(await mock.spaces(), ["default", "one"]);
});

test("fixtures replace the seed", async (t) => {
  for (const fixtures of [fixture, [fixture]]) {
    const mock = await startMock(t, { fixtures });
    assert.notEqual((await mock.objects("externalservices")).total, 5);
  }
});

test("additional options and the environment reach the server", async (t) => {
  const mock = await startMock(t, { args: ["--https-only"], env: { CUC_MOCK_CUC_VERSION: "15" } });
  assert.equal(mock.release, "15");
  const response = await fetch(`${mock.url}/vmrest/tenants`, { redirect: "manual" });
  assert.equal(response.status, 302);
});

test("the environment of the process has no effect, except for the seed", async (t) => {
  t.after(() => {
    delete process.env.CUC_MOCK_CUC_VERSION;
    delete process.env.CUC_MOCK_SEED;
  });
  process.env.CUC_MOCK_CUC_VERSION = "15";
  process.env.CUC_MOCK_SEED = "7";
  const mock = await startMock(t);
  assert.equal(mock.release, "10.5");
  assert.equal(mock.seed, 7n);
});

test("an HTTPS client trusts the CA", async (t) => {
  const mock = await startMock(t);
  const status = await new Promise((resolve, reject) => {
    request(`${mock.httpsUrl}/vmrest/version`, { ca: mock.ca, auth: "admin:secret", agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    })
      .on("error", reject)
      .end();
  });
  assert.equal(status, 200);
});

test("the CA file exists until the server stops", async (t) => {
  const mock = await startMock(t);
  const { caFile } = mock;
  assert.equal(readFileSync(caFile, "utf8"), mock.ca);
  assert.equal(mock.caFile, caFile);
  await mock.stop();
  assert(!existsSync(caFile));
  assert.throws(() => mock.caFile, StoppedError);
  assert.match(mock.ca, /^-----BEGIN CERTIFICATE-----/);
});

test("a server with a certificate of its own has no CA", { skip: process.platform === "win32" }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "cuc-mock-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [certificate, key] = ["certificate.pem", "key.pem"].map((name) => join(folder, name));
  const options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost".split(" ");
  execFileSync("openssl", [...options, "-out", certificate, "-keyout", key], { stdio: "ignore" });
  const mock = await startMock(t, { args: ["--tls-cert", certificate, "--tls-key", key] });
  assert.throws(() => mock.ca, /^ControlError: GET \/__mock\/ca\.pem: /);
  assert.throws(() => mock.caFile, /^ControlError: /);
});

test("a failed start shows the explanation of the server", async () => {
  await assert.rejects(CucMock.start({ fixtures: "/nowhere/at-all.xml" }), (error) => {
    assert(error instanceof StartError);
    assert.match(
      error.message,
      /^cuc-mock did not start: ended with the exit status 2\n\/nowhere\/at-all\.xml: cannot be read: .*\(os error \d\)$/,
    );
    return true;
  });
  await assert.rejects(CucMock.start({ release: "9" }), /ended with the exit status 2\nerror: invalid value '9' for/);
});

test("an unknown option is rejected", async () => {
  await assert.rejects(CucMock.start({ version: "12.5" }), {
    name: "TypeError",
    message: /^CucMock\.start has no option "version", expected release, fixtures, /,
  });
});

test("a server that is not ready in time is ended", { skip: process.platform === "win32" }, async () => {
  const binary = fileURLToPath(new URL("programs/silent.sh", import.meta.url));
  await assert.rejects(CucMock.start({ env: { CUC_MOCK: binary }, startTimeout: 1 }), {
    name: "StartError",
    message: "cuc-mock did not start: was not ready within 1 ms",
  });
});

test("a program that cannot run is reported", async () => {
  await assert.rejects(CucMock.start({ env: { CUC_MOCK: "cuc-mock-that-is-nowhere" } }), {
    name: "StartError",
    message: "cuc-mock did not start: cannot run cuc-mock-that-is-nowhere: spawn cuc-mock-that-is-nowhere ENOENT",
  });
});

test("a missing binary is explained", async () => {
  await assert.rejects(CucMock.start({ env: { CUC_MOCK: "/nowhere/cuc-mock" } }), {
    name: "BinaryNotFoundError",
    message: 'CUC_MOCK is "/nowhere/cuc-mock", expected the path of a cuc-mock binary: no such file',
  });
  assert.throws(() => findBinary({}, "win32", "x64"), {
    name: "BinaryNotFoundError",
    message: /^The package @cuc-mock\/win32-x64, .* is not installed\.[^]*--omit=optional[^]*CUC_MOCK/,
  });
  assert.throws(() => findBinary({}, "sunos", "x64"), {
    name: "BinaryNotFoundError",
    message: /^cuc-mock has no package for sunos-x64, expected one of linux-x64, linux-arm64, [^]*CUC_MOCK/,
  });
});
