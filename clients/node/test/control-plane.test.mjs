import assert from "node:assert/strict";
import { test } from "node:test";

import { ControlError, VerificationError } from "cuc-mock";

import { addService, send, startMock } from "./server.mjs";

const POST = { method: "POST", path: "externalservices" };

test("requests are listed and cleared", async (t) => {
  const mock = await startMock(t);
  await addService(mock);
  await send(mock, "GET", "tenants");

  const requests = await mock.requests();
  assert.deepEqual(
    requests.map(({ method, path, answer }) => [method, path, answer.status]),
    [
      ["POST", "/vmrest/externalservices", 201],
      ["GET", "/vmrest/tenants", 200],
    ],
  );
  assert.equal((await mock.requests({ method: "GET" })).length, 1);
  assert.equal((await mock.requests({ status: 404 })).length, 0);
  assert.equal((await mock.requests({ since: 1 }))[0].number, 2);

  await mock.clearRequests();
  assert.deepEqual(await mock.requests(), []);
});

test("secrets are only listed on request", async (t) => {
  const mock = await startMock(t);
  await addService(mock);
  const [hidden] = await mock.requests();
  assert.doesNotMatch(JSON.stringify(hidden), /ecsbulab/);
  const [shown] = await mock.requests({ secrets: true });
  assert.match(shown.body, /ecsbulab/);
});

test("a successful verification returns the number of requests", async (t) => {
  const mock = await startMock(t);
  await addService(mock);
  assert.equal(await mock.verify({ requests: { ...POST, fields: { DisplayName: "Meetings" } }, exactly: 1 }), 1);
  assert.equal(await mock.verify({ requests: { method: "DELETE" }, never: true }), 0);
});

test("a failed verification throws the report", async (t) => {
  const mock = await startMock(t);
  await addService(mock, { DisplayName: "meetings" });
  let error;
  try {
    await mock.verify({ requests: { ...POST, fields: { DisplayName: "Meetings" } }, exactly: 1 });
  } catch (thrown) {
    error = thrown;
  }
  assert(error instanceof VerificationError);
  assert.equal(
    error.message,
    `expected POST /vmrest/externalservices with the field DisplayName being "Meetings" exactly once
found 0 among 1 request
the closest are
  #1 POST /vmrest/externalservices, answered with 201
    field DisplayName: found "meetings", expected "Meetings" (it differs only in case)`,
  );
  assert.equal(error.report.closest.length, 1);
  assert.deepEqual(Object.keys(error), ["name"]);
  assert.match(error.stack, /^VerificationError: expected POST [^]* case\)\n( +at process[^\n]*\n)* +at [^\n]*control-plane\.test\.mjs:/);
});

test("an invalid control request shows the explanation of the server", async (t) => {
  const mock = await startMock(t);
  await assert.rejects(mock.verify({ requests: { path: "tenants", status: 1 } }), (error) => {
    assert(error instanceof ControlError);
    assert.equal(error.status, 400);
    assert.match(error.message, /^POST \/__mock\/requests\/verify: requests\.status is 1, expected /);
    return true;
  });
  await assert.rejects(mock.fault("bsy"), /^ControlError: POST \/__mock\/faults: preset is "bsy", expected one of busy, /);
  await assert.rejects(mock.restore("a/b"), {
    name: "ControlError",
    message: 'POST /__mock/snapshots/a%2Fb/restore: there is no snapshot "a/b", expected one of GET /__mock/snapshots',
  });
  await assert.rejects(mock.setState("<Tenants><Tenant><Alias>acme</Alias></Tenant></Tenants>"), {
    message: `PUT /__mock/state: the state has mistakes, and nothing was changed
  1:10: ObjectId is missing, expected a value, it is mandatory
  1:10: SmtpDomain is missing, expected a value, it is mandatory`,
  });
});

test("a fault ends by itself, or with end()", async (t) => {
  const mock = await startMock(t);
  const busy = await mock.fault({ preset: "busy", requests: { method: "POST" }, times: 1 });
  await assert.rejects(addService(mock), /status 503/);
  await addService(mock);
  assert.equal((await busy.read()).hits, 1);
  assert.equal((await busy.read()).active, false);

  const locked = await mock.fault("locked_out");
  assert.equal(locked.number, 2);
  assert.equal((await send(mock, "GET", "tenants")).status, 401);
  await locked.end();
  await locked.end();
  assert.equal((await send(mock, "GET", "tenants")).status, 200);

  await mock.fault({ delay: { fixed_ms: 1 } });
  assert.equal((await mock.faults()).length, 2);
  await mock.endFaults();
  assert.deepEqual(await mock.faults(), []);
});

test("a snapshot is restored and deleted", async (t) => {
  const mock = await startMock(t);
  await mock.snapshot("before");
  const path = await addService(mock);
  assert.deepEqual(await mock.snapshots(), ["before"]);
  await mock.restore("before");
  assert.equal((await send(mock, "GET", path.replace("/vmrest/", ""))).status, 404);
  await mock.deleteSnapshot("before");
  assert.deepEqual(await mock.snapshots(), []);
});

test("differences are relative to the seed, a snapshot or a space", async (t) => {
  const mock = await startMock(t);
  const path = await addService(mock);
  const difference = await mock.diff();
  assert.equal(difference.created, 1);
  assert.deepEqual(
    difference.objects.map(({ change, name, path }) => ({ change, name, path })),
    [{ change: "created", name: "Meetings", path }],
  );
  await mock.snapshot("after");
  assert.equal((await mock.diff({ snapshot: "after" })).created, 0);
  await mock.space("other");
  assert.equal((await mock.diff({ space: "other" })).created, 1);
  assert.equal((await mock.diff("seed", { limit: 0 })).is_complete, false);
});

