// Installs the tarballs of the folder that the environment variable PACKAGES names into a fresh project.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, test } from "node:test";

const here = fileURLToPath(new URL(".", import.meta.url));
const tarballs = readdirSync(process.env.PACKAGES)
  .filter((name) => name.endsWith(".tgz"))
  .map((name) => join(process.env.PACKAGES, name));
const [main] = tarballs.filter((path) => /cuc-mock-\d[^/\\]*\.tgz$/.test(path));
const { CUC_MOCK, ...env } = process.env;

function install(...args) {
  const folder = mkdtempSync(join(tmpdir(), "cuc-mock-test-"));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...args], { cwd: folder, env });
  return folder;
}

const project = install(...tarballs);
const run = (command, args, options) => spawnSync(command, args, { cwd: project, env, encoding: "utf8", ...options });

test("the packages have the version of the crate, and only their files", () => {
  const version = readFileSync(join(here, "../../../../Cargo.toml"), "utf8").match(/^version = "(.+)"$/m)[1];
  for (const name of ["cuc-mock", "@cuc-mock/" + readdirSync(join(project, "node_modules/@cuc-mock"))[0]]) {
    const folder = join(project, "node_modules", name);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    assert.equal(manifest.version, version);
    assert.equal(manifest.scripts, undefined);
    assert.equal(manifest.dependencies, undefined);
    for (const dependency of Object.values(manifest.optionalDependencies ?? {})) assert.equal(dependency, version);
    const code = name === "cuc-mock" ? "dist" : "bin";
    assert.deepEqual(readdirSync(folder).sort(), ["LICENSE-APACHE", "LICENSE-MIT", "README.md", code, "package.json"]);
  }
});

const PROGRAM = "start().then(async (mock) => { await mock.requests(); await mock.stop(); console.log(CucMock.name); });";

test("the README shows the first example", () => {
  const read = (path) => readFileSync(join(here, "../..", path), "utf8");
  assert(read("README.md").includes("```js\n" + read("examples/node-test/first.test.mjs") + "```\n"));
});

test("an ES module imports the package", () => {
  const program = `import { CucMock } from "cuc-mock"; CucMock.${PROGRAM}`;
  const { stdout, stderr } = run(process.execPath, ["--input-type=module", "--eval", program]);
  assert.equal(stdout, "CucMock\n", stderr);
});

test("a CommonJS module requires the package", () => {
  const program = `const { CucMock } = require("cuc-mock"); CucMock.${PROGRAM}`;
  const { stdout, stderr } = run(process.execPath, ["--input-type=commonjs", "--eval", program]);
  assert.equal(stdout, "CucMock\n", stderr);
});

test("both forms export the same classes", () => {
  const program = `
    import { createRequire } from "node:module";
    import * as imported from "cuc-mock";
    const required = createRequire(process.cwd() + "/x.js")("cuc-mock");
    const names = Object.keys(required).filter((name) => required[name] === imported[name]);
    console.log(names.sort().join(" "));
  `;
  const { stdout, stderr } = run(process.execPath, ["--input-type=module", "--eval", program]);
  assert.equal(stdout, "BinaryNotFoundError ControlError CucMock StartError StoppedError VerificationError withJournal\n", stderr);
});

test("npx passes on the exit status", () => {
  const version = run("npx", ["cuc-mock", "--version"]);
  assert.match(version.stdout, /^cuc-mock \d/);
  assert.equal(version.status, 0);
  assert.equal(run("npx", ["cuc-mock", "--sed", "1"]).status, 2);
});

for (const signal of ["SIGTERM", "SIGKILL"]) {
  test(`${signal} to npx stops the server`, { timeout: 60_000 }, async () => {
    const child = spawn("npx", ["cuc-mock", "--listen", "127.0.0.1:0", "--log", "off"], {
      cwd: project,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout.setEncoding("utf8"), "data");
    const [, url] = line.match(/^listening on (\S+)/);
    child.kill(signal);
    // The pipe ends with the binary, which shares it.
    await once(child, "close");
    await assert.rejects(fetch(`${url}/__mock/health`));
  });
}

test("a strict TypeScript project compiles without other types", () => {
  const tsc = join(here, "../../node_modules/typescript/bin/tsc");
  for (const name of ["consumer.mts", "consumer.cts"]) copyFileSync(join(here, name), join(project, name));
  const options = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, target: "es2022", types: [] };
  for (const [files, mode] of [
    [["consumer.mts", "consumer.cts"], { module: "node16" }],
    [["consumer.mts"], { module: "esnext", moduleResolution: "bundler" }],
  ]) {
    const config = { files, compilerOptions: { ...options, ...mode } };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
    const { status, stdout } = run(process.execPath, [tsc]);
    assert.equal(stdout, "");
    assert.equal(status, 0);
  }
});

test("an installation without optional dependencies is explained", () => {
  const folder = install("--omit=optional", main);
  const { status, stderr } = run("npx", ["cuc-mock", "--version"], { cwd: folder });
  assert.equal(status, 1);
  assert.match(stderr, /^The package @cuc-mock\/\S+, which contains the cuc-mock binary for \S+, is not installed\.\n/);
});
