#!/usr/bin/env node
import { spawn } from "node:child_process";

import { findBinary } from "./binary.js";

const PARENT_CHECK_MS = 250;

/** Runs the binary with the arguments, the standard streams, the signals and the exit status of this process. */
function run(): void {
  const binary = findBinary(process.env);
  // A terminal sends SIGINT and SIGHUP to the binary, too, and a second signal would end it without a graceful shutdown.
  // On Windows, a console does the same, and `kill` would end the binary at once.
  const isTerminal = process.platform === "win32" || process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  // The handlers come first, because the binary may be ready before `spawn` returns.
  for (const signal of ["SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => void (isTerminal || child.kill(signal)));
  }
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const child = spawn(binary, process.argv.slice(2), { stdio: "inherit" });
  if (process.env["npm_lifecycle_event"] === "npx") onParentExit(() => child.kill("SIGTERM"));
  child.on("error", (error) => fail(`cannot run ${binary}: ${error.message}`));
  child.on("exit", (status, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(status ?? 1);
    }
  });
}

/** npx passes a signal only to the shell between itself and this process, and the shell does not pass it on. */
function onParentExit(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

try {
  run();
} catch (error) {
  fail((error as Error).message);
}
