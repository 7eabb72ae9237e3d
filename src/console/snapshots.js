// Snapshots, and the difference between now and one of them, the seed or another space.
import { html, useEffect, useState } from "./vendor/preact-htm.js";
import { controlCommand, read, readSpaces, useLoad } from "./api.js";
import { keyOf, shortPath } from "./catalogue.js";
import { Action, Curl, Empty, Heading, Inputs, Loaded, Select, Table, TextInput, Toggle } from "./elements.js";
import { useLastWrite } from "./journal.js";
import { link, replaceQuery } from "./route.js";

const LIMIT = 1000;
const SHOWN = 50;
const CHANGES = ["created", "updated", "deleted"];

export function Snapshots({ space }) {
  const result = useLoad((signal) => read("snapshots", { space }, signal), [space]);
  return html`
    <${Heading} title="Snapshots" />
    <${NewSnapshot} space=${space} names=${result.data?.snapshots ?? []} reload=${result.reload} />
    <${Loaded} result=${result}>
      ${({ snapshots }) =>
        snapshots.length === 0
          ? html`<${Empty} title="There are no snapshots."><p>Take one before a test, and compare it with the state after it.</p><//>`
          : html`
              <ul class="cards">
                ${snapshots.map((name) => html`<${Snapshot} key=${name} name=${name} space=${space} reload=${result.reload} />`)}
              </ul>`}
    <//>`;
}

function snapshotCommand(method, name, space, action = "") {
  return controlCommand(method, `snapshots/${encodeURIComponent(name)}${action}`, { space });
}

function NewSnapshot({ space, names, reload }) {
  const [name, setName] = useState("before");
  const question = names.includes(name) ? "It replaces the earlier snapshot with this name." : null;
  return html`
    <${Inputs}><${TextInput} label="Name" value=${name} maxlength="256" onInput=${setName} /><//>
    <${Action} command=${snapshotCommand("PUT", name, space)} label="Take a snapshot" result="Snapshot ${name} is taken."
      question=${question} isPrimary=${true} isDisabled=${name === ""} onDone=${reload} />`;
}

function Snapshot({ name, space, reload }) {
  return html`
    <li>
      <h2>${name}</h2>
      <p><a href=${link("compare", null, { from: `snapshot:${name}` })}>Compare ${name} with now</a></p>
      <${Action} command=${snapshotCommand("POST", name, space, "/restore")} label="Restore ${name}" result="Snapshot ${name} is restored."
        question="All changes of the space ${space} since this snapshot are lost." />
      <${Action} command=${snapshotCommand("DELETE", name, space)} label="Delete ${name}" result="Snapshot ${name} is deleted."
        question="The objects of the space remain." onDone=${reload} />
    </li>`;
}

export function Compare({ query, space }) {
  const from = query.from ?? "seed";
  const parameters = { from, limit: LIMIT, space };
  const difference = useLoad((signal) => read("diff", parameters, signal), [from, space, useLastWrite()]);
  return html`
    <${Heading} title="Compare" />
    <${Inputs}><${Origin} from=${from} space=${space} /><//>
    <div class="actions">
      <button type="button" onClick=${difference.reload}>Compare again</button>
      <${Curl} command=${controlCommand("GET", "diff", parameters)} of="for the comparison" />
    </div>
    <${Loaded} result=${difference}>${(data) => html`<${Difference} key=${from} difference=${data} query=${query} />`}<//>`;
}

function Origin({ from, space }) {
  const { data } = useLoad((signal) => readOrigins(space, signal), [space]);
  const origins = data ?? [["seed", "the seed"]];
  const isKnown = origins.some(([value]) => value === from);
  return html`
    <${Select} label="From" value=${from} options=${isKnown ? origins : [...origins, [from, from.replace(":", " ")]]}
      onChange=${(value) => replaceQuery({ from: value, change: null, resource: null })} />
    <p class="to">to now, in the space ${space}</p>`;
}

