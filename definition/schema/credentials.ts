// What a credential looks like, in one table: the names under which it is written, and the values that are one wherever they are. The rule
// `credential-in-text`, `hogflow pull` and every mask read this, so that what one of them finds, all of them find.

/** A stretch of a text that is a credential. */
export interface Credential {
  start: number;
  end: number;
  /** What it is, in words: `a password`. */
  what: string;
  /** The name under which it was found, where it has one: that of a header, of a URL parameter, of a member. */
  name?: string;
}

/** Where a text is written. */
export interface Writing {
  /** The name of the text itself: that of a header, an input or a member. */
  name?: string | undefined;
  /** Whether it is the value of an HTTP header. */
  isHeader?: boolean;
}

/** What a value must look like to be one. `text`: anything but a placeholder; `random`: nothing that a person would make up; `long`: the same, and long. */
type Look = "text" | "pairs" | "random" | "long";

export interface NameRow {
  what: string;
  /** The words of the name in lower case, with a space between them. */
  words: RegExp;
  look: Look;
  /** Names with a value, of which each must be found, and none may be. */
  hits: readonly (readonly [name: string, value: string])[];
  misses: readonly (readonly [name: string, value: string])[];
}

export interface ValueRow {
  what: string;
  /** The credential is the group `key`, or the whole match. */
  pattern: RegExp;
  hits: readonly string[];
  misses: readonly string[];
}

const RANDOM = "q7Vd2mXk9ZpT4wLs8RnC";

/** By name. The first row that fits the name decides. */
export const CREDENTIAL_NAMES: readonly NameRow[] = [
  {
    what: "a password",
    words: /(?:^| )(?:password|passwd|pwd|passphrase)$/,
    look: "text",
    hits: [
      ["password", "hunter2!"],
      ["smtpPassword", "correct-horse"],
      ["db_pwd", "Tr0ub4dor"],
    ],
    misses: [
      ["password", "Passwort"],
      ["password", "{inputs.password}"],
      ["password", "<your password>"],
      ["password_reset_url", "https://app.example.com/reset"],
      ["password", "Forgot your password?"],
    ],
  },
  {
    what: "a secret",
    words: /(?:^| )secrets?(?: access)?(?: key| token)?$/,
    look: "text",
    hits: [
      ["client_secret", "s3cr3t-value"],
      ["secret", "topsecret"],
      ["signingSecret", "abcdef123"],
      ["aws_secret_access_key", "wJalrXUtnFEMIK7MDENGbPxRfiCYzz"],
    ],
    misses: [
      ["secret", "secret"],
      ["client_secret", "{{ person.properties.secret }}"],
      ["secret_santa", "gift-box-12"],
    ],
  },
  {
    what: "an API key",
    words:
      /(?:^| )(?:(?:api|access|private|auth|authorization|master|admin|signing|encryption|subscription|functions|account|service|write|license|role) key|apikey|authkey|accesskey)$/,
    look: "text",
    hits: [
      ["X-Api-Key", "k-12345"],
      ["api_key", "abcdef"],
      ["apiKey", "9f8e7d6c"],
      ["apikey", "zzz-111"],
      ["Ocp-Apim-Subscription-Key", "0123abcd"],
    ],
    misses: [
      ["api_key", "YOUR_API_KEY"],
      ["project_api_key", "phc_publicPublicPublic"],
      ["api_key_name", "production"],
      ["api_key", "{inputs.key}"],
      ["public_access_key", "pub-9981"],
    ],
  },
  {
    what: "an authorization",
    words: /(?:^| )(?:authorization|basic auth|auth header|credentials?)$|^(?:x )?auth$/,
    look: "text",
    hits: [
      ["Authorization", "Bearer abc123"],
      ["Authorization", "Basic dXNlcjpwYXNz"],
      ["Proxy-Authorization", "Basic dXNlcjpwYXNz"],
      ["authorization", "f00dbabe"],
    ],
    misses: [
      ["Authorization", "Bearer {person.properties.token}"],
      ["Authorization", "Bearer <token>"],
      ["Authorization", ""],
      ["author", "Ada Lovelace"],
    ],
  },
  {
    what: "a cookie",
    words: /^(?:set )?cookie$/,
    look: "pairs",
    hits: [
      ["Cookie", "session=f00dbabe42"],
      ["Set-Cookie", "sid=abcd1234; Path=/"],
    ],
    misses: [
      ["cookie", "chocolate"],
      ["cookie_policy", "a=b"],
      ["Cookie", "session={event.properties.session}"],
    ],
  },
  {
    what: "a token",
    words: /(?:^| )(?:token|bearer|jwt|session id|sessionid|session)$/,
    look: "random",
    hits: [
      ["token", RANDOM],
      ["access_token", "ab12cd34ef"],
      ["X-Auth-Token", "9a8b7c6d5e"],
      ["refreshToken", "1//0gAbCdEfGh"],
    ],
    misses: [
      ["max_tokens", "4096"],
      ["token", "welcome"],
      ["token_type", RANDOM],
      ["token", "2026-12-01"],
      ["next_page_token", RANDOM],
      ["token", "phc_abcdefghij0123456789"],
    ],
  },
  {
    what: "a signature",
    words: /(?:^| )(?:sig|signature|hmac)$/,
    look: "random",
    hits: [
      ["sig", "kX2b9TqLw81%2Bz"],
      ["X-Amz-Signature", "fe5f80f77d5fa3beca038a248ff027d0445342fe"],
      ["signature", "9f86d081884c7d65"],
    ],
    misses: [
      ["signature", "Kind regards, Ada"],
      ["email_signature", "The Team"],
    ],
  },
  {
    what: "a key",
    words: /(?:^| )(?:key|code)$/,
    look: "long",
    hits: [
      ["key", "f3Kq81LmZx02VbNw77QpTy5c"],
      ["code", "dGhpc2lzYWZ1bmN0aW9uS2V5MTIz9Q=="],
    ],
    misses: [
      ["key", "order_confirmed_2024"],
      ["key", "0198c0de-0000-7000-8000-000000000001"],
      ["code", "SUMMER-2026"],
      ["country_code", "DE"],
      ["idempotency_key", "f3Kq81LmZx02VbNw77QpTy5c"],
      ["key", "person.properties.first_name_2"],
    ],
  },
];

