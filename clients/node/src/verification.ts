import { AssertionError } from "node:assert";

import type { VerificationReport } from "./types.js";

/** The requests are not as expected. The message is the report of the server, with the closest requests. */
export class VerificationError extends AssertionError {
  constructor(readonly report: VerificationReport) {
    super({ message: report.error });
    this.name = "VerificationError";
  }
}
