/// <reference lib="esnext.disposable" preserve="true" />
import { SpaceClock } from "./clock.js";
import { VerificationError } from "./errors.js";
import { ActiveFault } from "./fault.js";
import { journalText } from "./journal.js";
import type { Server } from "./server.js";
import type {
  Baseline,
  Coverage,
  Diff,
  Fault,
  FaultPreset,
  JournalEntry,
  NewFault,
  ObjectDetails,
  ObjectFilter,
  ObjectList,
  RequestFilter,
  ResourceDetails,
  ResourceSummary,
  Verification,
  VerificationReport,
} from "./types.js";

/** An isolated environment of a server: its records, journal, faults, snapshots and clock. */
export class Space {
  readonly clock: SpaceClock;

  /** @internal */
  constructor(
    /** @internal */
    protected readonly server: Server,
    /** The user name that a client signs in with to work in this space. */
    readonly name: string,
    /** The seed of everything random in the space. */
    readonly seed: bigint,
  ) {
    this.clock = new SpaceClock(server.control, name);
  }

  /** The address over HTTP, such as `http://127.0.0.1:40123`. */
  get url(): string {
    return this.server.announcement.url;
  }

  /** The address over HTTPS, with the same port. A client must trust `ca`. */
  get httpsUrl(): string {
    return this.server.announcement.httpsUrl;
  }

  /** The CA that an HTTPS client must trust, in PEM. */
  get ca(): string {
    return this.server.ca;
  }

  /** A file with the CA, for `NODE_EXTRA_CA_CERTS` and other programs, which exists until the server stops. */
  get caFile(): string {
    return this.server.caFile;
  }

  /** Returns the received requests, in the order of their arrival. */
  async requests(filter: RequestFilter = {}): Promise<JournalEntry[]> {
    const list = await this.server.control.json<{ requests: JournalEntry[] }>("GET", "/requests", this.#query(filter));
    return list.requests;
  }

  /** Empties the journal. */
  async clearRequests(): Promise<void> {
    await this.server.control.text("DELETE", "/requests", this.#query());
  }

  /** Throws a `VerificationError` unless the expected requests arrived. Returns the number of matching requests. */
  async verify(verification: Verification): Promise<number> {
    const response = await this.server.control.send("POST", "/requests/verify", this.#query(), { json: verification });
    if (response.status === 409) {
      const error = new VerificationError(JSON.parse(response.body) as VerificationReport);
      // The stack begins with the line of the test.
      Error.captureStackTrace(error, this.verify);
      throw error;
    }
    if (response.status !== 200) throw this.server.control.error("POST", "/requests/verify", response);
    return (JSON.parse(response.body) as { found: number }).found;
  }

  /** Returns the last requests as text, with statuses, reasons for rejections and the seed, and without secrets. */
  async describeJournal(filter: Omit<RequestFilter, "secrets"> = {}): Promise<string> {
    return journalText(await this.requests({ ...filter, secrets: false }), this.seed);
  }

  /** Injects a fault: a preset such as `"busy"`, or an effect, a delay and the requests that they apply to. */
  async fault(fault: FaultPreset | NewFault): Promise<ActiveFault> {
    const json = typeof fault === "string" ? { preset: fault } : fault;
    const { number } = await this.server.control.json<Fault>("POST", "/faults", this.#query(), { json });
    return new ActiveFault(this.server.control, this.name, number);
  }

  /** Returns all faults, including those that have ended by themselves. */
  async faults(): Promise<Fault[]> {
    return this.server.control.json("GET", "/faults", this.#query());
  }

  /** Ends all faults. */
  async endFaults(): Promise<void> {
    await this.server.control.text("DELETE", "/faults", this.#query());
  }

  /** Keeps the records under a name. */
  async snapshot(name: string): Promise<void> {
    await this.server.control.text("PUT", `/snapshots/${encodeURIComponent(name)}`, this.#query());
  }

  /** Restores the records of a snapshot. The snapshot remains. */
  async restore(name: string): Promise<void> {
    await this.server.control.text("POST", `/snapshots/${encodeURIComponent(name)}/restore`, this.#query());
  }

  /** Returns the names of the snapshots. */
  async snapshots(): Promise<string[]> {
    return (await this.server.control.json<{ snapshots: string[] }>("GET", "/snapshots", this.#query())).snapshots;
  }

  /** Deletes a snapshot. */
  async deleteSnapshot(name: string): Promise<void> {
    await this.server.control.text("DELETE", `/snapshots/${encodeURIComponent(name)}`, this.#query());
  }

  /** Compares the records with the seed, a snapshot or another space. */
  async diff(from: Baseline = "seed", { limit }: { limit?: number } = {}): Promise<Diff> {
    const state = from === "seed" ? from : "snapshot" in from ? `snapshot:${from.snapshot}` : `space:${from.space}`;
    return this.server.control.json("GET", "/diff", this.#query({ from: state, limit }));
  }

  /** Restores the initial records, empties the journal, ends all faults, and restarts the clock and all random values. */
  async reset(): Promise<void> {
    await this.server.control.text("POST", "/reset", this.#query());
  }

  /** Returns the covered and the uncovered parts of the API. */
  async coverage(): Promise<Coverage> {
    return this.server.control.json("GET", "/coverage", this.#query());
  }

  /** Resets the coverage. */
  async clearCoverage(): Promise<void> {
    await this.server.control.text("DELETE", "/coverage", this.#query());
  }

  /** Returns all records as fixture XML, including secrets. */
  async state(): Promise<string> {
    return this.server.control.text("GET", "/state", this.#query());
  }

  /** Replaces all records by those of a fixture. */
  async setState(xml: string): Promise<void> {
    await this.server.control.text("PUT", "/state", this.#query(), { xml });
  }

  /** Returns the objects of a resource, such as `tenants`, as a table. */
  async objects(resource: string, filter: ObjectFilter = {}): Promise<ObjectList> {
    return this.server.control.json("GET", "/objects", this.#query({ resource, ...filter }));
  }

  /** Returns one object, such as `/vmrest/tenants/ID`, with its links. */
  async object(path: string): Promise<ObjectDetails> {
    return this.server.control.json("GET", `/objects/${encodeURIComponent(path)}`, this.#query());
  }

  /** Returns the resources with the numbers of their records. */
  async resources(): Promise<ResourceSummary[]> {
    return (await this.server.control.json<{ resources: ResourceSummary[] }>("GET", "/resources", this.#query())).resources;
  }

  /** Returns the fields of a resource with their rules and the evidence. */
  async resource(path: string): Promise<ResourceDetails> {
    return this.server.control.json("GET", `/resources/${encodeURIComponent(path)}`, this.#query());
  }

  #query<Parameters extends object>(parameters?: Parameters) {
    return { ...parameters, space: this.name };
  }
}

/** A space that a test created. `await using space = await mock.space(…)` deletes it with the scope. */
export class CreatedSpace extends Space {
  /** Deletes the space with everything in it. A space that is deleted already is no error. */
  async delete(): Promise<void> {
    await this.server.control.delete(`/spaces/${encodeURIComponent(this.name)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.delete();
  }
}
