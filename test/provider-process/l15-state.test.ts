// L15: the state of every earlier version is readable, and means what it meant. The stacks in test/fixtures/states were exported by the engine
// when their version was current; they are kept as they are, and new ones are put beside them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { canonical, definitionOf } from "../../definition/canonical/canonical";
import { encode } from "../../definition/canonical/encode";
import { nurture, SECRET } from "../fixtures/states/v1/nurture";
import { requests, SECRET as TOKEN } from "../fixtures/states/v1/requests";
import { isSecret, MiniEngine, plain, secret, type ResourceState } from "../support/mini-engine";
import { runProgram, type Registered } from "../support/program";
import { programFolder, type Kind, type Properties } from "../support/provider-process";
import { batch, exit, KEY, mail, step, trigger, useWorld, welcome } from "./support";

const world = useWorld();

/** Stands in an exported state where the engine had encrypted a secret. */
const PLACEHOLDER = "<secret>";

interface Stack {
  file: string;
  secret: string;
  /** The program that it was made with. */
  program: Parameters<typeof runProgram>[0];
}
const STACKS: Stack[] = [
  { file: "v1/nurture.json", secret: SECRET, program: (sdk, pulumi) => nurture(sdk, pulumi.secret(SECRET)) },
];

/** The secrets put back in where their place is marked. */
function revived(value: any, clear: string): any {
  if (Array.isArray(value)) return value.map((item) => revived(item, clear));
  if (typeof value !== "object" || value === null) return value;
  if (isSecret({ ...value, value: null }) && "plaintext" in value)
    return secret(JSON.parse(String(value.plaintext).replaceAll(PLACEHOLDER, clear)));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item, clear)]));
}

interface Kept extends ResourceState {
  kind: Kind;
  name: string;
  /** The serialized provider that the state carries. */
  stub: string;
}

/** `text` as it is kept, or changed: to another host, say. */
function resourcesOf({ file, secret: clear }: Stack, changed = (text: string): string => text): Kept[] {
  const text = changed(readFileSync(path.join(import.meta.dirname, "../fixtures/states", file), "utf8"));
  return JSON.parse(text)
    .deployment.resources.filter(({ type }: any) => type.startsWith("pulumi-nodejs:dynamic/posthog:"))
    .map((resource: any) => {
      const { __provider: stub, ...inputs } = resource.inputs;
      const { __provider: _, ...outputs } = resource.outputs;
      return {
        kind: resource.type.endsWith("HogFlowSchedule") ? "schedule" : "flow",
        name: resource.urn.split("::").at(-1),
        id: resource.id,
        stub,
        inputs: revived(inputs, clear),
        outputs: revived(outputs, clear),
        initErrors: [],
      };
    });
}

/** What today's package sends for that program. */
async function sentNow(stack: Stack, { kind, name }: Kept, kept = resourcesOf(stack)): Promise<Properties> {
  const { host, projectId } = kept[0]!.inputs;
  const ids = Object.fromEntries(kept.map((resource) => [resource.name, resource.id]));
  const sent: Registered[] = await runProgram(stack.program, {
    ids,
    config: { "posthog:host": host, "posthog:projectId": projectId },
  });
  return sent.find((resource) => resource.kind === kind && resource.name === name)!.inputs;
}

/** The first states named project, stack and resource beside the URN, which says them all. */
const withShortOwner = (inputs: Properties): Properties =>
  typeof inputs["owner"] === "string" && inputs["owner"].startsWith("[")
    ? { ...inputs, owner: (JSON.parse(inputs["owner"]) as string[]).at(-1) }
    : inputs;

