// Bodies in XML and JSON: writing an object, and reading documents without ever making them part of the page.
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function escaped(text) {
  return text.replaceAll(/[&<>]/g, (character) => ESCAPES[character]);
}

// Returns an object with one element for each field, as `[name, value]`.
export function objectXml(element, fields, indent = "") {
  const lines = fields.map(([name, value]) => `${indent}  <${name}>${escaped(value)}</${name}>`);
  return [`${indent}<${element}>`, ...lines, `${indent}</${element}>`].join("\n");
}

// Returns the root element of a document, or null if it is no XML.
export function parseXml(text) {
  const parsed = new DOMParser().parseFromString(text, "application/xml");
  return parsed.querySelector("parsererror") ? null : parsed.documentElement;
}

// Returns an object or a list in JSON, or null if it is none.
function parseJson(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

// Returns the lines of a body, indented: `{ text, name }`, with the name of the field in each.
export function bodyLines(body) {
  const json = parseJson(body);
  if (json) return jsonLines(json);
  const root = parseXml(body);
  if (!root || [root, ...root.querySelectorAll("*")].some(isMixed))
    return body.split("\n").map((text) => ({ text, name: null }));
  const declaration = /^<\?xml[^>]*\?>/.exec(body);
  return [...(declaration ? [{ text: declaration[0], name: null }] : []), ...xmlLines(root)];
}

// True for an element with text beside its children, which the lines would lack.
function isMixed({ children, childNodes }) {
  return children.length > 0 && [...childNodes].some((node) => [3, 4].includes(node.nodeType) && node.data.trim() !== "");
}

function jsonLines(json) {
  const lines = JSON.stringify(json, null, 2).split("\n");
  return lines.map((text) => ({ text, name: /^\s*"([^"]*)":/.exec(text)?.[1] ?? null }));
}

function xmlLines(element, depth = 0) {
  const indent = "  ".repeat(depth);
  const name = element.tagName;
  const attributes = [...element.attributes].map((attribute) => ` ${attribute.name}="${escaped(attribute.value)}"`);
  const start = `${indent}<${name}${attributes.join("")}`;
  const children = [...element.children];
  if (children.length > 0) {
    const inner = children.flatMap((child) => xmlLines(child, depth + 1));
    return [{ text: `${start}>`, name }, ...inner, { text: `${indent}</${name}>`, name: null }];
  }
  const content = element.textContent;
  return [{ text: content === "" ? `${start}/>` : `${start}>${escaped(content)}</${name}>`, name }];
}

// Returns the fields of the object in a body as `[name, value]`, or null if it has none.
export function bodyFields({ body, body_encoding: encoding }) {
  if (!body || encoding !== "text") return null;
  const json = parseJson(body);
  if (json) return Array.isArray(json) ? null : jsonFields(json);
  const root = parseXml(body);
  return root && leafFields(root);
}

function jsonFields(json) {
  const isLeaf = ([, value]) => value !== null && typeof value !== "object";
  return Object.entries(json)
    .filter(isLeaf)
    .map(([name, value]) => [name, String(value)]);
}

function leafFields(element) {
  const [only, second] = element.children;
  // A list with one object, which the server accepts, too.
  if (only?.children.length > 0 && !second) return leafFields(only);
  const leaves = [...element.children].filter((child) => child.children.length === 0);
  return leaves.map((child) => [child.tagName, child.textContent]);
}
