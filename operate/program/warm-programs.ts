// Keeps a process ready that has loaded what every program loads, for whoever runs the same program again and again: loading takes longer than most programs.
import type { Workspace } from "../workspace";
import { prepareProgram, type PreparedProgram } from "./run-program";

export class WarmPrograms {
  private next: Promise<PreparedProgram | undefined> | undefined;
  private isStopped = false;

  constructor(private readonly env: Readonly<Record<string, string | undefined>>) {}

  /** Begins a process for the next run. Nothing goes wrong here: the run itself says what does. */
  warm(workspace: Workspace): void {
    // A process of Windows can't wait for a pipe in this way.
    if (this.isStopped || process.platform === "win32") return;
    this.next ??= prepareProgram(workspace, { env: this.env, transpileOnly: true, isHeld: true }).catch(
      () => undefined,
    );
  }

  /** A process for one run, without a type check. */
  async take(workspace: Workspace): Promise<PreparedProgram> {
    const ready = await this.next;
    this.next = undefined;
    if (ready?.fits(workspace)) return ready;
    ready?.stop();
    return prepareProgram(workspace, { env: this.env, transpileOnly: true });
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    const ready = await this.next;
    this.next = undefined;
    ready?.stop();
  }
}
