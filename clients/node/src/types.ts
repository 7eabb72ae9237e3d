import type { components, operations } from "./control.js";

type Schemas = components["schemas"];
type QueryOf<Operation extends keyof operations> = NonNullable<operations[Operation]["parameters"]["query"]>;

export type Clock = Schemas["Clock"];
export type Coverage = Schemas["Coverage"];
export type Diff = Schemas["Diff"];
export type Fault = Schemas["Fault"];
export type FaultPreset = NonNullable<Schemas["NewFault"]["preset"]>;
export type FixtureChanges = Schemas["FixtureChanges"];
/** A request in the journal, with its response. */
export type JournalEntry = Schemas["Request"];
export type NewFault = Schemas["NewFault"];
export type ObjectDetails = Schemas["ObjectDetails"];
export type ObjectList = Schemas["ObjectList"];
/** Selects objects of one resource, and a page of them. */
export type ObjectFilter = Omit<QueryOf<"listObjects">, "space" | "resource">;
export type Provenance = Schemas["Provenance"];
export type RejectionReason = Schemas["RejectionReason"];
/** Selects requests of the journal. */
export type RequestFilter = Omit<QueryOf<"listRequests">, "space">;
export type RequestPattern = Schemas["RequestPattern"];
export type ResourceDetails = Schemas["ResourceDetails"];
export type ResourceSummary = Schemas["ResourceSummary"];
export type Verification = Schemas["VerificationRequest"];
export type VerificationReport = Schemas["VerificationReport"];

/** A state to compare with: the seed, a snapshot, or another space. */
export type Baseline = "seed" | { snapshot: string } | { space: string };

/** A time: a `Date`, or a text such as `2026-01-31T12:00:00Z`. */
export type Time = Date | string;

/** Returns the time in the form of the control plane. */
export function timeText(time: Time): string {
  return typeof time === "string" ? time : time.toISOString();
}
