// A flow has one owner, whom the last marker in its description names: nobody else adopts, changes, archives or deletes it, unless it says from whom.
import { describe, expect, it } from "vitest";
import { marked, parseOwner, type Owner } from "../../definition/canonical/marker";
import type { Dict } from "../../definition/canonical/values";
import type { Lifecycle } from "../../provider/calls";
import { flowLifecycle } from "../../provider/flow/lifecycle";
import { sayUnmanaged } from "../../provider/ownership/unmanaged";
import { checkSchedule } from "../../provider/schedule/check";
import { parseScheduleState } from "../../provider/schedule/state";
import { Session, type Ports } from "../../provider/session";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();

const urn = (stack: string, name = "welcome", project = "shop"): string =>
  `urn:pulumi:${stack}::${project}::posthog:HogFlow::${name}`;
const ownerOf = (text: string): Owner => parseOwner(text)!;
const MINE = urn("dev");
const THEIRS = urn("other");

/** A run of the engine: a provider process of its own. */
interface Run {
  flow: Lifecycle;
  session: Session;
  notes: string[];
  warnings: string[];
}
function run(
  rig: Rig,
  {
    config = {},
    env = {},
    runningStack,
    named,
  }: {
    config?: Record<string, string>;
    env?: Record<string, string>;
    runningStack?: Ports["runningStack"];
    named?: Session["named"];
  } = {},
): Run {
  const notes: string[] = [];
  const warnings: string[] = [];
  const session = new Session({
    ...rig.session.ports,
    env: { ...rig.session.ports.env, ...env },
    ...(runningStack ? { runningStack } : {}),
    note: (text) => void notes.push(text),
    warn: (text) => void warnings.push(text),
  });
  session.named = named;
  session.configure(config);
  return { flow: flowLifecycle(session), session, notes, warnings };
}

const message = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "it worked",
    (error: Error & { reasons?: string[] }) => error.reasons?.join("\n") ?? error.message,
  );
const reasons = async ({ flow }: Pick<Run, "flow">, news: Dict, olds: Dict = {}): Promise<string> =>
  (await flow.check(olds, news)).failures.map(({ reason }) => reason).join("\n");
/** Check and create. */
async function made(run: Pick<Run, "flow">, news: Dict): Promise<{ id: string; outs: Dict; inputs: Dict }> {
  const { inputs, failures } = await run.flow.check({}, news);
  expect(failures).toEqual([]);
  return { ...(await run.flow.create(inputs)), inputs };
}
/** Check and update. */
async function updated(
  run: Pick<Run, "flow">,
  { id, outs, inputs: olds }: { id: string; outs: Dict; inputs: Dict },
  news: Dict,
): Promise<{ id: string; outs: Dict; inputs: Dict }> {
  const { inputs, failures } = await run.flow.check(olds, news);
  expect(failures).toEqual([]);
  return { id, outs: (await run.flow.update(id, outs, inputs)).outs, inputs };
}
const writesSince = (rig: Rig, before: number): string[] =>
  rig
    .requests()
    .slice(before)
    .filter((request) => !request.startsWith("GET"));
const edit = (rig: Rig, id: string, description: (before: string) => string) =>
  rig.emulator.ui.edit(id, (flow) => void (flow.description = description(String(flow.description))));
/** What PostHog's editor does: everything but the name is the same. */
function duplicated(rig: Rig, id: string, more: Dict = {}): string {
  const { name, description, actions, edges, exit_condition, conversion, status } = rig.emulator.flow(id) as Dict;
  return rig.emulator.ui.create(rig.place.projectId, {
    name: `${String(name)} (copy)`,
    description,
    actions,
    edges,
    exit_condition,
    conversion,
    status,
    ...more,
  }).id;
}

