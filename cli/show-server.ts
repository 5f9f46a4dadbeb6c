// `hogflow show --serve`: the page on this machine, made again when a file of it changes, until Ctrl-C.
import { spawn } from "node:child_process";
import { existsSync, realpathSync, readdirSync } from "node:fs";
import path from "node:path";
import { maskText } from "../operate/mask";
import { WarmPrograms } from "../operate/program/warm-programs";
import { fitted } from "../operate/show/fit-page";
import { keepLive, type Build } from "../operate/show/keep-live";
import { servePage } from "../operate/show/serve-page";
import { watchFiles } from "../operate/show/watch-files";
import { troubleOf } from "../operate/show/trouble";
import type { MadePage } from "../operate/show/make-page";
import type { Pages } from "./commands/show";
import type { Context } from "./define";
import { DONE, type ExitCode } from "./exit-codes";
import { failureOf } from "./failure";

export async function serveShow(
  { io, print, signal }: Context,
  pages: Pages,
  { port, open }: { port: number; open: boolean },
): Promise<ExitCode> {
  // What is wrong from the start ends the command; what becomes wrong later is said on the page.
  let first: MadePage | undefined = await pages.make({ isQuick: true, signal });
  const server = await servePage({ port, data: fitted(first.data).data });
  const warm = new WarmPrograms(io.env);
  const live = keepLive({
    async build(how): Promise<Build> {
      const made = first ?? (await pages.make({ ...how, warm }));
      first = undefined;
      how.signal.throwIfAborted();
      const { source, data } = made;
      // What stops early lacks flows that nobody has removed.
      server.show({
        ...(source.isFinished ? { data: fitted(data).data } : {}),
        trouble: troubleOf(source, pages.workspace()),
      });
      if (pages.hasProgram) warm.warm(pages.workspace());
      return {
        files: [...source.files, ...peopleFiles(pages.people)],
        isFinished: source.isFinished,
        hasMore: how.isQuick && [...source.files].some((file) => /\.[cm]?tsx?$/.test(file)),
      };
    },
    onError: (error) => server.show({ trouble: { what: maskText(failureOf(error, io.env).message), findings: [] } }),
    watch({ onChange }) {
      const watched = watchFiles({
        onChange,
        onFailure: (why) => io.note(`Not every change shows by itself, because a folder cannot be watched: ${why}`),
      });
      const { dir, programDir } = pages.workspace();
      if (pages.hasProgram) for (const folder of new Set([dir, programDir])) watched.addTree(realpathSync(folder));
      return watched;
    },
  });
  print({ url: server.url }, () =>
    [`The page is at ${server.url}`, "It follows your program. Ctrl-C ends it."].join("\n"),
  );
  if (open) openInBrowser(server.url, (why) => io.note(`The browser did not open: ${why}. Open the address yourself.`));
  try {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    live.close();
    await Promise.all([warm.stop(), server.close()]);
  }
  return DONE;
}

/** The folder too: somebody may come. */
const peopleFiles = (folder: string | undefined): string[] =>
  folder === undefined || !existsSync(folder)
    ? []
    : [folder, ...readdirSync(folder).map((name) => path.join(folder, name))].map((name) => path.resolve(name));

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] };

function openInBrowser(url: string, onFailure: (why: string) => void): void {
  const [command, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(command!, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", ({ message }) => onFailure(message));
  child.on("exit", (code) => code !== 0 && code !== null && onFailure(`${command} ended with ${code}`));
  child.unref();
}
