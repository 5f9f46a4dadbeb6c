// One provider process for many runs of the engine. Each run is configured anew; with an API key of its own it finds nothing that the others left.
// Starting a process costs half a second, and a fuzz run makes tens of thousands of runs.
import { createRequire } from "node:module";
import path from "node:path";
import {
  providerConfig,
  providerTexts,
  startProvider,
  type Kind,
  type Properties,
  type ProviderProcess,
} from "./provider-process";
import { TRANSPORT, type Transport } from "./transport";
import type { Served } from "./mini-engine";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const CLOCK = path.join(REPOSITORY, "test/fuzz/provider-clock.cjs");
const require = createRequire(path.join(REPOSITORY, "package.json"));
// Pulumi's generated stubs have no types.
const struct: any = require("google-protobuf/google/protobuf/struct_pb.js");
const empty: any = require("google-protobuf/google/protobuf/empty_pb.js");
const messages: any = require("@pulumi/pulumi/proto/provider_pb.js");

/** A process keeps what it has read for each run. */
const RUNS_OF_A_PROCESS = 2_000;

export interface RunOptions {
  /** The stack's configuration by full key. */
  config: Record<string, string>;
  /** Milliseconds since the epoch at which the run begins. */
  now: number;
  /** Of which Pulumi project and stack. */
  project?: string;
  stack?: string;
}

export class ProviderRuns {
  /** Processes started so far. */
  starts = 0;
  private process: ProviderProcess | undefined;
  private count = 0;
  private since = 0;
  private told = 0;
  private warned = 0;

  constructor(
    private readonly env: Record<string, string> = {},
    readonly transport: Transport = TRANSPORT,
  ) {}

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** The provider of a new run. Starts a process when there is none. */
  async begin({ config, now, project = "project", stack = "dev" }: RunOptions): Promise<Served> {
    if (this.count - this.since >= RUNS_OF_A_PROCESS) await this.kill();
    const provider = (this.process ??= await this.start());
    const request = new messages.ConfigureRequest();
    request.setArgs(struct.Struct.fromJavaScript(providerConfig(config, this.transport)));
    await provider.call("configure", request, {
      "hogflow-run-begins": String(now),
      "hogflow-run-of": project,
    });
    provider.runsFor({ project, stack });
    this.count += 1;
    if (this.transport === "plugin") return provider;
    const stubs = providerTexts();
    // Another text is another provider for Pulumi, which evaluates and configures it.
    const text = (kind: Kind): string =>
      `${stubs[kind]}\n;require(${JSON.stringify(CLOCK)}).begin(${this.count}, ${now}, ${JSON.stringify(project)}, ${JSON.stringify(stack)});`;
    const texts = { flow: text("flow"), schedule: text("schedule") };
    const given = (kind: Kind, properties: Properties): Properties => ({ ...properties, __provider: texts[kind] });
    return {
      keepsMarks: false,
      check: (kind, olds, news) => provider.check(kind, given(kind, olds), given(kind, news)),
      diff: (kind, id, olds, news) => provider.diff(kind, id, given(kind, olds), given(kind, news)),
      create: (kind, inputs) => provider.create(kind, given(kind, inputs)),
      read: (kind, id, properties) => provider.read(kind, id, given(kind, properties)),
      update: (kind, id, olds, news) => provider.update(kind, id, given(kind, olds), given(kind, news)),
      delete: (kind, id, properties) => provider.delete(kind, id, given(kind, properties)),
    };
  }

  private async start(): Promise<ProviderProcess> {
    const { env, transport } = this;
    const provider = await startProvider({ env, transport, clock: "of runs" });
    this.starts += 1;
    this.since = this.count;
    this.told = 0;
    this.warned = 0;
    return provider;
  }

  /** Warnings and output that nobody has asked for yet. */
  async news(): Promise<string[]> {
    if (!this.process) return [];
    const all = [...(await this.process.warnings()), ...(await this.process.notes()), this.process.output()];
    const text = all.join("\n");
    const fresh = text.length === this.told ? [] : all;
    this.told = text.length;
    return fresh;
  }

  /** Warnings since this was asked last. */
  async warnings(): Promise<string[]> {
    const all = (await this.process?.warnings()) ?? [];
    const fresh = all.slice(this.warned);
    this.warned = all.length;
    return fresh;
  }

  /** The end of a run, at which the engine asks the provider to leave: every warning since this was asked last, with what it says then. */
  async end(): Promise<string[]> {
    if (this.transport === "plugin")
      // As the engine does it, of a run that nobody interrupts, too.
      await this.process?.call("cancel", new empty.Empty(), { "hogflow-run-ends": "1" });
    else
      await this.process?.check(
        "flow",
        {},
        { __provider: `${providerTexts().flow}\n;require(${JSON.stringify(CLOCK)}).end(${this.count});` },
      );
    return this.warnings();
  }

  /** Ends the process in the middle of whatever it does. */
  async kill(): Promise<void> {
    const { process: provider } = this;
    this.process = undefined;
    await provider?.kill();
  }
}
