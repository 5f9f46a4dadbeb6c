// What tests of a flow import from "pulumi-hogflow/testing".
export { simulate, type Simulation } from "./simulate";
export { timelineOf } from "./report/timeline";
export type { FlowSource } from "./input/source";
export type { Moment } from "./input/moment";
export type { Group, GroupUpdate, OptedOut, Person, PersonUpdate, Preferences, Sending } from "./input/people";
export type { LaterEvent, SimulatedEvent, SimulatedRequest, SimulatedSchedule, Trigger } from "./input/signals";
export type { HttpStub, OutgoingRequest, StubbedAnswer } from "./input/http";
export type { FlowEdit, OlderBehaviour, Scenario } from "./input/scenario";
export type { Attempt, Conversion, End, EndKind, LogLine, Metric, Outcome, Park, Run, StepVisit } from "./result/run";
export type { Message, SentRequest, SkippedMessage } from "./result/sent";
export { simulateMany, type Counted, type Example, type Many, type Missed } from "./many/many";
export type { Branch } from "./many/coverage";
export { assertCalls, assertCoversAllSteps, assertEndsWith, assertSends, assertSendsNot, assertTakes, assertVisits } from "./assert/plain";
export type { Check, Expected } from "./assert/checks";
export { matchers, type HogflowMatchers } from "./assert/matchers";
export { arbitrary, type ArbitraryOptions } from "./arbitrary/arbitrary";
export { behaviourDifference } from "./many/difference";
export { flowsOf, type ProgramSettings } from "./program";
