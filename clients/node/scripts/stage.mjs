// Writes the files of an npm package into an empty folder.
//
//     node stage.mjs VERSION main FOLDER              the package cuc-mock, which must be built
//     node stage.mjs VERSION TARGET FOLDER BINARY     the platform package for a Rust target

import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const client = fileURLToPath(new URL("..", import.meta.url));
const root = join(client, "../..");
const manifest = JSON.parse(readFileSync(join(client, "package.json"), "utf8"));
const platforms = JSON.parse(readFileSync(join(client, "src/platforms.json"), "utf8"));

function stageMain(folder) {
  const { private: _, scripts, devDependencies, ...published } = manifest;
  published.version = version;
  published.optionalDependencies = Object.fromEntries(platforms.map((platform) => [platform.package, version]));
  cpSync(join(client, "dist"), join(folder, "dist"), { recursive: true });
  chmodSync(join(folder, "dist/cli.js"), 0o755);
  copyFileSync(join(client, "README.md"), join(folder, "README.md"));
  return published;
}

function stagePlatform(folder, target, binary) {
  const platform = platforms.find(({ targets }) => targets.includes(target));
  if (!platform) {
    const targets = platforms.flatMap(({ targets }) => targets).join(", ");
    throw new Error(`no npm package is for the target ${target}, expected main or one of ${targets}`);
  }
  const path = join(folder, "bin", platform.binary);
  mkdirSync(join(folder, "bin"));
  copyFileSync(binary, path);
  chmodSync(path, 0o755);
  writeFileSync(
    join(folder, "README.md"),
    `# ${platform.package}\n\nThe binary of [cuc-mock](https://www.npmjs.com/package/cuc-mock) for ${platform.os}-${platform.cpu}. ` +
      "It is an optional dependency of `cuc-mock`: install that package.\n",
  );
  const { license, author, homepage, repository, bugs, engines } = manifest;
  const { os, cpu } = platform;
  return {
    name: platform.package,
    version,
    description: `The binary of cuc-mock for ${os}-${cpu}`,
    ...{ license, author, homepage, repository, bugs },
    type: "commonjs",
    // Yarn keeps a package in its archive otherwise, and the binary could not run.
    preferUnplugged: true,
    ...{ engines, os: [os], cpu: [cpu] },
  };
}

const [version, target, folder, binary] = process.argv.slice(2);
const published = target === "main" ? stageMain(folder) : stagePlatform(folder, target, binary);
for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(join(root, name), join(folder, name));
published.publishConfig = { access: "public" };
writeFileSync(join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
