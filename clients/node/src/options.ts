import { timeText, type Time } from "./types.js";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The options of `CucMock.start`. Each is an option of the binary; `args` accepts all others. */
export interface StartOptions {
  /** The release to emulate: 10.5, 11.5, 12.5, 14 or 15. */
  release?: string | undefined;
  /** Files, or folders of `*.xml`, to start from. */
  fixtures?: string | readonly string[] | undefined;
  /** Descriptions of additional or corrected resources: files, or folders of `*.xml`. */
  resources?: string | readonly string[] | undefined;
  /** The seed of everything random. */
  seed?: number | bigint | string | undefined;
  /** The only users that can sign in, with their passwords. By default, any credentials are accepted. */
  users?: Readonly<Record<string, string>> | undefined;
  /** A time at which the clock is frozen. */
  clock?: Time | undefined;
  /** `auto`: each user name has a space, created on first use. */
  spaces?: "off" | "auto" | undefined;
  /** The format of the log on the standard error of this process. */
  log?: "off" | "pretty" | "json" | undefined;
  /** More options of the binary, such as `["--https-only"]`. */
  args?: readonly string[] | undefined;
  /**
   * Environment variables of the server, in addition to those of this process.
   *
   * Of the variables `CUC_MOCK_…` of this process, only `CUC_MOCK_SEED` has an effect.
   */
  env?: Environment | undefined;
  /** The time that the server may take to start, in milliseconds. The default is 30,000. */
  startTimeout?: number | undefined;
}

const CONTROL_TOKEN = "--control-token";

const NAMES = {
  release: true,
  fixtures: true,
  resources: true,
  seed: true,
  users: true,
  clock: true,
  spaces: true,
  log: true,
  args: true,
  env: true,
  startTimeout: true,
} satisfies Record<keyof StartOptions, true>;

/** Throws if there is another option than those of `StartOptions`. */
export function checkOptions(options: StartOptions): void {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(NAMES, name)) {
      throw new TypeError(`CucMock.start has no option "${name}", expected ${Object.keys(NAMES).join(", ")}`);
    }
  }
}

/** Returns the arguments of the binary. */
export function serverArguments(options: StartOptions): string[] {
  const args = ["--listen", "127.0.0.1:0", "--exit-on-stdin-close", "--log", options.log ?? "off"];
  const add = (name: string, value: string | undefined) => {
    // The form NAME=VALUE allows a value that begins with a hyphen.
    if (value !== undefined) args.push(`--${name}=${value}`);
  };
  add("cuc-version", options.release);
  for (const path of list(options.fixtures)) add("fixtures", path);
  for (const path of list(options.resources)) add("resources", path);
  add("seed", options.seed?.toString());
  for (const [name, password] of Object.entries(options.users ?? {})) add("user", `${name}:${password}`);
  add("clock", options.clock === undefined ? undefined : timeText(options.clock));
  add("spaces", options.spaces);
  return [...args, ...(options.args ?? [])];
}

/** Returns the token of the control plane, if the server has one. An argument takes precedence over the environment. */
export function controlToken(args: readonly string[] = [], env: Environment): string | undefined {
  const index = args.findIndex((arg) => arg === CONTROL_TOKEN || arg.startsWith(`${CONTROL_TOKEN}=`));
  if (index < 0) return env["CUC_MOCK_CONTROL_TOKEN"];
  const arg = args[index]!;
  return arg === CONTROL_TOKEN ? args[index + 1] : arg.slice(CONTROL_TOKEN.length + 1);
}

/** Returns the environment of the server. */
export function serverEnvironment(inherited: Environment, added: Environment = {}): Environment {
  const kept = Object.entries(inherited).filter(([name]) => name === "CUC_MOCK_SEED" || !/^CUC_MOCK_/i.test(name));
  return { ...Object.fromEntries(kept), ...added };
}

function list(values: string | readonly string[] | undefined): readonly string[] {
  return typeof values === "string" ? [values] : (values ?? []);
}
