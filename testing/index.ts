// What tests of a flow import from "pulumi-hogflow/testing".
export { simulate, type Simulation } from "../simulator/simulate";
export { timelineOf } from "../simulator/report/timeline";
export type { FlowSource } from "../simulator/input/source";
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
  Attempt,
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
export { simulateMany, type Counted, type Example, type Many, type Missed } from "../simulator/many/many";
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
export { arbitrary, type ArbitraryOptions } from "../simulator/arbitrary/arbitrary";
export { behaviourDifference } from "../simulator/many/difference";
export { flowsOf, type ProgramSettings } from "./program";
