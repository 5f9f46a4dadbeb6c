// What `hogflow pull` is made of.
export { formatPulled, type Formatted } from "./format";
export type { ManagedBy, StackName } from "./notes";
export { definitionProgram, pulledFlow, type ProgramOfFlow, type PulledFile, type PulledFlow } from "./program";
export { pullFlows, type PullClient, type PullFailure, type PullOptions } from "./pull";
export { filesToOverwrite, pulledNames, writePulled, type WriteResult } from "./write";
export type { LiveFlow } from "./live-flow";
