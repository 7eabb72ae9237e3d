// spaces.test.js
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { CucMock } from "cuc-mock";

import { addService } from "./provisioning.js";

const mock = await CucMock.start();
after(() => mock.stop());

describe("parallel tests on one server", { concurrency: true }, () => {
  for (const name of ["one", "two", "three"]) {
    test(`the space ${name} has only its own service`, async (t) => {
      const space = await mock.space(name);
      t.after(() => space.delete());

      await addService(space.url, `Service of ${name}`, space.name); // the user name picks the space

      const { objects } = await space.diff();
      assert.deepEqual(
        objects.map((object) => object.name),
        [`Service of ${name}`],
      );
    });
  }
});
