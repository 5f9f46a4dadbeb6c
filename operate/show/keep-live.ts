// Makes a page again whenever something of it changes, until it is ended. What the program itself writes while it runs starts nothing, or it would never come to an end.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { FileWatch, WatchOptions } from "./watch-files";

/** What a build has come to. */
export interface Build {
  /** What it was made of: files and folders, as absolute paths. */
  files: Iterable<string>;
  /** Whether it ran to its end, so that `files` are all. */
  isFinished: boolean;
  /** Whether there is more to find out: types were not checked. */
  hasMore: boolean;
}

export interface LiveOptions {
  /** Makes the page and shows it; `isQuick` leaves out what takes long. When the signal is aborted, its outcome is of no interest. */
  build(options: { isQuick: boolean; signal: AbortSignal }): Promise<Build>;
  /** Told an error of `build`. */
  onError(error: unknown): void;
  /** Starts watching; the folders and files that are always part of the page are watched already. */
  watch(options: Pick<WatchOptions, "onChange">): FileWatch;
}

export interface Live {
  /** Fulfilled when the first build has ended. */
  first: Promise<void>;
  close(): void;
}

/** An editor writes a file in several steps: milliseconds. */
const SETTLE_MS = 50;

export function keepLive({ build, onError, watch }: LiveOptions): Live {
  const hashes = new Map<string, string>();
  const inputs = new Set<string>();
  /** Written during a build, and perhaps by it. */
  const meanwhile = new Set<string>();
  let current: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;

  const watched = watch({
    onChange(file) {
      const hash = hashOf(file);
      if (hashes.get(file) === hash) return;
      hashes.set(file, hash);
      if (current !== undefined && !inputs.has(file)) meanwhile.add(file);
      else again();
    },
  });

  const again = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), SETTLE_MS);
  };

  const run = async (): Promise<void> => {
    current?.abort();
    const own = (current = new AbortController());
    const { signal } = own;
    meanwhile.clear();
    let isFinished = true;
    try {
      for (const isQuick of [true, false]) {
        const built = await build({ isQuick, signal });
        if (signal.aborted) return;
        ({ isFinished } = built);
        for (const file of built.files) inputs.add(file);
        watched.addFiles(built.files);
        if (!built.hasMore) break;
      }
    } catch (error) {
      if (signal.aborted) return;
      isFinished = false;
      onError(error);
    }
    current = undefined;
    if ([...meanwhile].some((file) => !isFinished || inputs.has(file))) again();
  };

  return {
    first: run(),
    close() {
      clearTimeout(timer);
      current?.abort();
      watched.close();
    },
  };
}

/** Of a folder and of what is not there, that alone. */
function hashOf(file: string): string {
  try {
    return createHash("sha1").update(readFileSync(file)).digest("base64");
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
