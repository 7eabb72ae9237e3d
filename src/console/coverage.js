// The coverage of the API as a map of resources and verbs.
import { html } from "./vendor/preact-htm.js";
import { controlCommand, read, useLoad } from "./api.js";
import { readResources, shortPath } from "./catalogue.js";
import { Action, Curl, Empty, Heading, Loaded, Table, Toggle } from "./elements.js";
import { useLastRequest } from "./journal.js";
import { link, replaceQuery } from "./route.js";

const VERBS = ["list", "read", "create", "update", "delete"];

export function Coverage({ query, space }) {
  const load = (signal) => Promise.all([read("coverage", { space }, signal), readResources(space, signal)]);
  const result = useLoad(load, [space, useLastRequest()]);
  const reset = controlCommand("DELETE", "coverage", { space });
  return html`
    <${Heading} title="Coverage" />
    <${Loaded} result=${result}>
      ${([coverage, resources]) => html`
        <${CoverageMap} coverage=${coverage} resources=${resources} shown=${query.show} space=${space} />
        <${InferredResponses} responses=${coverage.inferred} omitted=${coverage.inferred_omitted} />
        <h2>Start again</h2>
        <${Action} command=${reset} label="Reset the coverage" result="The coverage is reset."
          question="Every part of the API counts as never used again." onDone=${result.reload} />`}
    <//>`;
}

function CoverageMap({ coverage, resources, shown = "", space }) {
  const { percent, touched, offered } = coverage;
  const toggle = (show, text) =>
    html`<${Toggle} isPressed=${shown === show} onClick=${() => replaceQuery({ show })}>${text}<//>`;
  const rows = coverageRows(coverage, resources, shown);
  return html`
    <p>
      Requests have used ${percent} % of the API:${" "}
      ${touched.toLocaleString("en")} of ${offered.toLocaleString("en")} verbs, statuses and fields.
    </p>
    <div class="actions" role="group" aria-label="Resources to show">
      ${toggle("", "All resources")}${toggle("used", "Used")}${toggle("unused", "Never used")}
      <${Curl} command=${controlCommand("GET", "coverage", { space })} of="for the coverage" />
    </div>
    ${
      rows.length === 0
        ? html`<${Empty} title="No resource matches."><p>Select another kind of resource above, or send requests.</p><//>`
        : html`<${Table} label="Resources and verbs" columns=${["Resource", ...VERBS, "Fields set"]}>${rows.map(verbRow)}<//>`
    }`;
}

// Returns the resources to show, with the verbs that each offers.
function coverageRows({ resources: covered }, resources, shown) {
  const offered = new Map(resources.map(({ path, verbs }) => [path, verbs]));
  const isShown = ({ verbs }) => shown === "" || (shown === "used") === verbs.touched > 0;
  return covered.filter(isShown).map((row) => ({ ...row, offered: offered.get(row.resource) ?? [] }));
}

function verbRow({ resource, offered, verbs, written }) {
  return html`
    <tr key=${resource}>
      <th scope="row"><a href=${link("resource", resource)}>${shortPath(resource)}</a></th>
      ${VERBS.map((verb) => verbCell(verb, offered.includes(verb), !verbs.untouched.includes(verb)))}
      <td>${written.offered > 0 && `${written.touched} of ${written.offered}`}</td>
    </tr>`;
}

function verbCell(verb, isOffered, isUsed) {
  if (!isOffered)
    return html`
      <td key=${verb} class="muted"><span aria-hidden="true">–</span><span class="visually-hidden">not offered</span></td>`;
  return html`<td key=${verb} class=${isUsed ? "used" : "unused"}>${isUsed ? "✓ used" : "never"}</td>`;
}

function InferredResponses({ responses, omitted }) {
  if (responses.length === 0) return null;
  return html`
    <h2>Responses that rely on inferred facts</h2>
    <ul class="references">
      ${responses.map(
        ({ space, number, method, path, status, rule, count }) => html`
          <li key=${`${space} ${number}`}><a href=${link("requests", number, { space })}>${method} ${path}, ${status}</a>
            ${count > 1 && ` (${count} times)`}<br /><span class="muted">${rule}</span></li>`,
      )}
    </ul>
    ${omitted > 0 && html`<p class="muted">${omitted} more requests.</p>`}`;
}
