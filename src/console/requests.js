// The journal, live and newest first.
import { html, useEffect, useMemo, useRef, useState } from "./vendor/preact-htm.js";
import { controlCommand, curlText, useLoad } from "./api.js";
import {
  Action,
  announce,
  CopyableText,
  Empty,
  Heading,
  Inputs,
  Loaded,
  Select,
  Table,
  TextInput,
  Toggle,
} from "./elements.js";
import { isPaused, isPending, journal, readAllSpaces, restartJournal } from "./journal.js";
import { useObservable } from "./observable.js";
import { link, replaceQuery } from "./route.js";
import { vendorRequest } from "./vendor.js";

// The rows of a page: few enough to render them between two keystrokes.
const ROWS = 50;
const ALL_SPACES_MS = 5000;
const ANNOUNCEMENT_MS = 3000;

export function Requests({ query, space }) {
  const own = useObservable(journal);
  const all = useAllSpaces(query.spaces === "all");
  const { requests, error, isLoaded, dropped } = all ?? own;
  const shown = useMemo(() => requests.filter(filter(query)), [requests, query]);
  const isKnown = requests.length > 0 || (isLoaded && !error);
  useAnnouncement(own.requests);
  return html`
    <${Heading} title="Requests" />
    <${Filters} query=${query} requests=${requests} space=${space} />
    <${Controls} space=${space} hasRequests=${requests.length > 0} />
    <${Loaded} result=${{ data: isKnown ? shown : null, error, isLoading: !error }}>
      ${(list) => html`<${RequestList} requests=${list} total=${requests.length} space=${space} />`}
    <//>
    ${dropped > 0 && html`<p class="muted">The journal has dropped ${dropped.toLocaleString("en")} older requests.</p>`}`;
}

// Returns the requests of all spaces, or null if they are not wanted.
function useAllSpaces(isWanted) {
  const [round, setRound] = useState(0);
  const { data, error } = useLoad(async (signal) => (isWanted ? readAllSpaces(signal) : null), [isWanted, round]);
  const isStopped = useObservable(isPaused);
  useEffect(() => {
    if (!isWanted || isStopped) return undefined;
    const timer = setInterval(() => document.hidden || setRound((count) => count + 1), ALL_SPACES_MS);
    return () => clearInterval(timer);
  }, [isWanted, isStopped]);
  return isWanted ? { requests: data ?? [], error, isLoaded: data !== null || error !== null, dropped: 0 } : null;
}

function filter({ method, path, status, fault }) {
  const wanted = path?.trim().toLowerCase();
  return (request) =>
    (!method || request.method === method) &&
    (!wanted || `${request.path}?${request.query ?? ""}`.toLowerCase().includes(wanted)) &&
    (!status || hasStatus(request, status)) &&
    (!fault || String(request.fault) === fault);
}

function hasStatus({ status }, wanted) {
  if (wanted === "none") return status === null;
  return status !== null && (wanted.endsWith("xx") ? String(status)[0] === wanted[0] : String(status) === wanted);
}

// Announces new requests, several of them together.
function useAnnouncement(requests) {
  const newest = requests[0]?.number ?? 0;
  const announced = useRef(newest);
  useEffect(() => {
    if (newest <= announced.current) {
      announced.current = newest;
      return undefined;
    }
    const timer = setTimeout(() => {
      const count = newest - announced.current;
      announced.current = newest;
      const { method, path, status } = requests[0];
      announce(
        `${count === 1 ? "A new request" : `${count} new requests`}: ${method} ${path}, ${status ?? "no response"}`,
      );
    }, ANNOUNCEMENT_MS);
    return () => clearTimeout(timer);
  }, [newest]);
}

function Filters({ query, requests, space }) {
  const distinct = (values) => [...new Set(values)].sort().map((value) => [value, value]);
  const methods = distinct([...requests.map(({ method }) => method), query.method].filter(Boolean));
  const statuses = distinct(requests.flatMap(({ status }) => (status === null ? [] : [String(status)])));
  const select = (label, name, options) => html`
    <${Select} label=${label} value=${query[name]} options=${options} onChange=${(value) => replaceQuery({ [name]: value })} />`;
  return html`
    <${Inputs}>
      ${select("Method", "method", [["", "All"], ...methods])}
      <${TextInput} label="Path" type="search" value=${query.path ?? ""} onInput=${(path) => replaceQuery({ path })} />
      ${select("Status", "status", [["", "All"], ["2xx", "2xx"], ["4xx", "4xx"], ["5xx", "5xx"], ["none", "No response"], ...statuses])}
      ${select("Space", "spaces", [
        ["", `${space} only`],
        ["all", "All spaces"],
      ])}
      ${
        query.fault &&
        html`
        <button type="button" onClick=${() => replaceQuery({ fault: null })}>
          All, not only those of fault ${query.fault}
        </button>`
      }
    <//>`;
}

