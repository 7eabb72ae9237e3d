// provisioning.test.js
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";

import { CucMock, withJournal } from "cuc-mock";

import { addService } from "./provisioning.js";

const mock = await CucMock.start(); // one server for each test file
beforeEach(() => mock.reset());
after(() => mock.stop());

test(
  "a service is added once",
  withJournal(mock, async () => {
    await addService(mock.url, "Meetings");

    await mock.verify({ requests: { method: "POST", path: "externalservices" }, exactly: 1 });
    const { created, objects } = await mock.diff();
    assert.equal(created, 1);
    assert.equal(objects[0].name, "Meetings");
  }),
);

test(
  "a service is added although the server is busy",
  withJournal(mock, async () => {
    await mock.fault({ preset: "busy", requests: { method: "POST" }, times: 2 });

    await addService(mock.url, "Meetings");

    const creates = { method: "POST", path: "externalservices", fields: { DisplayName: "Meetings" } };
    await mock.verify({ requests: { ...creates, status: 503 }, exactly: 2 });
    await mock.verify({ requests: { ...creates, status: 201 }, exactly: 1 });
  }),
);
