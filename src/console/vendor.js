// The vendor's API: create, update and delete follow the same rules as the requests of every other client.
import { ConnectionError, quoted, server, session } from "./api.js";
import { ask } from "./question.js";
import { DEFAULT_SPACE } from "./route.js";
import { parseXml } from "./xml.js";

const FIELD = /Parameter = \[([^\]]*)\]/;

// A refusal: its message, the field that the message names, and the number of the request in the journal.
export class Refusal extends Error {
  constructor(status, text, number) {
    const [code, message] = errorDetails(text);
    super(message || `The server responded with ${status}.`);
    this.status = status;
    this.code = code;
    this.field = FIELD.exec(message)?.[1] ?? null;
    this.number = number;
  }
}

function errorDetails(text) {
  const details = parseXml(text);
  const content = (name) => details?.querySelector(name)?.textContent ?? "";
  return [content("code"), content("message")];
}

// Describes a request to the vendor's API, with what curl shows as its user.
export function vendorRequest(method, address, xml, space) {
  const headers = xml === null ? [] : [["Content-Type", "application/xml"]];
  return { method, address, body: xml, headers, user: curlUser(space) };
}

// Credentials that only the user's shell knows.
export const SECRET_USER = '"$CUC_USER:$CUC_PASSWORD"';

// Returns the user of a space for curl, or null if the server needs none. A real password remains a variable.
export function curlUser(space) {
  if (needsCredentials()) return SECRET_USER;
  return server.value?.sign_in === "none" && !hasSpaceUser(space) ? null : quoted(`${userName(space)}:console`);
}

export function needsCredentials() {
  return ["users", "store"].includes(server.value?.sign_in);
}

// True if the user name selects the space.
function hasSpaceUser(space) {
  return space !== DEFAULT_SPACE || server.value?.spaces === "auto";
}

function userName(space) {
  return hasSpaceUser(space) ? space : "console";
}

// Sends a request in a space, and returns `{ status, number, path }` with the path of the created object.
export async function sendVendor(command, space) {
  const credentials = await spaceCredentials(space);
  const response = await fetchVendor(command, credentials);
  if (response.status === 401 && needsCredentials()) {
    session.deleteCredentials(space);
    await askForCredentials(space, "The server does not accept these credentials.");
    return sendVendor(command, space);
  }
  const text = await response.text().catch(() => {
    throw new ConnectionError();
  });
  const number = response.headers.get("X-Request-Id");
  if (!response.ok) throw new Refusal(response.status, text, number);
  return { status: response.status, number, path: text.startsWith("/vmrest/") ? text.trim() : null };
}

async function fetchVendor({ method, address, body, headers }, { name, password }) {
  const authorization = `Basic ${base64(`${name}:${password}`)}`;
  try {
    return await fetch(address, {
      method,
      body,
      headers: { ...Object.fromEntries(headers), Authorization: authorization, Accept: "application/xml" },
      credentials: "omit",
      cache: "no-store",
    });
  } catch {
    throw new ConnectionError();
  }
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

async function spaceCredentials(space) {
  if (!needsCredentials()) return { name: userName(space), password: "console" };
  return (
    session.credentials(space) ?? askForCredentials(space, "Changes use the vendor's API, with these credentials.")
  );
}

async function askForCredentials(space, text) {
  const answer = await ask({
    title: "Sign in to the vendor's API",
    text,
    fields: [
      { name: "name", label: "User name", value: space === DEFAULT_SPACE ? "" : space },
      { name: "password", label: "Password", type: "password" },
    ],
    action: "Sign in",
  });
  if (answer === null) throw new Error("Nothing was sent, because the request needs credentials.");
  // The name of the user selects the space.
  if (hasSpaceUser(space) && answer.name.toLowerCase() !== space.toLowerCase())
    throw new Error(`Nothing was sent: only the user ${space} works in the space ${space}.`);
  session.setCredentials(space, answer);
  return answer;
}
