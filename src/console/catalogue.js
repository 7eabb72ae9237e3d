// The resources of a space, and the rules of their fields.
import { read, useLoad } from "./api.js";
import { decode } from "./route.js";

// The descriptions change only with the resources of the space, so they are kept.
const descriptions = new Map();

export function readResources(space, signal) {
  return read("resources", { space }, signal).then(({ resources }) => resources);
}

// Returns the verbs and the fields of a resource, with their rules.
export async function readResource(path, space, signal) {
  const key = `${space} ${path}`;
  if (!descriptions.has(key)) {
    descriptions.set(key, await read(`resources/${encodeURIComponent(path)}`, { space }, signal));
  }
  return descriptions.get(key);
}

export function useResource(path, space) {
  return useLoad((signal) => readResource(path, space, signal), [path, space]);
}

// Returns the path of a resource without the names of its parameters, such as `users/…/mwis`.
export function shortPath(path) {
  return path.replaceAll(/\{[^}]*\}/g, "…");
}

export function parameters(path) {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
}

const segments = (path) =>
  path
    .replace(/^\/vmrest\//, "")
    .split("/")
    .filter(Boolean);

// Returns the resource that a request path belongs to, or null. Literal segments win over parameters.
export function resourceOf(resources, requestPath) {
  const found = segments(requestPath.replaceAll(/;[^/]*/g, ""));
  const candidates = resources.filter(({ path, single }) => {
    const template = segments(path);
    const hasLength = found.length === template.length || (!single && found.length === template.length + 1);
    return hasLength && template.every((segment, index) => segment.startsWith("{") || segment === found[index]);
  });
  const rank = ({ path }) => segments(path).length * 100 - parameters(path).length;
  return candidates.sort((left, right) => rank(right) - rank(left))[0] ?? null;
}

export function isListPath({ path, single }, requestPath) {
  return !single && segments(path).length === segments(requestPath).length;
}

// Returns the values of the parameters of a resource's path in a request path, by name.
export function parameterValues(resourcePath, requestPath) {
  const found = segments(requestPath);
  const pairs = segments(resourcePath).map((segment, index) => [segment, found[index]]);
  const isParameter = ([segment, value]) => segment.startsWith("{") && value !== undefined;
  return Object.fromEntries(
    pairs.filter(isParameter).map(([segment, value]) => [segment.slice(1, -1), decode(value)]),
  );
}

// Returns the path of the object above an object of a nested resource.
export function parentPath(resourcePath, objectPath) {
  const last = segments(resourcePath).findLastIndex((segment) => segment.startsWith("{"));
  return `/vmrest/${segments(objectPath)
    .slice(0, last + 1)
    .join("/")}`;
}

// Returns the key of an object, the last segment of its path.
export function keyOf(objectPath) {
  return decode(objectPath.slice(objectPath.lastIndexOf("/") + 1));
}

// A rule as the server describes it, such as "mandatory when ServerType is 1 or 4".
const RULE = /^(.*?)(?: (when|unless) (\S+) is (.*))?$/;
const MANDATORY = /^mandatory\b/;
const CHOICES = /^one of /;

// Returns `{ text, condition }`, where the condition is `{ field, values, isNegated }` or null.
function parseRule({ rule }) {
  const [, text, word, field, values] = RULE.exec(rule);
  return { text, condition: word ? { field, values: values.split(" or "), isNegated: word === "unless" } : null };
}

function rulesLike(pattern, { rules }) {
  return rules.map(parseRule).filter(({ text }) => pattern.test(text));
}

function holds({ condition }, values) {
  return condition === null || condition.values.includes(values[condition.field] ?? "") !== condition.isNegated;
}

// Returns whether a field is mandatory for an object with these values.
export function isMandatory(field, values) {
  return rulesLike(MANDATORY, field).some((rule) => holds(rule, values));
}

// Returns 0 for a field that is always mandatory, 1 for one that some objects need, and 2 for the others.
export function mandatoryRank(field) {
  const rules = rulesLike(MANDATORY, field);
  if (rules.some(({ condition }) => condition === null)) return 0;
  return rules.length > 0 ? 1 : 2;
}

// Returns the values that a field accepts for an object with these values; null if it accepts others.
export function choices(field, values) {
  if (field.kind === "boolean") return ["true", "false"];
  // Without the field of the condition, every choice is possible.
  const isPossible = (rule) => holds(rule, values) || !values[rule.condition.field];
  const accepted = rulesLike(CHOICES, field)
    .filter(isPossible)
    .flatMap(({ text }) => text.replace(CHOICES, "").split(", "));
  return accepted.length > 0 ? [...new Set(accepted)] : null;
}

// Returns the rules that a reason for a refusal is about: those with its evidence, such as "documented: guide, Page".
export function brokenRules(rules, { evidence, expected = "" }) {
  const cited = rules.filter(({ provenance, source }) => evidence === `${provenance}: ${source}`);
  const isAboutAbsence = expected.includes("mandatory");
  const exact = cited.filter(({ rule }) => MANDATORY.test(rule) === isAboutAbsence);
  return exact.length > 0 ? exact : cited;
}

const CREATE_ACCESS = ["read-write", "create", "secret", "write-only"];
const UPDATE_ACCESS = ["read-write", "secret", "write-only"];

export function acceptsCreate({ access, kind }) {
  return kind !== "link" && CREATE_ACCESS.includes(access);
}

export function acceptsUpdate({ access, kind }) {
  return kind !== "link" && UPDATE_ACCESS.includes(access);
}

export function isSecret({ access }) {
  return access === "secret" || access === "write-only";
}

const KIND_WORDS = { guid: "GUID", "date-time": "date and time", binary: "bytes" };

const ACCESS_WORDS = {
  "read-only": "read only",
  "read-write": "read and write",
  create: "set on create",
  secret: "written, reads back empty",
  "write-only": "written, never shown",
  internal: "internal",
};

// Describes the kind of a field and the requests that set it, such as "integer, read and write".
export function nature({ kind, access }) {
  return `${KIND_WORDS[kind] ?? kind}, ${ACCESS_WORDS[access] ?? access}`;
}
