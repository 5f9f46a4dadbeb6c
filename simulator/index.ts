// What tests of a flow import from "pulumi-hogflow/testing".
export { simulate, type Simulation } from "./simulate";
export { timelineOf } from "./report/timeline";
export type { FlowSource } from "./input/source";
export type {
  FlowEdit, Group, GroupUpdate, HttpStub, LaterEvent, Moment, OlderBehaviour, OutgoingRequest, Person, PersonUpdate, Preferences, Scenario, SimulatedEvent, SimulatedRequest, SimulatedSchedule, StubbedAnswer, Trigger,
} from "./input/scenario";
export type { Attempt, Conversion, End, EndKind, LogLine, Message, Metric, Outcome, Park, Run, SentRequest, SkippedMessage, StepVisit } from "./result/run";
export { simulateMany, type Counted, type Example, type Many, type Missed } from "./many/many";
export type { Branch } from "./many/coverage";
export { assertCalls, assertCoversAllSteps, assertEndsWith, assertSends, assertSendsNot, assertTakes, assertVisits } from "./assert/plain";
export type { Check, Expected } from "./assert/checks";
export { arbitrary, type ArbitraryOptions } from "./arbitrary/arbitrary";
export { behaviourDifference } from "./many/difference";
export { flowsOf, type ProgramSettings } from "./program";