describe("what preview says about adopting", () => {
  it("is what is written: nothing, the marker off, or the program's content", async () => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it, { owner: undefined, description: "Hello." }));
    const noteOf = async (news: Dict): Promise<string> => {
      const first = run(it);
      expect((await first.flow.check({}, { ...news, adopt: id })).failures).toEqual([]);
      return first.notes.join();
    };
    expect(await noteOf(inputsOf(it, { owner: undefined, description: "Hello." }))).toMatch(
      /takes over flow .*, although preview shows a creation\. Nothing is written\./,
    );
    const { updated_at: stamp } = it.emulator.flow(id);
    expect(await noteOf(inputsOf(it, { description: "Other.", overwriteDrift: stamp }))).toContain(
      "Its content is overwritten with the program's.",
    );
    edit(it, id, (text) => marked(text, ownerOf(MINE)));
    expect(await noteOf(inputsOf(it, { description: "Hello." }))).toContain("Nothing is written.");
  });

  it("of a schedule is that nothing is written, or that it is overwritten", async () => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it));
    const rule = { rrule: "FREQ=DAILY", startsAt: "2027-01-04T09:00:00Z", timezone: "UTC" };
    const { id: scheduleId, updated_at: stamp } = it.emulator.ui.schedule.create(id, {
      rrule: rule.rrule,
      starts_at: rule.startsAt,
      timezone: rule.timezone,
    });
    const first = run(it);
    const news = { ...it.place, ...rule, flowId: id, adopt: `${id}/${scheduleId}` };
    const before = it.requests().length;
    expect((await checkSchedule(first.session, parseScheduleState({}), news)).failures).toEqual([]);
    expect(first.notes).toEqual([
      `schedule ${id}/${scheduleId}: taken over, although preview shows a creation. Nothing is written.`,
    ]);
    await checkSchedule(first.session, parseScheduleState({}), {
      ...news,
      rrule: "FREQ=WEEKLY",
      overwriteDrift: stamp,
    });
    expect(first.notes[1]).toContain("What differs is overwritten with the program's.");
    expect(writesSince(it, before)).toEqual([]);
  });
});

