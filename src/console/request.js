// One request: the reason for a refusal, the request and the response, and what a test can make of them.
import { html, useState } from "./vendor/preact-htm.js";
import { curlText, read, useLoad } from "./api.js";
import { brokenRules, readResources, resourceOf, shortPath, useResource } from "./catalogue.js";
import { Breadcrumbs, Code, CopyButton, Heading, Loaded } from "./elements.js";
import { isPending, journal, useLastRequest } from "./journal.js";
import { useObservable } from "./observable.js";
import { duration, Status, time } from "./requests.js";
import { Provenance, RuleList } from "./resource.js";
import { link } from "./route.js";
import { fixtureXml, VerificationPanel } from "./test-code.js";
import { curlUser } from "./vendor.js";
import { bodyFields, bodyLines } from "./xml.js";

export function RequestPage({ name, space }) {
  const number = Number(name);
  const lastRequest = useLastRequest();
  const [isComplete, setComplete] = useState(false);
  const load = async (signal) => {
    const request = await readRequest(number, space, signal);
    setComplete(!isPending({ status: request.answer, duration: request.duration_us }));
    return request;
  };
  // A complete request no longer changes.
  const result = useLoad(load, [number, space, isComplete ? null : lastRequest]);
  return html`
    <${Breadcrumbs} items=${[["Requests", link("requests")]]} />
    <${Heading} title="Request ${name}" />
    <${Loaded} result=${result}>${(request) => html`<${RequestView} request=${request} space=${space} />`}<//>`;
}

async function readRequest(number, space, signal) {
  const { requests } = await read("requests", { space, since: number - 1, limit: 1 }, signal);
  if (requests[0]?.number !== number) throw new Error(`The journal of the space ${space} has no request ${number}.`);
  return requests[0];
}

function RequestView({ request, space }) {
  const { data: resources } = useLoad((signal) => readResources(space, signal), [space]);
  const resource = resources && resourceOf(resources, request.path);
  const { reason, answer, fault, inferred } = request;
  return html`
    <p><span class="method">${request.method}</span> <code>${target(request)}</code></p>
    ${
      fault !== null &&
      html`
      <p class="notice"><a href=${link("faults", null, { number: fault })}>Fault ${fault}</a> hit this request.</p>`
    }
    ${reason && html`<${Refusal} request=${request} resource=${resource} space=${space} />`}
    <${Facts} request=${request} />
    ${inferred && html`<p class="muted">Inferred: ${inferred}</p>`}
    <${Copies} request=${request} resource=${resource} space=${space} />
    <h2>Request</h2>
    <${Body} message=${request} name="Body of the request" field=${reason?.field} />
    <${Headers} headers=${request.headers} of="request" />
    <h2>Response</h2>
    ${
      answer
        ? html`<${Body} message=${answer} name="Body of the response" /><${Headers} headers=${answer.headers} of="response" />`
        : html`<p class="muted">${request.duration_us === null ? "None yet." : "None was sent."}</p>`
    }
    <${Neighbours} number=${request.number} />`;
}

function target({ path, query }) {
  return query === null ? path : `${path}?${query}`;
}

// The explanation of a refusal: the field, its value, the expected ones, and the rule in the resource's table.
function Refusal({ request, resource, space }) {
  const { reason } = request;
  const [, provenance, source = ""] = /^(\w+)(?:: (.*))?$/s.exec(reason.evidence) ?? [
    null,
    "inferred",
    reason.evidence,
  ];
  return html`
    <section class="notice refusal-notice" aria-label="Refusal">
      <p class="explanation"><strong>Refused:</strong> ${explanation(request)}</p>
      <p>Source: ${source && `${source} `}<${Provenance} provenance=${provenance} /></p>
      ${reason.field && resource && html`<${BrokenRule} reason=${reason} path=${resource.path} space=${space} />`}
    </section>`;
}

function explanation(request) {
  const { field, value, expected, message } = request.reason;
  if (!field) return `${message}${/[.!?]$/.test(message) ? "" : "."}`;
  const isSent = bodyFields(request)?.some(([name]) => name.toLowerCase() === field.toLowerCase());
  const found = value ? html`has the value <code>${value}</code>` : isSent ? "is empty" : "is missing";
  return html`field <strong>${field}</strong> ${found}; expected ${expected}.`;
}

function BrokenRule({ reason, path, space }) {
  const { field: name, evidence, expected } = reason;
  const { data } = useResource(path, space);
  const field = data?.fields.find((candidate) => candidate.name === name);
  if (!field) return null;
  return html`
    <h2>Rules of ${name}</h2>
    <${RuleList} rules=${field.rules} broken=${brokenRules(field.rules, reason)} />
    <p><a href=${link("resource", path, { field: name, evidence, expected })}>${name} in the table of ${shortPath(path)}</a></p>`;
}

