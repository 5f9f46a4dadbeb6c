// PostHog's API as this run itself reads and edits it: plain requests, none of them by the client that is under test. An edit is what somebody does in PostHog's editor.
import { setTimeout as sleep } from "node:timers/promises";

/** A flow or a schedule, as PostHog returns it. */
export type Live = Record<string, any>;

export interface Answer {
  status: number;
  body: any;
}

export interface PostHog {
  /** Any request, relative to the project's flows, such as `GET`, `<id>/`. Repeated while PostHog is not there for it; a POST, which may have worked, is not. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Every flow of the project, as rows of the list. */
  list(): Promise<Live[]>;
  read(id: string): Promise<Live>;
  /** The flow as an editor would save it, changed by `change`. */
  edit(id: string, change: (flow: Live) => void): Promise<void>;
  schedules(id: string): Promise<Live[]>;
  /** Also where it is gone already. */
  remove(id: string): Promise<void>;
  /** Creates something that `found` finds once it is there, also where the answer was lost. */
  create(path: string, body: unknown, found: () => Promise<Live | undefined>): Promise<Live>;
}

/** Nobody knows whether PostHog did it. */
export const isLost = ({ status }: Pick<Answer, "status">): boolean => status === 0 || status >= 502;

/** PostHog answered with something else than a yes. */
export class Refused extends Error {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly answer: Answer,
  ) {
    super(`${method} ${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)?.slice(0, 300)}`);
  }
}

const PAGE = 500;
const TRIES = 6;
const WAIT_MS = 500;
const LONGEST_WAIT_S = 90;
/** What an editor sends back. */
const EDITED = [
  "name",
  "description",
  "actions",
  "edges",
  "conversion",
  "exit_condition",
  "trigger_masking",
  "variables",
];

/** `headers` go with every request; after `signal`, nothing is asked any more. */
export function posthogAt({
  url,
  projectId,
  key,
  headers = {},
  signal,
}: {
  url: string;
  projectId: string;
  key: string;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}): PostHog {
  const root = `/api/projects/${projectId}/hog_flows/`;
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      const answer = await fetch(new URL(root + path, url), {
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).then(
        async (came) => ({
          status: came.status,
          body: parsed(await came.text()),
          wait: Number(came.headers.get("retry-after")),
        }),
        (error: Error) => ({ status: 0, body: error.message, wait: 0 }),
      );
      const again = answer.status === 429 || (method !== "POST" && isLost(answer));
      if (!again || attempt === TRIES) return { status: answer.status, body: answer.body };
      await sleep(Math.max(WAIT_MS * attempt, Math.min(answer.wait || 0, LONGEST_WAIT_S) * 1_000));
    }
  };
  const must = async (method: string, path: string, body?: unknown): Promise<any> => {
    const answer = await ask(method, path, body);
    if (answer.status < 200 || answer.status > 299) throw new Refused(method, root + path, answer);
    return answer.body;
  };
  return {
    ask,
    async list() {
      const rows: Live[] = [];
      for (;;) {
        const { count, results } = await must("GET", `?limit=${PAGE}&offset=${rows.length}`);
        rows.push(...results);
        if (results.length === 0 || rows.length >= count) return rows;
      }
    },
    read: (id) => must("GET", `${id}/`),
    async edit(id, change) {
      const flow = await must("GET", `${id}/`);
      change(flow);
      await must("PATCH", `${id}/`, Object.fromEntries(EDITED.map((field) => [field, flow[field]])));
    },
    schedules: (id) => must("GET", `${id}/schedules/`),
    async remove(id) {
      const answer = await ask("DELETE", `${id}/`);
      if (answer.status !== 204 && answer.status !== 404) throw new Refused("DELETE", `${root}${id}/`, answer);
    },
    async create(path, body, found) {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await ask("POST", path, body);
        if (answer.status === 201) return answer.body;
        if (!isLost(answer) || attempt === TRIES) throw new Refused("POST", root + path, answer);
        const made = await found();
        if (made !== undefined) return made;
      }
    },
  };
}

function parsed(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return text;
  }
}
