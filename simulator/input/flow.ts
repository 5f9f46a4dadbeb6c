// A flow as the simulator takes it.
import type { FlowDefinition } from "../../definition/schema/types";

export interface ReadFlow {
  /** In the keyed form, with a value for everything. */
  definition: FlowDefinition;
  /** Title, or the name that the caller gave. */
  name: string;
  /** Only PostHog's own JSON has one. */
  id: string | undefined;
  /** PostHog's `action_redirects`: deleted step to its successor. */
  redirects: Readonly<Record<string, string>>;
}
