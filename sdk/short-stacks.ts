// Pulumi notes the stack for each of the four promises of every property of a resource, to name promises that leak. Mapped to TypeScript sources, that
// is more than half of the time of a large program. While a resource is made, such a stack has one frame. Pulumi sets a separate limit for the
// position of the resource in the program, so that stays.

const FRAMES = 1;

export interface ShortStacks {
  /** The error of a constructor, with the frames of its caller, so that it leads to the line of the program. */
  completed(error: unknown): unknown;
  end(): void;
}

export function shortStacks(): ShortStacks {
  const limit = Error.stackTraceLimit;
  // Whoever looks for leaks wants the stacks.
  if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) Error.stackTraceLimit = Math.min(FRAMES, limit);
  const end = (): void => void (Error.stackTraceLimit = limit);
  return {
    end,
    completed(error) {
      if (Error.stackTraceLimit !== limit && error instanceof Error && typeof error.stack === "string") {
        end();
        error.stack += framesAbove(this.completed);
      }
      return error;
    },
  };
}

/** The frames above a function, as they are in a stack. */
function framesAbove(above: (...args: never[]) => unknown): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, above);
  return (holder.stack ?? "").replace(/^.*?(?=\n\s+at |$)/s, "");
}

/** The properties that are given: Pulumi makes promises for the others, too. */
export const given = (properties: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
