// The form for a new object, and for the changes of an existing one. Both send XML to the vendor's API.
import { html, useEffect, useMemo, useRef, useState } from "./vendor/preact-htm.js";
import { read, useLoad } from "./api.js";
import {
  acceptsCreate,
  acceptsUpdate,
  choices,
  isMandatory,
  isSecret,
  keyOf,
  mandatoryRank,
  parameters,
  shortPath,
  useResource,
} from "./catalogue.js";
import { Breadcrumbs, Curl, ErrorNotice, Heading, Loaded, showResult } from "./elements.js";
import { objectName, readObject } from "./object.js";
import { RuleList } from "./resource.js";
import { link, navigate, route } from "./route.js";
import { sendVendor, vendorRequest } from "./vendor.js";
import { objectXml } from "./xml.js";

// Takes the place of a secret in the command that the page shows.
const HIDDEN_SECRET = "SECRET";
// A longer list of optional fields is folded.
const UNFOLDED_FIELDS = 8;
const SUGGESTIONS = 50;

const inputId = (name) => `field-${name}`;

export function NewObject({ name, query, space }) {
  const result = useResource(name, space);
  return html`
    <${Breadcrumbs} items=${[
      ["Objects", link("objects")],
      [shortPath(name), link("objects", name)],
    ]} />
    <${Heading} title="New ${result.data?.element ?? "object"}" />
    <${Loaded} result=${result}>${(resource) => html`<${CreateForm} resource=${resource} query=${query} space=${space} />`}<//>`;
}

function CreateForm({ resource, query, space }) {
  const names = parameters(resource.path);
  const [place, setPlace] = useState(Object.fromEntries(names.map((name) => [name, query[name] ?? ""])));
  const [search, setSearch] = useState("");
  const [template] = resource.templates;
  const path = resource.path.replaceAll(/\{([^}]*)\}/g, (_, name) => encodeURIComponent(place[name]));
  const address = `/vmrest/${path}${search && `?${search.replace(/^\?/, "")}`}`;
  const request = (sent) => vendorRequest("POST", address, objectXml(resource.element, sent), space);
  const finish = ({ path: created }) => {
    showResult(`${resource.element} is created.`);
    navigate(created ? link("object", null, { path: created }) : link("objects", resource.path));
  };
  const queryString = html`
    <details class="optional">
      <summary>Query string</summary>
      <${PlainInput} name="Parameters" value=${search} onInput=${setSearch} hint="The parameters of the request, such as a=b&c=d" />
    </details>`;
  return html`
    <${ObjectForm} resource=${resource} request=${request} finish=${finish} space=${space} footer=${queryString}>
      ${names.map(
        (name) => html`
          <${PlainInput} key=${name} name=${name} value=${place[name]} required hint="A part of the path: ${shortPath(resource.path)}"
            onInput=${(value) => setPlace({ ...place, [name]: value })} />`,
      )}
      ${template && html`<${TemplateChoice} template=${template} space=${space} onInput=${setSearch} />`}
    <//>`;
}

// The object that a new one is copied from.
function TemplateChoice({ template: { parameter, resource, field }, space, onInput }) {
  const { data } = useLoad((signal) => read("objects", { resource, rows: SUGGESTIONS, space }, signal), [resource, space]);
  const id = inputId(parameter);
  const column = data?.columns.indexOf(field);
  const names = (data?.objects ?? []).map(({ values, path }) => values[column] ?? keyOf(path));
  const choose = (value) => onInput(value && `${parameter}=${encodeURIComponent(value)}`);
  return html`
    <div class="field">
      <label for=${id}>${parameter} <strong class="mandatory">mandatory</strong></label>
      <select id=${id} required onChange=${(event) => choose(event.target.value)}>
        <option value="">(none)</option>
        ${names.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
      </select>
      <p class="hint">A parameter: the ${field} of an object of ${shortPath(resource)}, which is copied.</p>
    </div>`;
}

