#!/usr/bin/env node
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { readFileSync } from "node:fs";

import { findBinary } from "./binary.js";

const PARENT_CHECK_MS = 250;
const EXIT_ON_STDIN_CLOSE = "CUC_MOCK_EXIT_ON_STDIN_CLOSE";
const isWindows = process.platform === "win32";

/** Runs the binary with the arguments, the standard streams, the signals and the exit status of this process. */
function run(): void {
  const binary = findBinary(process.env);
  const args = process.argv.slice(2);
  // The handlers come first, because the binary may be ready before `spawn` returns.
  for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"] as const) {
    // A console of Windows sends these signals to the binary, too, and `kill` would end it at once.
    process.on(signal, () => void (isWindows || child.kill(signal)));
  }
  const child = isServer(args) ? spawnServer(binary, args) : spawn(binary, args, { stdio: "inherit" });
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

/** Returns whether the command is `serve`, which is the default. Other commands may read their standard input. */
function isServer([first]: string[]): boolean {
  return first === undefined || first === "serve" || first.startsWith("-");
}

/** Starts a server that ends with this process, even if that is killed. */
function spawnServer(binary: string, args: string[]): ChildProcess {
  const isTied = args.includes("--exit-on-stdin-close") || /^(true|1|yes|on)$/i.test(process.env[EXIT_ON_STDIN_CLOSE] ?? "");
  const options: SpawnOptions = {
    stdio: ["pipe", "inherit", "inherit"],
    env: { ...process.env, [EXIT_ON_STDIN_CLOSE]: "true" },
    // A terminal would send a signal to the binary, too, and a second one ends it without a graceful shutdown.
    detached: !isWindows,
  };
  const child = spawn(binary, args, options);
  // The server may end before this process closes the pipe.
  child.stdin!.on("error", () => {});
  if (isTied) process.stdin.pipe(child.stdin!);
  return child;
}

/** npx passes a signal only to the shell between itself and this process, and the shell does not pass it on. */
function onParentExit(stop: () => void): void {
  const initial = parents();
  const timer = setInterval(() => {
    if (parents() === initial) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS);
}

/** Returns the id of the parent and, on Linux, that of npx if the parent is its shell, which outlives a killed npx. */
function parents(): string {
  const parent = process.ppid;
  try {
    const shell = /^\d+ \(sh\) \S (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, "utf8"));
    return `${parent} ${shell?.[1]}`;
  } catch {
    return `${parent}`;
  }
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