describe("adopting", () => {
  it("an equal flow writes the marker and nothing else, which preview says; once it is there, nothing", async () => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it, { owner: undefined, description: "Hello." }));
    const version = it.emulator.flow(id).version;
    const adopting = inputsOf(it, { description: "Hello.", adopt: id });
    const first = run(it);
    const before = it.requests().length;
    const { outs } = await made(first, adopting);
    expect(first.notes.join()).toContain(
      `takes over flow ${id}, although preview shows a creation. The marker is added to its description, and nothing else is written.`,
    );
    expect(writesSince(it, before)).toEqual(["PATCH 200"]);
    expect(it.emulator.flow(id)).toMatchObject({ version, description: marked("Hello.", ownerOf(MINE)) });
    expect(outs).toMatchObject({ adopted: true, updatedAt: it.emulator.flow(id).updated_at });
    const again = it.requests().length;
    await made(run(it), adopting);
    expect(writesSince(it, again)).toEqual([]);
  });

  it("without a marker writes nothing, and says what that gives up", async () => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it, { owner: undefined }));
    const second = run(it);
    const before = it.requests().length;
    await made(second, inputsOf(it, { owner: undefined, adopt: id }));
    expect(writesSince(it, before)).toEqual([]);
    expect(second.notes.join()).toMatch(
      /with marker: false nothing in PostHog says.*adopt it unnoticed.*not recognise.*hogflow drift/,
    );
  });

  it.each([
    ["arrived", "after"],
    ["did not arrive", "before"],
  ] as const)("survives an answer that was lost, where the marker %s", async (_, when) => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it, { owner: undefined }));
    it.emulator.fault({ path: new RegExp(id), method: "PATCH", kind: "cut", when, times: 1 });
    await made(run(it), inputsOf(it, { adopt: id }));
    expect(it.emulator.flow(id).description).toBe(marked("", ownerOf(MINE)));
  });

  it.each([
    ["is still equal: the marker goes on", { status: "active" }, undefined],
    [
      "differs: it is refused with what differs",
      { exit_condition: "exit_only_at_end" },
      /differs from this program:\n.*exitCondition/s,
    ],
    [
      "is another owner's: it is refused",
      { description: marked("", ownerOf(THEIRS)) },
      /is managed by shop\/other\/welcome/,
    ],
  ])("a flow that somebody saves meanwhile and that %s", async (_, change, refusal) => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it, { owner: undefined }));
    const one = run(it);
    const { inputs } = await one.flow.check({}, inputsOf(it, { adopt: id }));
    // Between the look and the write.
    const connection = one.session.connection(inputs);
    const { patchFlow } = connection.api;
    let times = 0;
    connection.api.patchFlow = (...args: Parameters<typeof patchFlow>) => {
      if ((times += 1) === 1) it.emulator.ui.edit(id, (flow) => void Object.assign(flow, change));
      return patchFlow.apply(connection.api, args);
    };
    const answer = await message(one.flow.create(inputs));
    if (refusal) expect(answer).toMatch(refusal);
    else expect(answer).toBe("it worked");
    expect(times).toBe(refusal ? 1 : 2);
    expect(it.emulator.flow(id).description.includes(marked("", ownerOf(MINE)))).toBe(!refusal);
  });

  it("another stack's flow is refused in check and before the write, with the owner and the way on", async () => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it, { status: "active" }));
    const other = inputsOf(it, { status: "active", adopt: id, owner: THEIRS });
    const before = it.requests().length;
    const text = await reasons(run(it), other);
    expect(text).toContain(`flow ${id} is managed by shop/dev/welcome, as the marker in its description says`);
    expect(text).toContain(
      'adoptFrom: "shop/dev", or for all flows of this stack: pulumi config set posthog:adoptFrom shop/dev',
    );
    expect(text).toContain("remove the last line of its description");
    expect(text).toContain("[other-owner]");
    expect(await message(run(it).flow.create(other))).toContain(`Flow ${id} is managed by shop/dev/welcome`);
    expect(await reasons(run(it), { ...other, adoptFrom: "shop/stage" })).toContain("[other-owner]");
    expect(await reasons(run(it), { ...other, adoptFrom: "shop" })).toContain("must be <project>/<stack>");
    expect(writesSince(it, before)).toEqual([]);
  });

  it.each([
    ["the argument", { adoptFrom: "shop/dev" }, {}],
    ["the stack's configuration", {}, { "posthog:adoptFrom": "shop/dev" }],
  ])("another stack's flow goes with %s, and the note says to remove it", async (_, more, config) => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it));
    const taking = run(it, { config });
    await made(taking, inputsOf(it, { adopt: id, owner: THEIRS, ...more }));
    expect(taking.notes.join()).toContain(`Took over flow ${id} from shop/dev/welcome. Remove adoptFrom`);
    expect(it.emulator.flow(id).description).toBe(marked("", ownerOf(THEIRS)));
  });

  it("the permission holds until an adoption that was broken off has come to its end", async () => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it, { owner: THEIRS }));
    const { updated_at: overwriteDrift } = it.emulator.flow(id);
    const news = inputsOf(it, { name: "Ours", adopt: id, adoptFrom: "shop/other", overwriteDrift });
    const first = run(it);
    const { inputs } = await first.flow.check({}, news);
    const connection = first.session.connection(inputs);
    const { putFlow } = connection.api;
    // Nothing is written, and nobody can tell.
    connection.api.putFlow = (...args: Parameters<typeof putFlow>) => {
      it.emulator.fault({ path: new RegExp(id), kind: "cut", when: "before", times: 100 });
      return putFlow.apply(connection.api, args);
    };
    const error = await first.flow.create(inputs).then(
      () => undefined,
      (thrown: Error & { id: string; properties: Dict }) => thrown,
    );
    it.emulator.clearFaults();
    expect(it.emulator.flow(id).description).toBe(marked("", ownerOf(THEIRS)));
    await updated(run(it), { id, outs: error!.properties, inputs }, news);
    expect(it.emulator.flow(id)).toMatchObject({ name: "Ours", description: marked("", ownerOf(MINE)) });
  });

  it("another resource's flow of the same stack says aliases, and goes with the stack's own name", async () => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it));
    const renamed = inputsOf(it, { adopt: id, owner: urn("dev", "hello") });
    const text = await reasons(run(it), renamed);
    expect(text).toContain('aliases: [{ name: "welcome" }]');
    expect(text).toContain('adoptFrom: "shop/dev"');
    await made(run(it), { ...renamed, adoptFrom: "shop/dev" });
    expect(it.emulator.flow(id).description).toBe(marked("", ownerOf(urn("dev", "hello"))));
  });

  it("one flow by two resources of a program is refused at the second, whoever comes first", async () => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it, { owner: undefined }));
    const both = run(it);
    expect(await reasons(both, inputsOf(it, { adopt: id }))).toBe("");
    expect(await reasons(both, inputsOf(it, { adopt: id, owner: urn("dev", "hello") }))).toContain(
      `flow ${id} is managed by another resource of this program`,
    );
    // A resource that has the flow, asked about after the one that adopts it.
    const has = await made(run(it), inputsOf(it, { adopt: id }));
    edit(it, id, () => "");
    const later = run(it);
    expect(await reasons(later, inputsOf(it, { adopt: id, owner: urn("dev", "hello") }))).toBe("");
    await later.flow.check(has.inputs, inputsOf(it));
    expect(await message(later.flow.diff(id, has.outs, has.inputs))).toContain(
      "managed by another resource of this program",
    );
  });
});

