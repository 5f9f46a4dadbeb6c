// Reading of the two languages that texts of a flow are written in.
export type { ArithmeticOperator, CompareOperator, HogNode } from "./hog-ast";
export { HOG_FUNCTIONS } from "./hog-functions";
export { parseHogExpression, parseHogTemplate, type ParsedHog } from "./hog";
export { decodeEntities } from "./liquid-entities";
export { DISABLED_FILTERS, DISABLED_TAGS, MAX_LIQUID_OUTPUT, MAX_LIQUID_SOURCE } from "./liquid-engine";
export { parseLiquid } from "./liquid";
export type { LanguageFinding, LanguageFindingKind, Reference } from "./parsed";