async function readOrigins(space, signal) {
  const [{ snapshots }, spaces] = await Promise.all([read("snapshots", { space }, signal), readSpaces(signal)]);
  const others = spaces.filter(({ name }) => name !== space);
  return [
    ["seed", "the seed"],
    ...snapshots.map((name) => [`snapshot:${name}`, `snapshot ${name}`]),
    ...others.map(({ name }) => [`space:${name}`, `space ${name}`]),
  ];
}

function Difference({ difference, query }) {
  const { objects, is_complete: isComplete } = difference;
  const [count, setCount] = useState(SHOWN);
  useEffect(() => setCount(SHOWN), [query]);
  if (objects.length === 0) {
    return html`
      <${Empty} title="There is no difference.">
        <p>
          <a href=${link("objects")}>Change an object</a>, or let a test run, and compare again.
          A <a href=${link("snapshots")}>snapshot</a> before the test shows what it changes.
        </p>
      <//>`;
  }
  const ofChange = objects.filter(({ change }) => !query.change || change === query.change);
  const wanted = ofChange.filter(({ resource }) => !query.resource || resource === query.resource);
  return html`
    <${Summary} difference=${difference} shown=${query.change} />
    <${ResourceFilter} objects=${ofChange} shown=${query.resource} />
    ${!isComplete && html`<p class="muted">The first ${objects.length} objects.</p>`}
    <ol class="differences">
      ${wanted.slice(0, count).map((object) => html`<${ObjectDifference} key=${object.change + object.path} object=${object} />`)}
    </ol>
    ${wanted.length > count && html`<button type="button" onClick=${() => setCount(count + SHOWN)}>Show more</button>`}`;
}

function Summary({ difference, shown = "" }) {
  const toggle = (change, text) =>
    html`<${Toggle} isPressed=${shown === change} onClick=${() => replaceQuery({ change })}>${text}<//>`;
  const total = CHANGES.reduce((sum, change) => sum + difference[change], 0);
  return html`
    <div class="actions" role="group" aria-label="Kind of change">
      ${toggle("", `All ${total}`)}${CHANGES.map((change) => toggle(change, `${difference[change]} ${change}`))}
    </div>`;
}

function ResourceFilter({ objects, shown }) {
  const counts = new Map(shown && [[shown, 0]]);
  for (const { resource } of objects) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  if (counts.size < 2) return null;
  const options = [...counts].map(([path, count]) => [path, `${shortPath(path)} (${count})`]);
  return html`
    <${Inputs}>
      <${Select} label="Resource" value=${shown} options=${[["", "All resources"], ...options]}
        onChange=${(resource) => replaceQuery({ resource })} />
    <//>`;
}

// The values of a new or deleted object are all on one side, so they are folded.
function ObjectDifference({ object: { change, resource, path, name, fields } }) {
  const title = name ?? keyOf(path);
  return html`
    <li>
      <details open=${change === "updated"}>
        <summary>
          <span class="change ${change}">${change}</span> <strong>${title}</strong>${" "}
          <span class="muted">${shortPath(resource)}</span>
        </summary>
        ${change !== "deleted" && html`<p><a href=${link("object", null, { path })}>Show ${title}</a></p>`}
        <${FieldDifferences} change=${change} title=${title} fields=${fields} />
      </details>
    </li>`;
}

function FieldDifferences({ change, title, fields }) {
  const hasBefore = change !== "created";
  const hasAfter = change !== "deleted";
  return html`
    <${Table} label="Fields of ${title}" columns=${["Field", hasBefore && "Before", hasAfter && "Now"]}>
      ${fields.map(
        ({ name, before, after, is_secret: isSecret }) => html`
          <tr key=${name}><th scope="row">${name}</th>
            ${hasBefore && html`<td class="before">${shownValue(before, isSecret)}</td>`}
            ${hasAfter && html`<td class="after">${shownValue(after, isSecret)}</td>`}</tr>`,
      )}
    <//>`;
}

function shownValue(value, isSecret) {
  if (value && !isSecret) return value;
  return html`<em class="muted">${value === null ? "none" : value === "" ? "empty" : "secret"}</em>`;
}
