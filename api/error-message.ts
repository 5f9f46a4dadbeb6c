/** The text of an API error: what happened, why, and how to fix it where that is known. */
import { settingName } from "../definition/setting-names";
import type { Outcome } from "./errors";
import { kindOfKey } from "./key-kinds";

/** What the request was about: decides what a 403 or 404 most likely means. */
export type Target = "project" | "flow" | "schedule" | "revision" | "run" | "template";

export interface Facts {
  /** `PUT /api/projects/1/hog_flows/<id>` */
  request: string;
  /** Origin, such as https://us.posthog.com. */
  host: string;
  target: Target;
  outcome: Outcome;
  detail: string;
  /** First four characters of the key: they show the kind of key, not the key. */
  keyKind?: string;
  status?: number;
  code?: string;
  path?: string;
  note?: string;
}

/** Where a user sets it. */
export const SETTING = {
  key: () => `POSTHOG_API_KEY or \`${settingName("apiKey")}\``,
  host: () => `POSTHOG_HOST or \`${settingName("host")}\``,
  project: () => `POSTHOG_PROJECT_ID or \`${settingName("projectId")}\``,
};

interface Hint {
  when(facts: Facts): boolean;
  fix(facts: Facts): string;
}

const status =
  (...statuses: number[]) =>
  (facts: Facts) =>
    facts.status !== undefined && statuses.includes(facts.status);
const code =
  (...codes: string[]) =>
  (facts: Facts) =>
    facts.code !== undefined && codes.includes(facts.code);
const both = (a: Hint["when"], b: Hint["when"]) => (facts: Facts) => a(facts) && b(facts);
const method = (name: string) => (facts: Facts) => facts.request.startsWith(`${name} `);
const unreadable = code("unreadable");
const kindOf = ({ keyKind }: Facts) => kindOfKey(keyKind ?? "");
const ofProject = (facts: Facts) => facts.target === "project";

const MISSING_SCOPE = /required scope '([^']+)'/;

/** First match wins. */
const HINTS: Hint[] = [
  {
    when: code("unreachable"),
    fix: ({ host }) =>
      `Check that ${host} is the right host (${SETTING.host()}) and can be reached from here; behind a proxy set HTTPS_PROXY and NO_PROXY.`,
  },
  {
    when: code("tls"),
    fix: () =>
      "If a proxy or your server uses a private certificate authority, name its PEM file in NODE_EXTRA_CA_CERTS before the process starts.",
  },
  {
    when: code("proxy"),
    fix: ({ host }) => `Check HTTPS_PROXY (user and password included), or list the host of ${host} in NO_PROXY.`,
  },
  {
    when: code("redirect"),
    fix: () =>
      `Redirects are not followed, because the key must not be sent elsewhere: set ${SETTING.host()} to the address that answers.`,
  },
  {
    when: both(unreadable, (f) => f.status !== 429 && (f.status ?? 0) < 500),
    fix: ({ host }) =>
      `Something other than PostHog's API seems to answer at ${host}: check ${SETTING.host()}, and any proxy in between.`,
  },
  { when: code("key_kind"), fix: () => `Put a personal API key (phx_…) in ${SETTING.key()} for this.` },
  {
    when: both(status(401), (facts) => kindOf(facts)?.unfit !== undefined),
    fix: (facts) =>
      `The key in ${SETTING.key()} begins with ${facts.keyKind}: it is ${kindOf(facts)!.name}, and ${kindOf(facts)!.unfit}; a personal API key (phx_…) is needed.`,
  },
  {
    when: both(status(401, 403), (facts) => kindOf(facts)?.flowsOnly === true),
    fix: (facts) =>
      `The key in ${SETTING.key()} is ${kindOf(facts)!.name} (phs_…): it must belong to this project and have the scope hog_flow:write, and an older PostHog accepts only personal API keys (phx_…) here.`,
  },
  {
    when: status(401),
    fix: ({ host }) =>
      `Check the personal API key in ${SETTING.key()}: it must be complete, not revoked, and belong to ${host}.`,
  },
  {
    when: both(status(403), ({ detail }) => MISSING_SCOPE.test(detail)),
    fix: ({ host, detail }) =>
      `Add the scope ${MISSING_SCOPE.exec(detail)![1]} to the personal API key (${host}/settings/user-api-keys), or put another key in ${SETTING.key()}.`,
  },
  {
    when: both(status(403), ({ detail }) => /does not support personal API key/i.test(detail)),
    fix: ({ host }) => `The PostHog at ${host} does not offer this request to API keys; it may be too old.`,
  },
  {
    when: status(403),
    fix: () =>
      `Check that the project in ${SETTING.project()} is one that the key's user may edit workflows in, and that the key is not limited to other projects.`,
  },
  {
    when: both(status(404), ofProject),
    fix: ({ host }) =>
      `Check that the project in ${SETTING.project()} exists at ${host} and that the key's user may see it.`,
  },
  {
    when: status(404),
    fix: () => `It was deleted, or it belongs to a different project than the one in ${SETTING.project()}.`,
  },
  { when: status(405), fix: ({ host }) => `The PostHog at ${host} does not offer this request; it may be too old.` },
  {
    when: status(409),
    fix: () =>
      "Somebody changed the workflow since it was last read: look at the change (`pulumi refresh`), then try again.",
  },
  {
    when: both(code("too_large"), ({ outcome }) => outcome === "unsent"),
    fix: () => "Shorten the largest texts, such as images inside the HTML of an e-mail, or split the workflow.",
  },
  {
    when: status(413),
    fix: () =>
      "The definition is larger than the server, or a proxy before it, accepts: shorten the largest texts, such as images inside the HTML of an e-mail, or split the workflow.",
  },
  {
    when: code("paused"),
    fix: () =>
      "Try again later, or use a key that is not shared with other jobs: PostHog allows each key 480 requests a minute and 4,800 an hour.",
  },
  {
    when: status(429),
    fix: () =>
      "Try again later: PostHog allows each key 480 requests a minute and 4,800 an hour, for all jobs that use it together.",
  },
  {
    when: both(status(500), method("DELETE")),
    fix: () => "PostHog cannot delete a workflow that ever ran a batch job: archive it instead.",
  },
  {
    when: both(
      status(500),
      both(method("GET"), ({ target }) => target === "flow"),
    ),
    fix: () =>
      "If this error persists, the workflow may be stored incomplete: open it in PostHog's editor and save it, or restore an earlier version there.",
  },
  {
    when: (f) => (f.status ?? 0) >= 500,
    fix: () => "Try again; if the error persists, look at https://www.posthogstatus.com or at the logs of your server.",
  },
  {
    when: both(code("timeout", "cut"), ({ outcome }) => outcome === "unknown"),
    fix: () => "PostHog may still have carried out the request.",
  },
];

/** What is said first. `{request}` is the request with method and path. */
function what({ request, outcome, status, code, path, note }: Facts): string {
  const where = [path && ` at ${path}`, note && ` (${note})`].filter(Boolean).join("");
  const told = status === undefined ? "" : ` (${[status, code].filter(Boolean).join(" ")})`;
  if (outcome === "unsent") return `${request} was not sent${told}${where}`;
  if (outcome === "refused") return `${request} was refused${told}${where}`;
  return status === undefined ? `${request} got no complete answer${where}` : `${request} failed${told}${where}`;
}

const sentence = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);

export function errorMessage(facts: Facts): string {
  const hint = HINTS.find((hint) => hint.when(facts));
  return [sentence(`${what(facts)}: ${facts.detail}`), hint?.fix(facts)].filter(Boolean).join(" ");
}
