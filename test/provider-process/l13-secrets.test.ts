// L13: what is secret stays so: in every property that comes back, in reasons, warnings, notes, errors and the process's own output.
import { describe, expect, it } from "vitest";
import { inClear, plain } from "../support/mini-engine";
import { ProviderError } from "../support/provider-process";
import { exit, hook, type Resource, step, trigger, useWorld, withHook } from "./support";

const world = useWorld({ env: { POSTHOG_API_KEY: "phx_test" } });
const ui = () => world.emulator.ui;

const SIGNING = "s1gn1ng-v4lue-of-the-hook";
const HEADER = "h34der-v4lue-in-a-map";
const ROTATED = "r0tated-v4lue-of-the-hook";

/** A template secret, and a Pulumi secret in a place that PostHog shows in clear. */
const args =
  (more: object = {}, signing = SIGNING) =>
  (p: typeof import("@pulumi/pulumi")) => ({
    ...withHook({
      signing_secret: { value: signing },
      headers: { value: { Authorization: p.secret(HEADER), Accept: "text/html" } },
    }),
    ...more,
  });

const made = async (more: object = {}): Promise<Resource> => {
  const flow = world.project().flow(args(more));
  await flow.go();
  return flow;
};

async function expectSealed(flow: Resource, ...shown: unknown[]): Promise<void> {
  const texts = [
    ...(await world.provider.warnings()),
    ...(await world.provider.notes()),
    world.provider.output(),
    ...shown,
  ];
  for (const secret of [SIGNING, HEADER, ROTATED, "phx_test"]) {
    expect(inClear(flow.state, secret), `${secret} in state`).toEqual([]);
    expect(
      texts.filter((text) => JSON.stringify(text)?.includes(secret)),
      `${secret} in texts`,
    ).toEqual([]);
  }
}

describe("L13: secrets in state", () => {
  it("reach PostHog, and are marked in inputs and outputs", async () => {
    const flow = await made();
    expect(world.emulator.secret(flow.id, "hook", "signing_secret")).toBe(SIGNING);
    expect(step(flow.live, "hook").config.inputs.headers.value.Authorization).toBe(HEADER);
    expect(JSON.stringify(plain(flow.state))).toContain(SIGNING);
    expect(JSON.stringify(plain(flow.state))).toContain(HEADER);
    await expectSealed(flow);
  });

  it("are marked in what the provider returns by itself, without the engine's help", async () => {
    const flow = await made();
    const inputs = plain(await flow.program());
    const checked = await world.provider.check("flow", {}, inputs);
    const read = await world.provider.read("flow", flow.id, plain(flow.outputs));
    const updated = await world.provider.update("flow", flow.id, plain(flow.outputs), {
      ...plain(flow.state!.inputs),
      onDelete: "archive",
    });
    for (const secret of [SIGNING, HEADER]) {
      for (const [name, properties] of Object.entries({
        checked: checked.inputs,
        read: read.outputs,
        readInputs: read.inputs,
        updated,
      }))
        expect(inClear(properties, secret), name).toEqual([]);
    }
  });

  it("leave the values beside them readable", async () => {
    const flow = await made();
    const { headers } = (flow.state!.inputs as any).actions.hook.config.inputs;
    expect(headers.value.Accept).toBe("text/html");
  });

  it("stay marked through a refresh, also of a value that changed in PostHog", async () => {
    const flow = await made();
    expect(await flow.refresh()).toBe("same");
    await expectSealed(flow);
    ui().edit(flow.id, (live) => void (step(live, "hook").config.inputs.headers.value.Authorization = ROTATED));
    flow.provider = await world.later();
    expect(await flow.refresh()).toBe("changed");
    await expectSealed(flow);
  });

  it("are marked where they reappear under another path: a step renamed, or a text that holds one, in the editor", async () => {
    const flow = await made();
    ui().edit(flow.id, (live) => {
      step(live, "hook").id = "renamed_hook";
      live.edges = live.edges.map((edge: any) => ({
        ...edge,
        from: edge.from.replace("hook", "renamed_hook"),
        to: edge.to.replace("hook", "renamed_hook"),
      }));
      live.description = `Calls with ${HEADER}`;
      step(live, "renamed_hook").config.inputs.body = { value: { token: `Bearer ${HEADER}` } };
    });
    expect(await flow.refresh()).toBe("changed");
    expect(Object.keys((flow.state!.inputs as any).actions)).toContain("renamed_hook");
    await expectSealed(flow);
  });

  it("are marked in a step that was renamed and whose secret was changed in the editor, a value that nobody here has seen", async () => {
    const flow = await made();
    ui().edit(flow.id, (live) => {
      step(live, "hook").id = "renamed_hook";
      live.edges = live.edges.map((edge: any) => ({
        ...edge,
        from: edge.from.replace("hook", "renamed_hook"),
        to: edge.to.replace("hook", "renamed_hook"),
      }));
      step(live, "renamed_hook").config.inputs.headers.value.Authorization = ROTATED;
    });
    expect(await flow.refresh()).toBe("changed");
    expect((plain(flow.state!.inputs) as any).actions.renamed_hook.config.inputs.headers.value.Authorization).toBe(
      ROTATED,
    );
    await expectSealed(flow);
  });

  it("are marked as numbers and as short texts, too", async () => {
    const flow = world.project().flow((p: typeof import("@pulumi/pulumi")) => ({
      ...withHook({ body: { value: { pin: p.secret(731905), two: p.secret("ab") } } }),
    }));
    await flow.go();
    expect(inClear(flow.state, "731905")).toEqual([]);
    expect((flow.outputs as any).actions.hook.config.inputs.body.value.two).toHaveProperty("value", "ab");
    expect(await flow.refresh()).toBe("same");
    expect(inClear(flow.state, "731905")).toEqual([]);
  });
});

