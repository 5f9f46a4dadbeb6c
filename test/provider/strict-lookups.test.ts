// L5, L7, L12: a flow that was found by a look-up is compared strictly. Only the answer to a write of ours shows what PostHog makes of it; anything else that
// differs from the program is somebody's edit, also under the inputs of a template.
import { describe, expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { isWhatWeSent } from "../../provider/flow/server-made";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();
const path = ({ place }: Rig, rest: string): RegExp => new RegExp(`^/api/projects/${place.projectId}/hog_flows${rest}`);
const textOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => expect.unreachable(),
    (error: Error & { reasons?: string[] }) => error.reasons?.join(" ") ?? error.message,
  );

const hooked = (it: Rig, inputs: Dict = {}, more: Dict = {}): Dict =>
  inputsOf(it, {
    actions: {
      trigger_node: {
        type: "trigger",
        name: "Signed up",
        config: { type: "event", filters: { events: [{ id: "user signed up" }] } },
        next: "hook",
      },
      hook: {
        type: "function",
        name: "Tell",
        config: {
          templateId: "template-webhook",
          inputs: { url: { value: "https://hooks.example.com/a" }, ...inputs },
        },
        next: "exit_node",
      },
      exit_node: { type: "exit", name: "Exit" },
    },
    ...more,
  });
const AUTHORIZED = { headers: { value: { Authorization: "Bearer t0ken" } }, method: { value: "PUT" } };
const hookOf = (flow: Dict): Dict =>
  (flow["actions"] as Dict[]).find(({ id }) => id === "hook")!["config"]!["inputs" as never];
const setInputs =
  (inputs: Dict) =>
  (flow: Dict): void =>
    void Object.assign(hookOf(flow), inputs);
const writes = (it: Rig, since = 0): string[] =>
  it
    .requests()
    .slice(since)
    .filter((request) => !request.startsWith("GET"));

describe("adopting", () => {
  const foreign = async (it: Rig, inputs: Dict = {}): Promise<string> =>
    (await it.flow.create(hooked(it, inputs, { owner: undefined }))).id;

  it("names what is live and not in the program, and writes nothing", async () => {
    const it = rig();
    const id = await foreign(it, AUTHORIZED);
    const before = it.requests().length;
    const text = await textOf(it.flow.create(hooked(it, {}, { adopt: id })));
    expect(text).toContain('actions.hook.config.inputs.headers (step "Tell"): removed');
    expect(text).toContain('actions.hook.config.inputs.method (step "Tell"): removed');
    expect(text).not.toContain("t0ken");
    expect(writes(it, before)).toEqual([]);
    const { failures } = await it.flow.check({}, hooked(it, {}, { adopt: id }));
    expect(JSON.stringify(failures)).toContain("actions.hook.config.inputs.headers");
  });

  it("names what the program says and is not live, and writes it where that was agreed to", async () => {
    const it = rig();
    const id = await foreign(it);
    expect(await textOf(it.flow.create(hooked(it, AUTHORIZED, { adopt: id })))).toContain(
      'actions.hook.config.inputs.headers (step "Tell"): added',
    );
    await it.flow.create(hooked(it, AUTHORIZED, { adopt: id, overwriteDrift: it.emulator.flow(id).updated_at }));
    expect(hookOf(it.emulator.flow(id) as Dict)).toMatchObject(AUTHORIZED);
    expect(it.warnings).toEqual([]);
  });

  it("takes what says the same as its absence as equal, and writes the marker alone", async () => {
    const it = rig();
    const id = await foreign(it, { method: { value: "POST" }, debug: { value: false } });
    const before = it.requests().length;
    const { outs } = await it.flow.create(hooked(it, {}, { adopt: id }));
    expect(writes(it, before)).toEqual(["PATCH 200"]);
    expect(Object.keys(outs["serverAdditions"] as Dict).sort()).toEqual([
      "actions.hook.config.inputs.debug",
      "actions.hook.config.inputs.method",
    ]);
  });

  it("cannot compare a secret that PostHog has stored: another value replaces it now, which preview says, and stored() keeps it", async () => {
    const it = rig();
    const id = await foreign(it, { signing_secret: { value: "the-one-in-posthog" } });
    const before = it.requests().length;
    const adopting = hooked(it, { signing_secret: { value: "the-one-of-the-program" } }, { adopt: id });
    expect((await it.flow.check({}, adopting)).failures).toEqual([]);
    expect(it.warnings.join("\n")).toMatch(
      /actions\.hook\.config\.inputs\.signing_secret.*this value replaces the one that PostHog has stored, when.*Write stored\(\) to keep/s,
    );
    expect(it.warnings.join("\n")).not.toMatch(/the-one-/);
    const { outs } = await it.flow.create(adopting);
    expect(writes(it, before)).toEqual([expect.stringMatching(/^PUT /)]);
    expect(it.emulator.secret(id, "hook", "signing_secret")).toBe("the-one-of-the-program");
    expect(outs["updatedAt"]).toBe(it.emulator.flow(id).updated_at);
    const kept = await foreign(it, { signing_secret: { value: "the-one-in-posthog" } });
    const keeping = hooked(
      it,
      { signing_secret: { secret: true } },
      { adopt: kept, name: it.emulator.flow(kept).name },
    );
    expect((await it.flow.check({}, keeping)).failures).toEqual([]);
    await it.flow.create(keeping);
    expect(it.emulator.secret(kept, "hook", "signing_secret")).toBe("the-one-in-posthog");
    expect(it.warnings.filter((text) => text.includes("[adopt-secret]"))).toHaveLength(1);
  });

  it("writes the program's secret also where the first write is refused as stale, or its answer is lost", async () => {
    for (const fault of [
      { kind: "status", status: 409, when: "before" },
      { kind: "cut", when: "before" },
    ] as const) {
      const it = rig();
      const id = await foreign(it, { signing_secret: { value: "the-one-in-posthog" } });
      it.emulator.fault({ method: "PUT", path: path(it, `/${id}/`), ...fault });
      await it.flow.create(hooked(it, { signing_secret: { value: "the-one-of-the-program" } }, { adopt: id }));
      expect(it.emulator.secret(id, "hook", "signing_secret")).toBe("the-one-of-the-program");
    }
  });
});

