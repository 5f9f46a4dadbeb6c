/** API keys: which key a request carries, and what it may do. */
import { denied, notFound, unauthenticated } from "../errors";
import type { Project, User } from "../store";
import type { Route } from "./route";

export interface ApiKey {
  key: string;
  /** A project secret API key: it belongs to a project and to nobody. */
  secret: boolean;
  /** All when absent. */
  projects?: readonly string[];
  /** All when absent. */
  scopes?: readonly string[];
  user: User;
}

export const bearerOf = (header: string | undefined): string | undefined =>
  /^Bearer\s+(\S+)\s*$/i.exec(header ?? "")?.[1];

export function authenticate(keys: ReadonlyMap<string, ApiKey>, header: string | undefined): ApiKey {
  const bearer = bearerOf(header);
  if (bearer === undefined) throw unauthenticated("not_authenticated", "Authentication credentials were not provided.");
  const key = keys.get(bearer);
  if (!key)
    throw unauthenticated(
      "authentication_failed",
      "Personal API key found in request Authorization header is invalid.",
    );
  return key;
}

/** A route without scopes is open to every personal key; no route at all is an action that knows no scope, and so closed to keys. */
export function checkScopes(key: ApiKey, route: Route | undefined): void {
  if (key.secret && !route?.secretKeys) throw denied("This action does not support project secret API key access");
  if (!route) throw denied("This action does not support personal API key access");
  for (const scope of route.scopes)
    if (!holds(key.scopes, scope)) throw denied(`API key missing required scope '${scope}'`);
}

function holds(scopes: readonly string[] | undefined, scope: string): boolean {
  if (!scopes || scopes.includes("*") || scopes.includes(scope)) return true;
  return scope.endsWith(":read") && scopes.includes(scope.replace(/:read$/, ":write"));
}

export function checkProject(key: ApiKey, projects: ReadonlyMap<string, Project>, id: string): void {
  if (key.projects && !key.projects.includes(id))
    throw denied(`API key does not have access to the requested project: ID ${id}.`);
  if (!projects.has(id)) throw notFound("Project not found.");
}
