// L14: every offline finding at once, each with its path; unknown values anywhere. L2: what the server makes of a write. L12's check needs no network but
// for adopt, so none of this makes a request.
import { describe, expect, it } from "vitest";
import { plain } from "../support/mini-engine";
import { UNKNOWN, type Properties } from "../support/provider-process";
import { exit, hook, mail, step, trigger, useWorld, welcome, withHook } from "./support";

const world = useWorld();

const findings = async (args: object): Promise<string> => world.project().flow(args).fails();

describe("L14: findings", () => {
  it("come all at once, with path and step name, in preview, without a request", async () => {
    const project = world.project();
    const error = await project
      .flow({
        name: "x".repeat(401),
        exitConditon: "exit_only_at_end",
        exitCondition: "exit_on_conversions",
        onDelete: "forget",
        overwriteDrift: "yes",
        emailSendingRateLimit: { count: 0, period: "hours" },
        actions: {
          start: { type: "trigger", name: "Start", config: { type: "evnt" }, next: "wiat" },
          wait: { type: "delay", name: "Wait", config: { delayDuration: "soon" }, next: "mail" },
          mail: {
            type: "function_email",
            name: "Mail",
            config: { inputs: { email: { value: { to: "a@example.com" } } } },
            next: "nowhere",
          },
          odd: { type: "function_emial", name: "Odd", config: {} },
          "": { type: "exit", name: "Exit" },
          split: {
            type: "random_cohort_branch",
            name: "Split",
            config: { cohorts: [{ percentage: "half" }] },
            branches: ["mail"],
          },
        },
      })
      .fails();
    for (const text of [
      "name: may have at most 400 characters",
      "`exitConditon` is not an argument of HogFlow. Did you mean `exitCondition`?",
      "exitCondition: expected one of",
      "onDelete: expected one of delete, archive",
      "overwriteDrift: must be the stamp that the message shows",
      "emailSendingRateLimit.count",
      "emailSendingRateLimit.period",
      'actions.start.config.type: "evnt" is not a type of trigger (step "Start"). Did you mean "event"?',
      'actions.start.next: there is no step "wiat" (step "Start"). Did you mean "wait"?',
      "actions.wait.config.delayDuration",
      "actions.mail.config.inputs.email.value.from: is missing",
      "actions.mail.config.inputs.email.value.to: must be an object",
      "actions.mail.config.inputs.email.value.subject: is missing",
      "actions.mail.config.inputs.email.value.html: is missing",
      'actions.mail.next: there is no step "nowhere"',
      'actions.odd.type: "function_emial" is not a type of step (step "Odd"). Did you mean "function_email"?',
      "a step id may not be empty",
      "actions.split.config.cohorts[0].percentage",
    ]) {
      expect(error).toContain(text);
    }
    expect(project.records).toEqual([]);
  });

  it("are told once", async () => {
    const error = await findings({ actions: { start: trigger("gone") } });
    expect(error.split("\n").filter((line) => line.includes('there is no step "gone"'))).toHaveLength(1);
  });

  it("name the missing form, and the doubled one", async () => {
    expect(await findings({})).toContain("a flow needs its steps");
    expect(await findings({ ...welcome(), definition: { actions: [] } })).toContain(
      "one form, not actions and definition",
    );
  });

  it("warn of what is sent on unchanged, and of waits that PostHog cuts", async () => {
    const flow = world.project().flow({
      name: `Warned ${Date.now()}`,
      actions: {
        trigger_node: trigger("wait"),
        wait: { type: "delay", name: "Wait", config: { delayDuration: "90m", newerThanWe: 1 }, next: "exit_node" },
        exit_node: exit,
      },
    });
    await flow.go();
    const warnings = (await world.provider.warnings()).filter((text) => text.includes((flow.args as any).name));
    expect(warnings.join("\n")).toContain(
      "`newerThanWe` is not known to this version of pulumi-hogflow; it is sent unchanged",
    );
    expect(warnings.join("\n")).toContain("90m lasts only 60m");
  });

  it("has an output in a plain text found", async () => {
    const project = world.project();
    const error = await project
      .flow((p: typeof import("@pulumi/pulumi")) => welcome({ subject: `Hello ${p.output("Ann")}` }))
      .fails();
    expect(error).toContain("pulumi.interpolate");
  });
});

/** All leaves, and all containers that the engine may not know yet. */
function* places(value: any, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* places(item, [...path, i]);
  else if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value)) yield* places(item, [...path, key]);
}
const withUnknown = (inputs: Properties, path: (string | number)[]): Properties => {
  const copy = structuredClone(inputs);
  const parent = path.slice(0, -1).reduce((at: any, part) => at[part], copy);
  parent[path.at(-1)!] = UNKNOWN;
  return copy;
};

