// Where a resource lives (design L16): its argument, then the stack's configuration, then the environment.
import * as pulumi from "@pulumi/pulumi";
import type { ProgramFinding } from "../rules/program-findings";
import { configuredHost, configuredProject, normalHost, type TargetSettings } from "../definition/target";

/** Where a resource lives: in which PostHog, and in which of its projects. */
export interface TargetArgs {
  /**
   * Origin of PostHog, such as `https://eu.posthog.com`. Default: `posthog:host` of the stack, then `POSTHOG_HOST`, then `https://us.posthog.com`.
   * The API key is sent only to the host that it is configured for.
   */
  host?: pulumi.Input<string>;
  /** Number of the project, as in the address after `/project/`. Default: `posthog:projectId` of the stack, then `POSTHOG_PROJECT_ID`. */
  projectId?: pulumi.Input<string | number>;
}

export interface Target {
  host: pulumi.Input<string> | undefined;
  projectId: pulumi.Input<string> | undefined;
}

/** What a plugin needs to know of a target: what is asked for, and what the stack's configuration says, which only comes after that of the provider. */
export function pluginTarget({ host, projectId }: TargetArgs): Target & { stackTarget?: Record<string, unknown> } {
  const config = new pulumi.Config("posthog");
  const stackTarget = { host: config.get("host"), projectId: config.get("projectId") };
  return {
    host: host === undefined ? undefined : normalized(host),
    projectId: projectText(projectId),
    ...(Object.values(stackTarget).some((value) => value !== undefined) ? { stackTarget } : {}),
  };
}

/** Where a plugin's resource lives: its provider decides, so it is in the outputs. */
export function resourceTarget(resource: object): Target {
  const { host, projectId } = resource as Target;
  return { host, projectId };
}

export function targetOf(args: TargetArgs): Target {
  const config = new pulumi.Config("posthog");
  const settings: TargetSettings = {
    config: { "posthog:host": config.get("host"), "posthog:projectId": config.get("projectId") },
    env: process.env,
  };
  return {
    host: normalized(args.host ?? configuredHost(settings)),
    projectId: projectText(args.projectId ?? configuredProject(settings)),
  };
}

function projectText(project: TargetArgs["projectId"]): Target["projectId"] {
  if (project === undefined) return undefined;
  return typeof project === "string" || typeof project === "number"
    ? String(project)
    : pulumi.output(project).apply((value) => String(value));
}

/** Once for a program is enough. */
let isSaid = false;

/** Pulumi copies the whole configuration of `posthog` into the state: encrypted where it was set as a secret, in clear otherwise. */
export function keysInClear(): ProgramFinding[] {
  if (isSaid) return [];
  isSaid = true;
  const config = new pulumi.Config("posthog");
  return ["apiKey", "apiKeys"]
    .filter((name) => config.get(name) !== undefined && !isConfigSecret(`posthog:${name}`))
    .map((name) => ({
      rule: "key-in-clear",
      path: [],
      what: `posthog:${name} is in the stack's configuration in clear`,
      why: "Everybody who can read Pulumi.<stack>.yaml or the state can read the key",
      fix:
        name === "apiKey"
          ? "Set it again with: pulumi config set --secret posthog:apiKey. Then replace the key in PostHog if it was shared"
          : "Set each again with: pulumi config set --secret --path 'posthog:apiKeys[\"<host>\"]'",
    }));
}

/** Pulumi's own question, which its types leave out. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** One spelling for one host, so that a slash at the end is not a move. What is not a host is left for check to refuse. */
function normalized(host: pulumi.Input<string>): pulumi.Input<string> {
  const plain = (text: string): string => {
    const normal = normalHost(text);
    return "host" in normal ? normal.host : text;
  };
  return typeof host === "string" ? plain(host) : pulumi.output(host).apply(plain);
}
