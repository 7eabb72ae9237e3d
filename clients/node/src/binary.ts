import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { BinaryNotFoundError } from "./errors.js";
import type { Environment } from "./options.js";
import platforms from "./platforms.json";

const ALTERNATIVES =
  "Alternatively, set the environment variable CUC_MOCK to the path of a binary, such as one that " +
  "`cargo build --release` built.";

/** Returns the binary that CUC_MOCK names, or the one of the package for this platform. */
export function findBinary(env: Environment, os: string = process.platform, cpu: string = process.arch): string {
  const named = env["CUC_MOCK"];
  if (named) {
    const isPath = /[/\\]/.test(named);
    if (isPath && !existsSync(named)) {
      throw new BinaryNotFoundError(`CUC_MOCK is "${named}", expected the path of a cuc-mock binary: no such file`);
    }
    return named;
  }
  const platform = platforms.find((platform) => platform.os === os && platform.cpu === cpu);
  if (!platform) {
    const others = platforms.map((platform) => `${platform.os}-${platform.cpu}`).join(", ");
    throw new BinaryNotFoundError(
      `cuc-mock has no package for ${os}-${cpu}, expected one of ${others}.\n${ALTERNATIVES}`,
    );
  }
  let manifest: string;
  try {
    manifest = require.resolve(`${platform.package}/package.json`);
  } catch {
    throw new BinaryNotFoundError(
      `The package ${platform.package}, which contains the cuc-mock binary for ${os}-${cpu}, is not installed.\n` +
        "It is an optional dependency of cuc-mock. Install again on this platform, with optional dependencies: " +
        "without --omit=optional and --no-optional, and without a node_modules folder or a lock file from another " +
        `platform.\n${ALTERNATIVES}`,
    );
  }
  return join(dirname(manifest), "bin", platform.binary);
}
