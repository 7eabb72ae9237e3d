// mock.ts
import { CucMock } from "cuc-mock";
import { test as base } from "vitest";

/** A test with a server of its own, which starts in a few milliseconds. A failure shows the journal. */
export const test = base.extend<{ mock: CucMock }>({
  mock: async ({ task }, use) => {
    await using mock = await CucMock.start();
    await use(mock);
    if (task.result?.state === "fail") console.error(await mock.describeJournal());
  },
});
