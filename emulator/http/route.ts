/** Routes: what a handler gets and gives, and how a path finds its route. */
import { notFound } from "../errors";
import type { Flow, User } from "../store";
import type { Tokens } from "../tokens";
import type { Backend, Writer } from "../writes";

export type Scope = `${string}:read` | `${string}:write`;

export interface Call {
  readonly backend: Backend;
  readonly tokens: Tokens;
  readonly projectId: string;
  readonly params: Readonly<Record<string, string>>;
  /** The absolute URL of the request. */
  readonly url: URL;
  readonly user: User | null;
  readonly writer: Writer;
  /** In lower case. */
  header(name: string): string | undefined;
  /** The parsed body; reading it fails when it cannot be parsed. */
  body(): unknown;
}

export interface Answer {
  status: number;
  body?: unknown;
  /** Sent instead of the body, as it is. */
  text?: string | undefined;
  headers?: Record<string, string>;
}

export interface Route {
  method: string;
  /** Below the project, such as `hog_flows/:id`. */
  path: string;
  scopes: readonly Scope[];
  /** Also open to project secret API keys. */
  secretKeys?: true;
  handle(call: Call): Answer | Promise<Answer>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

export function flowOf({ backend, projectId, params }: Call): Flow {
  const flow = backend.store.find(projectId, params.id!);
  if (!flow) throw notFound();
  return flow;
}

export interface Match {
  route: Route | undefined;
  params: Record<string, string>;
}

/** The route of a path; `route` is undefined when the path exists but not with this method. */
export function matchRoute(routes: readonly Route[], method: string, segments: readonly string[]): Match | undefined {
  const fits = routes.filter((route) => paramsOf(route.path, segments));
  if (fits.length === 0) return undefined;
  // A literal path such as hog_flows/bulk_delete wins over hog_flows/:id.
  const literals = (route: Route) => route.path.split("/").filter((part) => !part.startsWith(":")).length;
  const most = Math.max(...fits.map(literals));
  const route = fits.find((candidate) => literals(candidate) === most && candidate.method === method);
  return { route, params: (route && paramsOf(route.path, segments)) ?? {} };
}

function paramsOf(path: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = path.split("/");
  if (parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    if (part.startsWith(":")) params[part.slice(1)] = segments[i]!;
    else if (part !== segments[i]) return undefined;
  }
  return params;
}
