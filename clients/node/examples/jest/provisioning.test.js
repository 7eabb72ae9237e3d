// provisioning.test.js
const { CucMock, withJournal } = require("cuc-mock");

const { addService } = require("./provisioning.js");

let mock;
beforeAll(async () => {
  mock = await CucMock.start(); // one server for each test file
});
beforeEach(() => mock.reset());
afterAll(() => mock.stop());

/** A test whose failure shows the journal. */
const mockTest = (name, body) => test(name, withJournal(() => mock, body));

mockTest("a service is added once", async () => {
  await addService(mock.url, "Meetings");

  await mock.verify({ requests: { method: "POST", path: "externalservices" }, exactly: 1 });
  expect(await mock.diff()).toMatchObject({ created: 1, objects: [{ name: "Meetings" }] });
});

mockTest("a service is added although the server is busy", async () => {
  await mock.fault({ preset: "busy", requests: { method: "POST" }, times: 2 });

  await addService(mock.url, "Meetings");

  const creates = { method: "POST", path: "externalservices", fields: { DisplayName: "Meetings" } };
  await mock.verify({ requests: { ...creates, status: 503 }, exactly: 2 });
  await mock.verify({ requests: { ...creates, status: 201 }, exactly: 1 });
});
