// L17: fields that belong to PostHog's editor. L18, L19: what diff answers. L15: states of other versions.
import { describe, expect, it } from "vitest";
import { plain } from "../support/mini-engine";
import {
  exit,
  mail,
  type Resource,
  setSubject,
  step,
  subjectOf,
  trigger,
  useWorld,
  welcome,
  withHook,
} from "./support";

const world = useWorld();
const ui = () => world.emulator.ui;
const SUBJECT = "actions.mail.config.inputs.email.value.subject";
const owned = (more: object = {}) => welcome({ status: "active", editorOwns: [SUBJECT], ...more });
const subjectIn = (properties: any): string => properties.actions.mail.config.inputs.email.value.subject;
const made = async (args: object): Promise<Resource> => {
  const flow = world.project().flow(args);
  await flow.go();
  return flow;
};

describe("L17: editorOwns", () => {
  const STATUS_MODES = [{ status: "active" }, { status: undefined }];

  it.each(
    STATUS_MODES.flatMap((mode) =>
      [true, false].flatMap((refreshed) =>
        [{}, { marker: false }, { onDelete: "archive" }].map((more) => ({ ...mode, refreshed, ...more })),
      ),
    ),
  )("is what a replacement is made with, on request (%j)", async ({ refreshed, ...more }) => {
    const flow = await made(owned(more));
    ui().setStatus(flow.id, "active");
    ui().edit(flow.id, setSubject("Theirs"));
    if (refreshed) await flow.refresh();
    const { id } = flow;
    await flow.replaceTarget(await flow.program());
    expect(flow.id).not.toBe(id);
    expect(subjectOf(flow.live)).toBe("Theirs");
    expect(flow.live.status).toBe(more.status ?? "draft");
    expect((await flow.preview()).op).toBe("same");
    expect(await flow.refresh()).toBe("same");
    // Once, and for nobody else.
    await flow.project.flow(owned(more), "other").go();
    expect(
      flow.project
        .flows()
        .map(subjectOf)
        .filter((subject) => subject === "Theirs"),
    ).toHaveLength(more.onDelete ? 2 : 1);
  });

  it.each(STATUS_MODES)("is what a flow that moves is made with (%j)", async (mode) => {
    const flow = await made(owned(mode));
    ui().edit(flow.id, (live) => {
      setSubject("Theirs")(live);
      step(live, "mail").config.inputs.email.value.html = "<p>Theirs</p>";
    });
    await flow.go(
      owned({
        ...mode,
        editorOwns: [SUBJECT],
        projectId: world.project().id,
        replaceOnMove: true,
        exitCondition: "exit_only_at_end",
      }),
    );
    expect(subjectOf(flow.live)).toBe("Theirs");
    // What the program states is the program's.
    expect(flow.live.exit_condition).toBe("exit_only_at_end");
    expect(step(flow.live, "mail").config.inputs.email.value.html ?? "").not.toContain("Theirs");
    expect((await flow.preview()).op).toBe("same");
  });

  it("is what the state knows of it where the flow was deleted in PostHog", async () => {
    const flow = await made(owned());
    ui().edit(flow.id, setSubject("Theirs"));
    await flow.refresh();
    ui().remove(flow.id);
    await flow.replaceTarget(await flow.program());
    expect(subjectOf(flow.live)).toBe("Theirs");
  });

  it("gives the field its first value, and then leaves it to the editor: no drift, live value in the outputs", async () => {
    const flow = await made(owned());
    expect(subjectOf(flow.live)).toBe("Welcome!");
    ui().edit(flow.id, setSubject("Theirs"));
    expect(await flow.refresh()).toBe("same");
    expect((flow.outputs as any).actions.mail.config.inputs.email.value.subject).toBe("Theirs");
    expect((await flow.preview()).op).toBe("same");
  });

  it("carries the live value over in an update, in two requests, refreshed or not", async () => {
    const flow = await made(owned());
    ui().edit(flow.id, setSubject("Theirs"));
    const requests = await flow.project.during(() => flow.go(owned({ exitCondition: "exit_only_at_end" })));
    expect(requests.slice(0, 2)).toEqual(["GET /* 200", expect.stringMatching(/^PUT/)]);
    expect(flow.live).toMatchObject({ exit_condition: "exit_only_at_end" });
    expect(subjectOf(flow.live)).toBe("Theirs");
    expect((await flow.preview()).op).toBe("same");
  });

  it("is two requests when nobody edited", async () => {
    const flow = await made(owned());
    expect(await flow.project.during(() => flow.go(owned({ exitCondition: "exit_only_at_end" })))).toEqual([
      "GET /* 200",
      "PUT /* 200",
    ]);
  });

  it("warns when the program's value changed, and does not use it", async () => {
    const flow = await made(owned({ name: `Owned ${Date.now()}` }));
    const args = { ...flow.args, actions: welcome({ subject: "Mine" }).actions };
    expect(await flow.go(args)).toBe("same");
    expect(subjectOf(flow.live)).toBe("Welcome!");
    const warning = (await world.provider.warnings()).find((text) => text.includes((flow.args as any).name));
    expect(warning).toContain(
      `${SUBJECT}: belongs to PostHog's editor (editorOwns), so the changed value in the program is not used`,
    );
  });

  it("keeps the program's changed value out of what another change shows", async () => {
    const flow = await made(owned());
    const { op, inputs } = await flow.preview(owned({ subject: "Mine", exitCondition: "exit_only_at_end" }));
    expect([op, subjectIn(inputs)]).toEqual(["update", "Welcome!"]);
  });

  it("does not warn when only the editor's value changed, however often it was read", async () => {
    const name = `Owned ${Date.now()}`;
    const flow = await made(owned({ name }));
    ui().edit(flow.id, setSubject("Theirs"));
    await flow.refresh();
    await flow.refresh();
    expect(await flow.go()).toBe("same");
    expect((await world.provider.warnings()).filter((text) => text.includes(name))).toEqual([]);
  });

  it("still stops at an edit of another field", async () => {
    const flow = await made(owned());
    ui().edit(flow.id, (live) => {
      setSubject("Theirs")(live);
      live.exit_condition = "exit_only_at_end";
    });
    const error = await flow.fails(owned({ description: "New" }));
    expect(error).toContain("exitCondition");
    expect(error).not.toContain(SUBJECT);
  });

  it("is left out of the drift that an edit of another field makes", async () => {
    const flow = await made(owned());
    ui().edit(flow.id, (live) => {
      setSubject("Theirs")(live);
      live.exit_condition = "exit_only_at_end";
    });
    expect(await flow.refresh()).toBe("changed");
    expect(flow.state!.inputs).toMatchObject({ exitCondition: "exit_only_at_end" });
    // The engine shows what differs in the inputs.
    expect([subjectIn(flow.state!.inputs), subjectIn(flow.outputs)]).toEqual(["Welcome!", "Theirs"]);
    await flow.go();
    expect(flow.live.exit_condition).toBe("exit_on_conversion");
    expect(subjectOf(flow.live)).toBe("Theirs");
  });

  it("hands a path back after a refresh: the program's value shows as a change and is written", async () => {
    const flow = await made(owned());
    ui().edit(flow.id, setSubject("Theirs"));
    await flow.refresh();
    await flow.go(welcome({ status: "active" }));
    expect(subjectOf(flow.live)).toBe("Welcome!");
    expect((await flow.preview()).op).toBe("same");
  });

  it("does not write over an edit when a path is handed back without a refresh", async () => {
    const flow = await made(owned());
    ui().edit(flow.id, setSubject("Theirs"));
    await flow.go(welcome({ status: "active", exitCondition: "exit_only_at_end" })).catch(() => undefined);
    expect(subjectOf(flow.live)).toBe("Theirs");
  });

  it("is a finding where there is nothing, no path, or structure", async () => {
    const refused = (path: string) =>
      world
        .project()
        .flow(welcome({ editorOwns: [path] }))
        .fails();
    expect(await refused("actions.mial.config")).toContain("there is nothing at actions.mial.config");
    expect(await refused("actions..x")).toContain("is not the path of a field");
    expect(await refused("actions.mail.next")).toContain("next is structure and cannot be left to the editor");
  });
});

