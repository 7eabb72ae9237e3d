import { CaFile } from "./ca-file.js";
import { ControlPlane } from "./control-plane.js";
import { StoppedError } from "./errors.js";
import type { Announcement, ServerProcess } from "./process.js";

/** A running server, which its spaces share: its addresses, its CA and its control plane. */
export class Server {
  readonly #caFile = new CaFile(() => this.ca);

  private constructor(
    private readonly process: ServerProcess,
    readonly control: ControlPlane,
    readonly announcement: Announcement,
    private readonly pem: string | Error,
  ) {}

  /** Fetches the CA. A server with a certificate of its own has none. */
  static async connect(process: ServerProcess, announcement: Announcement, token: string | undefined): Promise<Server> {
    const control = new ControlPlane(announcement.url, token, () => process.exit);
    const response = await control.send("GET", "/ca.pem");
    const pem = response.status === 200 ? response.body : control.error("GET", "/ca.pem", response);
    return new Server(process, control, announcement, pem);
  }

  get ca(): string {
    if (typeof this.pem !== "string") throw this.pem;
    return this.pem;
  }

  get caFile(): string {
    // Nothing would remove a file that is written now.
    if (this.process.exit) throw new StoppedError(`caFile does not exist any more: ${this.process.exit}`);
    return this.#caFile.path();
  }

  get pid(): number {
    return this.process.pid;
  }

  async stop(): Promise<void> {
    this.#caFile.remove();
    await this.process.stop();
  }
}