describe("creating where a stack that adoptFrom names has the flow of this resource", () => {
  const RENAMED = urn("prod", "welcome", "store");
  const permitted = { config: { "posthog:adoptFrom": "shop/dev" } };

  it.each([
    ["the argument", { adoptFrom: "shop/dev" }, {}],
    ["the argument, with the resource", { adoptFrom: "shop/dev/welcome" }, {}],
    ["the stack's configuration", {}, permitted],
    ["both", { adoptFrom: "shop/dev" }, permitted],
  ])(
    "is refused, with %s: the stack was renamed and its state is lost. adopt takes it over",
    async (_, more, config) => {
      const it = rig();
      const { id } = await made(run(it), inputsOf(it, { status: "active" }));
      const news = inputsOf(it, { status: "active", owner: RENAMED, ...more });
      const before = it.requests().length;
      const text = await message(made(run(it, config), news));
      expect(text).toContain(`Flow ${id} in PostHog carries the marker of shop/dev/welcome, which adoptFrom names`);
      expect(text).toContain(`set adopt: "${id}"`);
      expect(text).toContain("remove adoptFrom, or posthog:adoptFrom from the stack's configuration");
      expect(it.requests().slice(before)).toEqual(["GET ?search 200", "GET ?search 200"]);
      expect((await made(run(it, config), { ...news, adopt: id })).id).toBe(id);
      expect(it.emulator.flow(id).description).toBe(marked("", ownerOf(RENAMED)));
    },
  );

  it.each([
    ["nobody permits it", {}, {}],
    ["another stack is named", {}, { "posthog:adoptFrom": "shop/stage" }],
    ["it is another resource's", { owner: urn("prod", "hello") }, permitted.config],
    ["the flow was let go", { status: "archived" }, permitted.config],
    ["it is a copy made in PostHog's editor", { name: "welcome (copy)" }, permitted.config],
  ])("is not refused where %s", async (_, { owner = RENAMED, ...change }: Dict, config) => {
    const it = rig();
    const { id } = await made(run(it), inputsOf(it));
    it.emulator.ui.storeRaw(id, (flow) => void Object.assign(flow, change));
    expect((await made(run(it, { config }), inputsOf(it, { owner }))).id).not.toBe(id);
  });

  it("is not refused where another resource of the program has that flow: it was renamed with an alias", async () => {
    const it = rig();
    const old = await made(run(it), inputsOf(it));
    const both = run(it, permitted);
    const { inputs } = await both.flow.check(old.inputs, inputsOf(it, { owner: urn("prod", "hello", "store") }));
    await both.flow.diff(old.id, old.outs, inputs);
    expect((await made(both, inputsOf(it, { owner: RENAMED }))).id).not.toBe(old.id);
  });

  it("leaves what else that stack has to it: the end of the run does not name it", async () => {
    const it = rig();
    const left = await made(run(it), inputsOf(it, { owner: urn("prod", "gone", "store"), name: "Gone" }));
    await made(run(it), inputsOf(it, { owner: urn("dev", "other"), name: "Other" }));
    const one = run(it, permitted);
    await made(one, inputsOf(it, { owner: RENAMED }));
    sayUnmanaged(one.session);
    expect(one.notes.join()).toContain(left.id);
    expect(one.notes.join()).not.toContain("Other");
  });
});

