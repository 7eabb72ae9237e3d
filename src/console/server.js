// The server: reset, reload, clock, spaces, seed and sign-in.
import { html, useState } from "./vendor/preact-htm.js";
import { controlCommand, curlText, read, readSpaces, server, session, spacesVersion, useLoad } from "./api.js";
import { shortPath } from "./catalogue.js";
import { Action, CopyableText, Heading, Inputs, Loaded, TextInput, showResult } from "./elements.js";
import { restartJournal } from "./journal.js";
import { useObservable } from "./observable.js";
import { DEFAULT_SPACE, link, navigate } from "./route.js";
import { needsCredentials, vendorRequest } from "./vendor.js";

export function ServerPage({ space }) {
  const spaces = useLoad(readSpaces, [useObservable(spacesVersion)]);
  return html`
    <${Heading} title="Server" />
    <h2>Reset</h2>
    <p>
      Restores the seed, empties the journal, ends all faults, and restarts the clock and everything random. Snapshots
      and coverage remain.
    </p>
    <${Action} command=${controlCommand("POST", "reset", { space })} label="Reset" result="The space ${space} is in its initial state."
      question="All changes of the space ${space} are lost." onDone=${restartJournal} />
    <h2>Reload</h2>
    <${Reload} />
    <h2>Clock</h2>
    <${Clock} space=${space} />
    <h2>Spaces</h2>
    <p>A space has its own objects, journal, faults, clock and snapshots. The user name of a client selects it.</p>
    <${Loaded} result=${spaces}>
      ${(list) => html`
        <ul class="cards">${list.map(({ name }) => html`<${SpaceCard} key=${name} name=${name} isCurrent=${name === space} />`)}</ul>
        <${NewSpace} />
        <h2>Seed</h2>
        <${Seed} seed=${list.find(({ name }) => name === space)?.seed} />`}
    <//>
    <h2>Sign-in</h2>
    <${SignIn} space=${space} />`;
}

function Reload() {
  const [changes, setChanges] = useState(null);
  const done = (response) => {
    setChanges(response.changes);
    restartJournal();
  };
  return html`
    <p>Loads the fixtures again, and resets every space to them.</p>
    <${Action} command=${controlCommand("POST", "reload")} label="Reload" result="The fixtures are in use."
      question="All changes of all spaces are lost." onDone=${done} />
    ${changes?.length === 0 && html`<p class="muted">The fixtures have not changed.</p>`}
    <ul>
      ${changes?.map(
        ({ resource, added, changed, removed }) => html`
          <li key=${resource}>${shortPath(resource)}: ${added} added, ${changed} changed, ${removed} removed</li>`,
      )}
    </ul>`;
}

const MODES = { real: "real", offset: "running from a time that was set", frozen: "frozen" };

function Clock({ space }) {
  const result = useLoad((signal) => read("clock", { space }, signal), [space]);
  const { reload } = result;
  return html`
    <${Loaded} result=${result}>
      ${({ mode, time }) => html`
        <p>The clock is ${MODES[mode]}: <code>${time}</code> <button type="button" onClick=${reload}>Read again</button></p>
        <${ClockForm} key=${mode} now=${time} space=${space} reload=${reload} />`}
    <//>`;
}

function ClockForm({ now, space, reload }) {
  const [time, setTime] = useState(now.replace(/\.\d+/, ""));
  const [seconds, setSeconds] = useState("3600");
  const set = (label, body) => html`
    <${Action} command=${controlCommand("PUT", "clock", { space }, body)} label=${label} result="The clock is set." onDone=${reload} />`;
  const advance = controlCommand("POST", "clock/advance", { space }, { seconds: Number(seconds) });
  return html`
    <${Inputs}>
      <${TextInput} label="Time (RFC 3339)" value=${time} onInput=${setTime} />
      <${TextInput} label="Seconds" type="number" step="any" value=${seconds} onInput=${setSeconds} />
    <//>
    <div class="controls">
      ${set("Freeze at the time", { mode: "frozen", time })}
      ${set("Freeze now", { mode: "frozen" })}
      ${set("Run from the time", { mode: "offset", time })}
      <${Action} command=${advance} label="Advance by ${seconds || 0} seconds" result="The clock is advanced." onDone=${reload} />
      ${set("Use the real time", { mode: "real" })}
    </div>`;
}

function changeSpaces() {
  spacesVersion.set(spacesVersion.value + 1);
}

function SpaceCard({ name, isCurrent }) {
  const done = () => {
    changeSpaces();
    if (isCurrent) navigate(link("server", null, { space: DEFAULT_SPACE }));
  };
  return html`
    <li>
      <h3>${isCurrent ? `${name} (selected)` : html`<a href=${link("objects", null, { space: name })}>${name}</a>`}</h3>
      ${
        name !== DEFAULT_SPACE &&
        html`<${Action} command=${controlCommand("DELETE", `spaces/${encodeURIComponent(name)}`)} label="Delete ${name}"
          result="Space ${name} is deleted." question="All objects, requests, faults and snapshots of the space are lost." onDone=${done} />`
      }
    </li>`;
}

function NewSpace() {
  const [name, setName] = useState("");
  const done = () => {
    setName("");
    changeSpaces();
  };
  return html`
    <${Inputs}><${TextInput} label="Name of a new space" value=${name} maxlength="256" onInput=${setName} /><//>
    <${Action} command=${controlCommand("POST", "spaces", {}, { name })} label="Create the space" result="Space ${name} is created."
      isDisabled=${name === ""} onDone=${done} />`;
}

function Seed({ seed }) {
  return html`
    <p>
      Ids, cookies, delays and probabilities of the space follow from the seed <code>${seed}</code>. The same seed and
      the same requests give the same run.
    </p>
    <${CopyableText} text="cuc-mock --seed ${seed}" label="Copy command" name="The command" />`;
}

const SIGN_IN = {
  none: "Clients need no credentials.",
  any: "The server accepts any user name and password.",
  users: "The server accepts the users of --user.",
  store: "The server accepts the users of its store, each with its own password, and the users of --user.",
};

// Sign-in as the vendor's API sees it.
function SignIn({ space }) {
  const { sign_in: signIn, spaces } = useObservable(server);
  const command = vendorRequest("GET", "/vmrest/externalservices", null, space);
  return html`
    <p>${SIGN_IN[signIn] ?? signIn}</p>
    <p>${spaceRule(spaces, space)}</p>
    <p>A client sends Basic with each request, or once, and then the cookies of the response. This request shows it:</p>
    <${CopyableText} text=${curlText(command)} label="Copy as curl" name="The curl command" />
    ${needsCredentials() && html`<${Credentials} key=${space} space=${space} />`}`;
}

function spaceRule(spaces, space) {
  if (spaces === "auto") return "Each user name has a space, which its first request creates.";
  if (space === DEFAULT_SPACE)
    return "A user whose name is that of a space works in that space, and all others in the space default.";
  return `The user ${space} works in this space.`;
}

// The credentials of the console itself.
function Credentials({ space }) {
  const [name, setName] = useState(session.credentials(space)?.name ?? null);
  const end = () => {
    session.deleteCredentials(space);
    setName(null);
    showResult("The console is signed out.");
  };
  if (name === null) return html`<p>The console asks for credentials when you create, edit or delete an object.</p>`;
  return html`<p>The console is signed in as ${name}. <button type="button" onClick=${end}>Sign out</button></p>`;
}
