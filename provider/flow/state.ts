// The inputs and outputs of a flow: read into types where they come in, and written as the engine keeps them, both here alone. Outputs repeat all inputs at the
// same paths, because diff and read get nothing else (PDP §3).
import { canonicalLike, DEFINITION_KEYS } from "../../definition/canonical/canonical";
import { currentOwnerText } from "../../definition/canonical/marker";
import { isDict, same, type Dict } from "../../definition/canonical/values";
import {
  FLOW_FLAGS,
  FLOW_OUTPUTS,
  keysWhere,
  parseRows,
  SETTING_KEYS,
  type FlowFlags,
  type PassingFlags,
  type Values,
} from "../../definition/flags";
import { plainError } from "../errors";

/** Version of this layout, in every state (design L15). */
export const STATE_VERSION = 1;
/** What properties without a version are read as. */
const FIRST_VERSION = 1;
/** What turns the properties of one version into those of the next. Inputs carry no version, so a reader leaves what is newer already as it is. */
const READERS: Readonly<Record<number, (properties: Dict) => Dict>> = {};

/** The inputs of a flow. Any of their values may be unknown in a preview. */
export interface FlowInputs extends FlowFlags, PassingFlags {
  /** The definition without its status: what a write of content sends. */
  content: Dict;
  /** As the program states it. Left out, PostHog's editor decides (design L3). */
  status?: string;
}

/** What PostHog answered last. */
type FlowAnswer = Values<typeof FLOW_OUTPUTS>;

/** The inputs of the last `up` or refresh, and what the outputs add to them. In a check, the engine gives the inputs alone. */
export interface FlowState extends FlowInputs {
  answer: FlowAnswer;
  pendingWrite?: PendingWrite;
}

/** A write with an unknown outcome. States keep it under `attempt`. */
export interface PendingWrite {
  /** Hash of what it would have made. */
  hash: string;
  /** Version of the flow before it. */
  version: number;
  /** The owner after it, where that is another than the state's. */
  owner?: string;
}

/** These of the properties; null says the same as nothing. */
export function pick(properties: Readonly<Dict>, keys: readonly string[]): Dict {
  const out: Dict = {};
  for (const key of keys) if (properties[key] !== undefined && properties[key] !== null) out[key] = properties[key];
  return out;
}

const FLAG_KEYS = keysWhere(FLOW_FLAGS, ({ kept }) => kept !== "program") as (keyof FlowFlags | keyof PassingFlags)[];
const CREATION_KEYS = keysWhere(FLOW_FLAGS, ({ kept }) => kept === "creation");
const INPUT_KEYS = [...DEFINITION_KEYS, ...SETTING_KEYS];
const ANSWER_KEYS = Object.keys(FLOW_OUTPUTS) as (keyof FlowAnswer)[];

export function parseFlowInputs(properties: Dict): FlowInputs {
  const flags = parseRows(FLOW_FLAGS, FLAG_KEYS, properties);
  return {
    ...split(pick(properties, DEFINITION_KEYS)),
    ...flags,
    ...(flags.owner === undefined ? {} : { owner: currentOwnerText(flags.owner) }),
  };
}

/** Content and status of a definition. */
function split(definition: Dict): { content: Dict; status?: string } {
  const { status, ...content } = definition;
  return typeof status === "string" ? { content, status } : { content };
}

/** A state of any version, or old inputs. Its definition is as it was written: see `inCanonicalForm`. */
export function parseFlowState(properties: Dict): FlowState {
  const current = upgraded(properties);
  const pendingWrite = parsePendingWrite(current["attempt"]);
  return {
    ...parseFlowInputs(current),
    answer: parseRows(FLOW_OUTPUTS, ANSWER_KEYS, current),
    ...(pendingWrite ? { pendingWrite } : {}),
  };
}

/** The properties as the current version writes them; an error for those of a newer one. */
export function upgraded(properties: Dict): Dict {
  let version = typeof properties["stateVersion"] === "number" ? properties["stateVersion"] : FIRST_VERSION;
  if (version > STATE_VERSION) {
    throw plainError(
      `The state of this resource was written by a newer pulumi-hogflow (state version ${version}, this one reads up to ${STATE_VERSION}). Update the package: npm install pulumi-hogflow@latest`,
    );
  }
  let current = properties;
  for (; version < STATE_VERSION; version += 1) current = READERS[version]?.(current) ?? current;
  return current;
}

function parsePendingWrite(value: unknown): PendingWrite | undefined {
  if (!isDict(value)) return undefined;
  const { hash, version, owner } = value;
  return { hash: String(hash), version: Number(version), ...(typeof owner === "string" ? { owner } : {}) };
}

/**
 * With the definition in canonical form, in which both spellings of a key that has become known are one (design L15).
 * @param like A definition in this form: what equals it needs no making, which is the case in most checks.
 */
export function inCanonicalForm<Flow extends FlowInputs>(flow: Flow, like?: Dict): Flow {
  if (!hasSteps(flow)) return flow;
  return withDefinition(flow, canonicalLike(definitionIn(flow), like));
}

/** The same flags with another definition. */
export const withDefinition = <Flow extends FlowInputs>(flow: Flow, definition: Dict): Flow => ({
  ...flow,
  status: undefined,
  ...split(definition),
});

/** Whether there is a flow in these properties. `HogFlow.get` comes with its target alone, and a new resource has no old inputs. */
export const hasSteps = ({ content }: FlowInputs): boolean => content["actions"] !== undefined;

/** Content and status in one. */
export const definitionIn = ({ content, status }: Pick<FlowInputs, "content" | "status">): Dict => ({
  ...content,
  ...(status === undefined ? {} : { status }),
});

/** The inputs that a state repeats. */
export const encodeFlowInputs = (inputs: FlowInputs): Dict => ({
  ...definitionIn(inputs),
  ...pick({ ...inputs }, SETTING_KEYS),
});

/** Inputs as check returns them, with what holds for a creation alone. */
export const encodeCheckedFlow = (inputs: FlowInputs): Dict => ({
  ...encodeFlowInputs(inputs),
  ...pick({ ...inputs }, CREATION_KEYS),
});

export const encodeFlowState = (state: FlowState): Dict => ({
  ...encodeFlowInputs(state),
  ...state.answer,
  ...(state.pendingWrite ? { attempt: state.pendingWrite } : {}),
});

/** Whether inputs that a refresh has read are those of the state: then the engine may keep what it has, also what is in no output. */
export const isAsStored = (inputs: Dict, state: Dict): boolean =>
  state["stateVersion"] === STATE_VERSION &&
  state["attempt"] === undefined &&
  !(Array.isArray(state["editorOwns"]) && state["editorOwns"].length > 0) &&
  same(inputs, pick(state, INPUT_KEYS));

/** The part of a resource's properties that a write of content sends. */
export const contentOf = (properties: Dict): Dict => parseFlowInputs(properties).content;