describe("updating", () => {
  it("a flow that another stack has taken is refused by its marker, and goes on with adoptFrom", async () => {
    const it = rig();
    const mine = await made(run(it), inputsOf(it));
    await made(run(it), inputsOf(it, { adopt: mine.id, owner: THEIRS, adoptFrom: "shop/dev" }));
    const text = await message(updated(run(it), mine, inputsOf(it, { name: "New title" })));
    expect(text).toContain(`Flow ${mine.id} is managed by shop/other/welcome`);
    expect(it.emulator.flow(mine.id).name).toBe("welcome");
    // The stack's configuration is for what moves: this resource's state is its own.
    expect(
      await message(
        updated(run(it, { config: { "posthog:adoptFrom": "shop/other" } }), mine, inputsOf(it, { name: "New title" })),
      ),
    ).toContain("is managed by shop/other/welcome");
    const back = run(it);
    const next = await updated(back, mine, inputsOf(it, { name: "New title", adoptFrom: "shop/other" }));
    expect(back.notes.join()).toContain(`Took over flow ${mine.id} from shop/other/welcome`);
    expect(it.emulator.flow(mine.id)).toMatchObject({ name: "New title", description: marked("", ownerOf(MINE)) });
    // One time: the other stack takes it again, and what is still in the program permits nothing.
    edit(it, mine.id, () => marked("", ownerOf(THEIRS)));
    expect(
      await message(updated(run(it), next, inputsOf(it, { name: "Newer title", adoptFrom: "shop/other" }))),
    ).toContain("is managed by shop/other/welcome");
  });

  it.each([
    ["a status alone", { status: "active" }, {}, ["PATCH 409"]],
    // The flow is read before it is written.
    [
      "what the editor owns",
      { name: "New title", editorOwns: ["actions.exit_node.name"] },
      { editorOwns: ["actions.exit_node.name"] },
      [],
    ],
    ["people counted", { status: "draft", protectInFlight: true }, { status: "active", protectInFlight: true }, []],
  ])("is refused with %s, too", async (_, news, olds, requests) => {
    const it = rig();
    const mine = await made(run(it), inputsOf(it, olds));
    edit(it, mine.id, () => marked("", ownerOf(THEIRS)));
    const before = it.requests().length;
    expect(await message(updated(run(it), mine, inputsOf(it, { ...olds, ...news })))).toContain(
      "is managed by shop/other/welcome",
    );
    expect(writesSince(it, before)).toEqual(requests);
  });

  it("a state of another project or stack is refused offline, and goes with its name", async () => {
    const it = rig();
    const old = await made(run(it), inputsOf(it));
    const renamed = urn("prod");
    const before = it.requests().length;
    const text = await reasons(run(it, { env: { POSTHOG_API_KEY: "" } }), inputsOf(it, { owner: renamed }), old.inputs);
    expect(text).toContain("the state of this resource belongs to shop/dev/welcome, but the program runs as shop/prod");
    expect(text).toContain("pulumi config set posthog:adoptFrom shop/dev");
    expect(it.requests()).toHaveLength(before);
    const moving = run(it, { config: { "posthog:adoptFrom": "shop/dev" } });
    const moved = await updated(moving, old, inputsOf(it, { owner: renamed }));
    expect(moving.notes.join()).toContain(`Took over flow ${old.id} from shop/dev/welcome`);
    expect(it.emulator.flow(old.id).description).toBe(marked("", ownerOf(renamed)));
    // Afterwards nothing is left of it.
    expect(await reasons(run(it), inputsOf(it, { owner: renamed }), moved.inputs)).toBe("");
  });

  it("a renamed resource with an alias is no other owner", async () => {
    const it = rig();
    const old = await made(run(it), inputsOf(it));
    const one = run(it);
    await updated(one, old, inputsOf(it, { owner: urn("dev", "hello") }));
    expect(it.emulator.flow(old.id).description).toBe(marked("", ownerOf(urn("dev", "hello"))));
    expect(one.notes).toEqual([]);
  });

  it("a state whose names were rewritten does not write over the flow of the stack that it was copied from", async () => {
    const it = rig();
    const mine = await made(run(it), inputsOf(it));
    const clone = JSON.parse(JSON.stringify(mine).replaceAll(MINE, urn("clone")));
    const before = it.requests().length;
    expect(await message(updated(run(it), clone, inputsOf(it, { owner: urn("clone"), name: "New title" })))).toContain(
      "is managed by shop/dev/welcome",
    );
    expect(writesSince(it, before)).toEqual([]);
    await run(it).flow.delete(mine.id, clone.outs as Dict);
    expect(it.emulator.flow(mine.id).name).toBe("welcome");
    await updated(run(it), clone, inputsOf(it, { owner: urn("clone"), adoptFrom: "shop/dev" }));
    expect(it.emulator.flow(mine.id).description).toBe(marked("", ownerOf(urn("clone"))));
  });

  it("a marker that was cut or reworded stops nothing, and the next write makes it again", async () => {
    const it = rig();
    let mine = await made(run(it), inputsOf(it));
    for (const [title, change] of [
      ["A", () => ""],
      ["B", (text: string) => text.replace("Managed in code", "Run by code")],
    ] as const) {
      edit(it, mine.id, change);
      const read = await run(it).flow.read(mine.id, mine.outs);
      expect(read.inputs).not.toHaveProperty("takenBy");
      mine = await updated(
        run(it),
        { id: mine.id, outs: read.props!, inputs: read.inputs! },
        inputsOf(it, { name: title }),
      );
      expect(it.emulator.flow(mine.id).description).toBe(marked("", ownerOf(MINE)));
    }
  });

  it("a marker whose tokens were edited is somebody's whose name nobody knows", async () => {
    const it = rig();
    const mine = await made(run(it), inputsOf(it));
    edit(it, mine.id, (text) => text.replace(/\[hogflow \w{6}/, "[hogflow 000000"));
    const text = await message(updated(run(it), mine, inputsOf(it, { name: "New title" })));
    expect(text).toContain("is managed by an owner that was removed from the marker");
    expect(text).toContain("remove the last line of its description there");
    expect(text).not.toContain("adoptFrom");
  });
});

it("taking over with marker: false takes the marker of the other owner off, so that the next update goes through", async () => {
  const it = rig();
  const theirs = await made(run(it), inputsOf(it, { owner: THEIRS }));
  const before = it.requests().length;
  const mine = await made(run(it), inputsOf(it, { owner: undefined, adopt: theirs.id, adoptFrom: "shop/other" }));
  expect(writesSince(it, before).map((request) => request.split(" ")[0])).toEqual(["PATCH"]);
  expect(it.emulator.flow(theirs.id).description).toBe("");
  await updated(run(it), mine, inputsOf(it, { owner: undefined, description: "New" }));
  expect(it.emulator.flow(theirs.id).description).toBe("New");
});

describe("refreshing", () => {
  it("notes who has taken the flow, and check refuses until it is ours again", async () => {
    const it = rig();
    const mine = await made(run(it), inputsOf(it));
    edit(it, mine.id, () => marked("", ownerOf(THEIRS)));
    const one = run(it);
    const read = await one.flow.read(mine.id, mine.outs);
    expect(one.warnings.join()).toContain("is managed by shop/other/welcome now");
    expect(read.props).toMatchObject({ takenBy: "shop/other/welcome" });
    const text = await reasons(run(it), inputsOf(it), read.inputs);
    expect(text).toContain("this flow is managed by shop/other/welcome now, as the last refresh found");
    expect(text).toContain('To take it back, set adoptFrom: "shop/other"');
    const back = await updated(
      run(it),
      { id: mine.id, outs: read.props!, inputs: read.inputs! },
      inputsOf(it, { adoptFrom: "shop/other" }),
    );
    expect(back.outs).not.toHaveProperty("takenBy");
    expect(it.emulator.flow(mine.id).description).toBe(marked("", ownerOf(MINE)));

    edit(it, mine.id, () => marked("", ownerOf(THEIRS)));
    const again = await run(it).flow.read(mine.id, back.outs);
    // Once more, though adoptFrom has been used, and again.
    let taken = { id: mine.id, outs: again.props!, inputs: again.inputs! };
    for (const [used, next] of [
      ["shop/other", "shop/other/welcome"],
      ["shop/other/welcome", "shop/other"],
    ] as const) {
      for (const given of [used, undefined])
        expect(await reasons(run(it), inputsOf(it, { adoptFrom: given }), taken.inputs)).toContain(
          `To take it back, set adoptFrom: "${next}" (the current value has been used`,
        );
      const mine = await updated(run(it), taken, inputsOf(it, { adoptFrom: next }));
      expect(it.emulator.flow(mine.id).description).toBe(marked("", ownerOf(MINE)));
      edit(it, mine.id, () => marked("", ownerOf(THEIRS)));
      const read = await run(it).flow.read(mine.id, mine.outs);
      taken = { id: mine.id, outs: read.props!, inputs: read.inputs! };
    }
    edit(it, mine.id, () => marked("", ownerOf(MINE)));
    const ours = await run(it).flow.read(mine.id, again.props!);
    expect(ours.inputs).not.toHaveProperty("takenBy");
  });

  it("sees it in rows of the list, too", async () => {
    const it = rig();
    const flows = [];
    for (const name of ["a", "b", "c", "d", "e"])
      flows.push(await made(run(it), inputsOf(it, { name, owner: urn("dev", name) })));
    edit(it, flows[4]!.id, () => marked("", ownerOf(THEIRS)));
    const one = run(it);
    const before = it.requests().length;
    const reads = [];
    for (const { id, outs } of flows) reads.push(await one.flow.read(id, outs));
    expect(reads.map(({ inputs }) => inputs?.["takenBy"])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      "shop/other/welcome",
    ]);
    expect(it.requests().slice(before)).toEqual(["GET 200", "GET 200", "GET 200", "GET ?limit 200"]);
  });
});

