// faults.test.js
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";

import { CucMock } from "cuc-mock";

const mock = await CucMock.start();
beforeEach(() => mock.reset()); // it also ends all faults
after(() => mock.stop());

const headers = { Authorization: `Basic ${btoa("admin:secret")}`, "Content-Type": "application/json" };
const list = () => fetch(`${mock.url}/vmrest/tenants`, { headers });

test("an account is locked until the fault ends", async () => {
  const locked = await mock.fault("locked_out");
  assert.equal((await list()).status, 401);

  await locked.end();
  assert.equal((await list()).status, 200);
});

test("the third response is cut", async () => {
  const cut = await mock.fault({ effect: { cut: { after: 100, reset: true } }, nth: 3 });
  await (await list()).text();
  await (await list()).text();
  await assert.rejects(list().then((response) => response.text()));
  assert.equal((await cut.read()).hits, 1);
});

test("a response of your own comes late", async () => {
  await mock.fault({
    requests: { method: "GET", path: "tenants" },
    effect: { answer: { status: 503, headers: { "Retry-After": "5" } } },
    delay: { min_ms: 1, max_ms: 5 },
  });
  assert.equal((await list()).headers.get("retry-after"), "5");
});

test("a rejected request has a reason", async () => {
  const body = JSON.stringify({ DisplayName: "Mail", ServerType: 9, ServiceAlias: "admin", ServicePassword: "secret" });
  await fetch(`${mock.url}/vmrest/externalservices`, { method: "POST", headers, body });

  const [request] = await mock.requests({ method: "POST", status: 400 });
  assert.equal(request.reason.field, "ServerType");
  assert.equal(request.reason.expected, "1, 4 or 5");
});