describe.each(STACKS)("L15: the exported stack $file", (stack) => {
  const kept = resourcesOf(stack);

  it("has a flow and a schedule, a secret in its place, and nothing of the machine that it was made on", () => {
    expect(kept.map(({ kind }) => kind)).toEqual(["flow", "schedule"]);
    const text = readFileSync(path.join(import.meta.dirname, "../fixtures/states", stack.file), "utf8");
    expect(text).toContain(PLACEHOLDER);
    for (const trace of [
      "ciphertext",
      "sourcePosition",
      "stackTrace",
      "secrets_providers",
      stack.secret,
      "file://",
      "/home/",
      "/tmp/",
    ])
      expect(text).not.toContain(trace);
  });

  it.each(kept)("shows no change with the same program: $kind $name", async (resource) => {
    const engine = new MiniEngine(world.provider, resource.kind);
    engine.state = resource;
    expect(await engine.plan(await sentNow(stack, resource))).toMatchObject({ op: "same", changes: "none" });
  });

  it.each(kept)(
    "shows no change when inputs are compared with inputs, as the engine does after a refresh: $kind $name",
    async ({ kind, id, inputs, outputs }) => {
      expect(await world.provider.diff(kind, id, plain(outputs), plain(inputs))).toEqual({
        changes: "none",
        replaces: [],
        deleteBeforeReplace: false,
      });
    },
  );

  it.each(kept)("has the inputs that check makes of the same program: $kind $name", async (resource) => {
    const engine = new MiniEngine(world.provider, resource.kind);
    engine.state = resource;
    const { inputs } = await engine.plan(await sentNow(stack, resource));
    // New since these states were written: which schedules a flow has, and the owner of a schedule. Neither is a change.
    const { __provider: _, __schedules: _names, ...rest } = plain(inputs);
    if (resource.kind === "schedule") delete rest["owner"];
    expect(rest).toEqual(withShortOwner(plain(resource.inputs)));
  });

  it("shows a change of the program, and of the secret", async () => {
    const flow = kept[0]!;
    const engine = new MiniEngine(world.provider, "flow");
    engine.state = flow;
    const sent = await sentNow(stack, flow);
    expect((await engine.plan({ ...sent, description: "Other" })).op).toBe("update");
    expect(
      (await engine.plan(revived(JSON.parse(JSON.stringify(sent).replaceAll(stack.secret, "another")), ""))).op,
    ).toBe("update");
  });

  it.each(kept)(
    "is served by the provider that it names itself: $kind $name",
    async ({ id, inputs, outputs, stub }) => {
      const served: { handler?: () => any } = {};
      const load = createRequire(path.join(programFolder(), "index.js"));
      // As the engine's own provider evaluates it.
      new Function("exports", "require", stub)(served, load);
      const provider = served.handler!();
      for (const call of ["configure", "check", "diff", "create", "read", "update", "delete"])
        expect(provider[call]).toBeTypeOf("function");
      expect(await provider.diff(id, plain(outputs), plain(inputs))).toMatchObject({ changes: false });
    },
  );
});

describe("L15: flows that an earlier version wrote so that PostHog's worker never ran them", () => {
  const stack: Stack = {
    file: "v1/requests.json",
    secret: TOKEN,
    program: (sdk, pulumi) => requests(sdk, pulumi.secret(TOKEN)),
  };
  const CHANGES: {
    name: string;
    status: string;
    says: string[];
    method: string;
    mail: string;
    live: object;
    push?: string;
  }[] = [
    {
      name: "requests",
      status: "active",
      says: ["this trigger has refused every request", "this e-mail was never sent", "this push was never sent"],
      method: "POST",
      mail: "welcome",
      live: { to: { email: "{{ person.properties.email }}", name: "" }, html: "" },
      push: "nudge",
    },
    {
      name: "button",
      status: "draft",
      says: ["this trigger has refused every request", "this e-mail was never sent"],
      method: "POST",
      mail: "offer",
      live: { to: { email: "{{ event.properties.email }}", name: "" }, html: "<p>Yours alone.</p>" },
    },
  ];

  it.each(CHANGES)(
    "show one change, which says so, with the same program: $name",
    async ({ name, status, says, method, mail: mailId, live, push }) => {
      const project = world.project();
      const kept = resourcesOf(stack, (text) =>
        text
          .replaceAll("http://127.0.0.1:8088", world.emulator.url)
          .replaceAll('"projectId": "42"', `"projectId": "${project.id}"`),
      );
      const state = kept.find((resource) => resource.name === name)!;
      // What PostHog has of it.
      world.emulator.seed(
        { ...encode(canonical(definitionOf(plain(state.outputs)))), id: state.id, status },
        project.id,
      );
      const engine = new MiniEngine(world.provider, "flow");
      engine.state = state;
      expect(await engine.refresh()).toBe("same");
      const sent = await sentNow(stack, state, kept);
      const before = (await world.provider.warnings()).length;
      expect(await engine.plan(sent)).toMatchObject({ op: "update" });
      const told = (await world.provider.warnings()).slice(before).filter((text) => text.includes("[repaired]"));
      expect(
        says.map((words) => told.filter((text) => text.includes(`${words}; this update fixes that`)).length),
      ).toEqual(says.map(() => 1));
      expect(told).toHaveLength(says.length);

      expect(await engine.up(sent)).toBe("update");
      const flow = project.only();
      expect(step(flow, "trigger_node").config.inputs.method.value).toBe(method);
      expect(step(flow, mailId).config.inputs.email.value).toMatchObject(live);
      if (push !== undefined) expect(step(flow, push).config.inputs.body.value).toBe("");
      expect(await engine.plan(sent)).toMatchObject({ op: "same", changes: "none" });
      expect(await engine.refresh()).toBe("same");
    },
  );
});

