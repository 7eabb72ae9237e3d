// The control plane of the server, and requests as data: one description gives both a request and its curl command.
import { useEffect, useState } from "./vendor/preact-htm.js";
import { createObservable, useObservable } from "./observable.js";
import { ask } from "./question.js";
import { queryString } from "./route.js";

const TOKEN = "cuc-mock token";
const credentialsKey = (space) => `cuc-mock credentials ${space}`;

// The token and the credentials that the user has entered. They last as long as the tab.
export const session = {
  get token() {
    return sessionStorage.getItem(TOKEN);
  },
  set token(token) {
    sessionStorage.setItem(TOKEN, token);
  },
  // The credentials for a space: `{ name, password }`, or null.
  credentials(space) {
    return JSON.parse(sessionStorage.getItem(credentialsKey(space)));
  },
  setCredentials(space, credentials) {
    sessionStorage.setItem(credentialsKey(space), JSON.stringify(credentials));
  },
  deleteCredentials(space) {
    sessionStorage.removeItem(credentialsKey(space));
  },
};

// Describes a request to the control plane; `path` is relative to `/__mock`.
export function controlCommand(method, path, query = {}, body) {
  return {
    method,
    address: `/__mock${path && `/${path}`}${queryString(query)}`,
    body: body === undefined ? null : JSON.stringify(body),
    isControl: true,
  };
}

// Returns the curl command that sends a request. It contains no token and no password of a user.
export function curlText({ method, address, body, headers = [], user = null, isControl = false }) {
  const parts = ["curl"];
  // The usual certificate of the server belongs to a CA that curl does not know.
  if (location.protocol === "https:") parts.push("-k");
  // curl would take these characters for a pattern.
  if (/[[\]{}]/.test(address)) parts.push("-g");
  if (method === "HEAD") parts.push("-I");
  else if (method !== (body ? "POST" : "GET")) parts.push(`-X ${quoted(method)}`);
  if (user !== null) parts.push(`-u ${user}`);
  parts.push(quoted(location.origin + address));
  if (isControl && session.token) parts.push('-H "Authorization: Bearer $TOKEN"');
  parts.push(...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`));
  const command = parts.join(" ");
  return body ? `${command} \\\n  --data-binary ${quoted(body)}` : command;
}

// Quotes a text for a POSIX shell, if it needs quotes.
export function quoted(text) {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

// `connecting`, `connected`, `disconnected`, or `denied` with the reason.
export const connection = createObservable({ state: "connecting", reason: "" });

// The response of `GET /__mock`, or null.
export const server = createObservable(null);

// Changes when the console has created or deleted a space.
export const spacesVersion = createObservable(0);

class ControlError extends Error {
  constructor(status, body) {
    super(body?.error ?? `The server responded with ${status}.`);
    // Places in files, with a message each.
    this.mistakes = body?.mistakes ?? [];
  }
}

export class ConnectionError extends Error {
  constructor() {
    super("There is no response from the server. Check that it is running.");
  }
}

// Loads the facts about the server. Errors are in `connection`.
export async function loadServer() {
  await read("").then(server.set, () => {});
}

// Sends a command and returns the decoded response; null if it is empty.
export async function send(command, signal) {
  const text = await sendText(command, signal);
  return text === "" ? null : JSON.parse(text);
}

export function read(path, query = {}, signal = undefined) {
  return send(controlCommand("GET", path, query), signal);
}

// Returns the spaces. Their seeds are texts, because they have up to 64 bits.
export async function readSpaces(signal) {
  const text = await sendText(controlCommand("GET", "spaces"), signal);
  return JSON.parse(text.replaceAll(/"seed":(\d+)/g, '"seed":"$1"')).spaces;
}

async function sendText(command, signal) {
  const token = session.token;
  const response = await fetchControl(command, token, signal);
  if (response.status === 401) {
    // Another request may have asked for the token in the meantime.
    if (session.token === token) await askForToken(response);
    return sendText(command, signal);
  }
  if (response.ok) {
    setConnection("connected");
    return response.text();
  }
  const error = new ControlError(response.status, await response.json().catch(() => null));
  setConnection(response.status === 403 ? "denied" : "connected", error.message);
  throw error;
}

async function fetchControl({ method, address, body }, token, signal) {
  const headers = { Accept: "application/json" };
  // A header has only ASCII; another token is wrong anyway.
  if (token) headers.Authorization = `Bearer ${token.replaceAll(/[^\x20-\x7e]/g, "?")}`;
  if (body !== null) headers["Content-Type"] = "application/json";
  try {
    return await fetch(address, { method, headers, body, signal, credentials: "omit", cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    setConnection("disconnected");
    throw new ConnectionError();
  }
}

function setConnection(state, reason = "") {
  const current = connection.value;
  if (current.state !== state || (state === "denied" && current.reason !== reason)) connection.set({ state, reason });
}

const TOKEN_NEEDED = "The console needs the token of --control-token.";
let tokenQuestion = null;
// False after the user has cancelled the question, so that it does not come back by itself.
let mayAskForToken = true;

// Tries again after the user has read the reason, and asks for the token again if that is needed.
export function reconnect() {
  mayAskForToken = true;
  return loadServer();
}

// All requests that need the token share one question.
function askForToken(response) {
  tokenQuestion ??= newToken(response)
    .catch((error) => {
      setConnection("denied", error.message);
      throw error;
    })
    .finally(() => {
      tokenQuestion = null;
    });
  return tokenQuestion;
}

async function newToken(response) {
  const { error } = await response.json();
  const answer =
    mayAskForToken &&
    (await ask({
      title: "Token of the control plane",
      text: session.token ? `The token is not accepted: ${error}.` : "The server was started with --control-token.",
      fields: [{ name: "token", label: "Token", type: "password" }],
      action: "Continue",
    }));
  if (!answer) {
    mayAskForToken = false;
    throw new ControlError(401, { error: TOKEN_NEEDED });
  }
  session.token = answer.token;
}

// Loads the data of a view when it appears and when one of its inputs changes. `load` gets an AbortSignal, because a
// newer input makes the older response useless. Returns `{ data, error, isLoading, reload }`; the earlier data remain
// until the next are there.
export function useLoad(load, inputs) {
  const [result, setResult] = useState({ data: null, error: null, isLoading: true });
  const [attempt, setAttempt] = useState(0);
  const reload = () => setAttempt((count) => count + 1);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setResult((earlier) => (earlier.isLoading ? earlier : { ...earlier, isLoading: true }));
    load(signal).then(
      (data) => signal.aborted || setResult({ data, error: null, isLoading: false }),
      (error) => signal.aborted || setResult({ data: null, error, isLoading: false }),
    );
    return () => controller.abort();
  }, [...inputs, attempt]);
  const { state } = useObservable(connection);
  useEffect(() => {
    // The server is back.
    if (state === "connected" && result.error) reload();
  }, [state]);
  return { ...result, reload };
}
