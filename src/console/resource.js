// The table of one resource: its verbs, its fields and their rules, with the evidence for each.
import { html, useEffect, useRef } from "./vendor/preact-htm.js";
import { brokenRules, nature, shortPath, useResource } from "./catalogue.js";
import { Breadcrumbs, Heading, Loaded, Table } from "./elements.js";
import { link } from "./route.js";

const MEANINGS = {
  documented: "The vendor's guide states or shows it.",
  captured: "Literal traffic of a real server shows it.",
  client: "A client that works with real servers relies on it.",
  inferred: "No source shows it: an educated guess.",
};

export function Provenance({ provenance }) {
  return html`<span class="provenance ${provenance}" title=${MEANINGS[provenance]}>${provenance}</span>`;
}

export function Evidence({ provenance, source }) {
  return html`<span class="evidence"><${Provenance} provenance=${provenance} />${source && ` ${source}`}</span>`;
}

// Lists the rules of a field, and marks those that a request broke.
export function RuleList({ rules, broken = [] }) {
  const text = (fact) => (broken.includes(fact) ? html`<mark>${fact.rule}</mark>` : fact.rule);
  return html`<ul class="rules">${rules.map((fact) => html`<li>${text(fact)} <${Evidence} ...${fact} /></li>`)}</ul>`;
}

// `query.field` is the field to highlight; `query.evidence` and `query.expected` are those of a refusal.
export function ResourcePage({ name, query, space }) {
  return html`
    <${Breadcrumbs} items=${[
      ["Objects", link("objects")],
      [shortPath(name), link("objects", name)],
    ]} />
    <${Heading} title="Fields and rules of ${shortPath(name)}" />
    <${Loaded} result=${useResource(name, space)}>${(resource) => html`<${ResourceFacts} resource=${resource} query=${query} />`}<//>`;
}

function ResourceFacts({ resource, query }) {
  const verbs = resource.requests.map(({ verb, ...evidence }) => ({ rule: verb, ...evidence }));
  return html`
    <p class="muted">
      Element <code>${resource.element}</code> in <code>${resource.list}</code>. Table: <code>${resource.file}</code>
    </p>
    <h2>Verbs</h2>
    <${RuleList} rules=${verbs} />
    <h2>Fields</h2>
    <${Table} label="Fields" columns=${["Field", "Kind", "Rules"]} kind="top-aligned">
      ${resource.fields.map(
        (field) => html`
          <${FieldRow} key=${field.name} field=${field} isMarked=${field.name === query.field} refusal=${query} />`,
      )}
    <//>`;
}

function FieldRow({ field, isMarked, refusal }) {
  const row = useRef(null);
  useEffect(() => {
    if (isMarked) row.current.scrollIntoView({ block: "center" });
  }, [isMarked]);
  return html`
    <tr ref=${row} class=${isMarked ? "marked" : ""} aria-current=${isMarked ? "true" : undefined}>
      <th scope="row">${isMarked ? html`<mark>${field.name}</mark>` : field.name}</th>
      <td>${nature(field)} <${Evidence} ...${field} /></td>
      <td>
        ${field.references && html`<p>Refers to <a href=${link("objects", field.references)}>${shortPath(field.references)}</a></p>`}
        <${RuleList} rules=${field.rules} broken=${isMarked ? brokenRules(field.rules, refusal) : []} />
      </td>
    </tr>`;
}