function PlainInput({ name, hint, onInput, ...properties }) {
  const id = inputId(name);
  return html`
    <div class="field">
      <label for=${id}>${name}${properties.required && html` <strong class="mandatory">mandatory</strong>`}</label>
      <input id=${id} ...${properties} aria-describedby="${id}-hint" onInput=${(event) => onInput(event.target.value)} />
      <p id="${id}-hint" class="hint">${hint}</p>
    </div>`;
}

export function EditObject({ query: { path = "" }, space }) {
  const result = useLoad((signal) => readObject(path, space, signal), [path, space]);
  const title = result.data ? objectName(result.data.object) : keyOf(path);
  return html`
    <${Breadcrumbs} items=${[
      ["Objects", link("objects")],
      [title, link("object", null, { path })],
    ]} />
    <${Heading} title="Edit ${title}" />
    <${Loaded} result=${result}>${(data) => html`<${UpdateForm} ...${data} space=${space} />`}<//>`;
}

function UpdateForm({ object, resource, space }) {
  const initial = useMemo(() => Object.fromEntries(object.fields.map(({ name, value }) => [name, value])), [object]);
  const request = (sent) => vendorRequest("PUT", object.path, objectXml(resource.element, sent), space);
  const finish = () => {
    showResult("The changes are saved.");
    navigate(link("object", null, { path: object.path }));
  };
  return html`
    <p class="muted">The request contains only the fields that you change.</p>
    <${ObjectForm} resource=${resource} initial=${initial} request=${request} finish=${finish} space=${space} />`;
}

// `initial` are the values of an existing object. `request` describes the request with the sent fields; `finish` gets
// the response.
function ObjectForm({ resource, initial = null, request, finish, space, children, footer }) {
  const form = useRef(null);
  const [changes, setChanges] = useState({});
  const sent = sentFields(resource, initial ?? {}, changes);
  const { refusal, isSending, submit } = useSubmission(async () => {
    const origin = route.value;
    const response = await sendVendor(request(sent), space);
    // The user may have left in the meantime.
    if (route.value === origin) finish(response);
    else showResult("The request succeeded.");
  });
  const groups = useMemo(
    () => fieldGroups(resource.fields.filter(initial ? acceptsUpdate : acceptsCreate)),
    [resource],
  );
  useEffect(() => {
    if (refusal) focusRefusal(form.current, refusal);
  }, [refusal]);
  const values = { ...initial, ...changes };
  const input = (field) => html`
    <${FieldInput} key=${field.name} field=${field} isUpdate=${initial !== null} values=${values} space=${space}
      refusal=${refusal?.field === field.name ? refusal : null}
      onInput=${(value) => setChanges((earlier) => ({ ...earlier, [field.name]: value }))} />`;
  const isNamed = groups.flat().some(({ name }) => name === refusal?.field);
  const [first, optional] = groups;
  return html`
    <form ref=${form} class="object" onSubmit=${submit}>
      ${
        refusal &&
        !isNamed &&
        html`
        <div tabindex="-1" class="refusal"><${ErrorNotice} error=${refusal} /><${RequestLink} number=${refusal.number} /></div>`
      }
      ${children}
      ${first.map(input)}
      ${
        optional.length > 0 &&
        html`
        <details class="optional" open=${optional.length <= UNFOLDED_FIELDS}>
          <summary>Optional fields (${optional.length})</summary>
          ${optional.map(input)}
        </details>`
      }
      ${footer}
      <div class="actions">
        <button type="submit" class="primary" disabled=${isSending}>${initial ? "Save changes" : "Create"}</button>
        <${Curl} command=${request(hiddenSecrets(resource, sent))} of="for the request" />
      </div>
    </form>`;
}

function useSubmission(send) {
  const [refusal, setRefusal] = useState(null);
  const [isSending, setSending] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    setSending(true);
    setRefusal(null);
    try {
      await send();
    } catch (error) {
      setRefusal(error);
      setSending(false);
    }
  };
  return { refusal, isSending, submit };
}