describe("L14: unknown values", () => {
  const rich = {
    status: "active",
    description: "Text",
    variables: { plan: { type: "string", default: "pro" } },
    conversion: { filters: [{ key: "plan", value: "pro" }], window: "7d" },
    triggerMasking: { hash: "{person.id}", ttl: 3600 },
    emailSendingRateLimit: { count: 5, period: "minute" },
    editorOwns: ["actions.mail.config.inputs.email.value.subject"],
    onDelete: "archive",
    actions: {
      trigger_node: trigger("wait"),
      wait: {
        type: "wait_until_condition",
        name: "Wait",
        config: {
          condition: { filters: { properties: [{ key: "paid", value: true, type: "person" }] } },
          maxWaitDuration: "1d",
        },
        next: "when",
        branches: ["mail"],
      },
      when: {
        type: "wait_until_time_window",
        name: "When",
        config: { day: ["monday"], time: ["09:00", "17:00"], timezone: "Europe/Berlin" },
        next: "split",
      },
      split: {
        type: "random_cohort_branch",
        name: "Split",
        config: { cohorts: [{ percentage: 50 }, { percentage: 50, name: "B" }] },
        next: "exit_node",
        branches: ["mail", "hook"],
      },
      mail: mail(),
      hook: hook({ signing_secret: { value: "sealed" } }),
      exit_node: exit,
    },
  };

  it("are tolerated at every single place of the inputs, in check and in diff", async () => {
    const flow = world.project().flow(rich);
    await flow.go();
    const inputs = plain(await flow.program());
    const known = plain(flow.state!);
    const paths = [...places(inputs)].filter(([top]) => !["__provider", "secretPaths", "owner"].includes(String(top)));
    expect(paths.length).toBeGreaterThan(90);
    await Promise.all(
      paths.map(async (path) => {
        const where = path.join(".");
        const unknown = withUnknown(inputs, path);
        const first = await world.provider.check("flow", {}, unknown);
        expect(first.failures, where).toEqual([]);
        const { inputs: checked, failures } = await world.provider.check("flow", known.inputs, unknown);
        expect(failures, where).toEqual([]);
        const { replaces } = await world.provider.diff("flow", flow.id, known.outputs, plain(checked));
        expect(replaces, where).toEqual([]);
      }),
    );
  });

  it("keep the other findings", async () => {
    const inputs = plain(
      await world
        .project()
        .flow({ ...rich, status: "actve" })
        .program(),
    );
    const { failures } = await world.provider.check(
      "flow",
      {},
      withUnknown(inputs, ["actions", "mail", "config", "inputs", "email", "value", "subject"]),
    );
    expect(failures.map(({ property, reason }) => `${property} ${reason}`).join()).toContain('Did you mean "active"?');
  });
});

describe("L2: what the server makes of a write", () => {
  it("is remembered, and no drift", async () => {
    const flow = world.project().flow(withHook({ body: { value: { a: 1 } } }, { status: "active" }));
    await flow.go();
    expect(await flow.refresh()).toBe("same");
    expect((await flow.preview()).op).toBe("same");
  });

  it("warns of a key that the server dropped", async () => {
    const name = `Dropping ${Date.now()}`;
    const flow = world.project().flow(withHook({ notInTheTemplate: { value: 1 } }, { name }));
    await flow.go();
    expect((await world.provider.warnings()).find((text) => text.includes(name) && text.includes("dropped"))).toContain(
      "actions.hook.config.inputs.notInTheTemplate",
    );
    expect(await flow.refresh()).toBe("same");
  });

  it("is no drift where PostHog has become newer: keys that nobody here knows, of the flow or of a step", async () => {
    const flow = world.project().flow(welcome({ status: "active" }));
    await flow.go();
    const { live } = flow;
    const newer = {
      ...live,
      posture: "upright",
      actions: live.actions.map((action: object) => ({ ...action, weight: 3 })),
    };
    flow.project.fault({ method: "GET", kind: "status", status: 200, when: "before", body: newer });
    expect(await flow.refresh()).toBe("same");
    expect(JSON.stringify(flow.state)).not.toMatch(/posture|weight/);
  });

  it("shows a key that somebody added, which the program never wrote", async () => {
    const flow = world.project().flow();
    await flow.go();
    world.emulator.ui.edit(flow.id, (live) => void (step(live, "mail").on_error = "abort"));
    expect(await flow.refresh()).toBe("changed");
    expect((flow.state!.inputs as any).actions.mail.onError).toBe("abort");
    await flow.go();
    expect(step(flow.live, "mail").on_error).toBe("continue");
  });

  it("shows an addition of the server that vanished, and brings it back", async () => {
    const flow = world
      .project()
      .flow({ actions: { trigger_node: trigger("hook", { type: "tracking_pixel" }), hook: hook(), exit_node: exit } });
    await flow.go();
    const additions = Object.keys(flow.outputs["serverAdditions"]);
    expect(additions).toContain("actions.trigger_node.config.inputs");
    world.emulator.ui.storeRaw(flow.id, (stored) => void delete step(stored, "trigger_node").config.inputs);
    expect(await flow.refresh()).toBe("changed");
    expect(flow.state!.inputs).toHaveProperty("serverAdditions");
    expect((await flow.preview()).op).toBe("update");
    await flow.go();
    expect(await flow.project.during(async () => expect((await flow.preview()).op).toBe("same"))).toEqual([]);
  });

  it("takes new read-only keys at the top and on steps for the server's own", async () => {
    const flow = world.project().flow();
    await flow.go();
    world.emulator.switches.keySupport = true;
    try {
      expect(await flow.refresh()).toBe("same");
    } finally {
      world.emulator.switches.keySupport = false;
    }
  });
});