test("a reset restores the seed", async (t) => {
  const mock = await startMock(t);
  await addService(mock);
  await mock.reset();
  assert.equal((await mock.diff()).created, 0);
  assert.deepEqual(await mock.requests(), []);
});

test("the clock is frozen, set, advanced and real", async (t) => {
  const mock = await startMock(t, { clock: new Date("2026-01-31T12:00:00Z") });
  assert.deepEqual(await mock.clock.read(), { mode: "frozen", time: "2026-01-31T12:00:00Z" });
  await mock.clock.advance(90);
  assert.equal((await mock.clock.read()).time, "2026-01-31T12:01:30Z");
  await mock.clock.freeze("2026-02-01T08:00:00Z");
  assert.equal((await mock.clock.read()).time, "2026-02-01T08:00:00Z");
  await mock.clock.set(new Date("2026-02-02T08:00:00Z"));
  assert.equal((await mock.clock.read()).mode, "offset");
  await mock.clock.freeze();
  assert.match((await mock.clock.read()).time, /^2026-02-02T08:00:/);
  await mock.clock.real();
  assert.equal((await mock.clock.read()).mode, "real");
});

test("a space has records, requests, faults and a clock of its own", async (t) => {
  const mock = await startMock(t, { seed: 7 });
  const space = await mock.space("Team A");
  assert.equal(space.name, "team a");
  assert.equal(space.seed, 7n);
  assert.deepEqual(await mock.spaces(), ["default", "team a"]);

  await space.fault({ preset: "busy", times: 1 });
  await addService(mock);
  await assert.rejects(addService(mock, { user: "team a" }), /status 503/);
  await addService(mock, { user: "team a" });
  await space.verify({ requests: POST, exactly: 2 });
  await mock.verify({ requests: POST, exactly: 1 });
  await space.clock.freeze("2026-01-31T12:00:00Z");
  assert.equal((await mock.clock.read()).mode, "real");
  assert.match(await space.describeJournal(), /^the requests that cuc-mock received:\n {2}in the space team a: #1 POST /);

  assert.equal((await mock.space("TEAM A")).seed, 7n);
  await assert.rejects(mock.space("Team A", { seed: 9 }), /^ControlError: POST \/__mock\/spaces: there is /);
  await space.delete();
  await space.delete();
  assert.deepEqual(await mock.spaces(), ["default"]);
  const other = await mock.space("b", { seed: 9 });
  assert.equal(other.seed, 9n);
  assert.equal(other.url, mock.url);
});

test("coverage is counted and cleared", async (t) => {
  const mock = await startMock(t);
  assert.equal((await mock.coverage()).touched, 0);
  await addService(mock);
  const { touched } = await mock.coverage();
  assert(touched > 0);
  assert.equal((await mock.coverageOfAllSpaces()).touched, touched);
  await mock.clearCoverage();
  assert.equal((await mock.coverage()).touched, 0);
});

test("the state is exported and imported", async (t) => {
  const mock = await startMock(t);
  const path = await addService(mock, { DisplayName: "Grüße" });
  const state = await mock.state();
  assert.match(state, /<DisplayName>Grüße<\/DisplayName>/);
  await mock.reset();
  await mock.setState(state);
  assert.match((await send(mock, "GET", path.replace("/vmrest/", ""))).text, /Grüße/);
  assert.equal(await mock.state(), state);
});

test("objects are listed and read", async (t) => {
  const mock = await startMock(t);
  const path = await addService(mock);
  const list = await mock.objects("externalservices", { text: "Meetings", rows: 10 });
  assert.equal(list.total, 1);
  assert.equal(list.objects[0].path, path);
  const { columns, objects } = await mock.objects("tenants");
  const alias = objects[0].values[columns.indexOf("Alias")]; // the values are in the order of the columns
  assert.equal(alias, "clientteam");
  const object = await mock.object(path);
  assert.equal(object.element, "ExternalService");
  await assert.rejects(mock.objects("nothing"), /^ControlError: GET \/__mock\/objects: /);
});

test("resources are listed and read", async (t) => {
  const mock = await startMock(t);
  const resources = await mock.resources();
  const { records } = resources.find(({ path }) => path === "externalservices");
  assert.equal(records, 5);
  const resource = await mock.resource("users/{SubscriberObjectId}/externalserviceaccounts");
  assert.equal(resource.element, "ExternalServiceAccount");
});

test("the fixtures are loaded again", async (t) => {
  const mock = await startMock(t);
  await addService(mock);
  assert.deepEqual(await mock.reload(), { changes: [] });
});

for (const [name, options] of Object.entries({
  "in the environment": { env: { CUC_MOCK_CONTROL_TOKEN: "abc" } },
  "in an argument": { args: ["--https-only", "--control-token=abc"], env: { CUC_MOCK_CONTROL_TOKEN: "other" } },
  "as two arguments": { args: ["--control-token", "abc"] },
})) {
  test(`a server with a token ${name} is controlled with it`, async (t) => {
    const mock = await startMock(t, options);
    assert.equal((await fetch(`${mock.url}/__mock/requests`)).status, 401);
    const headers = { authorization: "Bearer abc" };
    assert.equal((await fetch(`${mock.url}/__mock/requests`, { headers })).status, 200);
    assert.deepEqual(await mock.requests(), []);
  });
}
