// Compares the code blocks of docs/node.md with the examples, and its output with that of a failed test.
//
//     node docs.mjs FAILURE.txt [--write]
//
// A comment such as `<!-- clients/node/examples/jest/provisioning.js -->` names the source of the block below it.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);
const page = new URL("docs/node.md", root);
const BLOCK = /(^<!-- (\S+) -->\n```\w*\n)([^]*?)(^```\n)/gm;

const [failure, mode] = process.argv.slice(2);

/** The report of a failed test, without its heading and the rule at its end, which depend on the terminal. */
function failureText() {
  const [, report] = readFileSync(failure, "utf8").match(/^(stderr \| [^]*?)\n+⎯+\[1\/1\]/m);
  return report.replace(/\n+⎯+ Failed Tests 1 ⎯+\n/, "\n");
}

const sources = new Set();
const written = readFileSync(page, "utf8").replace(BLOCK, (_block, head, source, _content, end) => {
  sources.add(source);
  const content = source === "failure" ? failureText() : readFileSync(new URL(source, root), "utf8");
  return `${head}${content.trimEnd()}\n${end}`;
});

const name = fileURLToPath(page);
if (!sources.has("failure")) throw new Error(`${name} does not show a failure`);
if (mode === "--write") {
  writeFileSync(page, written);
} else if (written !== readFileSync(page, "utf8")) {
  console.error(`${name} differs from the examples; clients/node/scripts/examples PACKAGES --write writes it`);
  process.exit(1);
}
console.log(`${sources.size} blocks of ${name} are current`);
