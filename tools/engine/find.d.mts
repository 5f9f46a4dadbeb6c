// Types of find.mjs, for TypeScript.

export interface Engine {
  /** The folder to put first on PATH. */
  folder: string;
  /** For example `3.259.0`. */
  version: string;
  how: "path" | "cache" | "download" | "go";
}

export interface FindEngineOptions {
  /** Told what takes long, line by line. Default: silent. */
  log?: (line: string) => void;
  /** Default: the process's. Only PATH, XDG_CACHE_HOME and HOGFLOW_ENGINE_CACHE decide anything. */
  env?: NodeJS.ProcessEnv;
  /** Where copies are kept. Default: `defaultCacheDir(env)`. */
  cacheDir?: string;
  /** Called (by one run at a time) before an engine is made: the place to install npm packages, which the download needs. */
  beforeDownload?: () => Promise<void>;
  /** What an engine says it is. Default: runs `pulumi version`. */
  readVersion?: (pulumi: string, env: NodeJS.ProcessEnv) => Promise<string>;
  /** Fills `root`/bin with the official download, or throws the reason. */
  download?: (options: { root: string; env: NodeJS.ProcessEnv; log: (line: string) => void }) => Promise<void>;
  /** Fills `folder` with a build from Go modules, or throws the reason. */
  build?: (options: { folder: string; env: NodeJS.ProcessEnv; log: (line: string) => void }) => Promise<void>;
}

export class EngineNotFound extends Error {
  readonly attempts: { way: string; why: string }[];
}

export const ENGINE_VERSION: string;
export const MINIMUM_VERSION: string;

export function defaultCacheDir(env?: NodeJS.ProcessEnv): string;
export function findEngine(options?: FindEngineOptions): Promise<Engine>;

export interface EngineEnvOptions {
  /** PULUMI_HOME: a folder of its own, never the user's. */
  home: string;
  /** Where state goes: an existing folder. */
  backendDir: string;
  passphrase: string;
  /** Default: the process's environment. Its PULUMI_* and POSTHOG_* variables are left out. */
  base?: NodeJS.ProcessEnv;
  /** Set on top. */
  extra?: Record<string, string>;
}

/** A whole environment for running a `pulumi` command. */
export function engineEnv(folder: string, options: EngineEnvOptions): Record<string, string>;
