// The parts that several views share.
import { html, useEffect, useRef, useState } from "./vendor/preact-htm.js";
import { curlText, send } from "./api.js";
import { createObservable, useObservable } from "./observable.js";
import { confirmed } from "./question.js";

let isFirstView = true;

// The heading of a view. It takes the focus after navigation, so that a keyboard and a screen reader start there.
export function Heading({ title }) {
  const heading = useRef(null);
  useEffect(() => {
    document.title = `${title} – cuc-mock`;
  }, [title]);
  useEffect(() => {
    // After the start of the page, the focus is where the browser puts it.
    if (!isFirstView && document.activeElement?.id !== "space") {
      heading.current.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    isFirstView = false;
  }, []);
  return html`<h1 ref=${heading} tabindex="-1">${title}</h1>`;
}

// The views above this one, as links: `[text, href]` each.
export function Breadcrumbs({ items }) {
  return html`
    <nav aria-label="Breadcrumbs" class="breadcrumbs">
      <ol>${items.map(([text, href]) => html`<li key=${href}><a href=${href}>${text}</a></li>`)}</ol>
    </nav>`;
}

const RESULT_MS = 8000;
const announcement = createObservable("");
const result = createObservable("");

// Has a screen reader read a text.
export const announce = announcement.set;

// Shows the result of an action, which a screen reader reads too.
export const showResult = result.set;

// The place of announcements and results in the page.
export function Notices() {
  const text = useObservable(result);
  useEffect(() => {
    const timer = setTimeout(() => result.set(""), RESULT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return html`
    <div role="status" class="visually-hidden">${useObservable(announcement)}</div>
    <div role="status" class="result">${text && html`<p>${text}</p>`}</div>`;
}

export function ErrorNotice({ error, onRetry = null }) {
  if (!error) return null;
  return html`
    <div role="alert" class="notice error">
      <p>${error.message}</p>
      ${error.mistakes?.length > 0 && html`<ul>${error.mistakes.map((mistake) => html`<li>${place(mistake)}</li>`)}</ul>`}
      ${onRetry && html`<button type="button" onClick=${onRetry}>Try again</button>`}
    </div>`;
}

function place({ path, line, column, message }) {
  return [path, line, column].filter((part) => part != null).join(":") + `: ${message}`;
}

// A view without content, with the next step.
export function Empty({ title, children }) {
  return html`<div class="empty"><p><strong>${title}</strong></p>${children}</div>`;
}

// What a view shows of a result of `useLoad`: the error, and the data or the wait for them.
export function Loaded({ result: { data, error, isLoading, reload }, children }) {
  return html`
    <div>
      <${ErrorNotice} error=${error} onRetry=${reload} />
      ${data ? children(data) : html`<p class="muted">${isLoading && "Loading…"}</p>`}
    </div>`;
}

// A table that scrolls in itself on a narrow screen. A column is a text, or an element.
export function Table({ label, columns, kind = "", children }) {
  const header = (column) => (typeof column === "string" ? html`<th scope="col" key=${column}>${column}</th>` : column);
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label=${label}>
      <table class=${kind}>
        <thead><tr>${columns.filter(Boolean).map(header)}</tr></thead>
        <tbody>${children}</tbody>
      </table>
    </div>`;
}

// Inputs that change what a view shows or sends. They send nothing themselves.
export function Inputs({ children }) {
  return html`<form class="inputs" onSubmit=${(event) => event.preventDefault()}>${children}</form>`;
}

export function TextInput({ label, onInput, ...properties }) {
  return html`<label>${label} <input ...${properties} onInput=${(event) => onInput(event.target.value)} /></label>`;
}

// `options` are pairs of a value and its text.
export function Select({ label, value = "", options, onChange }) {
  return html`
    <label>${label}${" "}
      <select value=${value} onChange=${(event) => onChange(event.target.value)}>
        ${options.map(([option, text]) => html`<option key=${option} value=${option} selected=${option === value}>${text}</option>`)}
      </select>
    </label>`;
}

// A button that stays pressed.
export function Toggle({ isPressed, onClick, children }) {
  return html`<button type="button" aria-pressed=${String(isPressed)} onClick=${onClick}>${children}</button>`;
}

// A control: a button that sends a command, with the curl command that does the same. `question` is asked before;
// `result` is the text after success.
export function Action({
  command,
  label,
  result: text,
  question = null,
  isPrimary = false,
  isDisabled = false,
  onDone = () => {},
}) {
  const [error, setError] = useState(null);
  const run = async () => {
    if (question && !(await confirmed(`${label}?`, question, label))) return;
    try {
      const response = await send(command);
      setError(null);
      showResult(text);
      onDone(response);
    } catch (failure) {
      setError(failure);
    }
  };
  return html`
    <div class="action">
      <div class="actions">
        <button type="button" class=${isPrimary ? "primary" : ""} disabled=${isDisabled} onClick=${run}>${label}</button>
        <${Curl} command=${command} of="for: ${label}" />
      </div>
      <${ErrorNotice} error=${error} />
    </div>`;
}

// The curl command of a request, folded; `of` completes its name for a screen reader.
export function Curl({ command, of }) {
  return html`
    <details class="curl">
      <summary>curl<span class="visually-hidden"> ${of}</span></summary>
      <${CopyableText} text=${curlText(command)} label="Copy as curl" name="The curl command" />
    </details>`;
}

// A text to copy, in full.
export function CopyableText({ text, label, name }) {
  return html`
    <div class="copyable">
      <${Code} label=${name}>${text}<//>
      <${CopyButton} text=${text} label=${label} name=${name} />
    </div>`;
}

export function Code({ label, children }) {
  return html`<pre tabindex="0" role="group" aria-label=${label}><code>${children}</code></pre>`;
}

export function CopyButton({ text, label, name }) {
  const copy = async () => {
    const isCopied = await writeClipboard(text);
    showResult(isCopied ? `${name} is copied.` : "The browser does not allow copying. Select the text instead.");
  };
  return html`<button type="button" onClick=${copy}>${label}</button>`;
}

async function writeClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Browsers offer the clipboard only to HTTPS and loopback.
    return copySelection(text);
  }
}

function copySelection(text) {
  const origin = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  origin?.focus();
  return isCopied;
}
