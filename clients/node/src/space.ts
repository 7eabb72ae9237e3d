/// <reference lib="esnext.disposable" preserve="true" />
import { SpaceClock } from "./clock.js";
import type { ControlPlane } from "./control-plane.js";
import { ActiveFault } from "./fault.js";
import { describeJournal } from "./journal.js";
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
  Verification,
  VerificationReport,
} from "./types.js";
import { VerificationError } from "./verification.js";

/** An isolated environment of a server: its records, journal, faults, snapshots and clock. */
export class Space {
  readonly clock: SpaceClock;

  /** @internal */
  constructor(
    /** @internal */
    protected readonly control: ControlPlane,
    /** The user name that a client signs in with to work in this space. */
    readonly name: string,
    /** The seed of everything random in the space. */
    readonly seed: bigint,
  ) {
    this.clock = new SpaceClock(control, name);
  }

  /** Returns the received requests, in the order of their arrival. */
  async requests(filter: RequestFilter = {}): Promise<JournalEntry[]> {
    const list = await this.control.json<{ requests: JournalEntry[] }>("GET", "/requests", this.#query(filter));
    return list.requests;
  }

  /** Empties the journal. */
  async clearRequests(): Promise<void> {
    await this.control.text("DELETE", "/requests", this.#query());
  }

  /** Throws a `VerificationError` unless the expected requests arrived. Returns the number of matching requests. */
  async verify(verification: Verification): Promise<number> {
    const response = await this.control.send("POST", "/requests/verify", this.#query(), { json: verification });
    if (response.status === 409) throw new VerificationError(JSON.parse(response.body) as VerificationReport);
    if (response.status !== 200) throw this.control.error("POST", "/requests/verify", response);
    return (JSON.parse(response.body) as { found: number }).found;
  }

  /** Returns the requests as text, with statuses and the reasons for rejections, for the report of a failed test. */
  async describeJournal(filter?: RequestFilter): Promise<string> {
    const entries = await this.requests(filter);
    const space = this.name === "default" ? "" : ` in the space ${this.name}`;
    const head = `${entries.length ? "" : "no "}requests that cuc-mock received${space}, seed ${this.seed}`;
    return entries.length ? `${head}:\n${describeJournal(entries)}` : head;
  }

  /** Injects a fault: a preset such as `"busy"`, or an effect, a delay and the requests that they apply to. */
  async fault(fault: FaultPreset | NewFault): Promise<ActiveFault> {
    const json = typeof fault === "string" ? { preset: fault } : fault;
    const { number } = await this.control.json<Fault>("POST", "/faults", this.#query(), { json });
    return new ActiveFault(this.control, this.name, number);
  }

  /** Returns all faults, including those that have ended by themselves. */
  async faults(): Promise<Fault[]> {
    return this.control.json("GET", "/faults", this.#query());
  }

  /** Ends all faults. */
  async endFaults(): Promise<void> {
    await this.control.text("DELETE", "/faults", this.#query());
  }

  /** Keeps the records under a name. */
  async snapshot(name: string): Promise<void> {
    await this.control.text("PUT", `/snapshots/${encodeURIComponent(name)}`, this.#query());
  }

  /** Restores the records of a snapshot. The snapshot remains. */
  async restore(name: string): Promise<void> {
    await this.control.text("POST", `/snapshots/${encodeURIComponent(name)}/restore`, this.#query());
  }

  /** Returns the names of the snapshots. */
  async snapshots(): Promise<string[]> {
    return (await this.control.json<{ snapshots: string[] }>("GET", "/snapshots", this.#query())).snapshots;
  }

  /** Deletes a snapshot. */
  async deleteSnapshot(name: string): Promise<void> {
    await this.control.text("DELETE", `/snapshots/${encodeURIComponent(name)}`, this.#query());
  }

  /** Compares the records with the seed, a snapshot or another space. */
  async diff(from: Baseline = "seed", { limit }: { limit?: number } = {}): Promise<Diff> {
    const state = from === "seed" ? from : "snapshot" in from ? `snapshot:${from.snapshot}` : `space:${from.space}`;
    return this.control.json("GET", "/diff", this.#query({ from: state, limit }));
  }

  /** Restores the initial records, empties the journal, ends all faults, and restarts the clock and all random values. */
  async reset(): Promise<void> {
    await this.control.text("POST", "/reset", this.#query());
  }

  /** Returns the covered and the uncovered parts of the API. */
  async coverage(): Promise<Coverage> {
    return this.control.json("GET", "/coverage", this.#query());
  }

  /** Resets the coverage. */
  async clearCoverage(): Promise<void> {
    await this.control.text("DELETE", "/coverage", this.#query());
  }

  /** Returns all records as fixture XML, including secrets. */
  async state(): Promise<string> {
    return this.control.text("GET", "/state", this.#query());
  }

  /** Replaces all records by those of a fixture. */
  async setState(xml: string): Promise<void> {
    await this.control.text("PUT", "/state", this.#query(), { xml });
  }

  /** Returns the objects of a resource, such as `tenants`, as a table. */
  async objects(resource: string, filter: ObjectFilter = {}): Promise<ObjectList> {
    return this.control.json("GET", "/objects", this.#query({ resource, ...filter }));
  }

  /** Returns one object, such as `/vmrest/tenants/ID`, with its links. */
  async object(path: string): Promise<ObjectDetails> {
    return this.control.json("GET", `/objects/${encodeURIComponent(path)}`, this.#query());
  }

  #query<Parameters extends object>(parameters?: Parameters) {
    return { ...parameters, space: this.name };
  }
}

/** A space that a test created. `await using space = await mock.space(…)` deletes it with the scope. */
export class CreatedSpace extends Space {
  /** Deletes the space with everything in it. */
  async delete(): Promise<void> {
    await this.control.text("DELETE", `/spaces/${encodeURIComponent(this.name)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.delete();
  }
}
