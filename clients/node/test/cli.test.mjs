import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const run = (args, options) => spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", ...options });

test("the output and the exit status of the binary are passed on", () => {
  const version = run(["--version"]);
  assert.match(version.stdout, /^cuc-mock \d/);
  assert.equal(version.status, 0);
  const wrong = run(["--sed", "1"]);
  assert.match(wrong.stderr, /^error: unexpected argument '--sed' found/);
  assert.equal(wrong.status, 2);
});

test("the standard input is passed on", () => {
  const { status, stderr } = run(["fault", "add", "-", "--url", "http://127.0.0.1:9"], { input: "no json" });
  assert.equal(status, 2);
  assert.match(stderr, /fault/);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  test(`${signal} stops the server`, { skip: process.platform === "win32" }, async () => {
    const child = spawn(process.execPath, [cli, "--listen", "127.0.0.1:0", "--log", "off"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout.setEncoding("utf8"), "data");
    const [, url] = line.match(/^listening on (\S+)/);
    const ended = once(child, "close");
    child.kill(signal);
    // The pipe ends with the binary, which shares it.
    assert.deepEqual(await ended, [0, null]);
    await assert.rejects(fetch(`${url}/__mock/health`));
  });
}

test("a signal that ends the binary ends this process, too", { skip: process.platform === "win32" }, () => {
  const binary = fileURLToPath(new URL("programs/killed.sh", import.meta.url));
  assert.equal(run([], { env: { ...process.env, CUC_MOCK: binary } }).signal, "SIGKILL");
});

test("a missing binary is explained", () => {
  const { status, stderr } = run([], { env: { ...process.env, CUC_MOCK: "/nowhere/cuc-mock" } });
  assert.equal(status, 1);
  assert.equal(stderr, 'CUC_MOCK is "/nowhere/cuc-mock", expected the path of a cuc-mock binary: no such file\n');
  const missing = run([], { env: { ...process.env, CUC_MOCK: "cuc-mock-that-is-nowhere" } });
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /^cannot run cuc-mock-that-is-nowhere: /);
});
