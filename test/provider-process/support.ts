// A provider process and emulators for the tests of a file. Every test has a project of its own, so tests may run side by side.
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type Fault,
  type RequestRecord,
} from "../../emulator/index";
import type * as Sdk from "../../sdk/index";
import { MiniEngine, type Plan, type Operation } from "../support/mini-engine";
import { inputsFor, type ProgramOptions } from "../support/program";
import {
  startProvider,
  type Kind,
  type Properties,
  type ProviderOptions,
  type ProviderProcess,
} from "../support/provider-process";

export const KEY = "phx_test";
type Pulumi = typeof import("@pulumi/pulumi");

export interface World {
  emulator: Emulator;
  /** The provider that new resources get: another one from time to time, but never within a test. */
  provider: ProviderProcess;
  /** A project that no other test has seen. */
  project(): Project;
  /** A flow that is there, in a project of its own. */
  made(args: object): Promise<Resource>;
  /** The process of a later run: it has not seen a project before its test gives it to it. */
  later(): Promise<ProviderProcess>;
  /** Another provider process, ended with the file. */
  another(options?: { env?: Record<string, string>; config?: Record<string, string> }): Promise<ProviderProcess>;
}

const PROJECTS = 400;
/** A process keeps below PostHog's 480 requests a minute, and waits for the next one. No test makes 240 of them. */
const REQUESTS_OF_A_PROVIDER = 240;

export function useWorld(options: ProviderOptions & { emulator?: EmulatorOptions } = {}): World {
  const started: ProviderProcess[] = [];
  let next = 0;
  let later: Promise<ProviderProcess> | undefined;
  const world = {
    later: () => (later ??= world.another()),
    project: () => new Project(world, world.emulator, String((next += 1))),
    async made(args) {
      const flow = world.project().flow(args);
      await flow.go();
      return flow;
    },
    async another(more: { env?: Record<string, string>; config?: Record<string, string> } = {}) {
      const provider = await startProvider({
        ...(options.clock ? { clock: options.clock } : {}),
        env: { POSTHOG_API_KEY: KEY, ...options.env, ...more.env },
        config: { "posthog:host": world.emulator.url, ...options.config, ...more.config },
      });
      started.push(provider);
      return provider;
    },
  } as World;
  beforeAll(async () => {
    world.emulator = await startEmulator({
      projects: Array.from({ length: PROJECTS }, (_, i) => ({ id: String(i + 1) })),
      ...options.emulator,
    });
    world.provider = await world.another();
  });
  let seen = 0;
  beforeEach(async () => {
    if (world.emulator.requests.length - seen < REQUESTS_OF_A_PROVIDER) return;
    seen = world.emulator.requests.length;
    world.provider = await world.another();
  });
  afterAll(async () => {
    await Promise.all(started.map((provider) => provider.kill().catch(() => undefined)));
    await world.emulator?.stop();
  });
  return world;
}

/** One project on an emulator. */
export class Project {
  constructor(
    readonly world: World,
    readonly emulator: Emulator,
    readonly id: string,
  ) {}

  get config(): Record<string, string> {
    return { "posthog:host": this.emulator.url, "posthog:projectId": this.id };
  }

  private get root(): string {
    return `/api/projects/${this.id}/hog_flows`;
  }

  get records(): RequestRecord[] {
    return this.emulator.requests.filter(({ path }) => path.startsWith(`${this.root}/`) || path === this.root);
  }

  /** The requests so far, such as `POST 201` or `PATCH /<flow>/schedules/<schedule> 200`. */
  requests(since = 0): string[] {
    return this.records.slice(since).map(({ method, path, query, status }) => {
      const rest = path
        .slice(this.root.length)
        .replace(/\/$/, "")
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*");
      const what = /(?:^|&)(search|id|offset|limit)=/.exec(query)?.[1];
      return `${method}${rest ? ` ${rest}` : ""}${what ? ` ?${what}` : ""} ${status}`;
    });
  }

  /** The requests that `operation` makes. */
  async during(operation: () => Promise<unknown>): Promise<string[]> {
    const before = this.records.length;
    await operation();
    return this.requests(before);
  }

  /** Arms a fault for this project alone. `path` is what comes after `hog_flows`. */
  fault({ path, ...fault }: Omit<Fault, "path"> & { path?: string }): { remove(): void; hits(): number } {
    return this.emulator.fault({ ...fault, path: new RegExp(`^${this.root}${path ?? ""}`) });
  }

  flows(): any[] {
    return this.emulator.flows(this.id);
  }

  /** The project's only flow. */
  only(): any {
    const flows = this.flows();
    expect(flows.map(({ id }) => id)).toHaveLength(1);
    return flows[0];
  }

  flow(args: object = welcome(), name = "welcome", options: ResourceOptions = {}): Resource {
    return new Resource(this, "flow", name, args, options);
  }

  schedule(args: object, name = "weekly", options: ResourceOptions = {}): Resource {
    return new Resource(this, "schedule", name, args, options);
  }
}

export interface ResourceOptions {
  provider?: ProviderProcess;
  /** Overrides of the stack's configuration for the program. */
  config?: Record<string, string>;
}

