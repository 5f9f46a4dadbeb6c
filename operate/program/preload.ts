// Loaded into the process of a program before anything else (`node -r`), where it gives Pulumi's own functions an answer for what only a deployment knows:
// encrypted configuration and the results of invokes are unknown, and configuration that is missing is reported to the parent process instead of ending the
// program, so that all of it comes at once. A program that ends itself is reported with the line that does it. Runs before the program's packages are found,
// so it imports nothing but Node. Also reports which files the program reads.
import fs from "node:fs";
import Module from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import util from "node:util";

interface Settings {
  standIn: string;
  unknownKeys: string[];
  mayHaveMore: boolean;
  /** Loads what every program loads, and then waits until the parent process lets it go on. */
  isHeld?: boolean;
}

/** A message to the parent process. */
export interface ProgramNote {
  /** `missing`: configuration that is required and not set; the program goes on. `unusable`: configuration that cannot be read. `exit`: the program ends itself. */
  note: "missing" | "unusable" | "exit";
  /** The message of the error. */
  message: string;
  /** Leads to the line of the program. */
  stack: string;
}

const report = (note: ProgramNote["note"], message: string): void => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30;
  const { stack = "" } = new Error(message);
  Error.stackTraceLimit = stackTraceLimit;
  process.send?.({ note, message, stack } satisfies ProgramNote);
};

/** Number of the pipe that lets a process go on. */
const HELD_BY = 4;

type Getter = (this: { name: string }, key: string, ...more: unknown[]) => unknown;

const settings = JSON.parse(process.env["HOGFLOW_PROGRAM"] ?? "{}") as Settings;
delete process.env["HOGFLOW_PROGRAM"];
const unknownKeys = new Set(settings.unknownKeys);

/** Looks like anything, and is an unknown value as soon as it is an input of a resource. */
const anything: object = new Proxy(
  {},
  {
    get(_, key) {
      if (key === "__pulumiUnknown") return true;
      if (key === "then" || (typeof key === "string" && key.startsWith("__"))) return undefined;
      if (key === Symbol.toPrimitive || key === "toString" || key === "toJSON" || key === "valueOf")
        return () => settings.standIn;
      if (key === "length") return 0;
      if (key === "constructor") return Object;
      // A list without members, or else a text that is not known.
      const ofLists = (Array.prototype as unknown as Record<PropertyKey, unknown>)[key];
      if (typeof ofLists === "function") return ofLists.bind([]);
      return key in String.prototype ? () => settings.standIn : anything;
    },
  },
);

interface OutputModule {
  output(value: unknown): unknown;
  secret(value: unknown): unknown;
  unknown: unknown;
}

/** Of `Config`: the getters that return an output, those that return text, and all others, which read numbers, booleans and JSON. */
const answerFor = (getter: string, { output, secret, unknown }: OutputModule): unknown =>
  getter.includes("Secret")
    ? secret(output(unknown))
    : getter === "get" || getter === "require"
      ? settings.standIn
      : anything;

function completeConfig(config: Record<string, Getter>, outputs: () => OutputModule): void {
  for (const name of Object.getOwnPropertyNames(config)) {
    if (!/^(get|require)(Secret)?(Boolean|Number|Object)?$/.test(name)) continue;
    const original = config[name]!;
    config[name] = function (key, ...more) {
      if (unknownKeys.has(`${this.name}:${key}`)) return answerFor(name, outputs());
      try {
        return original.call(this, key, ...more);
      } catch (error) {
        const { message } = error as Error;
        // Pulumi's error has no stack.
        if (!name.startsWith("require") || config["get"]!.call(this, key) !== undefined) {
          report("unusable", message);
          throw error;
        }
        if (!settings.mayHaveMore) report("missing", message);
        return answerFor(name, outputs());
      }
    };
  }
}

