// Faults: failures that the server makes up for the requests of a client.
import { html, useEffect, useRef, useState } from "./vendor/preact-htm.js";
import { controlCommand, read, useLoad } from "./api.js";
import { Action, Empty, Heading, Inputs, Loaded, Select, Table, TextInput } from "./elements.js";
import { useLastRequest } from "./journal.js";
import { link } from "./route.js";

const METHODS = ["GET", "POST", "PUT", "DELETE"];
const LIMITS = ["1", "2", "5", "10"];

// `query.number` is the fault to highlight.
export function Faults({ query, space }) {
  const result = useLoad((signal) => read("faults", { space }, signal), [space, useLastRequest()]);
  return html`
    <${Heading} title="Faults" />
    <h2>Current faults</h2>
    <${Loaded} result=${result}>
      ${(faults) => html`<${FaultList} faults=${faults} number=${query.number} space=${space} reload=${result.reload} />`}
    <//>
    <h2>New fault</h2>
    <${Presets} space=${space} reload=${result.reload} />`;
}

function FaultList({ faults, number, space, reload }) {
  if (faults.length === 0) {
    return html`
      <${Empty} title="There are no faults.">
        <p>Select one below. The next matching requests fail, and the journal names the fault.</p>
      <//>`;
  }
  return html`
    <${Table} label="Current faults" columns=${["Fault", "Effect", "Requests", "Hits", "State", "End"]} kind="top-aligned">
      ${faults.map(
        (fault) => html`
          <${FaultRow} key=${fault.number} fault=${fault} isMarked=${String(fault.number) === number}
            space=${space} reload=${reload} />`,
      )}
    <//>
    <${Action} command=${controlCommand("DELETE", "faults", { space })} label="Delete all faults"
      result="All faults are deleted." onDone=${reload} />`;
}

function FaultRow({ fault, isMarked, space, reload }) {
  const row = useRef(null);
  useEffect(() => {
    if (isMarked) row.current.scrollIntoView({ block: "center" });
  }, [isMarked]);
  const { number, hits, matched, active } = fault;
  const count = `${hits} of ${matched}`;
  return html`
    <tr ref=${row} class=${isMarked ? "marked" : ""}>
      <td>${number}</td>
      <th scope="row">${effectText(fault)}</th>
      <td>${conditionText(fault)}</td>
      <td>${hits > 0 ? html`<a href=${link("requests", null, { fault: number })}>${count}</a>` : count}</td>
      <td>${active ? "active" : "ended"}</td>
      <td><${Action} command=${controlCommand("DELETE", `faults/${number}`, { space })} label="Delete fault ${number}"
        result="Fault ${number} is deleted." onDone=${reload} /></td>
    </tr>`;
}

function Presets({ space, reload }) {
  const [form, setForm] = useState({ method: "", path: "", times: "" });
  const set = (name) => (value) => setForm({ ...form, [name]: value });
  const pairs = (values) => values.map((value) => [value, value]);
  return html`
    <${Inputs}>
      <${Select} label="Method" value=${form.method} options=${[["", "Any"], ...pairs(METHODS)]} onChange=${set("method")} />
      <${TextInput} label="Path below /vmrest" value=${form.path} placeholder="externalservices/*" onInput=${set("path")} />
      <${Select} label="Number of requests" value=${form.times} onChange=${set("times")}
        options=${[["", "As given below"], ...pairs(LIMITS), ["all", "All"]]} />
    <//>
    <ul class="cards">
      ${PRESETS.map(
        (preset) => html`
          <${Preset} key=${preset.name} preset=${preset} fault=${newFault(preset, form)} space=${space} reload=${reload} />`,
      )}
    </ul>`;
}

function newFault({ fault, times }, { method, path, times: chosen }) {
  const requests = { ...(method && { method }), ...(path && { path }) };
  const count = chosen === "all" ? null : chosen ? Number(chosen) : times;
  return {
    ...fault,
    ...(Object.keys(requests).length > 0 && { requests }),
    ...(count !== null && { times: count }),
  };
}

function Preset({ preset: { name, text }, fault, space, reload }) {
  const { times } = fault;
  const limit = times ? (times === 1 ? "One request." : `${times} requests.`) : "All requests, until it is deleted.";
  return html`
    <li>
      <${Action} command=${controlCommand("POST", "faults", { space }, fault)} label=${name}
        result="The fault is created: ${name}." onDone=${reload} />
      <p class="muted">${text} ${limit}</p>
    </li>`;
}

