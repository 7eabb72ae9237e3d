// first.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";

import { CucMock } from "cuc-mock";

test("a tenant is listed", async (t) => {
  const mock = await CucMock.start();
  t.after(() => mock.stop());

  // Your code, with `mock.url` in place of the address of the appliance. Any name and password are accepted.
  const headers = { Authorization: `Basic ${btoa("admin:secret")}`, Accept: "application/json" };
  const response = await fetch(`${mock.url}/vmrest/tenants?query=(Alias is Taxoma)`, { headers });
  assert.equal((await response.json()).Tenant.Alias, "Taxoma");

  await mock.verify({ requests: { method: "GET", path: "tenants" }, exactly: 1 });
});
