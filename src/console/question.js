// Questions in a dialog: confirmations, the token, and credentials.
import { html, useLayoutEffect, useRef, useState } from "./vendor/preact-htm.js";
import { createObservable, useObservable } from "./observable.js";

const question = createObservable(null);

// Asks for the values of fields, and returns them by name; null if the user cancels.
export function ask({ title, text, fields = [], action, isDangerous = false }) {
  question.value?.answer(null);
  return new Promise((resolve) => {
    const answer = (values) => {
      question.set(null);
      resolve(values);
    };
    question.set({ title, text, fields, action, isDangerous, answer });
  });
}

export async function confirmed(title, text, action) {
  return (await ask({ title, text, action, isDangerous: true })) !== null;
}

// The place of the dialog in the page.
export function Question() {
  const current = useObservable(question);
  return current && html`<${QuestionDialog} key=${current.title + current.text} ...${current} />`;
}

function QuestionDialog({ title, text, fields, action, isDangerous, answer }) {
  const dialog = useRef(null);
  const [values, setValues] = useState(Object.fromEntries(fields.map(({ name, value = "" }) => [name, value])));
  useLayoutEffect(() => {
    const element = dialog.current;
    element.showModal();
    // Closing returns the focus to the button that asked.
    return () => element.close();
  }, []);
  const submit = (event) => {
    event.preventDefault();
    answer(values);
  };
  // Escape answers the question, and the answer removes the dialog.
  const cancel = (event) => {
    event.preventDefault();
    answer(null);
  };
  return html`
    <dialog ref=${dialog} aria-labelledby="question-title" onCancel=${cancel}>
      <form onSubmit=${submit}>
        <h2 id="question-title">${title}</h2>
        <p>${text}</p>
        ${fields.map(
          ({ name, label, type = "text" }) => html`
            <label key=${name}>${label}
              <input name=${name} type=${type} autocomplete="off" required value=${values[name]}
                onInput=${(event) => setValues({ ...values, [name]: event.target.value })} />
            </label>`,
        )}
        <div class="actions">
          <button type="submit" class=${isDangerous ? "danger" : "primary"}>${action}</button>
          <button type="button" autofocus=${isDangerous} onClick=${() => answer(null)}>Cancel</button>
        </div>
      </form>
    </dialog>`;
}
