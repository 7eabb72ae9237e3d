// https.test.js
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { request } from "node:https";
import { after, test } from "node:test";
import { promisify } from "node:util";

import { CucMock } from "cuc-mock";
import { Agent, fetch } from "undici";

const mock = await CucMock.start();
after(() => mock.stop());

test("node:https trusts the CA", async () => {
  const status = await new Promise((resolve, reject) => {
    const options = { auth: "admin:secret", ca: mock.ca };
    request(`${mock.httpsUrl}/vmrest/tenants`, options, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
  assert.equal(status, 200);
});

test("fetch of undici trusts the CA", async () => {
  const dispatcher = new Agent({ connect: { ca: mock.ca } });
  const headers = { Authorization: `Basic ${btoa("admin:secret")}` };
  const response = await fetch(`${mock.httpsUrl}/vmrest/tenants`, { dispatcher, headers });
  assert.equal(response.status, 200);
  await dispatcher.destroy();
});

test("another program trusts the file with the CA", async () => {
  const program = `const response = await fetch("${mock.httpsUrl}/vmrest/tenants"); console.log(response.status)`;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: mock.caFile };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { env });
  assert.equal(stdout, "401\n"); // it sent no credentials
});