/** Names that end like one above, and are public, or say which thing is meant. */
const HARMLESS =
  /(?:^| )(?:public|publishable|project api|site|idempotency|page|pagination|csrf|xsrf|device|push|fcm|sort|primary|foreign|partition|cache|translation|routing|template|property|object|country|postal|zip|promo|coupon|discount|status|error|language|currency|product) (?:access )?(?:key|code|token)$/;

/** By value, whatever the name. */
export const CREDENTIAL_VALUES: readonly ValueRow[] = [
  {
    what: "a Stripe key",
    pattern: /(?<![A-Za-z0-9])(?<key>(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{10,})/g,
    hits: ["sk_live_4eC39HqLyjWDarjtT1zdp7dc", "rk_live_4eC39HqLyjWDarjt", "whsec_4eC39HqLyjWDarjt"],
    misses: ["pk_live_4eC39HqLyjWDarjtT1zdp7dc", "task_live_updates_for_everybody", "sk_live_xxxxxxxxxxxxxxxx"],
  },
  {
    what: "a Slack token",
    pattern: /(?<![A-Za-z0-9])(?<key>xox[abeprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,})/g,
    hits: ["xoxb-123456789012-abcdefGHIJKL"],
    misses: ["xoxo-and-many-greetings", "xoxb-xxxxxxxxxxxx"],
  },
  {
    what: "a GitHub token",
    pattern: /(?<![A-Za-z0-9])(?<key>gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,})/g,
    hits: ["ghp_16C7e42F292c6912E7710c838347Ae178B4a", "github_pat_11ABCDEFG0123456789_abcdefghij"],
    misses: ["ghp_short", "github_pat_"],
  },
  {
    what: "a GitLab token",
    pattern: /(?<![A-Za-z0-9])(?<key>gl(?:pat|ptt|dt|rt)-[A-Za-z0-9_-]{16,})/g,
    hits: ["glpat-q7Vd2mXk9ZpT4wLs8RnC"],
    misses: ["glpat-short"],
  },
  {
    what: "an AWS access key",
    pattern: /(?<![A-Za-z0-9])(?<key>(?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])/g,
    hits: ["AKIAJ7QWERTYUIOP12ZX"],
    misses: ["AKIA", "AKIAJ7QWERTYUIOP12ZXANDMORE"],
  },
  {
    what: "a PostHog key",
    pattern: /(?<![A-Za-z0-9])(?<key>ph[xs]_[A-Za-z0-9]{10,})/g,
    hits: ["phx_q7Vd2mXk9ZpT4wLs8RnC", "phs_q7Vd2mXk9ZpT4wLs8RnC"],
    misses: ["phc_q7Vd2mXk9ZpT4wLs8RnC", "graphx_q7Vd2mXk9ZpT4wLs8RnC"],
  },
  {
    what: "a SendGrid key",
    pattern: /(?<![A-Za-z0-9])(?<key>SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})/g,
    hits: ["SG.q7Vd2mXk9ZpT4wLs8RnC.f3Kq81LmZx02VbNw77QpTy5c"],
    misses: ["SG.example.com"],
  },
  {
    what: "a Shopify token",
    pattern: /(?<![A-Za-z0-9])(?<key>shp(?:at|ca|pa|ss)_[A-Za-z0-9]{16,})/g,
    hits: ["shpat_0123456789abcdef0123456789abcdef"],
    misses: ["shpat_"],
  },
  {
    what: "an API key",
    pattern:
      /(?<![A-Za-z0-9])(?<key>sk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{0,20}(?=[A-Za-z0-9_-]{0,40}\d)[A-Za-z0-9_]{20,}|AIza[A-Za-z0-9_-]{30,}|npm_[A-Za-z0-9]{30,}|pat-(?:na|eu)\d-[0-9a-f-]{32,}|lin_api_[A-Za-z0-9]{20,}|dop_v1_[0-9a-f]{32,}|pypi-[A-Za-z0-9_-]{30,}|key-[0-9a-f]{32})/g,
    hits: [
      "sk-proj-q7Vd2mXk9ZpT4wLs8RnCf3Kq81Lm",
      "AIzaSyA1234567890abcdefghijklmnopqrstuv",
      "pat-na1-0123abcd-4567-89ab-cdef-0123456789ab",
    ],
    misses: ["sk-learn", "risk-assessment-of-a-very-long-project-name", "key-value"],
  },
  {
    what: "a JSON Web Token",
    pattern: /(?<![A-Za-z0-9])(?<key>eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)/g,
    hits: ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"],
    misses: ["eyJhbGciOiJIUzI1NiJ9"],
  },
  {
    what: "a private key",
    pattern:
      /(?<key>-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[^])*(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?)/g,
    hits: ["-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"],
    misses: ["-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"],
  },
  {
    what: "a webhook address",
    pattern: /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/(?<key>[A-Za-z0-9/_-]{10,})/gi,
    hits: ["https://hooks.slack.com/services/T024BE7LD/B01ABCDE/q7Vd2mXk9ZpT4wLs8RnC"],
    misses: ["https://hooks.slack.com/services/{inputs.path}", "https://hooks.slack.com/services/XXXXXXXXX/XXXXXXXXX"],
  },
  {
    what: "a webhook address",
    pattern: /discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/(?<key>[\w-]{10,})/gi,
    hits: ["https://discord.com/api/webhooks/1234567890/q7Vd2mXk9ZpT4wLs8RnC_abc"],
    misses: ["https://discord.com/api/webhooks/1234567890/{token}"],
  },
  {
    what: "a webhook address",
    pattern: /\.webhook\.office\.com\/webhookb2\/(?<key>[\w@/-]{10,})/gi,
    hits: [
      "https://acme.webhook.office.com/webhookb2/0198c0de-0000-7000-8000-000000000001@0198c0de/IncomingWebhook/q7Vd2mXk",
    ],
    misses: ["https://acme.webhook.office.com/webhookb2/"],
  },
  {
    what: "the password of a URL",
    pattern:
      /(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s/@:?#'"<>{}]{0,200}:(?<key>[^\s/@?#'"<>{}]{1,500})@/g,
    hits: ["https://user:s3cr3t@api.example.com/", "postgres://app:p4ss@db:5432/x"],
    misses: [
      "https://user:{password}@api.example.com/",
      "https://api.example.com:8443/users/@me",
      "https://user@example.com/",
    ],
  },
  {
    what: "an authorization",
    pattern: /\b(?:Bearer|Basic)\s{1,5}(?<key>[A-Za-z0-9_+/=.~-]{16,})/g,
    hits: [`Authorization: Bearer ${RANDOM}`],
    misses: ["Basic subscription-for-everybody", "Bearer {inputs.token}"],
  },
];

