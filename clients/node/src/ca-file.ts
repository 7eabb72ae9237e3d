import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The CA of a server in a temporary file, which is written when it is first needed. */
export class CaFile {
  #path: string | undefined;

  constructor(private readonly pem: () => string) {}

  /** Writes the file and returns its path. */
  path(): string {
    if (!this.#path) {
      const pem = this.pem();
      this.#path = join(mkdtempSync(join(tmpdir(), "cuc-mock-")), "ca.pem");
      writeFileSync(this.#path, pem);
      process.once("exit", this.remove);
    }
    return this.#path;
  }

  /** Removes the file, if it was written. */
  readonly remove = (): void => {
    if (this.#path) rmSync(dirname(this.#path), { recursive: true, force: true });
    this.#path = undefined;
    process.removeListener("exit", this.remove);
  };
}
