// Regular expressions as PostHog runs them: RE2, found anywhere, case-sensitive unless the pattern says otherwise (run time §5.4).
import { RE2JS } from "re2js";

const compiled = new Map<string, RE2JS>();

function pattern(text: string): RE2JS {
  let found = compiled.get(text);
  if (!found) {
    found = RE2JS.compile(text);
    if (compiled.size > 1_000) compiled.clear();
    compiled.set(text, found);
  }
  return found;
}

/** Whether the pattern is found in the text. An invalid pattern throws. */
export const regexMatch = (regex: string, text: string): boolean => pattern(regex).matcher(String(text)).find();

/** The first group, or the whole match of a pattern without groups; empty when nothing is found. */
export function regexExtract(regex: string, text: string): string {
  const matcher = pattern(regex).matcher(String(text));
  if (!matcher.find()) return "";
  return (matcher.groupCount() > 0 ? matcher.group(1) : matcher.group(0)) ?? "";
}
