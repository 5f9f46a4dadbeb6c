/** Behaviours that differ between PostHog's versions, or that a test wants to turn on; they may change while the server runs. */

export interface Switches {
  /** Flows have a `key` (unmerged development branch). */
  keySupport: boolean;
  /** Flows have `managed_by` and its companions, and those managed in code refuse the web editor (unmerged development branch). */
  codeManaged: boolean;
  /** Deleting a flow that ever had a batch job answers 500. */
  deleteFailsWithBatchJobs: boolean;
  /** New email steps take over UTM settings of the project (unmerged development branch). */
  utmDefaults: boolean;
  /** Changing the timing of a paused schedule leaves it paused; older servers made it active again. */
  pausedStaysPausedOnPatch: boolean;
  /** Project secret API keys have limits of their own: 480 requests a minute and 4,800 an hour for all keys of a project together. */
  secretKeyLimits: boolean;
  /** Flows can be tested, a step at a time; older servers have no such end point. */
  testRuns: boolean;
  /** The status that PostHog's worker answers every test run with, such as 503; null: it works. */
  workerStatus: number | null;
  /** `GET /api/schema/` shows the OpenAPI document; false: nothing answers there. */
  schemaPage: boolean;
  /** The version of OpenAPI in which the document is written; older servers say 3.0.3. */
  openApi: "3.1.0" | "3.0.3";
  /** Reserved: nothing reads it. */
  createsFlowsFromLostRequests?: never;
}

export const DEFAULT_SWITCHES: Switches = {
  keySupport: false,
  codeManaged: false,
  deleteFailsWithBatchJobs: true,
  utmDefaults: false,
  pausedStaysPausedOnPatch: true,
  secretKeyLimits: true,
  testRuns: true,
  workerStatus: null,
  schemaPage: true,
  openApi: "3.1.0",
};
