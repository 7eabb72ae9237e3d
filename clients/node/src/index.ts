export type { SpaceClock } from "./clock.js";
export { BinaryNotFoundError, ControlError, StartError, StoppedError, VerificationError } from "./errors.js";
export type { ActiveFault } from "./fault.js";
export { CucMock } from "./mock.js";
export type { StartOptions } from "./options.js";
export type { CreatedSpace, Space } from "./space.js";
export type {
  Baseline,
  Clock,
  Coverage,
  Diff,
  Fault,
  FaultPreset,
  FixtureChanges,
  JournalEntry,
  NewFault,
  ObjectDetails,
  ObjectFilter,
  ObjectList,
  Provenance,
  RejectionReason,
  RequestFilter,
  RequestPattern,
  ResourceDetails,
  ResourceSummary,
  Time,
  Verification,
  VerificationReport,
} from "./types.js";
export { withJournal } from "./with-journal.js";
