import type { JournalEntry } from "./types.js";

/** Returns a line for each request with its status, and the reason for each rejection. It contains no secrets. */
export function describeJournal(entries: readonly JournalEntry[]): string {
  return entries.map(describeEntry).join("\n");
}

function describeEntry(entry: JournalEntry): string {
  const query = entry.query ? `?${entry.query}` : "";
  const status = entry.answer ? `, answered with ${entry.answer.status}` : ", not answered";
  const fault = entry.fault === null ? "" : `, by the fault ${entry.fault}`;
  const line = `  #${entry.number} ${entry.method} ${entry.path}${query}${status}${fault}`;
  return entry.reason ? `${line}\n    ${entry.reason.message} (${entry.reason.evidence})` : line;
}
