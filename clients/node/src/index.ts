export { BinaryNotFoundError } from "./binary.js";
export type { SpaceClock } from "./clock.js";
export { ControlError } from "./control-plane.js";
export type { ActiveFault } from "./fault.js";
export { CucMock } from "./mock.js";
export type { StartOptions } from "./options.js";
export { StartError } from "./process.js";
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
  Time,
  Verification,
  VerificationReport,
} from "./types.js";
export { VerificationError } from "./verification.js";
export { withJournal } from "./with-journal.js";
