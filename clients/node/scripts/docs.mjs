// Compares the output of a failed test in docs/node.md with that of a run. It is the block below `<!-- failure -->`.
//
//     node docs.mjs FAILURE.txt [--write]

import { readFileSync, writeFileSync } from "node:fs";

const page = new URL("../../../docs/node.md", import.meta.url);
const BLOCK = /(?<=^<!-- failure -->\n```text\n)[^]*?(?=^```\n)/m;

const [failure, mode] = process.argv.slice(2);

/** The report of a failed test, without its heading and the rule at its end, which depend on the terminal. */
function failureText() {
  const [, report] = readFileSync(failure, "utf8").match(/^(stderr \| [^]*?)\n+⎯+\[1\/1\]/m);
  return report.replace(/\n+⎯+ Failed Tests 1 ⎯+\n/, "\n").trimEnd() + "\n";
}

const text = readFileSync(page, "utf8");
if (!BLOCK.test(text)) throw new Error("docs/node.md has no block below <!-- failure -->");
const current = text.replace(BLOCK, failureText);
if (mode === "--write") {
  writeFileSync(page, current);
} else if (current !== text) {
  throw new Error("docs/node.md shows another output; clients/node/scripts/examples PACKAGES --write writes it");
}
console.log("the output in docs/node.md is current");