describe("taking over an active flow that carries the marker", () => {
  it("is refused over an input that somebody added", async () => {
    const it = rig();
    const { id } = await it.flow.create(hooked(it, {}, { status: "active" }));
    it.emulator.ui.edit(id, setInputs({ headers: { value: { Authorization: "Bearer t0ken" } } }));
    const next = rig();
    const place = it.place;
    const before = it.requests().length;
    const text = await textOf(next.flow.create({ ...hooked(it, {}, { status: "active" }), ...place }));
    expect(text).toContain("carries the marker of this resource");
    expect(text).toContain("actions.hook.config.inputs.headers");
    expect(writes(it, before)).toEqual([]);
  });
});

describe("a creation whose answer was lost", () => {
  it.each(["with the marker", "without it"])(
    "is not recognised in a flow that somebody has edited since: %s",
    async (which) => {
      const it = rig();
      const inputs = hooked(it, {}, which === "with the marker" ? {} : { owner: undefined });
      it.emulator.fault({ method: "POST", path: path(it, "/$"), kind: "cut", when: "after" });
      it.emulator.fault({
        method: "GET",
        path: path(it, "/\\?search"),
        kind: "status",
        status: 503,
        when: "before",
        skip: which === "with the marker" ? 1 : 0,
        times: 1,
      });
      const sleep = it.clock.sleep.bind(it.clock);
      it.clock.sleep = async (ms, signal) => {
        const [flow] = it.emulator.flows(it.place.projectId);
        if (it.clock.sleeps.length === 0 && flow)
          it.emulator.ui.edit(flow.id, setInputs({ headers: { value: { Authorization: "Bearer t0ken" } } }));
        await sleep(ms, signal);
      };
      const text = await textOf(it.flow.create(inputs));
      expect(hookOf(it.emulator.flows(it.place.projectId)[0] as unknown as Dict)).toHaveProperty("headers");
      if (which === "with the marker") expect(text).toContain("actions.hook.config.inputs.headers");
      expect(text).toMatch(/adopt/);
      expect(writes(it)).toEqual(["POST 0"]);
    },
  );

  it("is recognised with what PostHog fills in, also by a template that is not known here", async () => {
    const it = rig();
    it.emulator.fault({ method: "POST", path: path(it, "/$"), kind: "cut", when: "after" });
    const sms = {
      type: "function_sms",
      name: "Text",
      config: { inputs: { twilio_account: { value: 4 }, from_number: { value: "+15550100000" } } },
      next: "exit_node",
    };
    const { actions } = hooked(it) as { actions: Dict };
    const { id, outs } = await it.flow.create(hooked(it, {}, { actions: { ...actions, hook: sms } }));
    expect(it.emulator.flows(it.place.projectId).map((flow) => flow.id)).toEqual([id]);
    expect(Object.keys(outs["serverAdditions"] as Dict)).toContain("actions.hook.config.inputs.message");
    expect(writes(it)).toEqual(["POST 0"]);
  });
});