type Loader = (request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown;
const internal = Module as unknown as { _load: Loader };
const load = internal._load;
const done = new WeakSet<object>();

internal._load = (request, parent, isMain) => {
  const loaded = load(request, parent, isMain);
  if (!/(^|[\\/])(config|invoke|resource)(\.js)?$/.test(request) || typeof loaded !== "object" || loaded === null)
    return loaded;
  if (done.has(loaded)) return loaded;
  const exported = loaded as Record<string, unknown>;
  const prototype = (exported["Config"] as { prototype?: Record<string, Getter> } | undefined)?.prototype;
  if (typeof prototype?.["requireSecretObject"] === "function" && parent?.filename !== undefined) {
    done.add(loaded);
    const from = Module.createRequire(parent.filename);
    // Beside it, once both are loaded: the two import each other.
    completeConfig(prototype, () => from(request.replace(/config(\.js)?$/, "output")) as OutputModule);
  } else if (typeof exported["invokeOutput"] === "function" && typeof exported["invoke"] === "function") {
    done.add(loaded);
    for (const name of ["invoke", "invokeSingle"]) {
      const original = exported[name] as (...args: unknown[]) => Promise<unknown>;
      if (typeof original === "function")
        exported[name] = (...args: unknown[]) => original(...args).then(() => anything);
    }
  } else {
    const resource = exported["Resource"] as { framePositionRegExp?: RegExp } | undefined;
    // The frame of a module's own code has no brackets.
    if (resource?.framePositionRegExp instanceof RegExp)
      resource.framePositionRegExp = /^\s*at (?:.* \()?(?:file:\/\/)?(?<file>.*):(?<line>\d+):(?<column>\d+)\)?$/;
  }
  return loaded;
};

// Pulumi prints errors in colour, for which Node 20 takes half a minute and more where a package is in the stack and source maps are in use (nodejs/node, markNodeModules).
util.inspect = new Proxy(util.inspect, {
  apply: (inspect, self, [value, options, ...more]: unknown[]) =>
    value instanceof Error && (options as { colors?: boolean } | undefined)?.colors === true
      ? value.stack
      : Reflect.apply(inspect, self, [value, options, ...more]),
});

/** Relative paths are those of the program's folder, into which Pulumi's loader changes. Packages are not the program's own. */
const known = new Set<string>();
function noteRead(file: unknown): void {
  if (typeof file !== "string" && !(file instanceof URL) && !Buffer.isBuffer(file)) return;
  const name = path.resolve(file instanceof URL ? fileURLToPath(file) : String(file));
  if (known.has(name) || /[\\/]node_modules[\\/]/.test(name) || name.startsWith(OURS)) return;
  known.add(name);
  process.send?.({ reads: name });
}
const OURS = `${path.resolve(__dirname, "../..")}${path.sep}`;

type Reader = (file: unknown, ...more: unknown[]) => unknown;
/** Each function that a program reads with. Those that end in `Sync`, take a callback or return a promise are alike here. */
function watchReads(readers: Record<string, Reader>, names: readonly string[]): void {
  for (const name of names) {
    const read = readers[name]!;
    readers[name] = Object.assign(function (this: unknown, file: unknown, ...more: unknown[]) {
      noteRead(file);
      return Reflect.apply(read, this, [file, ...more]);
    }, read);
  }
}
watchReads(fs as object as Record<string, Reader>, [
  "readFile",
  "readFileSync",
  "readdir",
  "readdirSync",
  "createReadStream",
]);
watchReads(fs.promises as object as Record<string, Reader>, ["readFile", "readdir"]);
Module.syncBuiltinESMExports();

if (settings.isHeld) {
  const from = Module.createRequire(path.join(process.cwd(), "package.json"));
  for (const name of ["typescript", "@pulumi/pulumi", "pulumi-hogflow"])
    try {
      from(name);
    } catch {
      // The program says what it misses, when it runs.
    }
  // Nothing more to read: the parent process is gone.
  if (fs.readSync(HELD_BY, Buffer.alloc(1)) === 0) process.exit();
}

const exit = process.exit.bind(process);
process.exit = (code) => {
  const own = new Error().stack?.split("\n")[2] ?? "";
  // Pulumi's loader, after it has said why.
  if (/[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]/.test(own)) return exit(code);
  const message = `the program calls process.exit(${code ?? ""})`;
  report("exit", message);
  // What it made so far still goes out.
  throw new Error(message);
};
