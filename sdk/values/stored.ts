// The value of a secret that PostHog has and nobody can read.
const MARK: unique symbol = Symbol.for("pulumi-hogflow.stored");

/** What `stored()` returns: `secret: true`, as PostHog itself shows a secret that it keeps. */
export type StoredSecret = { readonly secret: true; readonly [MARK]: true };

/**
 * The value that PostHog has stored for this secret input: it is never sent, and stays as it is. For flows that exist already; `hogflow pull` writes it. PostHog
 * stores secrets under the id of their step, so a new or renamed step has none, and preview says so. Previews show it as `secret: true`.
 *
 * To set another value, give one, such as `config.requireSecret("crmKey")`: it replaces the stored one with the next `pulumi up`.
 *
 * @example
 * ```ts
 * webhook("tell_sales", { url: "https://crm.example.com/leads", signingSecret: stored() })
 * ```
 */
export const stored = (): StoredSecret =>
  Object.defineProperty({ secret: true }, MARK, { value: true }) as object as StoredSecret;

export const isStored = (value: unknown): value is StoredSecret =>
  typeof value === "object" && value !== null && (value as { [MARK]?: boolean })[MARK] === true;
