// One object: its fields with their rules, references in both directions, and the object on the wire.
import { html, useState } from "./vendor/preact-htm.js";
import { read, useLoad } from "./api.js";
import {
  isListPath,
  keyOf,
  nature,
  parameterValues,
  parameters,
  parentPath,
  readResource,
  readResources,
  resourceOf,
  shortPath,
} from "./catalogue.js";
import { Breadcrumbs, Code, Curl, ErrorNotice, Heading, Loaded, Table, Toggle, showResult } from "./elements.js";
import { useLastWrite } from "./journal.js";
import { confirmed } from "./question.js";
import { Evidence, RuleList } from "./resource.js";
import { link, navigate, route } from "./route.js";
import { sendVendor, vendorRequest } from "./vendor.js";
import { bodyLines } from "./xml.js";

const NAME_FIELDS = ["DisplayName", "Alias", "Name"];

// Returns an object and its resource.
export async function readObject(path, space, signal) {
  const object = await read(`objects/${encodeURIComponent(path)}`, { space }, signal);
  return { object, resource: await readResource(object.resource, space, signal) };
}

export function objectName({ path, fields }) {
  const names = NAME_FIELDS.map((name) => fields.find((field) => field.name === name)?.value);
  return names.find(Boolean) ?? keyOf(path);
}

export function ObjectPage({ query: { path = "" }, space }) {
  const result = useLoad((signal) => readObject(path, space, signal), [path, space, useLastWrite()]);
  const { data: resources } = useLoad((signal) => readResources(space, signal), [space]);
  const object = result.data?.object;
  const breadcrumbs = object ? [[shortPath(object.resource), link("objects", object.resource)]] : [];
  return html`
    <${Breadcrumbs} items=${[["Objects", link("objects")], ...breadcrumbs]} />
    <${Heading} title=${object ? objectName(object) : keyOf(path)} />
    <p class="muted"><code>${path}</code></p>
    <${Loaded} result=${result}>
      ${({ resource }) => html`
        <${Actions} object=${object} resource=${resource} space=${space} />
        <h2>Fields</h2>
        <${FieldTable} object=${object} resource=${resource} resources=${resources ?? []} />
        <${References} object=${object} />
        <${Below} object=${object} resources=${resources ?? []} />
        <h2>On the wire</h2>
        <${Wire} object=${object} space=${space} />`}
    <//>`;
}

// Returns the link to an object, or to the list if the path is that of one.
function pathLink(resources, path) {
  const resource = resourceOf(resources, path);
  if (!resource || !isListPath(resource, path)) return link("object", null, { path });
  const isNested = parameters(resource.path).length > 0;
  // The text selects the objects below one.
  return link("objects", resource.path, isNested ? { text: keyOf(parentPath(resource.path, path)) } : {});
}

function Actions({ object, resource, space }) {
  const [error, setError] = useState(null);
  const command = vendorRequest("DELETE", object.path, null, space);
  const remove = async () => {
    const name = objectName(object);
    if (
      !(await confirmed(
        `Delete ${name}?`,
        "The request is DELETE on its path, with all effects on other objects.",
        "Delete",
      ))
    )
      return;
    const origin = route.value;
    try {
      await sendVendor(command, space);
      showResult(`${name} is deleted.`);
      if (route.value === origin) navigate(link("objects", object.resource));
    } catch (failure) {
      setError(failure);
    }
  };
  return html`
    <div class="actions">
      ${resource.verbs.includes("update") && html`<a class="button" href=${link("edit", null, { path: object.path })}>Edit</a>`}
      <a class="button" href=${link("resource", object.resource)}>Fields and rules</a>
      ${
        resource.verbs.includes("delete") &&
        html`
        <button type="button" class="danger" onClick=${remove}>Delete</button>
        <${Curl} command=${command} of="for the deletion" />`
      }
    </div>
    <${ErrorNotice} error=${error} />`;
}

function FieldTable({ object, resource, resources }) {
  const targets = new Map(object.references.map(({ field, path }) => [field, path]));
  const facts = new Map(resource.fields.map((field) => [field.name, field]));
  return html`
    <${Table} label="Fields" columns=${["Field", "Value", "Rules and evidence"]} kind="top-aligned">
      ${object.fields.map(({ name, value, path }) => {
        const field = facts.get(name);
        const target = path ?? targets.get(name);
        return html`
          <tr key=${name}>
            <th scope="row">${name}</th>
            <td class="value">${target && target !== object.path ? html`<a href=${pathLink(resources, target)}>${value}</a>` : value}</td>
            <td>${field && html`<p>${nature(field)} <${Evidence} ...${field} /></p><${RuleList} rules=${field.rules} />`}</td>
          </tr>`;
      })}
    <//>`;
}

function References({ object: { references, referrers, referrers_total: total } }) {
  return html`
    <h2>This object refers to</h2>
    <${ReferenceList} references=${references} />
    <h2>Objects that refer to it${total > 0 && ` (${total.toLocaleString("en")})`}</h2>
    <${ReferenceList} references=${referrers} />
    ${total > referrers.length && html`<p class="muted">The first ${referrers.length} of them.</p>`}`;
}

function ReferenceList({ references }) {
  if (references.length === 0) return html`<p class="muted">None.</p>`;
  return html`
    <ul class="references">
      ${references.map(
        ({ field, path, name, resource }) => html`
          <li key=${field + path}><a href=${link("object", null, { path })}>${name || keyOf(path)}</a>
            <span class="muted"> ${resource && `${shortPath(resource)}, `}${field}</span></li>`,
      )}
    </ul>`;
}

// Links to the lists below this object, such as the devices of a user.
function Below({ object, resources }) {
  const children = resources.filter(({ parent }) => parent === object.resource);
  if (children.length === 0) return null;
  return html`
    <h2>Below this object</h2>
    <ul class="references">
      ${children.map(({ path, element, verbs }) => {
        const [, ending] = path.slice(object.resource.length + 1).split(/\/(.*)/);
        return html`
          <li key=${path}><a href=${pathLink(resources, `${object.path}/${ending}`)}>${ending}</a>${" "}
            ${verbs.includes("create") && html`<a href=${link("new", path, parameterValues(path, object.path))}>New ${element}</a>`}</li>`;
      })}
    </ul>`;
}

function Wire({ object, space }) {
  const [format, setFormat] = useState("XML");
  const toggle = (name) => html`<${Toggle} isPressed=${format === name} onClick=${() => setFormat(name)}>${name}<//>`;
  const accept = format === "XML" ? "application/xml" : "application/json";
  const command = { ...vendorRequest("GET", object.path, null, space), headers: [["Accept", accept]] };
  const lines = bodyLines(format === "XML" ? object.xml : object.json);
  return html`
    <div class="actions" role="group" aria-label="Format">
      ${toggle("XML")}${toggle("JSON")}<${Curl} command=${command} of="for the read" />
    </div>
    <${Code} label="The object in ${format}">${lines.map(({ text }) => text).join("\n")}<//>`;
}
