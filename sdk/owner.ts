// The owner of a flow or a schedule: the URN of its resource, which says project, stack and name.
import * as pulumi from "@pulumi/pulumi";

/**
 * A promise, because an output would say that the resource depends on its parent: the engine makes of that a dependency on all other children of the
 * component, and two of them would wait for each other for ever.
 */
export const ownerOf = (name: string, type: string, parent: pulumi.Resource | undefined): Promise<string> =>
  new Promise((resolve) => pulumi.createUrn(name, type, parent).apply(resolve));
