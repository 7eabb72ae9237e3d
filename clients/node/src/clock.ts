import type { ControlPlane } from "./control-plane.js";
import { timeText, type Clock, type Time } from "./types.js";

/** The clock of a space. */
export class SpaceClock {
  constructor(
    private readonly control: ControlPlane,
    private readonly space: string,
  ) {}

  /** Returns the mode and the current time. */
  async read(): Promise<Clock> {
    return this.control.json("GET", "/clock", { space: this.space });
  }

  /** Freezes the clock at a time, or at its current time. */
  async freeze(time?: Time): Promise<void> {
    await this.#put({ mode: "frozen", ...(time === undefined ? {} : { time: timeText(time) }) });
  }

  /** Lets the clock run from a time. */
  async set(time: Time): Promise<void> {
    await this.#put({ mode: "offset", time: timeText(time) });
  }

  /** Moves the clock forward by a number of seconds, or back by a negative one. */
  async advance(seconds: number): Promise<void> {
    await this.control.text("POST", "/clock/advance", { space: this.space }, { json: { seconds } });
  }

  /** Returns to the real time. */
  async real(): Promise<void> {
    await this.#put({ mode: "real" });
  }

  async #put(json: unknown): Promise<void> {
    await this.control.text("PUT", "/clock", { space: this.space }, { json });
  }
}
