// The journal of the current space, followed with the long poll while the tab is visible. The newest 1,000 requests are
// kept, without bodies and headers.
import { read } from "./api.js";
import { createObservable, useObservable, useThrottled } from "./observable.js";

const CAPACITY = 1000;
const WAIT_SECONDS = 30;
// The wait while requests without a response are listed: their responses come without a new request.
const PENDING_WAIT_SECONDS = 2;
// A request that no response follows, such as one that a fault holds, is not waited for any longer than this.
const PENDING_CHECKS = 60;
// The time between two polls, and that after many requests, so that a busy client keeps neither the page nor the server
// busy.
const PAUSE_MS = 250;
const BUSY_PAUSE_MS = 3000;
const BUSY_REQUESTS = 100;
const RETRY_MS = [500, 1000, 2000, 5000];

const EMPTY = { requests: [], last: null, dropped: 0, lastWrite: 0, error: null, isLoaded: false };

// `{ requests, last, dropped, lastWrite, error, isLoaded }`, the newest request first. `lastWrite` counts
// the changes of the list after which objects may be others.
export const journal = createObservable(EMPTY);

export const isPaused = createObservable(false);

const RELOAD_MS = 1000;

// Returns a value that changes after the requests of clients that may have changed objects.
export function useLastWrite() {
  return useThrottled(useObservable(journal).lastWrite, RELOAD_MS);
}

// Returns a value that changes after requests of clients, and after their responses.
export function useLastRequest() {
  return useThrottled(useObservable(journal).requests, RELOAD_MS);
}

let follower = null;

// Follows the journal of a space, until the returned function is called.
export function followJournal(space) {
  journal.set(EMPTY);
  isPaused.set(false);
  const update = () => {
    follower?.abort();
    follower = null;
    if (document.hidden || isPaused.value) return;
    follower = new AbortController();
    follow(space, follower.signal);
  };
  document.addEventListener("visibilitychange", update);
  const endObservation = isPaused.observe(update);
  update();
  return () => {
    document.removeEventListener("visibilitychange", update);
    endObservation();
    follower?.abort();
  };
}

async function follow(space, signal) {
  let failures = 0;
  let pendingChecks = 0;
  while (!signal.aborted) {
    try {
      pendingChecks = journal.value.requests.some(isPending) ? pendingChecks + 1 : 0;
      const isShort = pendingChecks > 0 && pendingChecks <= PENDING_CHECKS;
      const count = await poll(space, isShort ? PENDING_WAIT_SECONDS : WAIT_SECONDS, signal);
      failures = 0;
      await pause(count < BUSY_REQUESTS ? PAUSE_MS : BUSY_PAUSE_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      journal.set({ ...journal.value, error, isLoaded: true });
      await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)], signal);
      failures += 1;
    }
  }
}

// True if the response to a request may follow.
export function isPending({ status, duration }) {
  return status === null && duration === null;
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

// Adds the requests since the last ones; returns their number.
async function poll(space, wait, signal) {
  const { last, error } = journal.value;
  // After an error, the server may be another process. Without `since`, the response is the whole journal.
  const query = last === null || error ? { space } : { space, since: last, wait };
  const page = await read("requests", query, signal);
  const count = page.requests.length;
  if (signal.aborted) return count;
  const isContinued = query.since !== undefined && page.last >= last && !(page.requests[0]?.number <= last);
  if (query.since !== undefined && !isContinued) {
    // The journal was emptied.
    empty();
    return count;
  }
  const earlier = isContinued ? await withResponses(journal.value.requests, space, signal) : [];
  if (!signal.aborted) add(page, earlier, isContinued);
  return count;
}

function add({ requests, last, dropped }, earlier, isContinued) {
  const current = journal.value;
  const isUnchanged =
    isContinued && requests.length === 0 && earlier === current.requests && dropped === current.dropped;
  if (isUnchanged && current.error === null) return;
  const newest = requests.map(summary).reverse();
  const hasWrite = (isContinued || current.isLoaded) && newest.some(({ method }) => method !== "GET");
  journal.set({
    requests: [...newest, ...earlier].slice(0, CAPACITY),
    last,
    dropped,
    lastWrite: current.lastWrite + (hasWrite ? 1 : 0),
    error: null,
    isLoaded: true,
  });
}

// Empties the list; the objects may have changed, too.
function empty() {
  journal.set({ ...EMPTY, isLoaded: true, lastWrite: journal.value.lastWrite + 1 });
}

// Returns the requests, with the responses that have been sent since they were listed.
async function withResponses(requests, space, signal) {
  const pending = requests.filter(isPending);
  if (pending.length === 0) return requests;
  const oldest = pending.at(-1).number;
  const limit = pending[0].number - oldest + 1;
  const page = await read("requests", { space, since: oldest - 1, limit }, signal);
  const answered = new Map(page.requests.map((request) => [request.number, summary(request)]));
  const isOutdated = (request) =>
    isPending(request) && answered.has(request.number) && !isPending(answered.get(request.number));
  if (!pending.some(isOutdated)) return requests;
  return requests.map((request) => (isOutdated(request) ? answered.get(request.number) : request));
}

// Empties the list at once, after a reset or the deletion of the requests.
export function restartJournal() {
  empty();
  // A new poll, because the current one waits for a request after the last one.
  isPaused.set(isPaused.value);
}

// Returns the requests of all spaces, newest first. They have no common number to wait for.
export async function readAllSpaces(signal) {
  const { requests } = await read("requests", { space: "*" }, signal);
  return requests.slice(-CAPACITY).map(summary).reverse();
}

// Returns what a list shows of a request.
function summary({ number, space, time, method, path, query, answer, duration_us: duration, reason, fault }) {
  return { number, space, time, method, path, query, status: answer?.status ?? null, duration, reason, fault };
}
