/** Faults on demand: connections that are cut, answers that never come, errors before or after the work is done. */

export interface Fault {
  method?: string;
  /** A text that the path contains, or an expression that it matches; the query counts as part of the path. */
  path?: RegExp | string;
  /** before: the work is not done. after: the work is done and then the answer is spoiled. Of a slow answer: when the time passes. */
  when: "before" | "after";
  /** slow: the answer is the right one, `ms` late. */
  kind: "cut" | "hang" | "status" | "slow";
  /** Milliseconds that a slow answer takes longer; default 1000. */
  ms?: number;
  status?: number;
  retryAfter?: string;
  body?: unknown;
  /** The answer as it is sent, in place of `body`: also what is no JSON. */
  text?: string;
  /** Lets the first matches pass. */
  skip?: number;
  /** How many matches it hits; default 1. */
  times?: number;
}

interface Armed {
  fault: Fault;
  passed: number;
  hits: number;
}

export class Faults {
  private armed: Armed[] = [];

  add(fault: Fault): { remove(): void; hits(): number } {
    const entry: Armed = { fault, passed: 0, hits: 0 };
    this.armed.push(entry);
    return {
      remove: () => {
        this.armed = this.armed.filter((other) => other !== entry);
      },
      hits: () => entry.hits,
    };
  }

  clear(): void {
    this.armed = [];
  }

  /** The fault that hits a request, if any; the first that was armed wins. */
  take(method: string, path: string): Fault | undefined {
    for (const entry of this.armed) {
      const { fault } = entry;
      if (entry.hits >= (fault.times ?? 1) || !matches(fault, method, path)) continue;
      if (entry.passed < (fault.skip ?? 0)) {
        entry.passed += 1;
        continue;
      }
      entry.hits += 1;
      return fault;
    }
    return undefined;
  }
}

function matches({ method, path }: Fault, requestMethod: string, requestPath: string): boolean {
  if (method !== undefined && method.toUpperCase() !== requestMethod) return false;
  if (path === undefined) return true;
  if (typeof path === "string") return requestPath.includes(path);
  path.lastIndex = 0;
  return path.test(requestPath);
}

const TYPES: Record<number, { type: string; code: string; detail: string }> = {
  429: { type: "throttled_error", code: "throttled", detail: "Request was throttled." },
};

/** The envelope of a fault that names no body. */
export function faultBody({ status = 500, body }: Fault): unknown {
  if (body !== undefined) return body;
  const fallback =
    status >= 500
      ? { type: "server_error", code: "error", detail: "A server error occurred." }
      : { type: "invalid_request", code: "error", detail: "The request was refused." };
  return { ...(TYPES[status] ?? fallback), attr: null };
}
