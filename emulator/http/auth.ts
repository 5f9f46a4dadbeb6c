/** API keys: which key a request carries, and what it may do. */
import { denied, notFound, unauthenticated } from "../errors";
import type { Project, User } from "../store";
import type { Scope } from "./route";

export interface ApiKey {
  key: string;
  /** All when absent. */
  projects?: readonly string[];
  /** All when absent. */
  scopes?: readonly string[];
  user: User;
}

export const bearerOf = (header: string | undefined): string | undefined => /^Bearer\s+(\S+)\s*$/i.exec(header ?? "")?.[1];

export function authenticate(keys: ReadonlyMap<string, ApiKey>, header: string | undefined): ApiKey {
  const bearer = bearerOf(header);
  if (bearer === undefined) throw unauthenticated("not_authenticated", "Authentication credentials were not provided.");
  const key = keys.get(bearer);
  if (!key) throw unauthenticated("authentication_failed", "Personal API key found in request Authorization header is invalid.");
  return key;
}

/** A route without scopes is open to every key; no route at all is an action that knows no scope, and so closed to keys. */
export function checkScopes(key: ApiKey, scopes: readonly Scope[] | undefined): void {
  if (!scopes) throw denied("This action does not support personal API key access");
  for (const scope of scopes) if (!holds(key.scopes, scope)) throw denied(`API key missing required scope '${scope}'`);
}

function holds(scopes: readonly string[] | undefined, scope: string): boolean {
  if (!scopes || scopes.includes("*") || scopes.includes(scope)) return true;
  return scope.endsWith(":read") && scopes.includes(scope.replace(/:read$/, ":write"));
}

export function checkProject(key: ApiKey, projects: ReadonlyMap<string, Project>, id: string): void {
  if (key.projects && !key.projects.includes(id)) throw denied(`API key does not have access to the requested project: ID ${id}.`);
  if (!projects.has(id)) throw notFound("Project not found.");
}