describe("L18: two live copies never exist", () => {
  it("orders deletion before creation when asked for a replacement", async () => {
    const flow = await made(welcome());
    const inputs = plain((await flow.preview({ ...welcome(), projectId: "400", replaceOnMove: true })).inputs);
    expect(await world.provider.diff("flow", flow.id, plain(flow.outputs), inputs)).toMatchObject({
      replaces: ["projectId"],
      deleteBeforeReplace: true,
    });
  });

  const twinWarnings = async (provider: typeof world.provider, id: string): Promise<string[]> =>
    (await provider.warnings()).filter((text) => text.includes("does the same as flow") && text.includes(id));
  const ACTIVE = welcome({ status: "active" });

  it("warns of a resource that was renamed without an alias, by the search that every first creation makes", async () => {
    const old = await made(ACTIVE);
    const later = await world.later();
    const renamed = old.project.flow(ACTIVE, "renamed", { provider: later });
    // Before anything is created.
    expect(await old.project.during(() => renamed.preview())).toEqual(["GET ?search 200"]);
    expect(await twinWarnings(later, old.id)).toHaveLength(1);
    expect(await old.project.during(() => renamed.go())).toEqual(["POST 201", "PATCH /* 200"]);
    expect((await twinWarnings(later, old.id)).slice(1)).toEqual([
      expect.stringMatching(
        /^Flow "renamed": resource "renamed" does the same as flow "welcome" .*aliases: \[\{ name: "welcome" \}\]\. \[renamed\]$/,
      ),
    ]);
  });

  it("says of a flow that stays in the program that the two are twins, and not that one was renamed", async () => {
    const old = await made(ACTIVE);
    const later = await world.later();
    const stays = old.project.flow(ACTIVE, "welcome", { provider: later });
    stays.state = old.state;
    await stays.preview();
    await old.project.flow(ACTIVE, "second", { provider: later }).preview();
    expect(await twinWarnings(later, old.id)).toEqual([]);
    expect(await later.warnings()).toEqual(
      expect.arrayContaining([expect.stringContaining('flows "welcome" and "second" of this program')]),
    );
  });

  it.each<[string, object, object]>([
    ["another content", ACTIVE, welcome({ status: "active", subject: "Other" })],
    ["a draft here", ACTIVE, welcome({ status: "draft" })],
    ["a draft there", welcome({ status: "draft" }), ACTIVE],
  ])("says nothing of a flow with %s", async (_, before, after) => {
    const old = await made(before);
    const later = await world.later();
    await old.project.flow(after, "renamed", { provider: later }).go();
    expect(await twinWarnings(later, old.id)).toEqual([]);
  });
});

