// The list of resources, and the objects of one of them. The server selects and sorts, so that 100,000 objects are no
// more work for the page than one page of them.
import { html, useEffect, useRef, useState } from "./vendor/preact-htm.js";
import { read, useLoad } from "./api.js";
import { keyOf, parameters, parentPath, readResources, shortPath } from "./catalogue.js";
import { Breadcrumbs, Empty, Heading, Inputs, Loaded, Select, Table, TextInput } from "./elements.js";
import { useLastWrite } from "./journal.js";
import { link, replaceQuery } from "./route.js";

const PAGE_SIZES = ["50", "100", "200"];
const INPUT_PAUSE_MS = 200;
const KEY_LENGTH = 8;
// Most tests are about these.
const FIRST = ["externalservices", "tenants", "users"];

export function Resources({ query: { text = "", all }, space }) {
  const resources = useLoad((signal) => readResources(space, signal), [space, useLastWrite()]);
  const isEverythingShown = all === "1" || text !== "";
  return html`
    <${Heading} title="Objects" />
    <${Inputs}>
      <${TextInput} label="Resource" type="search" value=${text} placeholder="externalservices"
        onInput=${(value) => replaceQuery({ text: value })} />
      <label class="check">
        <input type="checkbox" checked=${all === "1"}
          onChange=${(event) => replaceQuery({ all: event.target.checked ? "1" : null })} />
        Show empty resources
      </label>
    <//>
    <${Loaded} result=${resources}>${(data) => html`<${ResourceTable} rows=${shownRows(data, text, isEverythingShown)} />`}<//>`;
}

// Returns the resources that match, below their parents: `{ resource, depth }`.
function shownRows(resources, text, isEverythingShown) {
  const wanted = text.trim().toLowerCase();
  const matches = ({ path, records }) => (isEverythingShown || records > 0) && path.toLowerCase().includes(wanted);
  const paths = new Set(resources.map(({ path }) => path));
  const isRoot = ({ parent }) => parent === null || !paths.has(parent);
  const rowsBelow = (resource, depth) => {
    const children = sorted(resources.filter(({ parent }) => parent === resource.path));
    const below = children.flatMap((child) => rowsBelow(child, depth + 1));
    return matches(resource) || below.length > 0 ? [{ resource, depth }, ...below] : [];
  };
  return sorted(resources.filter(isRoot)).flatMap((resource) => rowsBelow(resource, 0));
}

function sorted(resources) {
  const rank = ({ path }) => (FIRST.includes(path) ? FIRST.indexOf(path) : FIRST.length);
  return resources.sort((left, right) => rank(left) - rank(right) || left.path.localeCompare(right.path));
}

function ResourceTable({ rows }) {
  if (rows.length === 0) return html`<${Empty} title="No resource matches."><p>Shorten the text above.</p><//>`;
  return html`
    <${Table} label="Resources" columns=${["Resource", html`<th scope="col" class="number">Records</th>`, "Verbs"]}>
      ${rows.map(
        ({ resource: { path, parent, records, verbs }, depth }) => html`
          <tr key=${path}>
            <th scope="row" class="depth-${Math.min(depth, 3)}">
              <a href=${link("objects", path)} aria-label=${shortPath(path)}>
                ${shortPath(depth === 0 ? path : path.slice(parent.length + 1))}
              </a>
            </th>
            <td class="number">${records.toLocaleString("en")}</td>
            <td class="muted">${verbs.join(", ")}</td>
          </tr>`,
      )}
    <//>`;
}

export function Objects({ name, query, space }) {
  const { text, tenant, sort, page = "1", rows = PAGE_SIZES[0] } = query;
  const parameters = { resource: name, text, tenant, sort, page, rows, space };
  const objects = useLoad(
    (signal) => read("objects", parameters, signal),
    [...Object.values(parameters), useLastWrite()],
  );
  const resources = useLoad((signal) => readResources(space, signal), [space]);
  const { data: tenants } = useLoad((signal) => readTenants(space, signal), [space]);
  const resource = resources.data?.find(({ path }) => path === name);
  const isCreatable = resource?.verbs.includes("create");
  return html`
    <${Breadcrumbs} items=${[["Objects", link("objects")]]} />
    <${Heading} title=${shortPath(name)} />
    <div class="actions">
      ${isCreatable && html`<a class="button primary" href=${link("new", name)}>New ${resource.element}</a>`}
      <a class="button" href=${link("resource", name)}>Fields and rules</a>
    </div>
    <${Filters} query=${query} tenants=${name === "tenants" ? [] : (tenants ?? [])} />
    <${Loaded} result=${objects}>
      ${(data) =>
        data.total === 0
          ? html`<${NoObjects} name=${name} isFiltered=${text || tenant} isCreatable=${isCreatable} />`
          : html`<${ObjectTable} ...${data} name=${name} sort=${sort} tenants=${tenants ?? []} />
              <${Pages} total=${data.total} page=${Number(page)} rows=${rows} />`}
    <//>`;
}

