// What a Pulumi program imports from "pulumi-hogflow".
export { HogFlow } from "./hog-flow";
export { HogFlowSchedule, type HogFlowScheduleArgs } from "./hog-flow-schedule";
export type { ActionArgs, HogFlowArgs, HogFlowSettings, KeyedForm, PastedDefinition, PastedForm } from "./args";
export { validate } from "./validate";
export type { Finding } from "../provider/graph/finding";
export type { PlaceArgs } from "./place";
export type * from "../provider/schema/types";
