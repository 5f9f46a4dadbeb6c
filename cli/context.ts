// What a command is given to work with: streams, settings, a client, and a way to print and to ask.
import { systemClock, waitNotes } from "../api";
import { normalHost } from "../definition/target";
import { connect } from "../operate/connection";
import { findFlow } from "../operate/find-flow";
import { maskData, maskText } from "../operate/mask";
import { readStack, type StackResource, type StackState } from "../operate/stack-state";
import { openWorkspace, type Workspace } from "../operate/workspace";
import type { Context } from "./define";

/** Options that commands have by what they need (`needs`). */
export interface CommonOptions {
  json?: boolean;
  yes?: boolean;
  cwd?: string;
  stack?: string;
  host?: string;
  project?: string;
}

/** As it is printed: only plain data is walked through. */
const asJson = (data: unknown): unknown => (data === undefined ? undefined : JSON.parse(JSON.stringify(data)));

function sameHost(given: string, host: unknown): boolean {
  const normal = normalHost(given);
  return "host" in normal && normal.host === host;
}

export function createContext(
  { io, parser }: Pick<Context, "io" | "parser">,
  { yes = false, cwd, stack, host, project, json = false }: CommonOptions,
  signal: AbortSignal,
): Context {
  let workspace: Workspace | undefined;
  const open = () => (workspace ??= openWorkspace({ cwd, stack, env: io.env, signal }));
  let state: Promise<StackState> | undefined;
  const readState = () => (state ??= readStack(open(), { env: io.env, signal }));
  const connectTo = async (target: { host?: string; projectId?: string } = {}) =>
    connect(await open().settings(), {
      host,
      projectId: project,
      ...target,
      signal,
      onWait: waitNotes(systemClock, (text) => io.meanwhile(text)),
    });
  const find = (text: string, isMeant: (resource: StackResource) => boolean) =>
    findFlow(text, {
      client: () => connectTo(),
      ...(open().stack === undefined
        ? {}
        : {
            state: async () => {
              const { resources, ...rest } = await readState();
              return { ...rest, resources: resources.filter(isMeant) };
            },
          }),
    });
  /** With --host or --project, only what lives there can be meant. */
  const isThere = ({ outputs }: StackResource): boolean =>
    (project === undefined || String(outputs["projectId"]) === project) &&
    (host === undefined || sameHost(host, outputs["host"]));
  return {
    io,
    parser,
    signal,
    clock: systemClock,
    cwd: cwd ?? process.cwd(),
    workspace: open,
    stackState: readState,
    connect: () => connectTo(),
    flow: async (text) => {
      const { id, resource } = await find(text, isThere);
      if (!resource) return { id, client: await connectTo() };
      // A flow of the stack is asked for where it lives.
      const { host: itsHost, projectId } = resource.outputs;
      const client = await connectTo({
        ...(typeof itsHost === "string" ? { host: itsHost } : {}),
        ...(typeof projectId === "string" ? { projectId } : {}),
      });
      return { id, client, resource };
    },
    flows: async (texts) => {
      const client = await connectTo();
      const isHere = ({ outputs }: StackResource): boolean =>
        outputs["host"] === client.host && String(outputs["projectId"]) === client.projectId;
      const ids: string[] = [];
      for (const text of texts) ids.push((await find(text, isHere)).id);
      return { client, ids };
    },
    // Whatever a command answers with was written by others, who put credentials into texts, headers and addresses.
    print: (data, text) => (json ? io.outJson(maskData(asJson(data)), 2) : io.out(maskText(text()))),
    printLine: (data, text) => (json ? io.outJson(maskData(asJson(data))) : io.out(maskText(text()))),
    confirmed: yes,
    confirm: (...will) => io.confirm(will, { yes, signal }),
  };
}
