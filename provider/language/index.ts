// Reading of the two languages that texts of a flow are written in.
export type { HogNode } from "./hog-ast";
export { HOG_FUNCTIONS } from "./hog-functions";
export { parseHogExpression, parseHogTemplate, type ParsedHog, type ParsedHogTemplate } from "./hog";
export { parseLiquid, type ParsedLiquid } from "./liquid";
export type { LanguageProblem, Parsed, ProblemKind, Reference, TextPlace, Use } from "./parsed";
