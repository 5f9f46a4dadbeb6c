// Which of the two serves the resources of a stack: a dynamic provider, which needs nothing but this package, or the plugin. Nothing else of a program depends on it.
import * as pulumi from "@pulumi/pulumi";
import { packageVersion, pluginDownloadUrl } from "../definition/package";
import { DYNAMIC_TYPES, PLUGIN_TYPES, type ResourceKind } from "../definition/resource-types";
import { FLOW_STUB, SCHEDULE_STUB } from "../definition/stub";

const STUBS = { flow: FLOW_STUB, schedule: SCHEDULE_STUB };
/** The key of the stack's configuration that decides. */
const KEY = "provider";

/** Whether the stack's configuration chooses the plugin: `pulumi config set posthog:provider plugin`. Throws where it says anything but `plugin` or `dynamic`. */
export function usesPlugin(): boolean {
  const chosen = new pulumi.Config("posthog").get(KEY);
  if (chosen === undefined || chosen === "dynamic" || chosen === "plugin") return chosen === "plugin";
  throw new pulumi.RunError(
    `posthog:${KEY} is ${JSON.stringify(chosen)}, and must be plugin or dynamic: pulumi config set posthog:${KEY} plugin`,
  );
}

export interface Registration {
  type: string;
  /** Properties that only the transport needs. */
  props: Record<string, unknown>;
  options: pulumi.CustomResourceOptions;
}

/**
 * How a resource of this kind is registered. Its type of the other transport is an alias, so that it moves there without a change. Of two live copies everything
 * would be sent twice, so an old one is deleted first: the provider is not asked on --target-replace (design L18).
 */
export function registration(kind: ResourceKind, opts: pulumi.CustomResourceOptions): Registration {
  const isPlugin = usesPlugin();
  return {
    type: (isPlugin ? PLUGIN_TYPES : DYNAMIC_TYPES)[kind],
    props: isPlugin ? {} : STUBS[kind],
    options: {
      // Of the plugin, the engine takes this version, and downloads it where the machine has none. Both go into the state, so a refresh without a program does so, too.
      ...(isPlugin ? { version: packageVersion(), pluginDownloadURL: pluginDownloadUrl() } : {}),
      ...opts,
      aliases: [...(opts.aliases ?? []), { type: (isPlugin ? DYNAMIC_TYPES : PLUGIN_TYPES)[kind] }],
      deleteBeforeReplace: true,
    },
  };
}
