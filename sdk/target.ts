// Where a resource lives (design L16): its argument, then the stack's configuration, then the environment.
import * as pulumi from "@pulumi/pulumi";
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

/** One spelling for one host, so that a slash at the end is not a move. What is not a host is left for check to refuse. */
function normalized(host: pulumi.Input<string>): pulumi.Input<string> {
  const plain = (text: string): string => {
    const normal = normalHost(text);
    return "host" in normal ? normal.host : text;
  };
  return typeof host === "string" ? plain(host) : pulumi.output(host).apply(plain);
}
