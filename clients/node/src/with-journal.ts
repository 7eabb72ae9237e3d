import { types } from "node:util";

import type { Space } from "./space.js";

/**
 * Returns a test function that appends the journal to the message of an error.
 *
 * `test("…", withJournal(() => mock, async () => { … }))` works in every test runner.
 */
export function withJournal<Arguments extends unknown[]>(
  space: Space | (() => Space),
  body: (...args: Arguments) => Promise<void> | void,
): (...args: Arguments) => Promise<void> {
  return async (...args) => {
    try {
      await body(...args);
    } catch (error) {
      // Jest runs tests in a context of its own, and errors of `node:assert` come from another one.
      if (types.isNativeError(error)) await appendJournal(error, typeof space === "function" ? space() : space);
      throw error;
    }
  };
}

async function appendJournal(error: Error, space: Space): Promise<void> {
  let journal: string;
  try {
    journal = await space.describeJournal();
  } catch (failure) {
    journal = `the journal is not available: ${(failure as Error).message}`;
  }
  const { message, stack } = error;
  error.message = `${message}\n\n${journal}`;
  // The stack begins with the message that the error was created with.
  if (stack) error.stack = message ? stack.replace(message, () => error.message) : `${journal}\n${stack}`;
}
