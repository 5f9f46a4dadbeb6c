// The provider in a process of its own, as the engine starts it: @pulumi/pulumi's own dynamic provider, which evaluates the stub, which loads the built
// package; or the built plugin. Calls go over gRPC with Pulumi's generated stubs; warnings come back over the Engine service.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { DYNAMIC_TYPES, nameIn, PLUGIN_TYPES } from "../../definition/resource-types";
import { TRANSPORT, type Transport } from "./transport";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const require = createRequire(path.join(REPOSITORY, "package.json"));
// Pulumi's generated stubs have no types.
const grpc: any = require("@grpc/grpc-js");
const struct: any = require("google-protobuf/google/protobuf/struct_pb.js");
const empty: any = require("google-protobuf/google/protobuf/empty_pb.js");
const provider: any = require("@pulumi/pulumi/proto/provider_pb.js");
const providerService: any = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const engineService: any = require("@pulumi/pulumi/proto/engine_grpc_pb.js");
const engineMessages: any = require("@pulumi/pulumi/proto/engine_pb.js");
const status: any = require("@pulumi/pulumi/proto/status_pb.js");

export type Properties = Record<string, any>;
export type Kind = "flow" | "schedule";

/** What the wire has in place of a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface ProviderOptions {
  /** Default: what the tests of this process run on. */
  transport?: Transport;
  /** Environment beside PATH. Nothing of the test's own environment reaches the provider. */
  env?: Record<string, string>;
  /** The stack's configuration by full key; a secret arrives in clear, as it does here. */
  config?: Record<string, string>;
  /** On a clock that tests move: that of each run of `provider-runs.ts`, or a file. */
  clock?: "of runs" | { file: string };
}

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface DiffResult {
  changes: "some" | "none" | "unknown";
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** What a call failed with. `id`, `properties` and `reasons` are there when the resource came into being all the same. */
export class ProviderError extends Error {
  constructor(
    message: string,
    readonly id?: string,
    readonly properties?: Properties,
    readonly reasons?: string[],
  ) {
    super(message);
    this.name = "ProviderError";
  }

  get isPartial(): boolean {
    return this.id !== undefined;
  }

  /** What the user gets to see of it: of a partial error, only the reasons. */
  get shown(): string {
    return this.reasons ? this.reasons.join("\n") : this.message;
  }
}

export interface ProviderProcess {
  readonly pid: number;
  /** Whether secrets reach it with their marks, and come back with the provider's own. */
  readonly keepsMarks: boolean;
  /** Of which stack all resources are from now on, whatever their state says. Default: of that of their owner; without one, of shop/dev. */
  runsFor(stack: { project: string; stack: string }): void;
  check(kind: Kind, olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(kind: Kind, id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(kind: Kind, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  /** `id` is empty when the resource is gone. */
  read(
    kind: Kind,
    id: string,
    properties: Properties,
  ): Promise<{ id: string; outputs: Properties; inputs?: Properties }>;
  update(kind: Kind, id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(kind: Kind, id: string, properties: Properties): Promise<void>;
  /** Warnings so far, once no more come in. */
  warnings(): Promise<string[]>;
  /** Notes so far, likewise. */
  notes(): Promise<string[]>;
  /** A call with a message of Pulumi's protocol, and what is carried beside it. */
  call(method: string, request: unknown, carried?: Record<string, string>): Promise<any>;
  /** Warnings and notes so far, with the URN of the resource that each is about. */
  said(): { text: string; urn: string }[];
  /** What the process wrote itself. */
  output(): string;
  /** Resolves when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** The stubs of the built package, as they are in every state. */
export function providerTexts(): Record<Kind, string> {
  const { FLOW_STUB, SCHEDULE_STUB } = require(path.join(REPOSITORY, "dist/definition/stub.js"));
  return { flow: FLOW_STUB.__provider, schedule: SCHEDULE_STUB.__provider };
}

/** A folder such as a program's, with the built package installed. `withPackage: false` leaves it out. */
export function programFolder({ withPackage = true } = {}): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-provider-"));
  const modules = path.join(folder, "node_modules");
  mkdirSync(path.join(modules, "@pulumi"), { recursive: true });
  symlinkSync(path.join(REPOSITORY, "node_modules/@pulumi/pulumi"), path.join(modules, "@pulumi/pulumi"), "junction");
  if (withPackage) {
    mkdirSync(path.join(modules, "pulumi-hogflow"));
    symlinkSync(path.join(REPOSITORY, "dist"), path.join(modules, "pulumi-hogflow/dist"), "junction");
    symlinkSync(path.join(REPOSITORY, "package.json"), path.join(modules, "pulumi-hogflow/package.json"));
  }
  return folder;
}

/** The built plugin. */
export const PLUGIN = path.join(REPOSITORY, "dist/plugin/pulumi-resource-hogflow");

/** The same on a clock that tests move, in a file that goes with this process. */
let onClock: Promise<string> | undefined;
function pluginOnClock(): Promise<string> {
  onClock ??= (async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-plugin-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, "pulumi-resource-hogflow");
    const { bundleExecutable } = await import("../../tools/build.mjs");
    await bundleExecutable(path.join(import.meta.dirname, "plugin-on-clock.ts"), file);
    return file;
  })();
  return onClock;
}

const SHARED_CLOCK = path.join(REPOSITORY, "test/bench/shared-clock.cjs");

/** What a provider gets of the stack's configuration: a plugin, by the names of its own package. */
export const providerConfig = (config: Record<string, string>, transport: Transport): Record<string, string> =>
  transport === "dynamic"
    ? config
    : Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^posthog:/, ""), value]));