/** Whether a text is written in a template language, in whole or in part: it has no value yet. */
const isTemplate = (text: string): boolean => /[{}]/.test(text);

const PLACEHOLDERS: readonly RegExp[] = [
  /^[\s*•.…_x-]*$/i,
  /^[<[(].*[>\])]$/,
  /^\$\w+$|^%\w+%$/,
  /(?:^|[^a-z])(?:your|example|sample|placeholder|dummy|redacted|change[ _-]?me|replace[ _-]?me|insert|todo|fixme|none|null|undefined|required|optional|missing)(?:[^a-z]|$)/i,
  /(?:x{6,}|\*{4,}|0{12,})/i,
  /^(?:my[ _-]?)?(?:api[ _-]?key|access[ _-]?token|token|secret|password|key|value|bearer|authorization|true|false|yes|no)$/i,
];
const isPlaceholder = (text: string): boolean => PLACEHOLDERS.some((pattern) => pattern.test(text));

/** PostHog's and Stripe's public keys, which every visitor of a web page has. */
const isPublic = (text: string): boolean => /^(?:phc_|pk_(?:live|test)_)/.test(text);

/** Bits in one character, as the text uses them. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const isMixed = (text: string): boolean => /\d/.test(text) && /[A-Za-z]/.test(text);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MIN_TEXT = 6;

const LOOKS: Readonly<Record<Look, (text: string) => boolean>> = {
  // A label, such as "Passwort", is no value.
  text: (text) => text.length >= MIN_TEXT && !/\s/.test(text) && !/^[A-Z][a-z]+$/.test(text),
  pairs: (text) => /^[^=;\s]+=[^;]{4,}/.test(text),
  random: (text) =>
    /^[\w+/=.~:%|-]{8,}$/.test(text) &&
    ((isMixed(text) && entropy(text) >= 2.5) ||
      (text.length >= 24 && /[a-z]/.test(text) && /[A-Z]/.test(text) && entropy(text) >= 3.5)),
  long: (text) =>
    /^[\w+/=~%-]{20,}$/.test(text) &&
    !UUID.test(text) &&
    isMixed(text) &&
    /[A-Z]/.test(text) &&
    /[a-z]/.test(text) &&
    entropy(text) >= 3.7,
};

/** The words of a name: `X-Api-Key`, `apiKey`, `api_key` -> `api key`. */
const wordsOf = (name: string): string =>
  name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .join(" ")
    .toLowerCase()
    .replace(/^x (?=.)/, "");

