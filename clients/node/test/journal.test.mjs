import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import { withJournal } from "cuc-mock";

import { addService, SERVICE, send, startMock } from "./server.mjs";

const JOURNAL = `the requests that cuc-mock received:
  #1 POST /vmrest/externalservices, answered with 503, hit by fault 1
    rejected: The server is busy: too many requests are in flight (documented)
  #2 POST /vmrest/externalservices, answered with 201
  #3 POST /vmrest/externalservices?a=b, answered with 400
    rejected: Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5 (documented: guide, Adding Unified Messaging Service)
the seed was 7: CUC_MOCK_SEED=7 repeats the run`;

async function mockWithRequests(t) {
  const mock = await startMock(t, { seed: 7 });
  await mock.fault({ preset: "busy", times: 1 });
  await assert.rejects(addService(mock));
  await addService(mock);
  await send(mock, "POST", "externalservices?a=b", { body: { ...SERVICE, DisplayName: "Mail", ServerType: 9 } });
  return mock;
}

test("the journal is described with statuses, faults and reasons, without secrets", async (t) => {
  const mock = await mockWithRequests(t);
  assert.equal(await mock.describeJournal(), JOURNAL);
  assert.equal(
    await mock.describeJournal({ method: "PUT" }),
    "cuc-mock received no such request\nthe seed was 7: CUC_MOCK_SEED=7 repeats the run",
  );
});

test("an error of a test gets the journal", async (t) => {
  const mock = await mockWithRequests(t);
  const body = withJournal(() => mock, async () => {
    throw Object.assign(new Error("a sum"), { actual: 1 });
  });
  await assert.rejects(body(), (error) => {
    assert.equal(error.message, `a sum\n\n${JOURNAL}`);
    assert.equal(error.actual, 1);
    assert(error.stack.includes(JOURNAL));
    assert.match(error.stack, /journal\.test\.mjs/);
    return true;
  });
});

test("an error of another context gets the journal", async (t) => {
  const mock = await mockWithRequests(t);
  const body = withJournal(mock, () => runInNewContext("throw new Error('a sum')"));
  await assert.rejects(body(), { message: `a sum\n\n${JOURNAL}` });
});

test("an error remains when the journal is not available", async (t) => {
  const mock = await startMock(t);
  await mock.stop();
  const body = withJournal(mock, async () => assert.fail("the first error"));
  await assert.rejects(body(), /the first error\n\nthe journal is not available: GET .*: the server was stopped$/);
});

test("a test function gets its arguments, and a success passes", async (t) => {
  const mock = await startMock(t);
  let received;
  await withJournal(mock, (...args) => void (received = args))(1, 2);
  assert.deepEqual(received, [1, 2]);
});
