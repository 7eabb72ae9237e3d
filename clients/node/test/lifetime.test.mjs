import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { CucMock, StoppedError } from "cuc-mock";

import { findBinary } from "../dist/binary.js";
import { startMock } from "./server.mjs";

const program = fileURLToPath(new URL("programs/abandon.mjs", import.meta.url));
const unix = { skip: process.platform === "win32" && "the test needs a named pipe", timeout: 60_000 };

/**
 * Runs the program with a server that holds a named pipe open.
 *
 * Returns the program, and a promise that is fulfilled when the process of the server has ended.
 */
function abandon(t, how) {
  const folder = mkdtempSync(join(tmpdir(), "cuc-mock-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, "pipe");
  const wrapper = join(folder, "cuc-mock");
  execFileSync("mkfifo", [pipe]);
  writeFileSync(wrapper, `#!/bin/sh\nexec "${findBinary(process.env)}" "$@" 3>"${pipe}"\n`, { mode: 0o755 });
  const parent = spawn(process.execPath, [program, how], {
    env: { ...process.env, CUC_MOCK: wrapper },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const serverEnded = once(createReadStream(pipe).resume(), "end");
  return { parent, serverEnded, url: once(parent.stdout.setEncoding("utf8"), "data") };
}

for (const [how, expected] of [
  ["return", 0],
  ["exit", 3],
  ["throw", 1],
  ["stop", 0],
]) {
  test(`a process that ends by ${how} leaves no server`, unix, async (t) => {
    const { parent, serverEnded } = abandon(t, how);
    const [status] = await once(parent, "exit");
    assert.equal(status, expected);
    await serverEnded;
  });
}

test("a process that is killed leaves no server", unix, async (t) => {
  const { parent, serverEnded, url } = abandon(t, "wait");
  const [address] = await url;
  assert.equal((await fetch(`${address.trim()}/__mock/health`)).status, 200);
  parent.kill("SIGKILL");
  await serverEnded;
  await assert.rejects(fetch(`${address.trim()}/__mock/health`));
});

test("a server is stopped more than once", async (t) => {
  const mock = await startMock(t);
  await Promise.all([mock.stop(), mock.stop()]);
  await mock.stop();
  await assert.rejects(mock.requests(), (error) => {
    assert(error instanceof StoppedError);
    assert.equal(error.message, `GET /__mock/requests: no response from cuc-mock at ${mock.url}: the server was stopped`);
    return true;
  });
});

test("a stopped server does not write to another one at its port", async (t) => {
  const mock = await startMock(t);
  await mock.stop();
  const port = new URL(mock.url).port;
  const other = createServer((_request, response) => response.end("{}")).listen(port, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  await assert.rejects(mock.reset(), StoppedError);
});

test("a scope disposes of its server", { skip: !Symbol.asyncDispose }, async () => {
  const mock = await CucMock.start();
  const fault = await mock.fault("busy");
  await fault[Symbol.asyncDispose]();
  assert.deepEqual(await mock.faults(), []);
  const space = await mock.space("a");
  await space[Symbol.asyncDispose]();
  assert.deepEqual(await mock.spaces(), ["default"]);
  await mock[Symbol.asyncDispose]();
  await assert.rejects(mock.requests(), /no response from cuc-mock/);
});

test("a server that was killed is reported", async (t) => {
  const mock = await startMock(t);
  const waiting = mock.requests({ wait: 60 });
  process.kill(mock.pid, "SIGKILL");
  await assert.rejects(waiting, /no response from cuc-mock at .*: (ended .*|socket hang up|(read|write|connect) E[A-Z]+)/);
  await mock.stop();
  await assert.rejects(mock.requests(), /^StoppedError: .*: ended (by SIGKILL|with the exit status 1)$/);
});
