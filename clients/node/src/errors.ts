import type { VerificationReport } from "./types.js";

/** There is no binary for this platform, or none is installed. */
export class BinaryNotFoundError extends Error {
  override readonly name = "BinaryNotFoundError";
}

/** The server did not start. The message contains its own explanation. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** The server was stopped, or its process has ended by itself. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** The control plane rejected a request. The message is the server's own explanation. */
export class ControlError extends Error {
  override readonly name = "ControlError";

  constructor(
    message: string,
    /** The status of the response. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** The requests are not as expected. The message is the report of the server, with the closest requests. */
export class VerificationError extends Error {
  override readonly name = "VerificationError";

  declare readonly report: VerificationReport;

  constructor(report: VerificationReport) {
    super(report.error);
    // Test runners print enumerable properties, and the message contains the report.
    Object.defineProperty(this, "report", { value: report });
  }
}