/** The URN under which the engine has the resource of this owner, or of this URN. */
const pluginUrn = (owner: string): string =>
  Object.entries(DYNAMIC_TYPES).reduce((urn, [kind, type]) => urn.replaceAll(type, PLUGIN_TYPES[kind as Kind]), owner);

interface Log {
  warnings: string[];
  notes: string[];
  said: { text: string; urn: string }[];
}

const LAST_WORD = "lastWordOfTheTest";

/** The one service of the engine that a provider calls. */
export async function startEngineService(log: Log): Promise<{ address: string; stop(): void }> {
  const server = new grpc.Server();
  server.addService(engineService.EngineService, {
    log: (call: any, callback: any) => {
      const text: string = call.request.getMessage();
      log.said.push({ text, urn: call.request.getUrn() });
      (call.request.getSeverity() === engineMessages.LogSeverity.WARNING ? log.warnings : log.notes).push(text);
      callback(null, new empty.Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error: Error | null, bound: number) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

/** Starts a provider and configures it. */
export async function startProvider(
  options: ProviderOptions & { withPackage?: boolean } = {},
): Promise<ProviderProcess> {
  const { transport = TRANSPORT, clock } = options;
  const isPlugin = transport === "plugin";
  let running: { project: string; stack: string } | undefined;
  const stubs = providerTexts();
  const folder = programFolder(options);
  const log: Log = { warnings: [], notes: [], said: [] };
  const engine = await startEngineService(log);
  const executable = isPlugin
    ? clock === undefined
      ? PLUGIN
      : await pluginOnClock()
    : require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
  const isShared = typeof clock === "object";
  const preloaded = isShared && !isPlugin ? ["--require", SHARED_CLOCK] : [];
  const child = spawn(process.execPath, [...preloaded, executable, engine.address], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      PULUMI_NODEJS_ENGINE: engine.address,
      PULUMI_NODEJS_PROJECT: "shop",
      PULUMI_NODEJS_STACK: "dev",
      ...(isShared ? { HOGFLOW_BENCH_CLOCK: clock.file } : {}),
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (text: string): void => void (output += text);
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  // A worker that is ended between two tests takes its provider along.
  const orphaned = (): void => void child.kill("SIGKILL");
  process.once("exit", orphaned);
  const ended = new Promise<void>((resolve) => child.once("exit", () => (process.off("exit", orphaned), resolve())));
  const port = await portOf(child, () => output);
  const client = new providerService.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const call = (method: string, request: unknown, carried: Record<string, string> = {}): Promise<any> => {
    const metadata = new grpc.Metadata();
    for (const [key, value] of Object.entries(carried)) metadata.set(key, value);
    return new Promise((resolve, reject) =>
      client[method](request, metadata, (error: any, answer: any) =>
        error ? reject(providerError(error)) : resolve(answer),
      ),
    );
  };

  const configure = new provider.ConfigureRequest();
  configure.setArgs(toStruct(providerConfig(options.config ?? {}, transport)));
  await call("configure", configure);

  const withStub = (kind: Kind, properties: Properties): any =>
    toStruct(isPlugin ? properties : { __provider: stubs[kind], ...properties });
  /** A request about the resource that these properties are of. */
  const about = <T extends { setUrn(urn: string): unknown }>(request: T, kind: Kind, ...known: Properties[]): T => {
    const owner: string | undefined = known.map(({ owner }) => owner).find((owner) => typeof owner === "string");
    const { project, stack } = running ?? { project: "shop", stack: "dev" };
    const name = owner === undefined ? "unnamed" : nameIn(owner);
    request.setUrn(
      owner !== undefined && running === undefined
        ? pluginUrn(owner)
        : `urn:pulumi:${stack}::${project}::${PLUGIN_TYPES[kind]}::${name}`,
    );
    return request;
  };
  // Logs arrive one after the other, so all are here once that of a question asked now is.
  let asked = 0;
  const settled = async (): Promise<void> => {
    const key = `${LAST_WORD}${(asked += 1)}`;
    await self.check(
      "flow",
      {},
      { actions: { t: { type: "trigger", name: "T", config: { type: "event", [key]: true } } } },
    );
    for (let tries = 0; !log.warnings.some((text) => text.includes(key)); tries += 1) {
      if (tries === 500) throw new Error("the provider's warnings do not arrive");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    client.close();
    child.kill(signal);
    await ended;
    engine.stop();
    rmSync(folder, { recursive: true, force: true });
  };

  const self: ProviderProcess = {
    pid: child.pid!,
    keepsMarks: isPlugin,
    runsFor: (stack) => void (running = stack),
    async check(kind, olds, news) {
      const request = about(new provider.CheckRequest(), kind, news, olds);
      request.setOlds(withStub(kind, olds));
      // As the SDK says it to a plugin, which knows the owner by itself.
      request.setNews(
        withStub(kind, isPlugin && kind === "flow" && news["owner"] === undefined ? { marker: false, ...news } : news),
      );
      const answer = await call("check", request);
      return {
        inputs: fromStruct(answer.getInputs()),
        failures: answer
          .getFailuresList()
          .map((failure: any) => ({ property: failure.getProperty(), reason: failure.getReason() })),
      };
    },
    async diff(kind, id, olds, news) {
      const request = about(new provider.DiffRequest(), kind, news, olds);
      request.setId(id);
      request.setOlds(withStub(kind, olds));
      request.setNews(withStub(kind, news));
      const answer = await call("diff", request);
      const { DIFF_SOME, DIFF_NONE } = provider.DiffResponse.DiffChanges;
      const changes = answer.getChanges();
      return {
        changes: changes === DIFF_SOME ? "some" : changes === DIFF_NONE ? "none" : "unknown",
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
      };
    },
    async create(kind, inputs) {
      const request = about(new provider.CreateRequest(), kind, inputs);
      request.setProperties(withStub(kind, inputs));
      const answer = await call("create", request);
      return { id: answer.getId(), outputs: fromStruct(answer.getProperties()) };
    },
    async read(kind, id, properties) {
      const request = about(new provider.ReadRequest(), kind, properties);
      request.setId(id);
      request.setProperties(withStub(kind, properties));
      const answer = await call("read", request);
      const inputs = answer.getInputs();
      return {
        id: answer.getId(),
        outputs: fromStruct(answer.getProperties()),
        ...(inputs ? { inputs: fromStruct(inputs) } : {}),
      };
    },
    async update(kind, id, olds, news) {
      const request = about(new provider.UpdateRequest(), kind, news, olds);
      request.setId(id);
      request.setOlds(withStub(kind, olds));
      request.setNews(withStub(kind, news));
      return fromStruct((await call("update", request)).getProperties());
    },
    async delete(kind, id, properties) {
      const request = about(new provider.DeleteRequest(), kind, properties);
      request.setId(id);
      request.setProperties(withStub(kind, properties));
      await call("delete", request);
    },
    async warnings() {
      await settled();
      return log.warnings.filter((text) => !text.includes(LAST_WORD));
    },
    async notes() {
      await settled();
      return [...log.notes];
    },
    call,
    said: () => [...log.said],
    output: () => output,
    kill: (signal = "SIGKILL") => stop(signal),
    stop: () => stop("SIGTERM"),
  };
  return self;
}

function portOf(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const port = /^(\d+)\r?\n/m.exec(output())?.[1];
      if (port) resolve(port);
    };
    child.stdout!.on("data", look);
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`the provider ended before it served:\n${output()}`)));
  });
}

/** An error of a call as the engine takes it. */
export function providerError(error: any): ProviderError {
  const bytes = error.metadata?.get("grpc-status-details-bin")?.[0];
  const message: string = error.details || error.message;
  if (!bytes) return new ProviderError(message);
  const detail = status.Status.deserializeBinary(bytes)
    .getDetailsList()[0]
    .unpack(provider.ErrorResourceInitFailed.deserializeBinary, "pulumirpc.ErrorResourceInitFailed");
  return new ProviderError(message, detail.getId(), fromStruct(detail.getProperties()), detail.getReasonsList());
}

const toStruct = (properties: Properties): any => struct.Struct.fromJavaScript(defined(properties));
const fromStruct = (value: any): Properties => {
  const { __provider: _, ...rest } = value?.toJavaScript() ?? {};
  return rest;
};

/** Without undefined members, which the wire does not have. */
function defined(value: any): any {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, defined(item)]),
  );
}