describe("an update", () => {
  it("finds the same change and one more in PostHog: it stops and names it", async () => {
    const it = rig();
    const { id, outs } = await it.flow.create(hooked(it));
    it.emulator.ui.edit(
      id,
      setInputs({
        url: { value: "https://hooks.example.com/b" },
        headers: { value: { Authorization: "Bearer t0ken" } },
      }),
    );
    const text = await textOf(it.flow.update(id, outs, hooked(it, { url: { value: "https://hooks.example.com/b" } })));
    expect(text).toContain("actions.hook.config.inputs.headers");
    expect(text).toContain("pulumi refresh");
    expect(hookOf(it.emulator.flow(id) as Dict)).toHaveProperty("headers");
  });

  it("whose answer was lost is recognised, with what earlier answers have shown", async () => {
    const it = rig();
    const sms = (name: string): Dict => ({
      type: "function_sms",
      name,
      config: { inputs: { twilio_account: { value: 4 }, from_number: { value: "+15550100000" } } },
      next: "exit_node",
    });
    const { actions } = hooked(it) as { actions: Dict };
    const inputs = (name: string): Dict => hooked(it, {}, { actions: { ...actions, hook: sms(name) } });
    const { id, outs } = await it.flow.create(inputs("Text"));
    expect(Object.keys(outs["serverAdditions"] as Dict)).toContain("actions.hook.config.inputs.message");
    it.emulator.fault({ method: "PUT", path: path(it, `/${id}/`), kind: "cut", when: "after" });
    const updated = await it.flow.update(id, outs, inputs("Other"));
    expect(updated.outs["version"]).toBe(2);
    expect(writes(it)).toEqual(["POST 201", "PUT 0"]);
  });

  it("that may have arrived does not overwrite what somebody added meanwhile", async () => {
    const it = rig();
    const { id, outs } = await it.flow.create(hooked(it));
    const wanted = hooked(it, { url: { value: "https://hooks.example.com/b" } });
    it.emulator.fault({ method: "PUT", path: path(it, `/${id}/`), kind: "cut", when: "before" });
    const gone = it.emulator.fault({
      method: "GET",
      path: path(it, `/${id}/`),
      kind: "cut",
      when: "before",
      times: 100,
    });
    const partial = await it.flow.update(id, outs, wanted).then(
      () => expect.unreachable(),
      (error: { properties: Dict }) => error.properties,
    );
    gone.remove();
    expect(partial).toHaveProperty("attempt");
    it.emulator.ui.edit(
      id,
      setInputs({
        url: { value: "https://hooks.example.com/b" },
        headers: { value: { Authorization: "Bearer t0ken" } },
      }),
    );
    expect(await textOf(it.flow.update(id, partial, wanted))).toContain("actions.hook.config.inputs.headers");
    expect(hookOf(it.emulator.flow(id) as Dict)).toHaveProperty("headers");
  });
});

describe("what only PostHog can have made of an input", () => {
  const ofTemplate = (templateId: string, inputs: Dict): Dict => ({
    name: "F",
    actions: {
      s: { type: "function", name: "S", config: { templateId, ...(Object.keys(inputs).length > 0 ? { inputs } : {}) } },
    },
  });
  it.each<[string, string, Dict, Dict, boolean]>([
    [
      "its default",
      "template-twilio",
      {},
      { to_number: { value: "{{ person.properties.phone }}", templating: "liquid" } },
      true,
    ],
    ["a stored secret, which no write takes away", "template-of-mine", {}, { signature: { secret: true } }, true],
    ["another value", "template-twilio", {}, { to_number: { value: "+15550100000", templating: "liquid" } }, false],
    [
      "the language of its template",
      "template-twilio",
      { to_number: { value: "x" } },
      { to_number: { value: "x", templating: "liquid" } },
      true,
    ],
    [
      "a language that its template leaves open",
      "template-webhook",
      { url: { value: "x" } },
      { url: { value: "x", templating: "liquid" } },
      false,
    ],
    [
      "a drop of what its template does not have",
      "template-webhook",
      { url: { value: "x" }, odd: { value: 1 } },
      { url: { value: "x" } },
      true,
    ],
    [
      "a drop of what its template has",
      "template-webhook",
      { url: { value: "x" }, headers: { value: {} } },
      { url: { value: "x" } },
      false,
    ],
    ["anything of a template that is not known", "template-of-mine", {}, { debug: { value: false } }, false],
  ])("%s", (_, template, sent, live, expected) =>
    expect(isWhatWeSent(ofTemplate(template, sent), ofTemplate(template, live))).toBe(expected),
  );

  it("is not what an earlier answer has shown of another value", () => {
    const sent = ofTemplate("template-of-mine", { a: { value: "new" } });
    const live = ofTemplate("template-of-mine", { a: { value: "cleaned" } });
    const shown = (value: string) => ({
      additions: { "actions.s.config.inputs.a.value": { value: "cleaned" } },
      content: ofTemplate("template-of-mine", { a: { value } }),
    });
    expect(isWhatWeSent(sent, live, shown("new"))).toBe(true);
    expect(isWhatWeSent(sent, live, shown("old"))).toBe(false);
  });
});