describe("L15: keys that were unknown then and are known now", () => {
  const SPELLINGS: { what: string; path: readonly string[]; then: string; now: string; asExtra: boolean }[] = [
    // What a package does not know, a program gives under `extra`, in PostHog's spelling.
    { what: "of the flow", path: [], then: "exit_condition", now: "exitCondition", asExtra: true },
    { what: "of a step", path: ["actions", "mail"], then: "on_error", now: "onError", asExtra: true },
    // Below that, it stands beside the others.
    { what: "of a step", path: ["actions", "mail"], then: "on_error", now: "onError", asExtra: false },
    {
      what: "of a step's config",
      path: ["actions", "wait", "config"],
      then: "max_wait_duration",
      now: "maxWaitDuration",
      asExtra: false,
    },
    {
      what: "of a filter",
      path: ["actions", "trigger_node", "config", "filters"],
      then: "filter_test_accounts",
      now: "filterTestAccounts",
      asExtra: false,
    },
  ];
  const args = () => ({
    exitCondition: "exit_only_at_end",
    actions: {
      trigger_node: trigger("wait", {
        type: "event",
        filters: { events: [{ id: "user signed up" }], filterTestAccounts: true },
      }),
      wait: {
        type: "wait_until_condition",
        name: "Answered?",
        config: {
          condition: {
            filters: { properties: [{ key: "answered", value: ["yes"], operator: "exact", type: "person" }] },
          },
          maxWaitDuration: "2d",
        },
        next: "mail",
        branches: ["exit_node"],
      },
      mail: mail("Welcome!", { onError: "abort" }),
      exit_node: exit,
    },
  });

  /** The properties with the key spelled as it was. */
  function respelled<T>(properties: T, { path: where, then, now, asExtra }: (typeof SPELLINGS)[number]): T {
    const out = structuredClone(properties);
    const holder = where.reduce<any>((value, key) => value[key], out);
    expect(holder).toHaveProperty(now);
    if (asExtra) holder["extra"] = { [then]: holder[now] };
    else holder[then] = holder[now];
    delete holder[now];
    return out;
  }

  describe.each(SPELLINGS)("$then $what (under extra: $asExtra)", (spelling) => {
    it.each(["then", "now"] as const)("shows no change, with a program that spells it as %s", async (when) => {
      const flow = world.project().flow(args());
      await flow.go();
      flow.state = {
        ...flow.state!,
        inputs: respelled(flow.state!.inputs, spelling),
        outputs: respelled(flow.outputs, spelling),
      };
      const program = when === "then" ? respelled(args(), spelling) : args();
      expect(await flow.preview(program)).toMatchObject({ op: "same", changes: "none" });
    });

    it("is no drift in a refresh, and an update writes it once", async () => {
      const flow = world.project().flow(args());
      await flow.go();
      flow.state = { ...flow.state!, outputs: respelled(flow.outputs, spelling) };
      expect(await flow.refresh()).toBe("same");
      flow.state = { ...flow.state, outputs: respelled(flow.outputs, spelling) };
      await flow.go({ ...args(), description: "New" });
      expect(JSON.stringify(plain(flow.outputs))).not.toContain(spelling.then);
      expect((await flow.preview()).op).toBe("same");
    });
  });
});

