// A rule about the size of the request that a flow makes (API §4.6), with its largest parts: whoever pasted an image into an e-mail does not know
// that he did.
import { contentBody } from "../definition/canonical/body";
import { formatPath, type Path } from "../definition/canonical/paths";
import { isDict, UNKNOWN, type Dict } from "../definition/canonical/values";
import { MAX_BODY_BYTES, megabytes } from "../definition/schema/limits";
import { rulesOf } from "./rule";
import { email, flowOf } from "./examples";

/** Bytes that the wire has at most for one character of the keyed form: names, edges and what is left out here. */
const WIDEST = 8;
/** What a write contains in addition to the content: its stamp, a status, and whether it is staged. */
const AROUND = JSON.stringify({
  status: "archived",
  stage_draft: true,
  base_updated_at: "2026-10-10T08:00:00.000000+00:00",
}).length;
/** actions.welcome.config.inputs.email.value.html: what is inside is not a separate part. */
const DEPTH = 7;
const SHOWN = 3;

const large = (characters: number) => flowOf({ welcome: email({ html: `<p>${"x".repeat(characters)}</p>` }) });

export const sizeRules = rulesOf({
  "flow-size": {
    severity: "error",
    refusedBy: "server",
    text: "A flow fits in a request of 2.5 MB.",
    why: "PostHog answers a larger request with a server error",
    cites: "API §4.6",
    fails: large(MAX_BODY_BYTES),
    passes: large(1000),
    *find({ definition, inputs }) {
      const text = JSON.stringify(definition);
      if (text.length * WIDEST < MAX_BODY_BYTES) return;
      const body = JSON.stringify(bodyOf({ ...definition, owner: inputs["owner"] }) ?? {});
      // What is not known yet may turn out to be nothing.
      const unknown = body.split(UNKNOWN).length - 1;
      const bytes = Buffer.byteLength(body) + AROUND - unknown * UNKNOWN.length;
      if (bytes <= MAX_BODY_BYTES) return;
      const largest = [...parts(definition)].sort((a, b) => b.bytes - a.bytes).slice(0, SHOWN);
      const half = largest.find((part) => part.bytes > bytes / 2);
      yield {
        path: half?.path ?? ["actions"],
        what: `the request for the flow has ${megabytes(bytes)}, and PostHog accepts at most ${megabytes(MAX_BODY_BYTES)}; its largest parts are ${largest.map(({ path, bytes: size }) => `${formatPath(path)} (${size.toLocaleString("en-US")} bytes)`).join(", ")}`,
        fix: "Shorten them (link to images instead of putting them in the HTML), or split the flow",
      };
    },
  },
});

/** What is too broken to be sent has another finding. */
function bodyOf(inputs: Dict): Dict | undefined {
  try {
    return contentBody(inputs);
  } catch {
    return undefined;
  }
}

/** The members of the definition, down to those of an e-mail, with the bytes that they take in a request. */
function* parts(value: unknown, path: Path = []): Generator<{ path: Path; bytes: number }> {
  if (isDict(value) && path.length < DEPTH) {
    for (const [key, item] of Object.entries(value)) yield* parts(item, [...path, key]);
  } else if (value !== UNKNOWN) yield { path, bytes: Buffer.byteLength(JSON.stringify(value) ?? "") };
}
