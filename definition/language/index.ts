// Reading of the two languages that texts of a flow are written in.
export type { ArithmeticOperator, CompareOperator, HogNode } from "./hog-ast";
export { HOG_FUNCTIONS } from "./hog-functions";
export { parseHogExpression, parseHogTemplate, type ParsedHog, type ParsedHogTemplate } from "./hog";
export { decodeEntities } from "./liquid-entities";
export { DISABLED_FILTERS, DISABLED_TAGS, MAX_LIQUID_OUTPUT, MAX_LIQUID_SOURCE } from "./liquid-engine";
export { parseLiquid, type ParsedLiquid } from "./liquid";
export type { LanguageProblem, Parsed, ProblemKind, Reference, TextPlace, Use } from "./parsed";
