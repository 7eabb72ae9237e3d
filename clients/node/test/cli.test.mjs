import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { on, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

const serve = ["--listen", "127.0.0.1:0", "--log", "off"];
const unix = { skip: process.platform === "win32", timeout: 60_000 };

/** Starts a server, and returns its process and its address when it is ready. */
async function start(command, args, stdin = "ignore") {
  const child = spawn(command, args, { stdio: [stdin, "pipe", "inherit"] });
  for await (const [text] of on(child.stdout.setEncoding("utf8"), "data")) {
    const line = text.match(/listening on (\S+)/);
    if (line) return { child, url: line[1] };
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"]) {
  for (const args of [serve, ["serve", ...serve]]) {
    test(`${signal} stops the server of ${args.join(" ")}`, unix, async () => {
      const { child, url } = await start(process.execPath, [cli, ...args]);
      const ended = once(child, "close");
      child.kill(signal);
      // The pipe ends with the binary, which shares it.
      assert.deepEqual(await ended, signal === "SIGKILL" ? [null, signal] : [0, null]);
      await assert.rejects(fetch(`${url}/__mock/health`));
    });
  }
}

test("a signal from a program stops the server in a terminal", { ...unix, skip: process.platform !== "linux" }, async () => {
  const words = [process.execPath, cli, ...serve].map((word) => `"${word}"`).join(" ");
  const folder = mkdtempSync(join(tmpdir(), "cuc-mock-test-"));
  const { child } = await start("script", ["--quiet", "--return", "--command", `echo $$ >"${folder}/pid"; exec ${words}`, "/dev/null"]);
  const ended = once(child, "close");
  process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGINT");
  assert.deepEqual(await ended, [0, null]);
  rmSync(folder, { recursive: true });
});

test("the end of the standard input stops the server on request", unix, async () => {
  const { child } = await start(process.execPath, [cli, ...serve, "--exit-on-stdin-close"], "pipe");
  const ended = once(child, "close");
  child.stdin.end();
  assert.deepEqual(await ended, [0, null]);
});

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
