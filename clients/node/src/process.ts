import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";

import { StartError } from "./errors.js";
import type { Environment } from "./options.js";

/** The first line of the standard output of a server. */
export interface Announcement {
  url: string;
  httpsUrl: string;
  release: string;
  seed: bigint;
}

const ANNOUNCEMENT = /^listening on (http:\S+) (https:\S+) as release (\S+), seed (\d+)$/m;
const MAX_LOG_LENGTH = 16_384;
const STOP_TIMEOUT_MS = 15_000;

/** A running server. It ends when its standard input does, so it never outlives this process. */
export class ServerProcess {
  /** The end of its standard error. */
  #log = "";
  #exit: string | undefined;
  readonly #ended: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly writeLog: boolean,
  ) {
    this.#ended = new Promise((resolve) => {
      child.once("error", (error) => {
        this.#exit = `cannot run ${child.spawnfile}: ${error.message}`;
        resolve();
      });
      // Unlike `exit`, `close` comes after the last line of the log.
      child.once("close", (status, signal) => {
        if (signal) this.#exit = `ended by ${signal}`;
        else if (status) this.#exit = `ended with the exit status ${status}`;
        else this.#exit ??= "ended with the exit status 0";
        resolve();
      });
    });
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#log = (this.#log + text).slice(-MAX_LOG_LENGTH);
      if (this.writeLog) process.stderr.write(text);
    });
    // The server may end before this process closes the pipe.
    child.stdin!.on("error", () => {});
  }

  /** Starts a server and waits until it is ready. */
  static async start(
    binary: string,
    args: readonly string[],
    options: { env: Environment; timeoutMs: number; writeLog: boolean },
  ): Promise<[ServerProcess, Announcement]> {
    const child = spawn(binary, args, { env: options.env, stdio: "pipe", windowsHide: true });
    const server = new ServerProcess(child, options.writeLog);
    const announcement = await server.#ready(options.timeoutMs);
    // A test run that forgets to stop the server still ends, and the server with it.
    server.#ref("unref");
    return [server, announcement];
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The end of the server in words, or `undefined` if it is running. */
  get exit(): string | undefined {
    return this.#exit;
  }

  /** Ends the standard input of the server, and waits until the process has ended. */
  async stop(): Promise<void> {
    if (this.#exit === undefined) {
      this.#exit = "the server was stopped";
      this.#ref("ref");
      this.child.stdin!.end();
    }
    const timer = setTimeout(() => this.child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  async #ready(timeoutMs: number): Promise<Announcement> {
    let output = "";
    let timer: NodeJS.Timeout | undefined;
    const announcement = new Promise<Announcement>((resolve) => {
      this.child.stdout!.setEncoding("utf8").on("data", (text: string) => {
        if (output === "ready") return;
        output += text;
        const line = ANNOUNCEMENT.exec(output);
        if (!line) return;
        output = "ready";
        resolve({ url: line[1]!, httpsUrl: line[2]!, release: line[3]!, seed: BigInt(line[4]!) });
      });
    });
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeoutMs);
    });
    const ready = await Promise.race([announcement, this.#ended, timeout]);
    clearTimeout(timer);
    if (ready) return ready;
    const reason = this.#exit ?? `was not ready within ${timeoutMs} ms`;
    this.child.kill("SIGKILL");
    await this.#ended;
    throw new StartError([`cuc-mock did not start: ${reason}`, this.#log.trim()].filter(Boolean).join("\n"));
  }

  #ref(method: "ref" | "unref"): void {
    const { stdin, stdout, stderr } = this.child;
    this.child[method]();
    for (const stream of [stdin, stdout, stderr]) (stream as Socket)[method]();
  }
}
