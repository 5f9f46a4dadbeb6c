// Says which file has changed: in a folder with all that is in it, and in single files elsewhere. Each folder is watched by itself, because Node watches whole trees on Linux file by file,
// packages included.
import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import path from "node:path";

export interface FileWatch {
  /** Watches a folder with all folders below it. */
  addTree(folder: string): void;
  /** Watches these files too, wherever they are, and what is made or removed in these folders. */
  addFiles(files: Iterable<string>): void;
  close(): void;
}

export interface WatchOptions {
  /** Told the absolute path of a file or folder that was written, made or removed. */
  onChange(file: string): void;
  /** Told why a folder cannot be watched: the system has no more watches to give, for example. */
  onFailure(why: string): void;
}

/** What no program is written in: what is installed, built or hidden. */
const isLeftOut = (name: string): boolean =>
  name === "node_modules" || name === "dist" || name.startsWith(".") || name.endsWith("~");

export function watchFiles({ onChange, onFailure }: WatchOptions): FileWatch {
  const folders = new Map<string, { watcher: FSWatcher; isTree: boolean }>();
  const files = new Set<string>();
  let hasFailed = false;

  const drop = (folder: string): void => {
    folders.get(folder)?.watcher.close();
    folders.delete(folder);
  };

  const changed = (folder: string, name: string | null): void => {
    if (name === null) return onChange(folder);
    const file = path.join(folder, name);
    const isTree = folders.get(folder)?.isTree === true;
    if (!files.has(file) && !files.has(folder) && (!isTree || isLeftOut(name))) return;
    if (isTree && !isLeftOut(name)) addTree(file);
    onChange(file);
  };

  const watchFolder = (folder: string, isTree: boolean): void => {
    try {
      const watcher = watch(folder, (_, name) => changed(folder, name));
      // A folder that is removed.
      watcher.on("error", () => drop(folder));
      folders.set(folder, { watcher, isTree });
    } catch (error) {
      if (!hasFailed && (error as NodeJS.ErrnoException).code !== "ENOENT") {
        hasFailed = true;
        onFailure((error as Error).message);
      }
    }
  };

  const addTree = (folder: string): void => {
    const known = folders.get(folder);
    if (!isFolder(folder)) return drop(folder);
    if (known?.isTree) return;
    drop(folder);
    watchFolder(folder, true);
    for (const name of namesIn(folder)) if (!isLeftOut(name)) addTree(path.join(folder, name));
  };

  return {
    addTree,
    addFiles(more) {
      for (const file of more) {
        files.add(file);
        const folder = isFolder(file) ? file : path.dirname(file);
        if (!folders.has(folder)) watchFolder(folder, false);
      }
    },
    close: () => [...folders.keys()].forEach(drop),
  };
}

/** Links are not followed: they may lead round in a circle. */
const isFolder = (file: string): boolean => {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
};