// Returns the fields that some object must have, and the others.
function fieldGroups(fields) {
  const ofRank = (rank) => fields.filter((field) => mandatoryRank(field) === rank);
  return [[...ofRank(0), ...ofRank(1)], ofRank(2)];
}

// Returns the changed fields in the order of the resource, as `[name, value]`.
function sentFields({ fields }, initial, changes) {
  const isChanged = ({ name }) => name in changes && changes[name] !== (initial[name] ?? "");
  return fields.filter(isChanged).map(({ name }) => [name, changes[name]]);
}

function hiddenSecrets({ fields }, sent) {
  const secrets = new Set(fields.filter(isSecret).map(({ name }) => name));
  return sent.map(([name, value]) => [name, secrets.has(name) && value ? HIDDEN_SECRET : value]);
}

function focusRefusal(form, { field }) {
  const input = field && form.querySelector(`#${CSS.escape(inputId(field))}`);
  const target = input || form.querySelector(".refusal");
  // A closed group hides its inputs.
  target?.closest("details")?.setAttribute("open", "");
  target?.focus();
}

function RequestLink({ number }) {
  return number && html`<a href=${link("requests", number)}>Request ${number} shows the rule</a>`;
}

// One field with its rules beside it. `values` are those of all fields, because rules depend on them; `refusal` is the
// refusal that names this field.
function FieldInput({ field, isUpdate, values, space, refusal, onInput }) {
  const id = inputId(field.name);
  const isKept = isUpdate && isSecret(field);
  const value = values[field.name] ?? "";
  const properties = {
    id,
    value,
    "aria-describedby": `${id}-refusal ${id}-rules`,
    "aria-invalid": refusal ? "true" : undefined,
  };
  const offered = choices(field, values);
  return html`
    <div class="field ${refusal ? "refused" : ""}">
      <label for=${id}>
        ${field.name}${!isKept && isMandatory(field, values) && html` <strong class="mandatory">mandatory</strong>`}
      </label>
      ${
        offered
          ? html`<${Choice} properties=${properties} offered=${offered} onInput=${onInput} />`
          : html`<${Entry} field=${field} properties=${properties} space=${space} onInput=${onInput} />`
      }
      <div id="${id}-refusal">
        ${
          refusal &&
          html`
          <p class="refusal-text"><strong>Refused:</strong> ${refusal.message} <${RequestLink} number=${refusal.number} /></p>`
        }
      </div>
      <div id="${id}-rules" class="hint">
        ${isKept && html`<p>Without a new value, the current one remains.</p>`}
        <${RuleList} rules=${field.rules} />
      </div>
    </div>`;
}

function Choice({ properties, offered, onInput }) {
  const { value } = properties;
  const options = value === "" || offered.includes(value) ? offered : [value, ...offered];
  return html`
    <select ...${properties} onChange=${(event) => onInput(event.target.value)}>
      <option value="">(none)</option>
      ${options.map((option) => html`<option key=${option} value=${option} selected=${option === value}>${option}</option>`)}
    </select>`;
}

// A reference suggests the keys of some objects.
function Entry({ field, properties, space, onInput }) {
  const [suggestions, setSuggestions] = useState(null);
  const listId = `${properties.id}-objects`;
  const suggest = async () => {
    if (!field.references || suggestions) return;
    const { objects } = await read("objects", { resource: field.references, rows: SUGGESTIONS, space }).catch(() => ({
      objects: [],
    }));
    setSuggestions(
      objects.map(({ path, values }) => html`<option key=${path} value=${keyOf(path)}>${values[0]}</option>`),
    );
  };
  return html`
    <input ...${properties} type=${isSecret(field) ? "password" : "text"} inputmode=${field.kind === "integer" ? "numeric" : undefined}
      autocomplete=${isSecret(field) ? "new-password" : "off"} list=${suggestions ? listId : undefined}
      onFocus=${suggest} onInput=${(event) => onInput(event.target.value)} />
    ${suggestions && html`<datalist id=${listId}>${suggestions}</datalist>`}`;
}
