/**
 * What the `hogflow` command does, as functions for scripts: each takes its client, clock and log as parameters, prints nothing, and throws
 * `PostHogApiError` or `OperateError`.
 */
export { PostHogApiError, systemClock, type Clock, type PostHogClient } from "../api";
export { connect, type ConnectOptions } from "./connection";
export { OperateError, type ErrorParts } from "./errors";
export { maskText } from "./mask";
export { doctor, type DoctorOptions } from "./doctor";
export type { Check } from "./checks";
export { openWorkspace, type Workspace, type WorkspaceOptions } from "./workspace";
export { flowIn, readStack, type StackState } from "./stack-state";
export { readFlowFile, type FlowFile } from "./flow-file";
// pull, templates
export { pullFlows, writePulled, type PulledFlow, type PullOptions, type WriteResult } from "./pull";
export { listTemplates, readTemplates, writeTemplates } from "./templates";
// validate, simulate, review
export { validateFiles, type FileFinding } from "./validate";
export {
  validateProgram,
  type LocatedFinding,
  type ProgramReport,
  type ValidateOptions,
} from "./program/validate-program";
export { simulateJson, type Simulated, type SimulateOptions } from "./simulate";
export { runPreview } from "./review/run-preview";
export { parsePreview, type Preview } from "./review/preview";
export { reviewOf, type Review } from "./review/review";
export { renderReview, type RenderOptions } from "./review/render";
// graph
export { flowFromJson, flowFromServer, flowFromStack, type FoundFlow } from "./flow-source";
export { drawFlow, type DrawOptions } from "./graph/draw";
// drift, history
export { findDrift, type DriftOptions, type ResourceDrift } from "./drift/drift";
export { driftText } from "./drift/drift-text";
export { knownFromPreview, knownFromState } from "./left-behind/known";
export { findLeftBehind, type LeftBehindOptions, type LeftBehindReport } from "./left-behind/find";
export { flowHistory, revisionDiff, revisionProgram, type Revision } from "./history/history";
// verify
export { verify, type Verification, type VerifyOptions } from "./verify/verify";
export { flowsOfPreview } from "./project-flows";
// runs, logs, metrics, test, batch, audience, bulk-delete
export { listRuns, type Runs, type RunsOptions } from "./runs";
export { followLogs, readLogs, type FollowOptions, type LogOptions } from "./logs";
export { readMetrics, readMetricTotals, type FlowMetrics, type MetricsOptions } from "./metrics";
export { testGlobals, testRun, type TestRun, type TestRunOptions } from "./test-run";
export { listBatches, planBatch, startBatch, watchBatch, type BatchPlan, type WatchOptions } from "./batch";
export { audienceOf, countAudience, type Audience, type AudienceOptions } from "./audience";
export { archivedFlows, deleteArchived, type Deleted } from "./bulk-delete";