const rows = new Map<string, NameRow | null>();

/** The row of a name, where it is that of a credential. */
function rowOf(name: string): NameRow | undefined {
  let row = rows.get(name);
  if (row === undefined) {
    const words = wordsOf(name);
    row = HARMLESS.test(words) ? null : (CREDENTIAL_NAMES.find((candidate) => candidate.words.test(words)) ?? null);
    if (rows.size > 5_000) rows.clear();
    rows.set(name, row);
  }
  return row ?? undefined;
}

/** Whether whatever has this name is masked, also where it does not look like a credential. */
export const isCredentialName = (name: string): boolean => {
  const row = rowOf(name);
  return row !== undefined && row.look !== "long";
};

/** Words in front of a credential in a header. */
const SCHEME =
  /^(?:Bearer|Basic|Token|Digest|ApiKey|Api-Key|Key|Bot|GenieKey|SSWS|OAuth|Splunk|Klaviyo-API-Key|AWS4-HMAC-SHA256)\s+/i;

/** The credential in a text of this name. */
function named(text: string, { name, isHeader = false }: Writing): Credential[] {
  const row = name === undefined ? undefined : rowOf(name);
  if (row === undefined) return [];
  const scheme = SCHEME.exec(text)?.[0] ?? "";
  const start = scheme.length + /^\s*/.exec(text.slice(scheme.length))![0].length;
  const value = text.slice(start).trimEnd();
  const look = row.look === "random" && isHeader ? "text" : row.look;
  const fits = scheme !== "" && row.look !== "pairs" ? value.length >= MIN_TEXT : LOOKS[look](value);
  return fits && isValue(value) ? [{ start, end: start + value.length, what: row.what, name: name! }] : [];
}

