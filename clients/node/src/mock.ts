/// <reference lib="esnext.disposable" preserve="true" />
import { findBinary } from "./binary.js";
import { CaFile } from "./ca-file.js";
import { ControlPlane } from "./control-plane.js";
import { checkOptions, serverArguments, type StartOptions } from "./options.js";
import { ServerProcess, type Announcement } from "./process.js";
import { CreatedSpace, Space } from "./space.js";
import type { Coverage, FixtureChanges } from "./types.js";

const DEFAULT_START_TIMEOUT_MS = 30_000;

/**
 * A mock server in a process of its own. Its methods apply to the space `default`.
 *
 * The server ends with `stop()`, with `await using`, and at the latest with this process, even if that is killed.
 */
export class CucMock extends Space {
  /** The address over HTTP, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The address over HTTPS, with the same port. A client must trust `ca`. */
  readonly httpsUrl: string;
  /** The emulated release, such as `10.5`. */
  readonly release: string;
  /** The id of the process. */
  readonly pid: number;
  readonly #server: ServerProcess;
  readonly #ca: string | Error;
  readonly #caFile = new CaFile(() => this.ca);

  private constructor(server: ServerProcess, control: ControlPlane, announcement: Announcement, ca: string | Error) {
    super(control, "default", announcement.seed);
    this.url = announcement.url;
    this.httpsUrl = announcement.httpsUrl;
    this.release = announcement.release;
    this.pid = server.pid;
    this.#server = server;
    this.#ca = ca;
  }

  /** Starts a server on a free port of the loopback interface, and waits until it is ready. */
  static async start(options: StartOptions = {}): Promise<CucMock> {
    checkOptions(options);
    const env = { ...process.env, ...options.env };
    const [server, announcement] = await ServerProcess.start(findBinary(env), serverArguments(options), {
      env,
      timeoutMs: options.startTimeout ?? DEFAULT_START_TIMEOUT_MS,
      writeLog: options.log !== undefined && options.log !== "off",
    });
    const control = new ControlPlane(announcement.url, env["CUC_MOCK_CONTROL_TOKEN"], () => server.exit);
    try {
      const ca = await control.send("GET", "/ca.pem");
      const pem = ca.status === 200 ? ca.body : control.error("GET", "/ca.pem", ca);
      return new CucMock(server, control, announcement, pem);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** The CA that an HTTPS client must trust, in PEM. */
  get ca(): string {
    if (typeof this.#ca !== "string") throw this.#ca;
    return this.#ca;
  }

  /** A file with the CA, for `NODE_EXTRA_CA_CERTS` and other programs. `stop` removes it. */
  get caFile(): string {
    return this.#caFile.path();
  }

  /** Creates a space. A client works in it if it signs in with the name of the space. */
  async space(name: string, options: { seed?: number } = {}): Promise<CreatedSpace> {
    await this.control.text("POST", "/spaces", {}, { json: { name, ...options } });
    const seed = options.seed === undefined ? this.seed : BigInt(options.seed);
    return new CreatedSpace(this.control, name, seed);
  }

  /** Returns the names of all spaces, `default` first. */
  async spaces(): Promise<string[]> {
    const { spaces } = await this.control.json<{ spaces: { name: string }[] }>("GET", "/spaces");
    return spaces.map((space) => space.name);
  }

  /** Returns the coverage of all spaces together, also deleted ones. */
  async coverageOfAllSpaces(): Promise<Coverage> {
    return this.control.json("GET", "/coverage", { space: "*" });
  }

  /** Loads the fixtures again, and resets all spaces to them. */
  async reload(): Promise<FixtureChanges> {
    return this.control.json("POST", "/reload");
  }

  /** Stops the server and waits until its process has ended. */
  async stop(): Promise<void> {
    this.#caFile.remove();
    await this.#server.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
