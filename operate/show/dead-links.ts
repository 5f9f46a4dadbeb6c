// Whether a link of a message leads anywhere: an address that somebody meant to fill in later is named before anybody clicks on it.
import { table } from "../../definition/schema/table";

/** Hosts that stand for one of PostHog's in a simulation. */
const STAND_INS: ReadonlySet<string> = new Set(["unsubscribe.invalid", "posthog.invalid"]);
/** Names that are reserved for examples and tests (RFC 2606, RFC 6761), and those of the writer's own machine. */
const RESERVED =
  /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost|local)$|^(?:127\.|0\.0\.0\.0$|\[::1\]$)/i;
const YOURS = /^(?:www\.)?(?:your|my)-?(?:domain|site|company|website|link|url)\b/i;
const TO_DO = /\b(?:TODO|TBD|FIXME|XXX)\b|insert[-_ ]?(?:link|url)/;
const UNRENDERED = /\{[{%]|%7B%7B|\}\}|\*\|.*\|\*/i;

/** Why links of these kinds lead nowhere. */
const SCHEMES = table<(rest: string) => string | undefined>({
  javascript: () => "mailboxes run no scripts",
  vbscript: () => "mailboxes run no scripts",
  data: () => "mailboxes do not open data",
  file: () => "it is a file of one machine",
  about: () => "it is an empty page",
  mailto: (rest) => (/^[^@\s?]+@[^@\s?]+/.test(rest) ? undefined : "it has no address"),
  tel: (rest) => (/\d/.test(rest) ? undefined : "it has no number"),
  sms: (rest) => (/\d/.test(rest) ? undefined : "it has no number"),
});

/**
 * Why a link leads nowhere, in words; undefined where it may lead somewhere.
 *
 * @example
 * ```ts
 * deadReason("#"); // `#` is a placeholder
 * ```
 */
export function deadReason(given: string): string | undefined {
  const url = given.trim();
  if (url === "") return "it is empty";
  if (url === "#") return "`#` is a placeholder";
  if (UNRENDERED.test(url)) return "a placeholder in it is not filled";
  if (url.startsWith("#")) return undefined;
  const [, scheme, rest = ""] = /^([a-z][a-z\d+.-]*):([^]*)$/i.exec(url) ?? [];
  if (scheme === undefined)
    return url.startsWith("//")
      ? hostReason(`https:${url}`)
      : "it has no `https://`, and a mailbox knows no site that it belongs to";
  if (/^https?$/i.test(scheme)) return hostReason(url);
  return SCHEMES[scheme.toLowerCase()]?.(rest);
}

function hostReason(url: string): string | undefined {
  let host: string;
  try {
    host = new URL(url).hostname;
  } catch {
    return "it is no address";
  }
  if (STAND_INS.has(host)) return undefined;
  if (RESERVED.test(host)) return `${host} is a name for examples and tests`;
  return YOURS.test(host) || TO_DO.test(url) ? "it is a placeholder" : undefined;
}
