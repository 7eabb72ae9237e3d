import cuc = require("cuc-mock");

export async function start(): Promise<string> {
  const mock: cuc.CucMock = await cuc.CucMock.start();
  return mock.url;
}
