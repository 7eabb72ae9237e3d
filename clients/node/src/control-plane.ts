import { Agent, request } from "node:http";

import { ControlError, StoppedError } from "./errors.js";

/** The parameters of a query string; those that are `undefined` or `null` are left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A body: JSON, or a text in another format. */
export type Body = { json: unknown } | { xml: string };

export interface ControlResponse {
  status: number;
  body: string;
}

/** The client of `/__mock`. It uses `node:http`, because tests replace `fetch` more often. */
export class ControlPlane {
  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
    private readonly exit: () => string | undefined,
  ) {}

  /** Sends a request and returns the response, whatever its status. */
  async send(method: string, path: string, query: Query = {}, body?: Body): Promise<ControlResponse> {
    // Another server may have the port of a stopped one.
    if (this.exit()) throw this.#noResponse(method, path);
    const target = new URL(`/__mock${path}`, this.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) target.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = {};
    if (this.token) headers["Authorization"] = `Bearer ${this.token}`;
    let content = "";
    if (body) {
      content = "json" in body ? JSON.stringify(body.json) : body.xml;
      headers["Content-Type"] = "json" in body ? "application/json" : "application/xml;charset=UTF-8";
    }
    if (content) headers["Content-Length"] = String(Buffer.byteLength(content));
    try {
      return await exchange(target, method, headers, content);
    } catch (error) {
      // The stack of this error contains the line of the test.
      throw this.#noResponse(method, path, error as Error);
    }
  }

  #noResponse(method: string, path: string, cause?: Error): Error {
    const exit = this.exit();
    const message = `${method} /__mock${path}: no response from cuc-mock at ${this.url}: ${exit ?? cause?.message}`;
    return exit ? new StoppedError(message, { cause }) : new Error(message, { cause });
  }

  /** Sends a request and returns the body of a successful response. */
  async text(method: string, path: string, query?: Query, body?: Body): Promise<string> {
    const response = await this.send(method, path, query, body);
    if (response.status >= 300) throw this.error(method, path, response);
    return response.body;
  }

  /** Deletes an object. One that does not exist any more is no error. */
  async delete(path: string, query?: Query): Promise<void> {
    const response = await this.send("DELETE", path, query);
    if (response.status >= 300 && response.status !== 404) throw this.error("DELETE", path, response);
  }

  /** Returns the error for an unsuccessful response. */
  error(method: string, path: string, { status, body }: ControlResponse): ControlError {
    const reason = explanation(body) ?? `status ${status}: ${body}`;
    return new ControlError(`${method} /__mock${path}: ${reason}`, status);
  }

  /** Sends a request and returns the JSON of a successful response. */
  async json<T>(method: string, path: string, query?: Query, body?: Body): Promise<T> {
    return JSON.parse(await this.text(method, path, query, body)) as T;
  }
}

function exchange(
  target: URL,
  method: string,
  headers: Record<string, string>,
  content: string,
): Promise<ControlResponse> {
  return new Promise((resolve, reject) => {
    // An agent of its own ignores the proxy settings of the process.
    const sent = request(target, { method, headers, agent: new Agent() }, (response) => {
      let body = "";
      response
        .setEncoding("utf8")
        .on("data", (text: string) => (body += text))
        .on("end", () => resolve({ status: response.statusCode!, body }))
        .on("error", reject);
    });
    sent.on("error", reject).end(content);
  });
}

interface Mistake {
  path?: string;
  line?: number | null;
  column?: number | null;
  message: string;
}

/** The `error` of a response, and a line for each mistake in a fixture. */
function explanation(body: string): string | undefined {
  let content: { error?: string; mistakes?: Mistake[]; more_mistakes?: number | null };
  try {
    content = JSON.parse(body) as typeof content;
  } catch {
    return undefined;
  }
  if (!content?.error) return undefined;
  const lines = [content.error];
  for (const { path, line, column, message } of content.mistakes ?? []) {
    const place = [path, line, column].filter((part) => part !== undefined && part !== null).join(":");
    lines.push(place ? `  ${place}: ${message}` : `  ${message}`);
  }
  if (content.more_mistakes) lines.push(`  and ${content.more_mistakes} more`);
  return lines.join("\n");
}
