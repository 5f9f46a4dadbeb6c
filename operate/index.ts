/**
 * What the `hogflow` command does, as functions: each takes its client, clock and log as parameters, prints nothing, and throws
 * `PostHogApiError` or `OperateError`.
 */
export { createClient, PostHogApiError, type ClientOptions, type Clock, type PostHogClient } from "../provider/api";
export { connect, type ConnectOptions } from "./connection";
export { doctor, type Check, type CheckName, type DoctorOptions, type Verdict } from "./doctor";
export { OperateError, type Problem } from "./errors";
export { runPulumi, type PulumiOptions, type PulumiResult } from "./pulumi";
export { templateTypes, type TypedTemplate } from "./template-types";
export { openWorkspace, type Workspace, type WorkspaceOptions } from "./workspace";
