import type { JournalEntry } from "./types.js";

const MAX_REQUESTS = 50;

/** Returns a line for each request with its status, and the reason for each rejection. It contains no secrets. */
export function journalText(entries: readonly JournalEntry[], seed: bigint): string {
  const last = entries.slice(-MAX_REQUESTS);
  const head = last.length < entries.length ? `the last ${last.length} of ${entries.length} requests` : "the requests";
  return [
    last.length ? `${head} that cuc-mock received:` : "cuc-mock received no such request",
    ...last.flatMap(entryLines),
    `the seed was ${seed}: CUC_MOCK_SEED=${seed} repeats the run`,
  ].join("\n");
}

function entryLines(entry: JournalEntry): string[] {
  const space = entry.space === "default" ? "" : `in the space ${entry.space}: `;
  const query = entry.query ? `?${entry.query}` : "";
  const answer = entry.answer ? `answered with ${entry.answer.status}` : "not answered";
  const fault = entry.fault === null ? "" : `, hit by fault ${entry.fault}`;
  const lines = [`  ${space}#${entry.number} ${entry.method} ${entry.path}${query}, ${answer}${fault}`];
  if (entry.reason) lines.push(`    rejected: ${entry.reason.message} (${entry.reason.evidence})`);
  return lines;
}
