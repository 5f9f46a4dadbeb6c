// Regular expressions as PostHog runs them: RE2, found anywhere, case-sensitive unless the pattern says otherwise (run time §5.4).
import { RE2JS } from "re2js";
import { NotSimulated } from "../not-simulated";

/** RE2 takes the size of the pattern times the length of the text: this much of both is some seconds. */
const MAX_WORK = 30_000_000;
/** A longer pattern takes seconds to compile. */
const MAX_PATTERN_LENGTH = 20_000;

const compiled = new Map<string, RE2JS>();

function pattern(text: string): RE2JS {
  let found = compiled.get(text);
  if (!found) {
    if (text.length > MAX_PATTERN_LENGTH)
      throw new NotSimulated({ kind: "long_regex", length: text.length, most: MAX_PATTERN_LENGTH });
    found = RE2JS.compile(text);
    if (compiled.size > 1_000) compiled.clear();
    compiled.set(text, found);
  }
  return found;
}

function matcherOf(regex: string, given: unknown): ReturnType<RE2JS["matcher"]> {
  const compiledPattern = pattern(regex);
  const text = String(given);
  if (compiledPattern.programSize() * text.length > MAX_WORK)
    throw new NotSimulated({ kind: "slow_regex", pattern: regex, length: text.length });
  return compiledPattern.matcher(text);
}

/** Whether the pattern is found in the text. An invalid pattern throws, and NotSimulated one that would take too long. */
export const regexMatch = (regex: string, text: string): boolean => matcherOf(regex, text).find();

/** The first group, or the whole match of a pattern without groups; empty when nothing is found. */
export function regexExtract(regex: string, text: string): string {
  const matcher = matcherOf(regex, text);
  if (!matcher.find()) return "";
  return (matcher.groupCount() > 0 ? matcher.group(1) : matcher.group(0)) ?? "";
}
