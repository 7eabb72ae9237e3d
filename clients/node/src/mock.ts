/// <reference lib="esnext.disposable" preserve="true" />
import { findBinary } from "./binary.js";
import { ControlError } from "./errors.js";
import { checkOptions, controlToken, serverArguments, serverEnvironment, type StartOptions } from "./options.js";
import { ServerProcess } from "./process.js";
import { Server } from "./server.js";
import { CreatedSpace, Space } from "./space.js";
import type { Coverage, FixtureChanges } from "./types.js";

const DEFAULT_START_TIMEOUT_MS = 30_000;

/**
 * A mock server in a process of its own. Its methods apply to the space `default`.
 *
 * The server ends with `stop()`, with `await using`, and at the latest with this process, even if that is killed.
 */
export class CucMock extends Space {
  /** Starts a server on a free port of the loopback interface, and waits until it is ready. */
  static async start(options: StartOptions = {}): Promise<CucMock> {
    checkOptions(options);
    const binary = findBinary({ ...process.env, ...options.env });
    const env = serverEnvironment(process.env, options.env);
    const [child, announcement] = await ServerProcess.start(binary, serverArguments(options), {
      env,
      timeoutMs: options.startTimeout ?? DEFAULT_START_TIMEOUT_MS,
      writeLog: options.log !== undefined && options.log !== "off",
    });
    try {
      const server = await Server.connect(child, announcement, controlToken(options.args, env));
      return new CucMock(server, "default", announcement.seed);
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  /** The emulated release, such as `10.5`. */
  get release(): string {
    return this.server.announcement.release;
  }

  /** The id of the process. */
  get pid(): number {
    return this.server.pid;
  }

  /**
   * Returns the space with this name, and creates it if it does not exist.
   *
   * A client works in it if it signs in with the name of the space.
   */
  async space(name: string, options: { seed?: number } = {}): Promise<CreatedSpace> {
    const { control } = this.server;
    let body: string;
    try {
      body = await control.text("POST", "/spaces", {}, { json: { name, ...options } });
    } catch (error) {
      if (!(error instanceof ControlError && error.status === 409) || options.seed !== undefined) throw error;
      body = await control.text("GET", `/spaces/${encodeURIComponent(name)}`);
    }
    // A number of JavaScript has no room for all seeds.
    const seed = BigInt(/"seed":(\d+)/.exec(body)![1]!);
    return new CreatedSpace(this.server, (JSON.parse(body) as { name: string }).name, seed);
  }

  /** Returns the names of all spaces, `default` first. */
  async spaces(): Promise<string[]> {
    const { spaces } = await this.server.control.json<{ spaces: { name: string }[] }>("GET", "/spaces");
    return spaces.map((space) => space.name);
  }

  /** Returns the coverage of all spaces together, also deleted ones. */
  async coverageOfAllSpaces(): Promise<Coverage> {
    return this.server.control.json("GET", "/coverage", { space: "*" });
  }

  /** Loads the fixtures again, and resets all spaces to them. */
  async reload(): Promise<FixtureChanges> {
    return this.server.control.json("POST", "/reload");
  }

  /** Stops the server and waits until its process has ended. */
  async stop(): Promise<void> {
    await this.server.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
