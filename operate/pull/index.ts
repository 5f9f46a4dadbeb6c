// What `hogflow pull` is made of.
export { formatPulled } from "./format";
export { writeIndex } from "./index-file";
export { definitionProgram, pulledFlow, type PulledFlow } from "./program";
export { pullFlows, type PullOptions } from "./pull";
export { filesToOverwrite, importableNames, pulledNames, writePulled, type WriteResult } from "./write";
