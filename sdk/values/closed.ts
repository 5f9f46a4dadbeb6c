// Closed sets of texts, and messages for what is not in them.
import type { OutputInstance } from "@pulumi/pulumi";
import type { StoredSecret } from "./stored";

declare const reason: unique symbol;

/** The message of an argument that does not fit. Nobody can make a value of it; editors and the compiler show the text. */
export type Wrong<Why extends string> = Why & { readonly [reason]: never };

/** A literal of the set, or an output of any text, which is checked in preview: `config.require(…)` has no narrower type. */
export type Closed<T extends string> = T | Promise<string> | OutputInstance<string>;

/** What the compiler says to anything but a {@link Secret}, where it is written out as its argument. */
export type SecretHelp =
  "a secret is never text in the source: write config.requireSecret(`name`), or stored() to keep the value that PostHog has";

/**
 * A value that PostHog keeps encrypted: only an output, such as `config.requireSecret("crmKey")` or `pulumi.secret(…)`. A text in the source does not
 * compile. It is a Pulumi secret from here on, whatever it was before. `stored()` is the value that PostHog has already.
 */
export type Secret<Why extends string = SecretHelp> =
  OutputInstance<string> | Promise<string> | StoredSecret | Wrong<Why>;