const isValue = (value: string): boolean =>
  value !== "" && !isTemplate(value) && !isPlaceholder(value) && !isPublic(value);

/** Texts in texts: parameters of a URL or a form, members of JSON. */
const PAIRS: readonly RegExp[] = [
  /(?<=^|[?&;#])(?<name>[\w.%[\]-]{1,80})=(?<key>[^&#;\s"'<>]{4,})/dg,
  /(?<quote>["'])(?<name>[\w .-]{1,80})\\{0,4}\k<quote>\s{0,8}:\s{0,8}\\{0,4}\k<quote>(?<key>[^"'\\]{4,})/dg,
  /(?<=^|\n)[ \t]{0,8}(?<name>[A-Za-z][A-Za-z0-9-]{1,40}): ?(?<key>[^\n]{6,500})/dg,
];

/** One look that most texts do not pass: every row and every pair has one of these. */
const MAY_HOLD =
  /[?&;=]\w|\w=|["']\\{0,4}\s{0,8}:|\w: |[sr]k_|whsec_|xox|xapp-|gh[pousr]_|github_pat_|gl(?:pat|ptt|dt|rt)-|A[KS]IA|ph[xs]_|SG\.|shp|sk-|AIza|npm_|pat-|lin_api_|dop_v1_|pypi-|key-|eyJ|-----BEGIN|hooks\.slack|discord|webhook\.office|:\/\/[^\s/@]{0,200}@|Bearer|Basic/i;
const HEADER_LINE = 2;
const NONE: Credential[] = [];

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * The credentials in a text, in order, none over another. Templates, placeholders and public keys are none.
 *
 * @example
 * ```ts
 * credentialsIn("https://api.example.com/leads?api_key=abc123def"); // [{ start: 38, end: 47, what: "an API key", name: "api_key" }]
 * credentialsIn("Bearer abc123def", { name: "Authorization" });     // [{ start: 7, end: 16, what: "an authorization", name: "Authorization" }]
 * ```
 */
export function credentialsIn(text: string, writing: Writing = {}): Credential[] {
  if (text.length < MIN_TEXT) return NONE;
  const found = named(text, writing);
  if (!MAY_HOLD.test(text)) return found;
  for (const { what, pattern } of CREDENTIAL_VALUES) {
    for (const match of text.matchAll(pattern)) {
      const key = match.groups!["key"]!;
      const start =
        match.index + match[0].indexOf(key, match[0].length - key.length - (match[0].endsWith("@") ? 1 : 0));
      if (isValue(key) && (what !== "an authorization" || LOOKS.random(key)))
        found.push({ start, end: start + key.length, what });
    }
  }
  for (const [i, pattern] of PAIRS.entries()) {
    for (const match of text.matchAll(pattern)) {
      const [name, value] = [match.groups!["name"]!, match.groups!["key"]!];
      const [start] = match.indices!.groups!["key"]!;
      // A line of prose or of code begins like a header, too.
      if (i === HEADER_LINE && !LOOKS.random(value.replace(SCHEME, "").trim())) continue;
      for (const { start: from, what } of named(i === 0 ? decoded(value) : value, { name: decoded(name) }))
        found.push({
          start: i === 0 ? start : start + from,
          end: start + value.trimEnd().length,
          what,
          name: decoded(name),
        });
    }
  }
  return apart(found);
}

/** Without what lies in another; what overlaps is one. */
function apart(found: Credential[]): Credential[] {
  const out: Credential[] = [];
  for (const each of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (last === undefined || each.start >= last.end) out.push({ ...each });
    else if (each.end > last.end) last.end = each.end;
  }
  return out;
}

/** The text with something else for each credential in it. */
export function withoutCredentials(
  text: string,
  instead: (credential: Credential, value: string) => string,
  writing: Writing = {},
): string {
  let out = "";
  let at = 0;
  for (const credential of credentialsIn(text, writing)) {
    out += text.slice(at, credential.start) + instead(credential, text.slice(credential.start, credential.end));
    at = credential.end;
  }
  return at === 0 ? text : out + text.slice(at);
}
