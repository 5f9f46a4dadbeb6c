// What a command is given to work with: streams, settings, a client, and a way to print and to ask.
import { systemClock, waitNotes } from "../provider/api";
import { connect } from "../operate/connection";
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

export function createContext(io: Io, { yes = false, cwd, stack, host, project, json = false }: CommonOptions, signal: AbortSignal): Context {
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
    print: (data, text) => (json ? io.outJson(data, 2) : io.out(text())),
    printLine: (data, text) => (json ? io.outJson(data) : io.out(text())),
    confirmed: yes,
    confirm: (...will) => io.confirm(will, { yes, signal }),
  };
}
