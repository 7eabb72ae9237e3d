import { CucMock } from "cuc-mock";

/** Starts a server that ends with the test. The environment variable CUC_MOCK names the binary. */
export async function startMock(t, options) {
  const mock = await CucMock.start(options);
  t.after(() => mock.stop());
  return mock;
}

const authorization = (user) => `Basic ${Buffer.from(`${user}:secret`).toString("base64")}`;

/** Sends a request as a client of the vendor's API. */
export async function send(mock, method, path, { body, user = "admin" } = {}) {
  const response = await fetch(`${mock.url}/vmrest/${path}`, {
    method,
    headers: { authorization: authorization(user), accept: "application/json", "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text };
}

export const SERVICE = {
  DisplayName: "Meetings",
  ServerType: 1,
  Server: "10.76.175.167",
  ServiceAlias: "admin",
  ServicePassword: "ecsbulab",
  TransferExtensionDialString: "111111",
};

/** Adds a service and returns its path. */
export async function addService(mock, { user, ...fields } = {}) {
  const { status, text } = await send(mock, "POST", "externalservices", { body: { ...SERVICE, ...fields }, user });
  if (status !== 201) throw new Error(`status ${status}: ${text}`);
  return text;
}
