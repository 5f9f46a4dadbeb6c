/**
 * What the `hogflow` command does, as functions: each takes its client, clock and log as parameters, prints nothing, and throws
 * `PostHogApiError` or `OperateError`.
 */
export { createClient, PostHogApiError, systemClock, type ClientOptions, type Clock, type PostHogClient } from "../api";
export type { WireBatchJob, WireFlow, WireFlowRow, WireLogLine, WireRun, WireTemplate } from "../api";
export type { Settings } from "../definition/target";
export { connect, type ConnectOptions } from "./connection";
export { doctor, type Check, type CheckName, type DoctorOptions, type Verdict } from "./doctor";
export { OperateError, type Problem } from "./errors";
export { runPulumi, type PulumiOptions, type PulumiResult } from "./pulumi";
export { templateTypes, type TypedTemplate } from "./template-types";
export { openWorkspace, type Workspace, type WorkspaceOptions } from "./workspace";
export { changeLines } from "./change/change-text";
export type { Aspect, Change, FlowChange, StepChange } from "./change/changes";
export { describeChange, type DescribeOptions } from "./change/describe";
export { acceptCode, acceptLeftBehind } from "./drift/accept";
export { findDrift, type DriftOptions, type FieldDrift, type ResourceDrift } from "./drift/drift";
export { driftText } from "./drift/drift-text";
export { flowFromJson, flowFromServer, flowFromStack, type FoundFlow } from "./flow-source";
export { drawFlow, type DrawOptions, type Mark, type Marks } from "./graph/draw";
export { edgeId, edgesOf, type Edge } from "./graph/edges";
export { flowHistory, revisionDiff, revisionProgram, type Revision } from "./history/history";
export {
  findLeftBehind,
  type FlowLeftBehind,
  type KnownResource,
  type KnownStack,
  type LeftBehind,
  type LeftBehindOptions,
  type LeftBehindReport,
  type ScheduleLeftBehind,
} from "./left-behind/find";
export { knownFromPreview, knownFromState } from "./left-behind/known";
export { masked, maskText } from "./mask";
export { programOf, type ProgramOptions } from "./program-text";
export {
  filesInTheWay,
  formatPulled,
  pulledFlow,
  pulledNames,
  pullFlows,
  writePulled,
  type Formatted,
  type LiveFlow,
  type ManagedBy,
  type ProgramOfFlow,
  type PulledFile,
  type PulledFlow,
  type PullFailure,
  type PullOptions,
  type StackName,
  type WriteResult,
} from "./pull";
export { factsFor, type Facts } from "./review/facts";
export { liveStatuses, type LiveStatuses } from "./review/live-status";
export { kindsIn, REVIEW_KINDS, type ReviewKind } from "./review/kinds";
export { parsePreview, type Preview, type PreviewedResource } from "./review/preview";
export { renderReview, type RenderOptions } from "./review/render";
export { reviewOf, type FlowReview, type Review } from "./review/review";
export { runPreview } from "./review/run-preview";
export { flowIn, parseStackExport, readStack, type StackResource, type StackState } from "./stack-state";
export { audienceOf, countAudience, type Audience, type AudienceOptions } from "./audience";
export { hasEnded, listBatches, planBatch, startBatch, watchBatch, type BatchPlan, type WatchOptions } from "./batch";
export { archivedFlows, deleteArchived, type Deleted, type Doomed } from "./bulk-delete";
export { findFlow } from "./find-flow";
export { readFlowFile, type FlowFile, type FlowInFile } from "./flow-file";
export { followLogs, readLogs, type FollowOptions, type LogOptions } from "./logs";
export { readMetrics, readMetricTotals, type FlowMetrics, type MetricsOptions, type Series } from "./metrics";
export { readAllFlows, type ReadFlowsOptions } from "./read-flows";
export { listRuns, type Runs, type RunsOptions } from "./runs";
export { listTemplates, readTemplates, writeTemplates, type UsedTemplate } from "./templates";
export { testGlobals, testRun, type TestPerson, type TestRun, type TestRunOptions, type TestStep } from "./test-run";
export { validateFiles, type FileFinding } from "./validate";
export { writeGenerated } from "./write-file";
export {
  readPeople,
  scenarioFrom,
  simulateJson,
  wayOf,
  type KeptPerson,
  type Simulated,
  type SimulateOptions,
} from "./simulate";
export { behaviourOf, type Behaviour } from "./review/behaviour";
