// What a pulled program says in addition to the flow: which flow it was pulled from, who owns it already, and when `adopt` may be removed.
import { markerOf, resourceIn, stackToken } from "../../definition/canonical/marker";
import { oneLine } from "../../definition/plain-text";
import { wrapped } from "./remarks";

/** A Pulumi project and one of its stacks, without an organisation. */
export interface StackName {
  project: string;
  stack: string;
}

/** Whose a flow is. */
export interface ManagedBy {
  /** Whether it is the stack that the program is for. */
  isOwn: boolean;
  /** `<project>/<stack>/<resource>`, or as much of it as the marker still says. */
  owner: string;
  /** What adopting it takes. */
  fix: string;
}

/** A program says in its first line where it comes from; by it the next pull knows its own files. */
const FIRST = "// Pulled from PostHog by hogflow, flow ";
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PULLED = new RegExp(`^\\ufeff?${FIRST}([0-9a-f-]{36})\\b`, "i");

/** The id of the flow that this program was pulled from; undefined for a file that `pull` did not write. */
export const pulledId = (program: string): string | undefined => PULLED.exec(program)?.[1]?.toLowerCase();

const MANAGED = "This flow is already managed by ";

/** Whether a pulled program says that this stack manages its flow already. */
export const saysManagedBy = (program: string, { project, stack }: StackName): boolean =>
  program.replace(/\n\/\/ /g, " ").includes(`${MANAGED}${project}/${stack}`);

const ADOPT = [
  "`adopt` takes the live flow over. You can remove it after the first `pulumi up`, but not before: without it, that `up` creates a second flow.",
  "`protect` keeps Pulumi from deleting the flow. To delete it, remove `protect` first; `onDelete` then archives it in PostHog.",
];

/** The first line of a program, by which the next pull knows it. */
export const firstLine = (id: string): string[] =>
  UUID.test(id) ? [`${FIRST}${id}. The next pull asks before it overwrites this file.`] : [];

/** Who owns the flow already, and when `adopt` may be removed. */
export function noteLines(managedBy: ManagedBy | undefined): string[] {
  const notes = [...(managedBy === undefined ? [] : [`${MANAGED}${managedBy.owner}. ${managedBy.fix}.`]), ...ADOPT];
  return notes.flatMap((note) => wrapped(oneLine(note)).map((line) => line.replace(/^\/\/ (?:- | {2})/, "// ")));
}

/** The last marker decides; tokens tell owners apart, and its sentence names them. */
export function managerOf(description: unknown, stack: StackName | undefined): ManagedBy | undefined {
  const marker = markerOf(description);
  if (marker === undefined) return undefined;
  const { says } = marker;
  if (stack !== undefined && marker.stack === stackToken(stack)) {
    const resource = resourceIn(description, { ...stack, name: "", urn: "" });
    const owner = `${stack.project}/${stack.stack}${resource === undefined ? "" : `/${resource}`}`;
    return {
      isOwn: true,
      owner,
      fix:
        resource === undefined
          ? "Only the resource that has it may adopt it"
          : `Keep that resource, or give this one its name, ${JSON.stringify(resource)}: under another name preview refuses to adopt the flow`,
    };
  }
  const [project, name] = says?.split("/") ?? [];
  return {
    isOwn: false,
    owner: says ?? "another stack; its name is no longer in the marker",
    fix: `Preview refuses to adopt it; to take it over, add adoptFrom: ${JSON.stringify(project !== undefined && name !== undefined ? `${project}/${name}` : "<project>/<stack>")}, and remove it from that stack's program`,
  };
}
