// provisioning.test.ts
import { expect } from "vitest";

import { test } from "./mock.js";
import { addService } from "./provisioning.js";

test("a service is added once", async ({ mock }) => {
  await addService(mock.url, "Meetings");

  await mock.verify({ requests: { method: "POST", path: "externalservices" }, exactly: 1 });
  expect(await mock.diff()).toMatchObject({ created: 1, objects: [{ name: "Meetings" }] });
});

test("a service is added although the server is busy", async ({ mock }) => {
  await mock.fault({ preset: "busy", requests: { method: "POST" }, times: 2 });

  await addService(mock.url, "Meetings");

  const creates = { method: "POST", path: "externalservices", fields: { DisplayName: "Meetings" } };
  await mock.verify({ requests: { ...creates, status: 503 }, exactly: 2 });
  await mock.verify({ requests: { ...creates, status: 201 }, exactly: 1 });
});

test.concurrent("a server that stays busy is reported", async ({ mock, expect }) => {
  await mock.fault("busy");

  await expect(addService(mock.url, "Meetings")).rejects.toThrow("status 503");
});