// `times` is the number of requests that a fault hits, unless the form gives another one.
const PRESETS = [
  { name: "503 for the next request", fault: { preset: "busy" }, times: 1, text: "The server is overloaded." },
  { name: "503 twice, then OK", fault: { preset: "busy" }, times: 2, text: "For a client that tries again." },
  { name: "Delay of 2 s", fault: { delay: { fixed_ms: 2000 } }, times: null, text: "Each response comes late." },
  {
    name: "Connection reset",
    fault: { preset: "reset" },
    times: 1,
    text: "RST before the first byte of the response.",
  },
  {
    name: "Connection closed",
    fault: { preset: "close" },
    times: 1,
    text: "FIN before the first byte of the response.",
  },
  {
    name: "No response",
    fault: { preset: "no_answer" },
    times: 1,
    text: "The connection stays open, until the client gives up.",
  },
  {
    name: "Lost response",
    fault: { effect: "reset", handled: true },
    times: 1,
    text: "The request is carried out, but the connection is reset.",
  },
  { name: "401, account locked", fault: { preset: "locked_out" }, times: 1, text: "A page of the servlet container." },
  { name: "403, read only", fault: { preset: "read_only" }, times: 1, text: "The server accepts no writes." },
  {
    name: "500 with an HTML page",
    fault: { preset: "tomcat_error" },
    times: 1,
    text: "An error of the servlet container.",
  },
  { name: "Login page", fault: { preset: "login_page" }, times: 1, text: "200 with HTML in place of XML." },
  {
    name: "Truncated body",
    fault: { preset: "truncated_xml" },
    times: 1,
    text: "The XML or JSON ends inside an element.",
  },
  {
    name: "Wrong content type",
    fault: { preset: "wrong_content_type" },
    times: 1,
    text: "The correct body as text/html.",
  },
  {
    name: "Malformed chunk",
    fault: { preset: "malformed_chunk" },
    times: 1,
    text: "The first chunk of the body has no size.",
  },
  {
    name: "Slow body",
    fault: { effect: { dribble: { bytes: 20, every_ms: 100 } } },
    times: null,
    text: "20 bytes each 100 ms.",
  },
  {
    name: "Throttled",
    fault: { preset: "throttled" },
    times: null,
    text: "503 while five other requests are in flight.",
  },
];

const EFFECTS = {
  busy: "503, the server is overloaded",
  locked_out: "401, the account is locked",
  read_only: "403, the server is read only",
  tomcat_error: "500 with an HTML page",
  login_page: "login page in HTML",
  truncate: "truncated body",
  no_answer: "no response",
  reset: "connection reset",
  close: "connection closed",
  malformed_chunk: "malformed chunk",
};

// Describes the effect and the delay of a fault.
function effectText({ effect, delay, handled }) {
  const parts = [
    effect && effectName(effect),
    handled && "after the request is carried out",
    delay && `delay of ${delayText(delay)}`,
  ];
  return parts.filter(Boolean).join(", ");
}

function effectName(effect) {
  if (typeof effect === "string") return EFFECTS[effect] ?? effect;
  const [[name, value]] = Object.entries(effect);
  if (name === "answer") return `response with ${value.status}`;
  if (name === "content_type") return `content type ${value}`;
  if (name === "cut") return `connection ${value.reset ? "reset" : "closed"} after ${value.after} bytes of the body`;
  if (name === "dribble") return `${value.bytes} bytes of the body each ${value.every_ms} ms`;
  if (name === "throttle") return `503 while ${value.at_once} other requests are in flight`;
  return JSON.stringify(effect);
}

function delayText({ fixed_ms: fixed, min_ms: min, max_ms: max, median_ms: median, sigma }) {
  if (fixed != null) return `${fixed} ms`;
  return min != null ? `${min} to ${max} ms` : `about ${median} ms (sigma ${sigma})`;
}

// Describes the requests that a fault may hit, and how many of them.
function conditionText({ requests, nth, times, probability, until }) {
  const { method = null, path = null, query, headers, fields } = requests ?? {};
  const parts = [
    `${method ?? "any method"}, ${path ?? "any path"}`,
    ...[query, headers, fields].filter(Boolean).map((values) => JSON.stringify(values)),
    nth && (times || probability != null ? `from request ${nth} on` : `only request ${nth}`),
    times && (times === 1 ? "once" : `${times} times`),
    probability != null && `with probability ${probability}`,
    until && `until ${until}`,
  ];
  return parts.filter(Boolean).join(", ");
}