describe("deleting", () => {
  it.each([
    ["delete", {}],
    ["archive", { onDelete: "archive" }],
  ])("leaves a flow of another owner alone, with onDelete: %s; what replaces it is refused", async (_, more) => {
    const it = rig();
    const mine = await made(run(it), inputsOf(it, { status: "active", ...more }));
    edit(it, mine.id, () => marked("", ownerOf(THEIRS)));
    const one = run(it);
    const before = it.requests().length;
    await one.flow.delete(mine.id, mine.outs);
    expect(one.warnings.join()).toContain(
      `Flow ${mine.id} was left unchanged, and is no longer in this stack's state: the marker in its description says that shop/other/welcome manages it.`,
    );
    expect(writesSince(it, before)).toEqual([]);
    expect(it.emulator.flow(mine.id).status).toBe("active");
    expect(await message(one.flow.create(mine.inputs))).toContain("A second one would send everything twice");
    expect(writesSince(it, before)).toEqual([]);
    // Where the engine has asked for what replaces it, nothing leaves the state: the next run would make a second one.
    const two = run(it);
    const { inputs } = await two.flow.check({}, inputsOf(it, { status: "active", ...more }));
    expect(await message(two.flow.delete(mine.id, mine.outs))).toContain(
      `Nothing was deleted: flow ${mine.id} is to be replaced, but this resource no longer manages it`,
    );
    expect(inputs).toMatchObject({ status: "active" });
    expect(writesSince(it, before)).toEqual([]);
  });

  it("takes the flow for its own after an update under another name whose answer was lost", async () => {
    const it = rig();
    const owner = urn("dev", "hello");
    const mine = await made(run(it), inputsOf(it));
    it.emulator.fault({ path: new RegExp(mine.id), method: "PUT", kind: "cut", when: "after", times: 1 });
    const one = run(it);
    const { inputs } = await one.flow.check(mine.inputs, inputsOf(it, { owner }));
    // The look before the write works, the one after it does not.
    const connection = one.session.connection(inputs);
    const { getFlow } = connection.api;
    let reads = 0;
    connection.api.getFlow = (...args: Parameters<typeof getFlow>) => {
      if ((reads += 1) === 2)
        it.emulator.fault({
          path: new RegExp(mine.id),
          method: "GET",
          kind: "status",
          status: 503,
          when: "before",
          times: 100,
        });
      return getFlow.apply(connection.api, args);
    };
    const error = await one.flow.update(mine.id, mine.outs, inputs).then(
      () => undefined,
      (thrown: Error & { properties: Dict }) => thrown,
    );
    expect(error?.properties["attempt"]).toMatchObject({ owner });
    it.emulator.clearFaults();
    await run(it).flow.delete(mine.id, error!.properties);
    expect(it.emulator.flows(it.place.projectId)).toEqual([]);
  });

  it.each([
    ["project", { env: { PULUMI_PROJECT: "store" } }, "store/another stack"],
    ["stack", {}, "shop/prod"],
    ["command's stack", { runningStack: () => ({ stack: "prod" }) }, "shop/prod"],
    // As a plugin is told. A state that was imported by force names the stack that it came from.
    ["URN's stack", { named: { project: "shop", stack: "prod" } }, "shop/prod"],
    [
      "command's stack, which a URN does not name,",
      { named: { project: "shop", stack: "dev" }, runningStack: () => ({ stack: "prod" }) },
      "shop/prod",
    ],
  ])(
    "deletes nothing where the run is of another %s than the state, and keeps it in the state",
    async (what, options, words) => {
      const it = rig();
      const mine = await made(run(it), inputsOf(it));
      const one = run(it, options);
      if (what === "stack") await one.flow.check({}, inputsOf(it, { owner: urn("prod", "hello") }));
      await expect(one.flow.delete(mine.id, mine.outs)).rejects.toThrow(
        `it belongs to shop/dev, and this run is of ${words}. If that is the new name of the stack, run pulumi config set posthog:adoptFrom shop/dev`,
      );
      expect(it.emulator.flows(it.place.projectId)).toHaveLength(1);
      const permitted = run(it, { ...options, config: { "posthog:adoptFrom": "shop/dev" } });
      if (what === "stack") await permitted.flow.check({}, inputsOf(it, { owner: urn("prod", "hello") }));
      await permitted.flow.delete(mine.id, mine.outs);
      expect(it.emulator.flows(it.place.projectId)).toEqual([]);
    },
  );

  it.each([
    ["a stack in other letters", inputsOf, { named: { project: "shop", stack: "Dev" } }],
    [
      "a resource that came from the state's stack",
      (it: Rig) => inputsOf(it, { adoptFrom: "shop/dev" }),
      { named: { project: "shop", stack: "prod" } },
    ],
  ])("goes on in a run of %s", async (_, news, options) => {
    const it = rig();
    const mine = await made(run(it), news(it));
    await run(it, options).flow.delete(mine.id, mine.outs);
    expect(it.emulator.flows(it.place.projectId)).toEqual([]);
  });

  it("of many looks at the first three alone, and at the rest in one list", async () => {
    const it = rig();
    const flows = [];
    for (const name of ["a", "b", "c", "d", "e", "f"])
      flows.push(await made(run(it), inputsOf(it, { name, owner: urn("dev", name) })));
    const one = run(it);
    const before = it.requests().length;
    for (const { id, outs } of flows) await one.flow.delete(id, outs);
    expect(it.requests().slice(before)).toEqual([
      "GET 200",
      "DELETE 204",
      "GET 200",
      "DELETE 204",
      "GET 200",
      "DELETE 204",
      "GET ?limit 200",
      "DELETE 204",
      "DELETE 204",
      "DELETE 204",
    ]);
  });

  it("archives what was adopted, unless it is told otherwise", async () => {
    const it = rig();
    for (const [more, end] of [
      [{}, "archived"],
      [{ onDelete: "delete" }, "deleted"],
      [{ onDelete: "archive" }, "archived"],
    ] as const) {
      const { id } = await made(run(it), inputsOf(it, { owner: undefined }));
      const adopted = await made(run(it), inputsOf(it, { adopt: id, ...more }));
      // Once `adopt` has gone, too.
      const kept = await updated(run(it), adopted, inputsOf(it, { ...more, description: "New" }));
      await run(it).flow.delete(id, kept.outs);
      const left = it.emulator.flows(it.place.projectId).find((flow) => flow.id === id);
      expect(left?.status ?? "deleted").toBe(end);
    }
    // One that was not adopted is deleted, and `onDelete: "delete"` is the default, which no state shows.
    const mine = await made(run(it), inputsOf(it, { onDelete: "delete" }));
    expect(mine.outs).not.toHaveProperty("onDelete");
    await run(it).flow.delete(mine.id, mine.outs);
    expect(it.emulator.flows(it.place.projectId).filter(({ id }) => id === mine.id)).toEqual([]);
  });
});

