// What `--serve` does when a file changes: real files, watched as the system reports them.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepLive, type Build, type Live } from "../../operate/show/keep-live";
import { watchFiles, type FileWatch } from "../../operate/show/watch-files";

let dir: string;
const open: { close(): void }[] = [];
beforeEach(() => {
  dir = realpathSync(mkdtempSync(path.join(os.tmpdir(), "hogflow-live-")));
});
afterEach(() => {
  for (const each of open.splice(0)) each.close();
  rmSync(dir, { recursive: true, force: true });
});

const write = (file: string, text = "x"): string => {
  const name = path.join(dir, file);
  mkdirSync(path.dirname(name), { recursive: true });
  writeFileSync(name, text);
  return name;
};

/** A list that grows, and the promise that something is in it. */
function heard<T>() {
  const all: T[] = [];
  const waiting: (() => void)[] = [];
  return {
    all,
    add(item: T) {
      all.push(item);
      for (const wake of waiting.splice(0)) wake();
    },
    async until(isThere: (all: readonly T[]) => boolean): Promise<void> {
      while (!isThere(all)) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

describe("the watch", () => {
  const watch = () => {
    const changes = heard<string>();
    const watched = watchFiles({ onChange: (file) => changes.add(path.relative(dir, file)), onFailure: () => {} });
    open.push(watched);
    return { changes, watched };
  };
  const sees = async (changes: ReturnType<typeof watch>["changes"], file: string, text?: string): Promise<void> => {
    write(file, text);
    await changes.until((all) => all.includes(file));
  };

  it("sees files that are written, made and removed, in folders that are made later too", async () => {
    write("project/index.ts");
    write("project/mails/welcome.html");
    const { changes, watched } = watch();
    watched.addTree(path.join(dir, "project"));
    await sees(changes, "project/index.ts", "changed");
    await sees(changes, "project/mails/welcome.html", "changed");
    mkdirSync(path.join(dir, "project/flows"));
    await changes.until((all) => all.includes("project/flows"));
    await sees(changes, "project/flows/new.ts");
    const times = (all: readonly string[]): number => all.filter((file) => file === "project/flows").length;
    const before = times(changes.all);
    rmSync(path.join(dir, "project/flows"), { recursive: true });
    await changes.until((all) => times(all) > before);
    await sees(changes, "project/index.ts", "changed again");
  });

  it("leaves out what is installed, built and hidden, unless the program has read it", async () => {
    for (const file of ["node_modules/p/index.js", "dist/a.js", "dist/b.js", ".git/HEAD", "index.ts"]) write(file);
    const { changes, watched } = watch();
    watched.addTree(dir);
    watched.addFiles([path.join(dir, "dist/a.js")]);
    for (const file of ["node_modules/p/index.js", "dist/b.js", ".git/HEAD", "index.ts~"]) write(file, "changed");
    await sees(changes, "dist/a.js", "changed");
    await sees(changes, "index.ts", "changed");
    expect([...new Set(changes.all)].sort()).toEqual(["dist/a.js", "index.ts"]);
  });

  it("sees files elsewhere, and what comes into a folder that was listed, and nothing beside them", async () => {
    write("common/mail.html");
    write("people/ada.json");
    const { changes, watched } = watch();
    watched.addFiles([path.join(dir, "common/mail.html"), path.join(dir, "people")]);
    write("common/other.html", "changed");
    await sees(changes, "common/mail.html", "changed");
    await sees(changes, "people/grace.json");
    expect(changes.all).not.toContain("common/other.html");
  });
});

describe("a page that is kept live", () => {
  /** A build that ends when the test says so. */
  interface Begun {
    isQuick: boolean;
    signal: AbortSignal;
    end(built?: Partial<Build>): void;
    fail(error: Error): void;
  }
  const live = () => {
    const builds = heard<Begun>();
    const errors = heard<unknown>();
    let watched: FileWatch;
    const kept: Live = keepLive({
      build: ({ isQuick, signal }) =>
        new Promise((resolve, reject) =>
          builds.add({
            isQuick,
            signal,
            end: (built) =>
              resolve({ files: [path.join(dir, "index.ts")], isFinished: true, hasMore: isQuick, ...built }),
            fail: reject,
          }),
        ),
      onError: (error) => errors.add(error),
      watch: ({ onChange }) => {
        watched = watchFiles({ onChange, onFailure: () => {} });
        watched.addTree(dir);
        return watched;
      },
    });
    open.push(kept);
    const begun = async (number: number): Promise<Begun> => {
      await builds.until((all) => all.length >= number);
      return builds.all[number - 1]!;
    };
    return { builds, errors, begun };
  };
  /** Quick, then with everything. */
  const finish = async (begun: (number: number) => Promise<Begun>, number: number): Promise<void> => {
    (await begun(number)).end();
    (await begun(number + 1)).end();
  };

  it("is made quickly first and then with everything, and again when a file gets another text", async () => {
    write("index.ts", "one");
    const { builds, begun } = live();
    expect((await begun(1)).isQuick).toBe(true);
    (await begun(1)).end();
    expect((await begun(2)).isQuick).toBe(false);
    (await begun(2)).end();
    write("index.ts", "two");
    await finish(begun, 3);
    // The same text again, and another file, whose change is what the next build is for.
    write("index.ts", "two");
    write("mail.html", "three");
    await begun(5);
    expect(builds.all).toHaveLength(5);
  });

  it("drops a build that is out of date", async () => {
    write("index.ts", "one");
    const { begun } = live();
    await finish(begun, 1);
    write("index.ts", "two");
    const late = await begun(3);
    write("index.ts", "three");
    expect((await begun(4)).isQuick).toBe(true);
    expect(late.signal.aborted).toBe(true);
  });

  it("does not begin again for what the program writes itself, and does for what it reads", async () => {
    write("index.ts", "one");
    const { builds, begun } = live();
    await finish(begun, 1);
    write("index.ts", "two");
    const build = await begun(3);
    write("written.json", String(Math.random()));
    const read = write("read.json", "new");
    // Both were seen before the build ends: the watch reports in order.
    const seen = heard<string>();
    const other = watchFiles({ onChange: (file) => seen.add(file), onFailure: () => {} });
    open.push(other);
    other.addTree(dir);
    write("mark", "x");
    await seen.until((all) => all.includes(path.join(dir, "mark")));
    build.end({ hasMore: false });
    // Neither is known to be read: nothing begins. The next change of a known one shows it.
    write("index.ts", "three");
    (await begun(4)).end({ files: [path.join(dir, "index.ts"), read], hasMore: false });
    write("read.json", "changed");
    await begun(5);
    expect(builds.all).toHaveLength(5);
  });

  it("begins again after one that failed when a file comes that it may have missed", async () => {
    write("index.ts", "one");
    const { errors, begun } = live();
    (await begun(1)).fail(new Error("no such project"));
    await errors.until((all) => all.length === 1);
    write("missing.ts");
    expect((await begun(2)).isQuick).toBe(true);
  });
});