describe("L19: diff answers", () => {
  it("false when equal, and undefined when the inputs differ", async () => {
    const flow = await made(welcome());
    expect(await flow.preview()).toMatchObject({ op: "same", changes: "none" });
    expect(await flow.preview(welcome({ subject: "Other" }))).toMatchObject({ op: "update", changes: "unknown" });
  });

  it("true for what the outputs alone tell: an activation that is missing", async () => {
    const flow = world.project().flow(welcome({ status: "active" }));
    flow.project.fault({ method: "PATCH", kind: "status", status: 400, when: "before" });
    await flow.fails();
    const state = flow.state!;
    const { changes } = await world.provider.diff("flow", state.id, plain(state.outputs), plain(state.inputs));
    expect(changes).toBe("some");
  });

  it("is symmetric, so that a refresh shows an edit, with its inputs", async () => {
    const flow = await made(welcome());
    const before = flow.state!.inputs;
    ui().edit(flow.id, setSubject("Theirs"));
    expect(await flow.refresh()).toBe("changed");
    expect(flow.state!.inputs).not.toEqual(before);
    expect(await flow.go()).toBe("update");
    expect(flow.state!.inputs).toEqual(before);
  });

  it.each(["__x", "__init"])(
    "true for a change inside a step called %s, which the engine's own diff passes over",
    async (id) => {
      const args = (subject: string, step = id) => ({
        actions: { trigger_node: trigger(step), [step]: mail(subject), exit_node: exit },
      });
      const flow = await made(args("One"));
      expect(await flow.preview(args("Two"))).toMatchObject({ op: "update", changes: "some" });
      await flow.go();
      expect(flow.live.actions[1].config.inputs.email.value.subject).toBe("Two");
      expect(await flow.preview(args("Two", `${id}y`))).toMatchObject({ op: "update" });
    },
  );

  it("sees a step that is added under such a name, beside a visible change", async () => {
    const flow = await made(welcome());
    const args = welcome();
    args.actions["__late"] = mail("Late");
    expect((await flow.preview(args)).op).toBe("update");
  });

  it("takes the order of steps and of members for nothing", async () => {
    const flow = await made(withHook());
    const { actions } = flow.args as any;
    expect((await flow.preview({ actions: Object.fromEntries(Object.entries(actions).reverse()) })).op).toBe("same");
  });
});

describe("L15: states of other versions", () => {
  it("are refused when they are newer, with what to do", async () => {
    const flow = await made(welcome());
    const newer = { ...plain(flow.outputs), stateVersion: 99 };
    await expect(world.provider.read("flow", flow.id, newer)).rejects.toThrow(
      /newer pulumi-hogflow .*npm install pulumi-hogflow@latest/,
    );
  });

  it("take both spellings of a key for the same", async () => {
    const flow = await made(welcome({ exitCondition: "exit_only_at_end" }));
    const { exitCondition, ...rest } = plain(flow.outputs);
    const old = { ...rest, exit_condition: exitCondition };
    expect((await world.provider.diff("flow", flow.id, old, plain(flow.state!.inputs))).changes).not.toBe("some");
  });
});