describe("L13: secrets in errors", () => {
  const errorOf = (run: Promise<unknown>): Promise<ProviderError> =>
    run.then(
      () => expect.unreachable(),
      (error: ProviderError) => error,
    );

  it("are no part of a partial error", async () => {
    const flow = world.project().flow(args({ status: "active" }));
    flow.project.fault({
      method: "PATCH",
      kind: "status",
      status: 400,
      when: "before",
      body: {
        type: "validation_error",
        code: "invalid_input",
        detail: `Bad value ${SIGNING} beside ${HEADER}`,
        attr: "actions__1__config",
      },
    });
    const error = await errorOf(flow.go());
    expect(error.isPartial).toBe(true);
    for (const secret of [SIGNING, HEADER]) expect(inClear(error.properties, secret)).toEqual([]);
    await expectSealed(flow, error.message, error.reasons);
  });

  it("are no part of a refusal that repeats them", async () => {
    const flow = world.project().flow(args());
    flow.project.fault({
      method: "POST",
      path: "/$",
      kind: "status",
      status: 400,
      when: "before",
      body: {
        type: "validation_error",
        code: "invalid_input",
        detail: `Bad value ${SIGNING} of phx_test`,
        attr: "actions__1__config",
      },
    });
    const error = await errorOf(flow.go());
    expect(error.message).toContain("Bad value");
    await expectSealed(flow, error.message);
  });

  it("are no part of a conflict", async () => {
    const flow = await made();
    ui().edit(flow.id, (live) => {
      step(live, "hook").config.inputs.headers.value.Authorization = ROTATED;
      live.name = `Named after ${HEADER}`;
    });
    const error = await errorOf(flow.go(args({ exitCondition: "exit_only_at_end" })));
    expect(error.message).toContain("actions.hook.config.inputs.headers.value.Authorization");
    await expectSealed(flow, error.message);
  });

  it("are no part of a check failure", async () => {
    const flow = world.project().flow((p: typeof import("@pulumi/pulumi")) => ({
      name: p.secret(HEADER.repeat(40)),
      actions: {
        trigger_node: trigger("hook"),
        hook: hook({ signing_secret: { value: SIGNING } }, { onError: p.secret([ROTATED]) }),
        exit_node: exit,
      },
    }));
    const error = await flow.fails();
    expect(error).toContain("actions.hook.onError");
    await expectSealed(flow, error);
  });

  it("are no part of adopting, taking over, or a lost answer", async () => {
    const owner = await made({ name: "Owned", status: "active" });
    ui().edit(owner.id, (live) => void (step(live, "hook").config.inputs.headers.value.Authorization = ROTATED));
    const adopting = owner.project.flow(args({ name: "Owned", adopt: owner.id }), "adopting");
    await expectSealed(adopting, await adopting.fails());
    const again = owner.project.flow(args({ name: "Owned", status: "active" }), "welcome", {
      provider: await world.later(),
    });
    const error = await again.fails();
    expect(error).toContain("differs from this program");
    await expectSealed(
      again,
      error,
      again.provider instanceof Object ? (again.provider as typeof world.provider).output() : "",
    );
  });
});