/** The same program sends the same inputs. */
const PROGRAMS = new Map<string, Promise<Properties>>();

/** One resource of a program, through all its runs. Arguments may be given anew with every run, and stay until then. */
export class Resource extends MiniEngine {
  constructor(
    readonly project: Project,
    kind: Kind,
    readonly name: string,
    public args: object | ((p: Pulumi) => object),
    public options: ResourceOptions = {},
  ) {
    super(options.provider ?? project.world.provider, kind);
  }

  /** What the SDK sends for the current arguments. */
  program(more: ProgramOptions = {}): Promise<Properties> {
    const { name, kind, args } = this;
    const options = { ...more, config: { ...this.project.config, ...this.options.config, ...more.config } };
    if (typeof args === "function") return this.run(options);
    const key = JSON.stringify([kind, name, args, options]);
    const known = PROGRAMS.get(key) ?? this.run(options);
    PROGRAMS.set(key, known);
    return known;
  }

  private run(options: ProgramOptions): Promise<Properties> {
    const { name, kind, args } = this;
    return inputsFor(
      name,
      (sdk, pulumi) => {
        const given: any = typeof args === "function" ? args(pulumi) : args;
        void (kind === "flow" ? new sdk.HogFlow(name, given) : new sdk.HogFlowSchedule(name, withFlow(sdk, given)));
      },
      options,
    );
  }

  async preview(args = this.args): Promise<Plan> {
    this.args = args;
    return this.plan(await this.program());
  }

  /** `pulumi up`. */
  async go(args = this.args): Promise<Operation> {
    this.args = args;
    return this.up(await this.program());
  }

  /** The text of the error that this `up` ends with. */
  async fails(args = this.args): Promise<string> {
    const error = await this.go(args).then(
      () => undefined,
      (thrown: Error & { shown?: string }) => thrown,
    );
    expect(error, "the up was expected to fail").toBeDefined();
    return error!.shown ?? error!.message;
  }

  /** The live flow, or the flow of the schedule. */
  get live(): any {
    return this.project.emulator.flow(this.state!.id.split("/")[0]!);
  }

  get id(): string {
    return this.state!.id;
  }

  get outputs(): Properties {
    return this.state!.outputs;
  }
}

/** A schedule's `flow` may be given as the arguments of one: a resource is made of them, as a program would. */
function withFlow(sdk: typeof Sdk, args: any): any {
  if (typeof args.flow !== "object" || args.flow === null || !("args" in args.flow)) return args;
  return { ...args, flow: new sdk.HogFlow(args.flow.name ?? "flow", args.flow.args) };
}

export const trigger = (
  next = "mail",
  config: object = { type: "event", filters: { events: [{ id: "user signed up" }] } },
): object => ({ type: "trigger", name: "Signed up", config, next });
export const mail = (subject: unknown = "Welcome!", more: object = {}): object => ({
  type: "function_email",
  name: "Welcome mail",
  next: "exit_node",
  config: {
    inputs: {
      email: {
        templating: "liquid",
        value: {
          from: { integrationId: 7 },
          to: { email: "{{ person.properties.email }}", name: "" },
          subject,
          html: "",
          text: "Good to have you.",
        },
      },
    },
  },
  ...more,
});
export const hook = (inputs: object = {}, more: object = {}): object => ({
  type: "function",
  name: "Tell the backend",
  next: "exit_node",
  config: {
    templateId: "template-webhook",
    inputs: { url: { value: "https://hooks.example.com/welcome" }, ...inputs },
  },
  ...more,
});
export const exit = { type: "exit", name: "Exit" };

/** Arguments of a small flow: trigger, mail, exit. */
export const welcome = ({ subject = "Welcome!" as unknown, ...more }: Record<string, unknown> = {}): any => ({
  actions: { trigger_node: trigger(), mail: mail(subject), exit_node: exit },
  ...more,
});
/** With a step that has a secret. */
export const withHook = (inputs: object = {}, more: object = {}): any => ({
  actions: { trigger_node: trigger("hook"), hook: hook(inputs), exit_node: exit },
  ...more,
});
/** A flow with an audience, for schedules. */
export const batch = (value: string[] = ["pro"], more: object = {}): any => ({
  actions: {
    trigger_node: trigger("mail", {
      type: "batch",
      filters: { properties: [{ key: "plan", value, operator: "exact", type: "person" }] },
    }),
    mail: mail(),
    exit_node: exit,
  },
  ...more,
});
export const weekly = (flow: unknown, more: object = {}): any => ({
  flow,
  rrule: "FREQ=WEEKLY;BYDAY=MO",
  startsAt: "2030-12-02T09:00:00",
  timezone: "Europe/Berlin",
  ...more,
});

export const step = (flow: any, id: string): any => flow.actions.find((action: any) => action.id === id);
export const subjectOf = (flow: any): string => step(flow, "mail").config.inputs.email.value.subject;
/** An edit of the mail's subject in the editor. */
export const setSubject =
  (subject: string) =>
  (flow: any): void =>
    void (step(flow, "mail").config.inputs.email.value.subject = subject);