// Returns the tenants as pairs of key and alias.
async function readTenants(space, signal) {
  const { objects, columns } = await read("objects", { resource: "tenants", rows: 1000, space }, signal).catch(() => ({
    objects: [],
    columns: [],
  }));
  return objects.map(({ path, values }) => [keyOf(path), values[Math.max(0, columns.indexOf("Alias"))] ?? keyOf(path)]);
}

function Filters({ query, tenants }) {
  const [text, setText] = useState(query.text ?? "");
  const timer = useRef(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (value) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => replaceQuery({ text: value, page: null }), INPUT_PAUSE_MS);
  };
  // The tenant of a link may no longer exist.
  const isKnown = !query.tenant || tenants.some(([key]) => key === query.tenant);
  const offered = isKnown ? tenants : [...tenants, [query.tenant, query.tenant]];
  return html`
    <${Inputs}>
      <${TextInput} label="Text" type="search" value=${text} onInput=${change} />
      ${
        offered.length > 0 &&
        html`<${Select} label="Tenant" value=${query.tenant} options=${[["", "All tenants"], ...offered]}
        onChange=${(tenant) => replaceQuery({ tenant, page: null })} />`
      }
    <//>`;
}

function ObjectTable({ columns, objects, name, sort, tenants }) {
  const tenantNames = new Map(tenants.map(([key, alias]) => [key.toLowerCase(), alias]));
  const hasTenants = objects.some(({ tenant }) => tenant);
  const isNested = parameters(name).length > 0;
  const headers = columns.map((column) => html`<${ColumnHeader} key=${column} column=${column} sort=${sort} />`);
  return html`
    <${Table} label="Objects" columns=${[...headers, isNested && "Below", hasTenants && "Tenant"]}>
      ${objects.map(
        ({ path, tenant, values }) => html`
          <tr key=${path}>
            <th scope="row"><a href=${link("object", null, { path })}>${values[0] || keyOf(path)}</a></th>
            ${values.slice(1).map((value, index) => html`<td key=${columns[index + 1]}>${value}</td>`)}
            ${isNested && html`<td>${parentLink(parentPath(name, path))}</td>`}
            ${hasTenants && html`<td>${tenant && (tenantNames.get(tenant.toLowerCase()) ?? tenant)}</td>`}
          </tr>`,
      )}
    <//>`;
}

function parentLink(path) {
  const list = path.slice("/vmrest/".length, path.lastIndexOf("/"));
  return html`<a href=${link("object", null, { path })}>${list}/${keyOf(path).slice(0, KEY_LENGTH)}…</a>`;
}

function NoObjects({ name, isFiltered, isCreatable }) {
  if (isFiltered)
    return html`<${Empty} title="No object matches."><p>Shorten the text, or select another tenant.</p><//>`;
  return html`
    <${Empty} title="There are no objects.">
      <p>${isCreatable ? html`<a href=${link("new", name)}>Create one</a>, or send` : "Send"} a request to
        <code>${location.origin}/vmrest/${shortPath(name)}</code>.</p>
    <//>`;
}

// A click sorts upwards, the next one downwards, and a third one restores the order of the server.
function ColumnHeader({ column, sort }) {
  const order = sort === column ? "ascending" : sort === `-${column}` ? "descending" : "none";
  const next = { none: column, ascending: `-${column}`, descending: null }[order];
  const arrow = { none: "", ascending: " ▲", descending: " ▼" }[order];
  return html`
    <th scope="col" aria-sort=${order}>
      <button type="button" class="sort" onClick=${() => replaceQuery({ sort: next, page: null })}>
        ${column}<span aria-hidden="true">${arrow}</span>
      </button>
    </th>`;
}

function Pages({ total, page, rows }) {
  const pages = Math.ceil(total / rows);
  const format = (number) => number.toLocaleString("en");
  const step = (text, target, isPossible) => html`
    <button type="button" disabled=${!isPossible} onClick=${() => replaceQuery({ page: target })}>${text}</button>`;
  return html`
    <nav class="actions pages" aria-label="Pages">
      ${step("First", 1, page > 1)}${step("Previous", page - 1, page > 1)}
      <span aria-live="polite">${format((page - 1) * rows + 1)} to ${format(Math.min(page * rows, total))} of ${format(total)}</span>
      ${step("Next", page + 1, page < pages)}${step("Last", pages, page < pages)}
      <${Select} label="Rows" value=${rows} options=${PAGE_SIZES.map((size) => [size, size])}
        onChange=${(size) => replaceQuery({ rows: size, page: null })} />
    </nav>`;
}
