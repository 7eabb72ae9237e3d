/// <reference lib="esnext.disposable" preserve="true" />
import type { ControlPlane } from "./control-plane.js";
import type { Fault } from "./types.js";

/** A fault of a space. `await using fault = await mock.fault(…)` ends it with the scope. */
export class ActiveFault {
  constructor(
    private readonly control: ControlPlane,
    private readonly space: string,
    /** Its number in the space, which the journal names. */
    readonly number: number,
  ) {}

  /** Returns the fault with the number of its hits. */
  async read(): Promise<Fault> {
    return this.control.json("GET", `/faults/${this.number}`, { space: this.space });
  }

  /** Ends the fault. A fault that a reset has ended already is no error. */
  async end(): Promise<void> {
    await this.control.delete(`/faults/${this.number}`, { space: this.space });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
