// Which flow a person means: by the name of its resource in the stack, by its title, or by its id. Every command that takes a flow asks here.
import { PostHogApiError, type PostHogClient } from "../api";
import { oneLine } from "../definition/plain-text";
import { OperateError } from "./errors";
import { flowsNamed, type StackResource, type StackState } from "./stack-state";

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** How a flow is named on the command line, in the help of every command that takes one. */
export const FLOW_NAMES = "its resource's name in the stack, its title, or its id in PostHog";

/** Where to look for a flow. */
export interface FlowPlaces {
  /** The state of the stack; absent where there is no stack. When it fails, only PostHog is asked, and the reason is given where that finds nothing. */
  state?: () => Promise<StackState>;
  /** The client for the configured host and project. When it fails, the state alone decides where it has the flow. */
  client: () => Promise<PostHogClient>;
}

/** A flow that was found. */
export interface NamedFlow {
  id: string;
  /** Its resource, where the stack has it and was read: an id is taken as it is, without looking. */
  resource?: StackResource;
}

interface Candidate extends NamedFlow {
  title: string;
  status?: string;
}

/** How many flows an error lists. */
export const SHOWN = 10;

/**
 * The flow that a text names: a resource of the stack by its name or title, a flow in PostHog by its exact title, or any by its id.
 *
 * @throws OperateError when no flow, or more than one, has the name; it lists those that may be meant.
 * @example
 * ```ts
 * const { id } = await findFlow("onboarding", { state: () => readStack(openWorkspace(), { env: process.env }), client });
 * ```
 */
export async function findFlow(text: string, { state, client }: FlowPlaces): Promise<NamedFlow> {
  const given = text.trim();
  if (UUID.test(given)) return { id: given.toLowerCase() };
  if (given === "") throw new OperateError({ what: "No flow was named", fix: `Name a flow by ${FLOW_NAMES}` });
  const [known, rows] = await Promise.all([
    settled(state?.()),
    settled(client().then((found) => search(found, given))),
  ]);
  const inStack = known.value ? flowsNamed(known.value, given) : [];
  if (rows.error !== undefined && inStack.length === 0) {
    if (known.error === undefined || rows.error instanceof PostHogApiError) throw rows.error;
    throw new OperateError({
      what: `Flow "${given}" could not be looked up`,
      why: `The stack was not read: ${(known.error as Error).message}\nPostHog was not asked: ${(rows.error as Error).message}`,
    });
  }
  const candidates = new Map<string, Candidate>(
    (rows.value ?? []).flatMap(({ id, name, status }) =>
      name === given ? [[id, { id, title: name, status }] as const] : [],
    ),
  );
  for (const resource of inStack) {
    const { id, outputs } = resource;
    candidates.set(id, { title: String(outputs["name"] ?? "(no title)"), ...candidates.get(id), id, resource });
  }
  const [first, ...more] = candidates.values();
  if (first === undefined) throw unknownFlow(given, { known, rows: rows.value ?? [] });
  if (more.length > 0) throw ambiguous(given, [first, ...more]);
  return { id: first.id, ...(first.resource ? { resource: first.resource } : {}) };
}

/** The error for a name that several flows have. */
const ambiguous = (given: string, candidates: readonly Candidate[]): OperateError =>
  new OperateError({
    what: `"${given}" may mean ${candidates.length} flows:\n${candidates.map(line).join("\n")}\n`,
    fix: "Give the id of the one you mean",
  });

const line = ({ id, title, status, resource }: Candidate): string =>
  `  ${oneLine(`${id}  ${title}${status === undefined ? "" : ` (${status})`}${resource === undefined ? "" : `, resource "${resource.name}" of the stack`}`)}`;

/** PostHog searches for at most 200 characters. */
const search = (client: PostHogClient, title: string) => client.searchFlows([...title].slice(0, 200).join(""));

interface Settled<T> {
  value?: T;
  error?: unknown;
}

const settled = <T>(promise: Promise<T> | undefined): Promise<Settled<T>> =>
  promise === undefined
    ? Promise.resolve({})
    : promise.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );

function unknownFlow(
  given: string,
  {
    known,
    rows,
  }: { known: Settled<StackState>; rows: ReadonlyArray<{ id: string; name: string | null; status: string }> },
): OperateError {
  const resources = (known.value?.resources ?? []).flatMap(({ kind, name }) => (kind === "flow" ? [name] : []));
  const near = rows.map(({ id, name, status }) => ({ id, title: name ?? "(no title)", status }));
  const why = [
    ...(near.length > 0 ? [`Titles in PostHog that contain it:\n${firstLines(near.map(line))}`] : []),
    ...(resources.length > 0
      ? [`Flows of the stack:\n${firstLines(resources.map((name) => `  ${oneLine(name)}`))}`]
      : []),
    ...(known.error === undefined ? [] : [`The stack was not read: ${(known.error as Error).message}`]),
    ...(known.value || known.error !== undefined
      ? []
      : ["No stack is selected here, so names of resources were not looked up."]),
  ];
  return new OperateError({
    what: `There is no flow named "${given}" in ${known.value ? "the stack or in " : ""}PostHog`,
    ...(why.length > 0 ? { why: `${why.join("\n")}\n` } : {}),
    fix: `Name a flow by ${FLOW_NAMES}`,
  });
}

/** Lines of an error, and how many more there are. */
export const firstLines = (lines: readonly string[]): string =>
  [...lines.slice(0, SHOWN), ...(lines.length > SHOWN ? [`  … and ${lines.length - SHOWN} more`] : [])].join("\n");