function Facts({ request }) {
  const { time: arrival, provenance } = request;
  const facts = [
    [
      "Status",
      html`<${Status} request=${{ status: request.answer?.status ?? null, duration: request.duration_us }} />`,
    ],
    ["Duration", duration(request.duration_us)],
    ["Time", `${arrival.slice(0, 10)} ${time(arrival)} UTC`],
    ["Space", request.space],
    ["Provenance", provenance && html`<${Provenance} provenance=${provenance} />`],
  ];
  return html`
    <dl class="facts">
      ${facts.map(([name, value]) => value && html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>`;
}

// `message` is a request or a response; the line of `field` is marked.
function Body({ message, name, field = null }) {
  const { body, body_encoding: encoding, body_bytes: bytes, body_cut: isCut } = message;
  if (body === null && bytes > 0)
    return html`<p class="muted">The journal does not keep this body of ${bytes} bytes.</p>`;
  if (!body) return html`<p class="muted">No body.</p>`;
  if (encoding === "base64") return html`<p class="muted">${bytes} bytes that are no text.</p>`;
  const lines = marked(bodyLines(body), field);
  return html`
    <${Code} label=${name}>
      ${lines.map(({ text, isMarked }, index) => [index > 0 && "\n", isMarked ? html`<mark>${text}</mark>` : text])}
    <//>
    ${isCut && html`<p class="muted">The journal keeps only the beginning of this body of ${bytes} bytes.</p>`}`;
}

// Marks the lines of a field. A missing field gets a line of its own, before the last one.
function marked(lines, field) {
  if (!field) return lines;
  const isField = ({ name }) => name?.toLowerCase() === field.toLowerCase();
  if (lines.some(isField)) return lines.map((line) => ({ ...line, isMarked: isField(line) }));
  if (lines.length === 1 && lines[0].name === null) return lines;
  const missing = { text: `  (${field} is missing)`, isMarked: true };
  // An object without fields is a single line.
  const end = Math.max(1, lines.length - 1);
  return [...lines.slice(0, end), missing, ...lines.slice(end)];
}

function Headers({ headers, of }) {
  return html`
    <details>
      <summary>Headers of the ${of} (${headers.length})</summary>
      <${Code} label="Headers of the ${of}">${headers.map(({ name, value }) => `${name}: ${value}`).join("\n")}<//>
    </details>`;
}

function Copies({ request, resource, space }) {
  const [isVerifying, setVerifying] = useState(false);
  const fields = bodyFields(request);
  // The body of an update is only a part of an object.
  const isObject = request.method === "POST" && resource && fields;
  const fixture = isObject && fixtureXml(request, resource, fields);
  return html`
    <div class="actions">
      <${CopyButton} text=${requestCurl(request)} label="Copy as curl" name="The curl command" />
      ${fixture && html`<${CopyButton} text=${fixture} label="Copy as fixture" name="The fixture" />`}
      <button type="button" aria-expanded=${String(isVerifying)} onClick=${() => setVerifying(!isVerifying)}>
        Verify this
      </button>
    </div>
    ${isVerifying && html`<${VerificationPanel} request=${request} fields=${fields} space=${space} />`}`;
}

// Headers that curl sets itself, or that belong to one connection or session.
const OWN_HEADERS = /^(host|content-length|user-agent|connection|cookie|accept-encoding|origin|referer|sec-.*)$/i;

function requestCurl(request) {
  const { method, headers, body, body_encoding: encoding } = request;
  const isCredentials = ({ name }) => name.toLowerCase() === "authorization";
  const isSent = (header) => !isCredentials(header) && !OWN_HEADERS.test(header.name) && header.value !== "*/*";
  const command = {
    method,
    address: target(request),
    body,
    headers: headers.filter(isSent).map(({ name, value }) => [name, value]),
    user: headers.some(({ name }) => /^(authorization|cookie)$/i.test(name)) ? curlUser(request.space) : null,
  };
  if (!body || encoding !== "base64") return curlText(command);
  return `echo ${body} | base64 -d | ${curlText({ ...command, body: null })} --data-binary @-`;
}

function Neighbours({ number }) {
  const { last } = useObservable(journal);
  return html`
    <nav aria-label="Other requests" class="actions">
      ${number > 1 && html`<a class="button" href=${link("requests", number - 1)}>Earlier request</a>`}
      ${number < last && html`<a class="button" href=${link("requests", number + 1)}>Later request</a>`}
    </nav>`;
}
