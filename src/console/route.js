// The view is in the fragment of the address, such as `#/objects/tenants?page=2`, so that back, reload and shared
// links work. The space is one of its parameters; every link keeps it.
import { createObservable } from "./observable.js";

export const DEFAULT_SPACE = "default";
const FIRST_VIEW = "objects";

// The current route: `{ view, name, query, space }`.
export const route = createObservable(parseRoute(location.hash));

window.addEventListener("hashchange", () => {
  // Other fragments, such as that of the skip link, are no views.
  if (location.hash === "" || location.hash.startsWith("#/")) route.set(parseRoute(location.hash));
});

function parseRoute(fragment) {
  const [path, parameters = ""] = fragment.replace(/^#\/?/, "").split("?", 2);
  const [view, name = null] = path.split("/", 2);
  const { space = DEFAULT_SPACE, ...query } = Object.fromEntries(new URLSearchParams(parameters));
  return { view: view || FIRST_VIEW, name: name === null ? null : decode(name), query, space };
}

// Decodes a segment of a path; one that is malformed remains as it is.
export function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Returns a query string with its question mark. Parameters without a value are left out, as is the default space.
export function queryString(query) {
  const isGiven = ([name, value]) =>
    value !== null && value !== undefined && value !== "" && !(name === "space" && value === DEFAULT_SPACE);
  const text = new URLSearchParams(Object.entries(query).filter(isGiven)).toString();
  return text && `?${text}`;
}

// Returns the link to a view in the current space, or in the space of the query.
export function link(view, name = null, query = {}) {
  const path = name === null ? view : `${view}/${encodeURIComponent(name)}`;
  return `#/${path}${queryString({ space: route.value.space, ...query })}`;
}

export function navigate(target) {
  location.hash = target;
}

// Changes parameters of the current view without a new entry in the browser's history.
export function replaceQuery(changes) {
  const { view, name, query } = route.value;
  const target = link(view, name, { ...query, ...changes });
  history.replaceState(null, "", target);
  route.set(parseRoute(target));
}
