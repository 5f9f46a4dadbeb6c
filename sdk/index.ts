// What a Pulumi program imports from "pulumi-hogflow".
export { HogFlow, type HogFlowConstructor } from "./hog-flow";
export { HogFlowSchedule, type HogFlowScheduleArgs } from "./hog-flow-schedule";
export type {
  ActionArgs,
  CommonSettings,
  HogFlowArgs,
  HogFlowSettings,
  KeyedForm,
  PastedDefinition,
  PastedForm,
  StepsForm,
} from "./args";
export { defineFlow } from "./define-flow";
export { validate } from "./validate";
export type { Finding } from "../rules/finding";
export type { TargetArgs } from "./target";
export type * from "../definition/schema/types";
export * from "./steps";
export {
  anyEvent,
  cohort,
  daily,
  event,
  eventProperty,
  file,
  group,
  hog,
  hogql,
  liquid,
  mjml,
  monthly,
  monthlyOn,
  once,
  person,
  postHogAction,
  Property,
  propertyFilter,
  stored,
  timeZone,
  VariableRef,
  values,
  variables,
  weekdays,
  weekly,
} from "./values";
export type {
  AudienceCondition,
  ClockTime,
  Closed,
  ConversionWindow,
  DateText,
  DestinationData,
  DestinationText,
  Duration,
  EventFilter,
  EventOptions,
  Expression,
  FileText,
  HogText,
  Hole,
  Language,
  LiquidText,
  LiveCondition,
  Operators,
  OutputRef,
  PlainText,
  Reference,
  RelativeDate,
  Scope,
  Secret,
  SecretHelp,
  SignalCondition,
  SignedDuration,
  StoredSecret,
  Template,
  TimeZone,
  Variables,
  VariableSpec,
  WaitDuration,
  WaitHelp,
  Weekday,
  Wrong,
  ZoneName,
} from "./values";
// With a star, so that programs can declare their own properties and events in it.
export * from "./values/registry";
