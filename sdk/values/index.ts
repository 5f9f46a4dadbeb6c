// What steps, triggers and settings refer to: properties, conditions, events, variables, texts, lengths and times. The first part is what programs
// import, the second what composition writes them down with.
export { person, eventProperty, group } from "./properties";
export {
  cohort,
  hogql,
  Property,
  propertyFilter,
  type AudienceCondition,
  type DateText,
  type LiveCondition,
  type Operators,
  type RelativeDate,
  type Scope,
  type SignalCondition,
} from "./conditions";
export type { Reference } from "./references";
export { event, anyEvent, postHogAction, type EventFilter, type EventOptions } from "./events";
export { values, variables, VariableRef, type OutputRef, type Variables, type VariableSpec } from "./variables";
export {
  hog,
  liquid,
  type DestinationData,
  type DestinationText,
  type Expression,
  type HogText,
  type Hole,
  type Language,
  type LiquidText,
  type PlainText,
  type Template,
} from "./texts";
export { file, jsonValue, mjml, type FileText } from "./files";
export { daily, monthly, monthlyOn, once, weekdays, weekly } from "./schedules";
export { timeZone, type TimeZone } from "./zones";
export { stored, type StoredSecret } from "./stored";
export type { ZoneName } from "./zone-names";
export type { ClockTime, Weekday } from "./clock-times";
export type { Closed, Secret, SecretHelp, Wrong } from "./closed";
export type { ConversionWindow, Duration, SignedDuration, WaitDuration, WaitHelp } from "./durations";
export * from "./registry";

export type { SignalCondition as TriggerCondition } from "./conditions";
export {
  audienceFilters,
  conditionFilters,
  eventFilters,
  expressionText,
  goalFilters,
  isCondition,
  isEventFilter,
  outputVariables,
} from "./filters";
export { destinationInput } from "./destination-inputs";
export { checkedLeaf, isTextValue, liquidValue } from "./texts";
export { isStored } from "./stored";
export { isVariables, keyedVariables } from "./variables";
