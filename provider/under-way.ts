// What a provider process has under way, and how it leaves. An interrupt asks it to go: the engine's own at the end of every command, which waits five
// seconds for it, or a Ctrl-C in the middle of one. What is under way is finished first, because a request cut in the middle is a write with an unknown outcome.
import { sayUnmanaged } from "./ownership/unmanaged";
import type { Session } from "./session";

/** For an answer to reach the engine. */
const FAREWELL_MS = 250;

export class UnderWay {
  /** Calls and messages that have not ended. */
  private count = 0;
  /** When the last one ended: milliseconds of the process's own clock. */
  private lastEnd = 0;
  private isLeaving = false;
  private hasSaidWhatIsLeft = false;
  private readonly onInterrupt = (): void => {
    this.isLeaving = true;
    this.cutShort();
    this.leave();
  };

  /**
   * @param sessionOf A function, because the session's own messages are under way, too.
   * @param exit Ends the process once nothing is under way.
   */
  constructor(
    private readonly sessionOf: () => Session,
    private readonly exit: () => void = () => process.exit(),
  ) {}

  private get session(): Session {
    return this.sessionOf();
  }

  /** The run is told to end. Where nothing is under way, it is no interruption: the engine cancels a plugin at the end of every run, too. */
  cutShort(): void {
    if (this.count > 0) this.session.managed.isCutShort = true;
  }

  leaveWhenAsked(): void {
    if (!process.listeners("SIGINT").includes(this.onInterrupt)) process.on("SIGINT", this.onInterrupt);
  }

  async tracked<T>(work: () => Promise<T>): Promise<T> {
    this.count += 1;
    try {
      return await work();
    } catch (error) {
      this.session.managed.isCutShort = true;
      throw error;
    } finally {
      this.count -= 1;
      this.lastEnd = performance.now();
      this.leave();
    }
  }

  private leave(): void {
    // At the end of a command, the last answer is long on its way: nobody should wait for it.
    if (!this.isLeaving || this.count > 0) return;
    this.sayWhatIsLeft();
    if (this.count === 0)
      setTimeout(() => this.count === 0 && this.exit(), Math.max(0, this.lastEnd + FAREWELL_MS - performance.now()));
  }

  /** What no resource of the run has is known now, and messages still show. */
  private sayWhatIsLeft(): void {
    if (this.hasSaidWhatIsLeft) return;
    this.hasSaidWhatIsLeft = true;
    sayUnmanaged(this.session);
  }
}