describe("a copy made in the editor, with the marker", () => {
  it("is not touched by anything that the owner does, and is adopted with the stack's own name", async () => {
    const it = rig();
    const mine = await made(run(it), inputsOf(it, { status: "active" }));
    const copy = duplicated(it, mine.id);
    const next = await updated(run(it), mine, inputsOf(it, { status: "active", name: "New title" }));
    expect(it.emulator.flow(copy).name).toBe("welcome (copy)");
    const adopting = inputsOf(it, { name: "welcome (copy)", status: "active", adopt: copy, owner: urn("dev", "copy") });
    expect(await reasons(run(it), adopting)).toContain("is managed by shop/dev/welcome");
    await made(run(it), { ...adopting, adoptFrom: "shop/dev" });
    expect(it.emulator.flow(copy).description).toBe(marked("", ownerOf(urn("dev", "copy"))));
    await run(it).flow.delete(next.id, next.outs);
    expect(it.emulator.flows(it.place.projectId).map(({ id }) => id)).toEqual([copy]);
  });

  it("whose owner's text was copied, too: the last marker decides", async () => {
    const it = rig();
    const mine = await made(run(it), inputsOf(it));
    edit(it, mine.id, (text) => `${text}\n\n${marked("", ownerOf(THEIRS))}`);
    expect((await run(it).flow.read(mine.id, mine.outs)).inputs).toMatchObject({ takenBy: "shop/other/welcome" });
    edit(it, mine.id, (text) => `${text}\n\n${marked("", ownerOf(MINE))}`);
    expect((await run(it).flow.read(mine.id, mine.outs)).inputs).not.toHaveProperty("takenBy");
  });
});
