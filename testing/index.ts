// What tests of a flow import from "pulumi-hogflow/testing".
export { simulate } from "./simulate";
export type { Simulation } from "../simulator/result/simulation";
export { timelineOf } from "../simulator/report/timeline";
export type { FlowSource } from "./read-flow";
export type { ReportOptions } from "../simulator/report/timeline";
export type { Moment } from "../simulator/input/moment";
export type {
  Group,
  GroupUpdate,
  OptedOut,
  Person,
  PersonUpdate,
  Preferences,
  Sending,
} from "../simulator/input/people";
export type {
  LaterEvent,
  SimulatedEvent,
  SimulatedRequest,
  SimulatedSchedule,
  Trigger,
} from "../simulator/input/signals";
export type { HttpStub, OutgoingRequest, StubbedAnswer } from "../simulator/input/http";
export type { FlowEdit, OlderBehaviour, Scenario } from "../simulator/input/scenario";
export type {
  StartAttempt,
  Conversion,
  End,
  EndKind,
  LogLine,
  Metric,
  Outcome,
  Park,
  Run,
  StepVisit,
} from "../simulator/result/run";
export type { Message, SentRequest, SkippedMessage } from "../simulator/result/sent";
export { arbitrary, behaviourDifference, simulateMany } from "./many";
export type { Counted, Example, Many, Missed } from "../simulator/many/result";
export type { Branch } from "../simulator/many/coverage";
export {
  assertCalls,
  assertCoversAllSteps,
  assertEndsWith,
  assertSends,
  assertSendsNot,
  assertTakes,
  assertVisits,
} from "./assert/plain";
export type { Check, Expected } from "./assert/checks";
export { matchers, type HogflowMatchers } from "./assert/matchers";
export type { ArbitraryOptions } from "../simulator/arbitrary/arbitrary";
export { flowsOf, type ProgramSettings } from "./program";
