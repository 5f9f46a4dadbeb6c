// The content of a flow beside what is live: PostHog's answers in our form, and the paths that belong to its editor (design L17).
import type { WireFlow, WireFlowBody, WireFlowRow } from "../../api";
import type { Additions } from "../../definition/canonical/additions";
import { contentBody } from "../../definition/canonical/body";
import { decode } from "../../definition/canonical/decode";
import { deleteAt, getAt, parsePath, setAt } from "../../definition/canonical/paths";
import { withKnownSecrets } from "../../definition/canonical/secrets";
import { copy, listedTexts, type Dict } from "../../definition/canonical/values";
import type { FlowInputs, FlowState } from "./state";

/** What PostHog is known to make of our own writes. */
export const additionsIn = ({ answer }: Pick<FlowState, "answer">): Additions =>
  typeof answer.serverAdditions === "object" ? answer.serverAdditions : {};

/** The live content of an answer, with our own value wherever PostHog only says that it keeps a secret. */
export function liveContent(flow: WireFlow | WireFlowRow, ours: Dict): Dict {
  return withKnownSecrets(decode(flow, ours), ours);
}

/** The body of a write of these inputs, marker included. */
export const flowBody = ({ content, owner }: Pick<FlowInputs, "content" | "owner">): WireFlowBody =>
  contentBody({ ...content, owner });

/** The target with the source's values at these paths. */
export function withPathsFrom(target: Dict, source: Dict, paths: readonly string[]): Dict {
  if (paths.length === 0) return target;
  const out = copy(target);
  for (const text of paths) {
    const path = parsePath(text);
    if (!path) continue;
    const value = getAt(source, path);
    if (value === undefined) deleteAt(out, path);
    else setAt(out, path, copy(value), { create: true });
  }
  return out;
}

const HTML_OF_EMAIL = /^(.+\.inputs\.\w+\.value)\.html$/;

/** Paths that belong to PostHog's editor. Whoever has an e-mail's `html` has its `design`, too: the editor writes the first from the second. */
export const ownedPaths = ({ editorOwns }: Pick<FlowInputs, "editorOwns">): string[] =>
  listedTexts(editorOwns).flatMap((path) => {
    const value = HTML_OF_EMAIL.exec(path)?.[1];
    return value === undefined ? [path] : [path, `${value}.design`];
  });

/** The inputs for a flow that exists already: with its own values where the editor owns them and has any. */
export const withEditorsValues = <Flow extends FlowInputs>(inputs: Flow, flow: WireFlow | WireFlowRow): Flow =>
  withOwned(inputs, liveContent(flow, inputs.content), inputs);

/**
 * These inputs with the source's values of what the editor owns. What was handed over only now, since `olds`, and is nowhere yet, keeps the program's first
 * value.
 */
export function withOwned<Flow extends FlowInputs>(
  inputs: Flow,
  source: Dict,
  olds: Pick<FlowInputs, "editorOwns">,
): Flow {
  const already = new Set(ownedPaths(olds));
  const paths = ownedPaths(inputs).filter((text) => {
    const path = parsePath(text) ?? [];
    return getAt(source, path) !== undefined || (already.has(text) && getAt(source, path.slice(0, -1)) !== undefined);
  });
  return paths.length === 0 ? inputs : { ...inputs, content: withPathsFrom(inputs.content, source, paths) };
}
