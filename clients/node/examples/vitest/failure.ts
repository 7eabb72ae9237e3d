// failure.test.ts
import { test } from "./mock.js";
import { addService } from "./provisioning.js";

test("a service is added at the first attempt", async ({ mock }) => {
  await mock.fault({ preset: "busy", times: 1 });
  await addService(mock.url, "Meetings");
  await mock.verify({ requests: { method: "POST", path: "externalservices" }, exactly: 1 });
});
