// Starts a server, prints its address, and ends as the argument demands.
import { CucMock } from "cuc-mock";

const mock = await CucMock.start();
console.log(mock.url);
switch (process.argv[2]) {
  case "return":
    break;
  case "exit":
    process.exit(3);
  case "throw":
    throw new Error("an error of a test");
  case "stop":
    await mock.stop();
    break;
  case "wait":
    setInterval(() => {}, 60_000);
}