describe("L13: a secret that PostHog keeps", () => {
  it("is rotated once when the input changes, and sent with no other change", async () => {
    const flow = await made();
    await flow.go(args({}, ROTATED));
    expect(world.emulator.secret(flow.id, "hook", "signing_secret")).toBe(ROTATED);
    expect(await flow.project.during(async () => expect(await flow.go()).toBe("same"))).toEqual([]);
    expect(await flow.refresh()).toBe("same");
    await expectSealed(flow);
  });

  it("shows as drift when it is gone from the server, and is set again", async () => {
    const flow = await made();
    ui().edit(flow.id, (live) => {
      live.actions = live.actions.filter(({ id }: any) => id !== "hook");
      live.edges = [{ from: "trigger_node", to: "exit_node", type: "continue" }];
    });
    ui().edit(flow.id, (live) => {
      live.actions.splice(1, 0, {
        id: "hook",
        name: "Tell the backend",
        type: "function",
        config: {
          template_id: "template-webhook",
          inputs: {
            url: { value: "https://hooks.example.com/welcome" },
            headers: { value: { Authorization: HEADER, Accept: "text/html" } },
          },
        },
      });
      live.edges = [
        { from: "trigger_node", to: "hook", type: "continue" },
        { from: "hook", to: "exit_node", type: "continue" },
      ];
    });
    expect(world.emulator.secret(flow.id, "hook", "signing_secret")).toBeUndefined();
    expect(await flow.refresh()).toBe("changed");
    expect((plain(flow.state!.inputs) as any).actions.hook.config.inputs).not.toHaveProperty("signing_secret");
    await flow.go();
    expect(world.emulator.secret(flow.id, "hook", "signing_secret")).toBe(SIGNING);
    await expectSealed(flow);
  });

  it("is a check error without a value on a new flow, and on a step that was renamed", async () => {
    const kept = withHook({ signing_secret: { secret: true } });
    expect(await world.project().flow(kept).fails()).toContain("The flow is new");
    const flow = await made();
    const renamed = {
      actions: { trigger_node: trigger("other"), other: hook({ signing_secret: { secret: true } }), exit_node: exit },
    };
    const before = flow.project.records.length;
    expect(await flow.fails(renamed)).toContain("PostHog keeps secrets by step id, so a renamed or new step has none");
    expect(flow.project.records).toHaveLength(before);
  });

  it("is kept with { secret: true } on the step that has it", async () => {
    const flow = await made();
    await flow.go({ ...withHook({ signing_secret: { secret: true } }), description: "Now without the value" });
    expect(world.emulator.secret(flow.id, "hook", "signing_secret")).toBe(SIGNING);
    expect((await flow.preview()).op).toBe("same");
    expect(await flow.refresh()).toBe("same");
  });

  const left = async (id: string): Promise<string[]> =>
    (await world.provider.warnings()).filter(
      (text) => text.includes("signing_secret is a secret that PostHog has") && text.includes(id),
    );
  const leftInPreview = async (name: string): Promise<string[]> =>
    (await world.provider.warnings()).filter(
      (text) =>
        text.startsWith(
          `Flow "${name}": actions.hook.config.inputs.signing_secret: is a secret that PostHog has and the program has not`,
        ) && text.endsWith("[left-secret]"),
    );

  it("stays where the program has none: what somebody added is drift, and preview says that the next up leaves it, once", async () => {
    const flow = world.project().flow(withHook({}, { name: "Added to" }));
    await flow.go();
    ui().edit(flow.id, (live) => void (step(live, "hook").config.inputs.signing_secret = { value: "theirs" }));
    expect(await flow.refresh()).toBe("changed");
    expect(await leftInPreview("Added to")).toEqual([]);
    expect((await flow.preview()).op).toBe("update");
    expect(await leftInPreview("Added to")).toEqual([expect.stringContaining('To empty it, write { value: "" }')]);
    await flow.go();
    expect(world.emulator.secret(flow.id, "hook", "signing_secret")).toBe("theirs");
    expect(await flow.refresh()).toBe("same");
    const told = (await leftInPreview("Added to")).length;
    await flow.go({ ...withHook({}, { name: "Added to" }), description: "Another change" });
    expect(await leftInPreview("Added to")).toHaveLength(told);
    expect(await left(flow.id)).toEqual([]);
    await flow.go(withHook({ signing_secret: { value: "" } }, { name: "Added to" }));
    expect(world.emulator.secret(flow.id, "hook", "signing_secret")).toBe("");
  });

  it("stays when the program takes its own out, and preview says so", async () => {
    const flow = await made({ name: "Taken out" });
    flow.args = withHook({ headers: { value: {} } }, { name: "Taken out" });
    expect((await flow.preview()).op).toBe("update");
    expect(await leftInPreview("Taken out")).toHaveLength(1);
    await flow.go();
    expect(world.emulator.secret(flow.id, "hook", "signing_secret")).toBe(SIGNING);
    expect(await left(flow.id)).toEqual([]);
  });

  it("is named when a flow is adopted that has one more", async () => {
    const maker = await made({ name: "Older", marker: false });
    const flow = maker.project.flow(
      (p: any) => ({
        ...withHook({ headers: { value: { Authorization: p.secret(HEADER), Accept: "text/html" } } }),
        name: "Older",
        adopt: maker.id,
      }),
      "adopted",
    );
    await flow.go();
    expect(await left(maker.id)).toEqual([expect.stringContaining("actions.hook.config.inputs.signing_secret")]);
  });

  it("is taken from `secrets` beside a pasted definition", async () => {
    const definition = {
      name: "Pasted",
      actions: [
        {
          id: "trigger_node",
          name: "T",
          type: "trigger",
          config: { type: "event", filters: { events: [{ id: "x" }] } },
        },
        {
          id: "hook",
          name: "H",
          type: "function",
          config: {
            template_id: "template-webhook",
            inputs: { url: { value: "https://example.com" }, signing_secret: { secret: true } },
          },
        },
      ],
      edges: [{ from: "trigger_node", to: "hook", type: "continue" }],
    };
    expect(await world.project().flow({ definition }).fails()).toContain("actions.hook.config.inputs.signing_secret");
    const flow = world.project().flow({ definition, secrets: { hook: { signing_secret: SIGNING } } });
    await flow.go();
    expect(world.emulator.secret(flow.id, "hook", "signing_secret")).toBe(SIGNING);
    await expectSealed(flow);
    expect((await flow.preview()).op).toBe("same");
  });
});

it("L13: the API key is in no property", async () => {
  const flow = await made({ status: "active" });
  await flow.refresh();
  expect(JSON.stringify(flow.state)).not.toContain("phx_");
});
