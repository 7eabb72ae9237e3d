#!/usr/bin/env node
import { spawn } from "node:child_process";

import { findBinary } from "./binary.js";

/** Runs the binary with the arguments, the standard streams, the signals and the exit status of this process. */
function run(): void {
  const child = spawn(findBinary(process.env), process.argv.slice(2), { stdio: "inherit" });
  // A terminal sends SIGINT and SIGHUP to the binary, too, and a second signal would end it without a graceful shutdown.
  // On Windows, a console does the same, and `kill` would end the binary at once.
  const isTerminal = process.platform === "win32" || process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ["SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => void (isTerminal || child.kill(signal)));
  }
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => fail(`cannot run ${child.spawnfile}: ${error.message}`));
  child.on("exit", (status, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(status ?? 1);
    }
  });
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