function Controls({ space, hasRequests }) {
  const isStopped = useObservable(isPaused);
  return html`
    <div class="actions">
      <${Toggle} isPressed=${isStopped} onClick=${() => isPaused.set(!isStopped)}>Pause<//>
      ${
        hasRequests &&
        html`<${Action} command=${controlCommand("DELETE", "requests", { space })} label="Empty the journal" result="The journal is empty."
        question="The requests of the space ${space} are deleted." onDone=${restartJournal} />`
      }
    </div>`;
}

function RequestList({ requests, total, space }) {
  const [page, setPage] = useState(0);
  if (total === 0) return html`<${NoRequests} space=${space} />`;
  if (requests.length === 0) return html`<${Empty} title="No request matches."><p>Change the filters above.</p><//>`;
  const last = Math.ceil(requests.length / ROWS) - 1;
  const current = Math.min(page, last);
  const start = current * ROWS;
  const shown = requests.slice(start, start + ROWS);
  const wide = ["Time", "Duration"].map((column) => html`<th scope="col" class="wide" key=${column}>${column}</th>`);
  return html`
    <${Table} label="Requests, newest first" columns=${["Number", "Request", "Status", ...wide]} kind="requests">
      ${shown.map((request) => row(request, space))}
    <//>
    <nav class="actions pages" aria-label="Pages">
      <button type="button" disabled=${current === 0} onClick=${() => setPage(current - 1)}>Newer</button>
      <span>${start + 1} to ${start + shown.length} of ${requests.length}</span>
      <button type="button" disabled=${current === last} onClick=${() => setPage(current + 1)}>Older</button>
    </nav>`;
}

const rows = new WeakMap();

// The rows of unchanged requests are kept, because Preact skips an element that it has rendered before.
function row(request, space) {
  if (!rows.has(request)) rows.set(request, requestRow(request, space));
  return rows.get(request);
}

function requestRow(request, space) {
  const { number, method, path, query, reason, fault } = request;
  return html`
    <tr key=${`${request.space} ${number}`}>
      <td class="number">${number}</td>
      <th scope="row">
        <a href=${link("requests", number, { space: request.space })}>
          <span class="method">${method}</span> ${path}${query !== null && `?${query}`}
        </a>
        ${request.space !== space && html` <span class="muted">in ${request.space}</span>`}
        ${reason && html`<p class="reason">${reason.field ? `${reason.field}: expected ${reason.expected}` : reason.message}</p>`}
        ${fault !== null && html`<p><a href=${link("faults", null, { number: fault, space: request.space })}>Fault ${fault}</a></p>`}
      </th>
      <td><${Status} request=${request} /></td>
      <td class="wide">${time(request.time)}</td>
      <td class="wide">${duration(request.duration)}</td>
    </tr>`;
}

function NoRequests({ space }) {
  const command = vendorRequest("GET", "/vmrest/externalservices", null, space);
  return html`
    <${Empty} title="No requests yet.">
      <p>Point your client at <code>${location.origin}/vmrest</code>, or send a request:</p>
      <${CopyableText} text=${curlText(command)} label="Copy as curl" name="The curl command" />
      <p>It appears here at once.</p>
    <//>`;
}

export function Status({ request }) {
  const { status } = request;
  if (status === null) return html`<span class="status none">${isPending(request) ? "waiting" : "no response"}</span>`;
  return html`<span class="status s${Math.floor(status / 100)}">${status}</span>`;
}

// Returns the time of day in an RFC 3339 time, with milliseconds.
export function time(text) {
  return text
    .slice(11)
    .replace(/(\.\d{1,3})\d*/, "$1")
    .replace("Z", "");
}

export function duration(microseconds) {
  if (microseconds === null) return "";
  if (microseconds < 1000) return `${microseconds} µs`;
  const milliseconds = microseconds / 1000;
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
