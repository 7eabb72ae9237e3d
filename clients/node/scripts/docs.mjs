// Compares the code blocks of the pages for Node.js with the examples, and their output with that of a failed test.
//
//     node docs.mjs FAILURE.txt [--write]
//
// A comment such as `<!-- clients/node/examples/jest/provisioning.js -->` names the source of the block below it.

import { readFileSync, writeFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);
const pages = ["docs/node.md", "clients/node/README.md"];
const BLOCK = /(^<!-- (\S+) -->\n```\w*\n)([^]*?)(^```\n)/gm;

const [failure, mode] = process.argv.slice(2);

/** The report of a failed test, without its heading and the rule at its end, which depend on the terminal. */
function failureText() {
  const [, report] = readFileSync(failure, "utf8").match(/^(stderr \| [^]*?)\n+⎯+\[1\/1\]/m);
  return report.replace(/\n+⎯+ Failed Tests 1 ⎯+\n/, "\n");
}

function current(text) {
  return text.replace(BLOCK, (_block, head, source, _content, end) => {
    const content = source === "failure" ? failureText() : readFileSync(new URL(source, root), "utf8");
    return `${head}${content.trimEnd()}\n${end}`;
  });
}

for (const page of pages) {
  const file = new URL(page, root);
  const text = readFileSync(file, "utf8");
  const count = [...text.matchAll(BLOCK)].length;
  if (count === 0) throw new Error(`${page} has no block with a source`);
  if (mode === "--write") {
    writeFileSync(file, current(text));
  } else if (current(text) !== text) {
    throw new Error(`${page} differs from the examples; clients/node/scripts/examples PACKAGES --write writes it`);
  }
  console.log(`${count} blocks of ${page} are current`);
}