describe("L15: a stub of before 0.1.0, which configures and creates by one function", () => {
  const stubs = Object.fromEntries(resourcesOf(STACKS[0]!).map(({ kind, stub }) => [kind, stub]));

  it("has that function", () => {
    for (const kind of ["flow", "schedule"]) expect(stubs[kind]).toMatch(/configure: (__f\d+),.* create: \1,/);
  });

  it("still configures, creates, updates and deletes", async () => {
    const project = world.project();
    // Whoever was not configured has no key.
    const provider = await world.another({ env: { POSTHOG_API_KEY: "" }, config: { "posthog:apiKey": KEY } });
    const of = (kind: Kind, properties: Properties): Properties => ({ ...properties, __provider: stubs[kind] });
    const send = async (kind: Kind, given: Properties) => {
      const { inputs, failures } = await provider.check(kind, {}, of(kind, given));
      expect(failures).toEqual([]);
      return provider.create(kind, of(kind, plain(inputs)));
    };
    const target = { host: world.emulator.url, projectId: project.id };
    const flow = await send("flow", { ...batch(), ...target });
    expect(project.only().id).toBe(flow.id);
    const timing = { rrule: "FREQ=DAILY", startsAt: "2100-01-01T09:00:00" };
    const schedule = await send("schedule", { flowId: flow.id, ...timing, ...target });
    expect(project.only().schedules.map(({ id }: any) => `${flow.id}/${id}`)).toEqual([schedule.id]);

    const outputs = of("flow", plain(flow.outputs));
    const { inputs } = await provider.check("flow", outputs, of("flow", { ...batch(), name: "New", ...target }));
    await provider.update("flow", flow.id, outputs, of("flow", plain(inputs)));
    expect(project.only().name).toBe("New");
    await provider.delete("schedule", schedule.id, of("schedule", plain(schedule.outputs)));
    await provider.delete("flow", flow.id, outputs);
    expect(project.flows()).toEqual([]);
  });
});

describe("L15: the version of a state", () => {
  const NEWER =
    /newer pulumi-hogflow \(state version 99, this one reads up to 1\)\. Update the package: npm install pulumi-hogflow@latest/;

  it("newer than this package is refused by every call that reads it, with what to do, and without a request", async () => {
    const flow = world.project().flow(welcome());
    await flow.go();
    const newer = { ...plain(flow.outputs), stateVersion: 99 };
    const inputs = plain(flow.state!.inputs);
    const { provider } = world;
    const { id } = flow;
    const requests = await flow.project.during(async () => {
      await expect(provider.check("flow", newer, inputs)).rejects.toThrow(NEWER);
      await expect(provider.diff("flow", id, newer, inputs)).rejects.toThrow(NEWER);
      await expect(provider.read("flow", id, newer)).rejects.toThrow(NEWER);
      await expect(provider.update("flow", id, newer, { ...inputs, description: "New" })).rejects.toThrow(NEWER);
      await expect(provider.delete("flow", id, newer)).rejects.toThrow(NEWER);
    });
    expect(requests).toEqual([]);
    expect(flow.project.flows()).toHaveLength(1);
  });

  it("that is missing is read as the first", async () => {
    const flow = world.project().flow(welcome({ status: "active" }));
    await flow.go();
    const { stateVersion, ...outputs } = flow.outputs;
    expect(stateVersion).toBe(1);
    flow.state = { ...flow.state!, outputs };
    expect(await flow.preview()).toMatchObject({ op: "same", changes: "none" });
    expect(await flow.refresh()).toBe("same");
    expect(flow.outputs["stateVersion"]).toBe(1);
    flow.state = { ...flow.state, outputs };
    await flow.go(welcome({ status: "active", subject: "Second" }));
    expect(flow.outputs["stateVersion"]).toBe(1);
  });
});
