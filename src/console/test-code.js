// What a test can make of a request: a fixture, and a verification as JSON and as Rust.
import { html, useState } from "./vendor/preact-htm.js";
import { controlCommand, send } from "./api.js";
import { keyOf, parameterValues } from "./catalogue.js";
import { CopyableText, Curl } from "./elements.js";
import { DEFAULT_SPACE } from "./route.js";
import { objectXml } from "./xml.js";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CONSTRUCTORS = { GET: "get", POST: "post", PUT: "put", DELETE: "delete" };

// Returns the XML of a fixture with the fields of a request, as `[name, value]`.
export function fixtureXml(request, resource, fields) {
  const fromPath = Object.entries(parameterValues(resource.path, request.path));
  const identity = [["ObjectId", objectId(request)], ...fromPath];
  const isNew = ([name]) => !fields.some(([sent]) => sent === name);
  const object = objectXml(resource.element, [...identity.filter(isNew), ...fields], "  ");
  return `<${resource.list}>\n${object}\n</${resource.list}>\n`;
}

// A fixture needs an ObjectId: that of the created object, or a new one after a refusal.
function objectId({ answer }) {
  if (answer?.status === 201 && answer.body?.startsWith("/vmrest/")) return keyOf(answer.body.trim());
  // Browsers offer random UUIDs only to HTTPS and loopback.
  return crypto.randomUUID?.() ?? "00000000-0000-4000-8000-000000000001";
}

export function VerificationPanel({ request, fields, space }) {
  const [result, setResult] = useState(null);
  const pattern = requestPattern(request, fields ?? []);
  const verification = { requests: pattern, exactly: 1 };
  const command = controlCommand("POST", "requests/verify", { space }, verification);
  const verify = () =>
    send(command).then(
      () => setResult("The expectation is met: there is exactly one such request."),
      (error) => setResult(error.message),
    );
  return html`
    <section class="panel" aria-label="Verification">
      <p>
        Expects exactly one request like this one. Ids in the path are <code>*</code>, because they differ between runs.
        Secrets are left out.
      </p>
      <h2>JSON for POST /__mock/requests/verify</h2>
      <${CopyableText} text=${JSON.stringify(verification, null, 2)} label="Copy JSON" name="The verification in JSON" />
      <h2>Rust</h2>
      <${CopyableText} text=${rustText(pattern, space)} label="Copy Rust" name="The verification in Rust" />
      <div class="actions">
        <button type="button" onClick=${verify}>Verify now</button>
        <${Curl} command=${command} of="for the verification" />
      </div>
      <pre role="status" class="verification">${result}</pre>
    </section>`;
}

function requestPattern({ method, path, query, answer }, fields) {
  const pattern = { method, path: patternPath(path) };
  const parameters = named([...new URLSearchParams(query ?? "")]);
  const sent = named(fields);
  if (Object.keys(parameters).length > 0) pattern.query = parameters;
  if (Object.keys(sent).length > 0) pattern.fields = sent;
  if (answer) pattern.status = answer.status;
  return pattern;
}

function patternPath(path) {
  return path
    .replace(/^\/vmrest\//, "")
    .split("/")
    .map((segment) => (ID.test(segment) ? "*" : segment))
    .join("/");
}

// Returns the values by name, a list for several. The journal hides secrets, which therefore match nothing.
function named(pairs) {
  const values = {};
  for (const [name, value] of pairs) {
    if (value.includes("[redacted")) continue;
    values[name] = name in values ? [values[name], value].flat() : value;
  }
  return values;
}

function rustText({ method, path, query = {}, fields = {}, status }, space) {
  const constructor = CONSTRUCTORS[method];
  const start = constructor
    ? `RequestPattern::${constructor}(${rustString(path)})`
    : `RequestPattern::new(${rustString(method)}, ${rustString(path)})`;
  const calls = (name, values) =>
    Object.entries(values).flatMap(([key, value]) =>
      [value].flat().map((one) => `.${name}(${rustString(key)}, ${rustString(one)})`),
    );
  const lines = [start, ...calls("query", query), ...calls("field", fields)];
  if (status) lines.push(`.status(${status})`);
  lines.push(".exactly(1),");
  const target = space === DEFAULT_SPACE ? "mock" : `mock.space(${rustString(space)})`;
  return `${target}.verify(\n    ${lines.join("\n        ")}\n)\n.await;`;
}

function rustString(text) {
  const escapes = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return `"${text.replaceAll(/[\\"\n\r\t]/g, (character) => escapes[character])}"`;
}
