// What a command is given to work with: streams, settings, a client, and a way to print and to ask.
import { systemClock, waitNotes } from "../api";
import { connect } from "../operate/connection";
import { maskData, maskText } from "../operate/mask";
import { openWorkspace, type Workspace } from "../operate/workspace";
import type { Context } from "./define";
import type { Io } from "./io";

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

export function createContext(
  io: Io,
  { yes = false, cwd, stack, host, project, json = false }: CommonOptions,
  signal: AbortSignal,
): Context {
  let workspace: Workspace | undefined;
  const open = () => (workspace ??= openWorkspace({ cwd, stack, env: io.env, signal }));
  return {
    io,
    signal,
    clock: systemClock,
    cwd: cwd ?? process.cwd(),
    workspace: open,
    connect: async () =>
      connect(await open().settings(), {
        host,
        projectId: project,
        signal,
        onWait: waitNotes(systemClock, (text) => io.meanwhile(text)),
      }),
    // Whatever a command answers with was written by others, who put credentials into texts, headers and addresses.
    print: (data, text) => (json ? io.outJson(maskData(asJson(data)), 2) : io.out(maskText(text()))),
    printLine: (data, text) => (json ? io.outJson(maskData(asJson(data))) : io.out(maskText(text()))),
    confirmed: yes,
    confirm: (...will) => io.confirm(will, { yes, signal }),
  };
}
