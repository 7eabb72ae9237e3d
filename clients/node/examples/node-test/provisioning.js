// provisioning.js
/** The code under test: it adds a service, and tries again while the server is busy. */
export async function addService(url, name, user = "admin") {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${url}/vmrest/externalservices`, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(`${user}:secret`)}`, "Content-Type": "application/json" },
      body: JSON.stringify({
        DisplayName: name,
        ServerType: 1,
        Server: "10.76.175.167",
        ServiceAlias: "admin",
        ServicePassword: "secret",
        TransferExtensionDialString: "111",
      }),
    });
    if (response.status === 503 && attempt < 3) continue;
    if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
    return response.text();
  }
}
