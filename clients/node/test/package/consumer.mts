// Uses the whole public API, so that its types are checked.
import {
  BinaryNotFoundError,
  ControlError,
  CucMock,
  StartError,
  StoppedError,
  VerificationError,
  withJournal,
  type Fault,
  type JournalEntry,
  type RequestPattern,
  type Space,
  type StartOptions,
  type VerificationReport,
} from "cuc-mock";

const options: StartOptions = {
  release: "12.5",
  fixtures: ["fixtures"],
  resources: "resources",
  seed: 1n,
  users: { admin: "secret" },
  clock: new Date(0),
  spaces: "auto",
  log: "pretty",
  args: ["--https-only"],
  env: { CUC_MOCK_GRACE: "1" },
  startTimeout: 1000,
};

export async function use(): Promise<void> {
  await using mock: CucMock = await CucMock.start(options);
  const seed: bigint = mock.seed;
  const texts: string[] = [mock.url, mock.httpsUrl, mock.ca, mock.caFile, mock.release, mock.name, String(seed)];
  const requests: JournalEntry[] = await mock.requests({ method: "POST", status: 400, wait: 1 });
  texts.push(requests[0]?.reason?.message ?? "");
  const pattern: RequestPattern = { path: "tenants", fields: { Alias: { startswith: "a" } } };
  const found: number = await mock.verify({ requests: pattern, at_least: found0, within_ms: 10 });
  await using fault = await mock.fault({ preset: "busy", times: found });
  const faults: Fault[] = [await fault.read(), ...(await mock.faults())];
  await mock.fault({ effect: { cut: { after: faults.length } } });
  await mock.fault("throttled");
  await mock.snapshot("a");
  await mock.restore("a");
  const difference = await mock.diff({ snapshot: "a" });
  const change: "created" | "updated" | "deleted" | undefined = difference.objects[0]?.change;
  texts.push(change ?? "");
  await using space = await mock.space("b", { seed: 1 });
  const same: Space = space;
  await same.clock.freeze(new Date());
  await same.clock.advance(1);
  texts.push((await same.clock.read()).time, await same.state(), await same.describeJournal());
  const total: number = (await mock.objects("tenants", { rows: 1 })).total + (await mock.coverage()).percent;
  await mock.object(texts[total] ?? "");

  // @ts-expect-error: an unknown preset
  await mock.fault("bsy");
  // @ts-expect-error: an unknown member
  await mock.fault({ preset: "busy", time: 1 });
  // @ts-expect-error: two counts
  await mock.verify({ requests: {}, exactly: 1, never: true });
  // @ts-expect-error: an unknown option
  await CucMock.start({ version: "12.5" });
}

const found0 = 1;

export const test: () => Promise<void> = withJournal(() => new Map<string, Space>().get("a")!, use);

export function describe(error: unknown): VerificationReport | number | string {
  if (error instanceof VerificationError) return error.report;
  if (error instanceof ControlError) return error.status;
  if (error instanceof StartError || error instanceof StoppedError || error instanceof BinaryNotFoundError) return error.message;
  throw error;
}
