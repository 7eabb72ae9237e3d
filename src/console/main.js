// The page: header, navigation, the current view, dialogs and notices.
import { html, render, useEffect, useErrorBoundary } from "./vendor/preact-htm.js";
import { connection, loadServer, readSpaces, reconnect, server, spacesVersion, useLoad } from "./api.js";
import { Coverage } from "./coverage.js";
import { ErrorNotice, Notices } from "./elements.js";
import { Faults } from "./faults.js";
import { followJournal, journal } from "./journal.js";
import { EditObject, NewObject } from "./object-form.js";
import { ObjectPage } from "./object.js";
import { Objects, Resources } from "./objects.js";
import { useObservable } from "./observable.js";
import { Question } from "./question.js";
import { RequestPage } from "./request.js";
import { Requests } from "./requests.js";
import { ResourcePage } from "./resource.js";
import { link, navigate, route } from "./route.js";
import { ServerPage } from "./server.js";
import { Compare, Snapshots } from "./snapshots.js";

// The views by the first segment of the fragment: one without a name in the fragment, and one with a name.
const VIEWS = {
  objects: [Resources, Objects],
  object: [ObjectPage],
  new: [Resources, NewObject],
  edit: [EditObject],
  resource: [Resources, ResourcePage],
  requests: [Requests, RequestPage],
  compare: [Compare],
  faults: [Faults],
  snapshots: [Snapshots],
  coverage: [Coverage],
  server: [ServerPage],
};

function App() {
  const current = useObservable(route);
  const { state } = useObservable(connection);
  useEffect(() => followJournal(current.space), [current.space]);
  useEffect(() => {
    // Another version may run after a restart.
    if (state !== "denied") loadServer();
  }, [state]);
  const skip = (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  };
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to content</a>
    <${Header} space=${current.space} />
    <div class="columns">
      <${Navigation} view=${current.view} />
      <main id="main" tabindex="-1"><${View} ...${current} /></main>
    </div>
    <${Notices} />
    <${Question} />`;
}

// True for the views whose parameter `path` is that of an object.
function isOfObject(view) {
  return view === "object" || view === "edit";
}

function View({ view, name, query, space }) {
  const { state, reason } = useObservable(connection);
  const isKnown = useObservable(server) !== null;
  if (state === "denied") return html`<${ErrorNotice} error=${{ message: reason }} onRetry=${reconnect} />`;
  // The forms depend on the emulated release and the sign-in of the server.
  if (!isKnown) return html`<p class="muted">Loading…</p>`;
  const [First, Second] = VIEWS[view] ?? VIEWS.objects;
  const Current = (name !== null && Second) || First;
  // Another view or object starts from the beginning; other parameters do not.
  const key = [view, name, isOfObject(view) && query.path, space].join(" ");
  return html`<${Boundary} key=${key}><${Current} name=${name} query=${query} space=${space} /><//>`;
}

// Keeps a failure of one view from the others.
function Boundary({ children }) {
  const [error, retry] = useErrorBoundary();
  return error ? html`<${ErrorNotice} error=${error} onRetry=${retry} />` : children;
}

const STATES = {
  connecting: "Connecting…",
  connected: "Connected",
  disconnected: "No connection",
  denied: "No access",
};

function Header({ space }) {
  const { state } = useObservable(connection);
  const information = useObservable(server);
  return html`
    <header class="top">
      <p class="product">
        <a href=${link("objects")}>cuc-mock</a>
        ${information && html` <span class="muted">${information.version}, release ${information.cuc_version}</span>`}
      </p>
      <${SpaceSelector} space=${space} state=${state} />
      <p class="connection ${state}" role="status"><span class="dot" aria-hidden="true"></span>${STATES[state]}</p>
    </header>`;
}

function SpaceSelector({ space, state }) {
  const version = useObservable(spacesVersion);
  const load = async (signal) => (state === "connected" ? readSpaces(signal) : []);
  const { data } = useLoad(load, [version, space, state]);
  const names = (data ?? []).map(({ name }) => name);
  // A link may name a space that no longer exists.
  const shown = names.includes(space) ? names : [...names, space];
  return html`
    <div class="space">
      <label for="space">Space</label>
      <select id="space" value=${space} onChange=${(event) => selectSpace(event.target.value)}>
        ${shown.map((name) => html`<option key=${name} value=${name} selected=${name === space}>${name}</option>`)}
      </select>
    </div>`;
}

// The views of one thing lead to the list, because the other space need not have the thing.
const LISTS = { object: "objects", edit: "objects", requests: "requests" };

function selectSpace(space) {
  const { view, name, query } = route.value;
  navigate(view in LISTS ? link(LISTS[view], null, { space }) : link(view, name, { ...query, space }));
}

const ITEMS = {
  objects: "Objects",
  requests: "Requests",
  compare: "Compare",
  faults: "Faults",
  snapshots: "Snapshots",
  coverage: "Coverage",
  server: "Server",
};

function Navigation({ view }) {
  const { requests } = useObservable(journal);
  const refused = requests.filter(({ reason, fault }) => reason && fault === null).length;
  // The views of one object belong to the objects.
  const current = view in ITEMS ? view : "objects";
  return html`
    <nav class="views" aria-label="Views">
      <ul>
        ${Object.entries(ITEMS).map(
          ([item, text]) => html`
            <li key=${item}>
              <a href=${link(item)} aria-current=${item === current ? "page" : undefined}>
                ${text}${item === "requests" && refused > 0 && html` <span class="count">${refused} refused</span>`}
              </a>
            </li>`,
        )}
      </ul>
    </nav>`;
}

const root = document.getElementById("console");
root.replaceChildren();
render(html`<${App} />`, root);
