// Two stacks on one project of PostHog: a flow has one owner, whatever is renamed, moved, copied or imported.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, Stack } from "../support/engine";
import { flow, mailing, program, requestLine, stackFor, untidy } from "../support/flows";
import { saidKey, TRANSPORT, typeOf } from "../support/transport";

let emulator: Emulator;
let stacks: Stack[] = [];

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator?.stop());
beforeEach(() => {
  for (const { id } of emulator.flows()) emulator.ui.remove(id);
  emulator.clearRequests();
});
afterEach(async () => {
  await Promise.all(stacks.map((stack) => stack.dispose()));
  stacks = [];
});

const ACTIVE = { ...mailing(), name: "Welcome", status: "active" };
const welcome = (code = "", more: object = {}) => flow("welcome", { ...ACTIVE, ...more }, code);
const ADOPT_FROM = saidKey("adoptFrom");
const NEWER = { name: "Welcome again" };

async function stackOf(name: string, ...statements: string[]): Promise<Stack> {
  const stack = await stackFor(emulator, { stack: name, program: program(...statements) });
  stacks.push(stack);
  return stack;
}
const write = (stack: Stack, ...statements: string[]) => stack.writeProgram(program(...statements));
const succeeds = (result: CommandResult) => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
  return result.output;
};
const refused = (result: CommandResult) => {
  expect(result.code, result.output).not.toBe(0);
  expect(untidy(result.output)).toEqual([]);
  return result.output;
};
const changes = () =>
  emulator.requests
    .filter(({ method }) => method !== "GET")
    .map((request) => requestLine(request).replace(/[0-9a-f-]{36}/g, "<id>"));
const only = () => {
  expect(emulator.flows()).toHaveLength(1);
  return emulator.flow(emulator.flows()[0].id);
};
const owner = () => /pulumi-hogflow: (\S+)\. Edit in Git/.exec(only().description)?.[1];
const nothingIsWritten = async (run: () => Promise<unknown>) => {
  emulator.clearRequests();
  const before = structuredClone(emulator.flows());
  await run();
  expect(changes()).toEqual([]);
  expect(emulator.flows()).toEqual(before);
};
const command = (stack: Stack, ...args: string[]) => stack.run([...args, "--non-interactive"]);

describe("a flow that a second stack adopts", () => {
  it("is refused in preview and up, and left alone by its destroy; with adoptFrom it moves, and the first stack lets go", async () => {
    const one = await stackOf("one", welcome());
    succeeds(await one.up());
    const { id } = only();
    const two = await stackOf("two", welcome(`adopt: "${id}"`));
    await nothingIsWritten(async () => {
      for (const result of [await two.preview(), await two.up()]) {
        const output = refused(result);
        expect(output).toContain(`flow ${id} is managed by test/one/welcome`);
        expect(output).toContain('adoptFrom: "test/one"');
      }
      succeeds(await two.destroy());
    });

    await write(two, welcome(`adopt: "${id}", adoptFrom: "test/one"`));
    const output = succeeds(await two.up());
    expect(output).toContain(`Took over flow ${id} from test/one/welcome`);
    expect(changes()).toEqual(["PATCH 1/hog_flows/<id>"]);
    expect(owner()).toBe("test/two/welcome");

    await nothingIsWritten(async () => {
      await write(one, welcome("", NEWER));
      emulator.clearRequests();
      expect(refused(await one.up())).toContain(`Flow ${id} is managed by test/two/welcome`);
      // The write was refused as stale.
      expect(changes()).toEqual(["PUT 1/hog_flows/<id>"]);
      emulator.clearRequests();
      expect(succeeds(await one.refresh())).toContain("is managed by test/two/welcome now");
      expect(refused(await one.preview())).toContain('To take it back, set adoptFrom: "test/two"');
      expect(succeeds(await one.destroy())).toContain(`Flow ${id} was left unchanged`);
    });
    // Archived, because it was adopted.
    succeeds(await two.destroy());
    expect(only().status).toBe("archived");
  });

  it("that two resources of one program adopt is refused", async () => {
    const { id } = emulator.ui.create("1", {
      name: "Welcome",
      actions: [
        {
          id: "trigger_node",
          name: "Trigger",
          type: "trigger",
          config: { type: "event", filters: { events: [{ id: "user signed up", type: "events" }] } },
        },
        { id: "exit_node", name: "Exit", type: "exit", config: {} },
      ],
      edges: [{ from: "trigger_node", to: "exit_node", type: "continue" }],
    });
    const empty = {
      name: "Welcome",
      actions: {
        trigger_node: { ...(ACTIVE as any).actions.trigger_node, next: "exit_node" },
        exit_node: (ACTIVE as any).actions.exit_node,
      },
    };
    const one = await stackOf("one", flow("welcome", empty, `adopt: "${id}"`), flow("second", empty, `adopt: "${id}"`));
    await nothingIsWritten(async () =>
      expect(refused(await one.preview())).toContain(`flow ${id} is managed by another resource of this program`),
    );
  });

  it("under a new name in one change, and the old resource goes in the next: it stays", async () => {
    const one = await stackOf("one", welcome());
    succeeds(await one.up());
    const { id } = only();
    await write(one, welcome(), flow("second", ACTIVE, `adopt: "${id}"`));
    await nothingIsWritten(async () => expect(refused(await one.up())).toContain(`flow ${id} is managed by`));
    await write(one, flow("second", ACTIVE, `adopt: "${id}"`));
    await nothingIsWritten(async () => expect(refused(await one.up())).toContain('aliases: [{ name: "welcome" }]'));
    await write(one, flow("second", ACTIVE, `adopt: "${id}", adoptFrom: "test/one"`));
    succeeds(await one.up());
    expect(only()).toMatchObject({ id, status: "active" });
    expect(owner()).toBe("test/one/second");
    succeeds(await one.up(["--expect-no-changes"]));
  });
});

describe("a state that came under another name", () => {
  it("by a renamed stack, is refused offline and goes on with adoptFrom in its configuration, once", async () => {
    const one = await stackOf("one", welcome());
    succeeds(await one.up());
    expect((await command(one, "stack", "rename", "prod", "--stack", "one")).code).toBe(0);
    const up = (...args: string[]) => command(one, "up", "--yes", "--skip-preview", "--stack", "prod", ...args);
    await nothingIsWritten(async () => {
      const output = refused(await command(one, "preview", "--stack", "prod"));
      expect(output).toContain(
        "the state of this resource belongs to test/one/welcome, but the program runs as test/prod",
      );
      expect(output).toContain(`pulumi config set ${ADOPT_FROM} test/one`);
      expect(emulator.requests).toEqual([]);
    });
    expect((await command(one, "config", "set", ADOPT_FROM, "test/one", "--stack", "prod")).code).toBe(0);
    succeeds(await up());
    expect(owner()).toBe("test/prod/welcome");
    expect((await command(one, "config", "rm", ADOPT_FROM, "--stack", "prod")).code).toBe(0);
    succeeds(await up("--expect-no-changes"));
    succeeds(await command(one, "destroy", "--yes", "--skip-preview", "--stack", "prod"));
    expect(emulator.flows()).toEqual([]);
  });

  it("by a renamed project, too", async () => {
    const one = await stackOf("one", welcome());
    succeeds(await one.up());
    // The state of the new project, as Pulumi renames: names of resources, and no text of theirs.
    const state = JSON.stringify(await one.exportState())
      .replaceAll("::test::", "::store::")
      .replaceAll("test-one", "store-one")
      .replace(/"owner":"([^"]*?)::store::/g, '"owner":"$1::test::');
    const renamed = await stackFor(emulator, { project: "store", stack: "one", program: program(welcome()) });
    stacks.push(renamed);
    const imported = await renamed.importState(JSON.parse(state));
    expect(imported.code, imported.output).toBe(0);
    await nothingIsWritten(async () =>
      expect(refused(await renamed.preview())).toContain(
        "belongs to test/one/welcome, but the program runs as store/one",
      ),
    );
    await write(renamed, welcome('adoptFrom: "test/one"'));
    succeeds(await renamed.up());
    expect(owner()).toBe("store/one/welcome");
  });

  it("by pulumi state move, moves the flow with it", async () => {
    const one = await stackOf("one", welcome());
    succeeds(await one.up());
    expect((await command(one, "stack", "init", "two")).code).toBe(0);
    expect((await command(one, "config", "set", "posthog:provider", TRANSPORT, "--stack", "two")).code).toBe(0);
    const urn = (await one.exportState()).deployment.resources.find(({ type }: any) => type === typeOf("flow")).urn;
    const moved = await command(
      one,
      "state",
      "move",
      "--source",
      "organization/test/one",
      "--dest",
      "organization/test/two",
      "--yes",
      urn,
    );
    expect(moved.code, moved.output).toBe(0);
    const up = (...args: string[]) => command(one, "up", "--yes", "--skip-preview", "--stack", "two", ...args);
    await nothingIsWritten(async () =>
      expect(refused(await up())).toContain("belongs to test/one/welcome, but the program runs as test/two"),
    );
    await write(one, welcome('adoptFrom: "test/one"'));
    succeeds(await up());
    expect(owner()).toBe("test/two/welcome");
  });

  it.each(["rewritten", "by force"])(
    "by an import of another stack's state, %s, changes and deletes nothing of it",
    async (how) => {
      const one = await stackOf("one", welcome());
      succeeds(await one.up());
      const state = JSON.stringify(await one.exportState());
      const two = await stackOf("two", welcome("", NEWER));
      const file = path.join(two.dir, "..", "state.json");
      await writeFile(file, how === "rewritten" ? state.replaceAll("urn:pulumi:one::", "urn:pulumi:two::") : state);
      const imported = await command(
        two,
        "stack",
        "import",
        "--stack",
        "two",
        "--file",
        file,
        ...(how === "rewritten" ? [] : ["--force"]),
      );
      expect(imported.code, imported.output).toBe(0);
      const { id } = only();
      if (how === "rewritten")
        await nothingIsWritten(async () =>
          expect(refused(await two.up())).toContain(`Flow ${id} is managed by test/one/welcome`),
        );
      else
        expect(refused(await two.destroy())).toContain(
          `Flow ${id} was not deleted: it belongs to test/one, and this run is of test/two`,
        );
      expect(
        (
          await command(
            two,
            "stack",
            "import",
            "--stack",
            "two",
            "--file",
            file,
            ...(how === "rewritten" ? [] : ["--force"]),
          )
        ).code,
      ).toBe(0);
      // What is no longer in the program would be deleted.
      await write(two, flow("other", { ...mailing(), name: "Other" }));
      const up = await two.up();
      if (how === "rewritten") expect(succeeds(up)).toContain(`Flow ${id} was left unchanged`);
      else expect(refused(up)).toContain(`Flow ${id} was not deleted`);
      expect(emulator.flow(id)).toMatchObject({ name: "Welcome", status: "active" });
    },
  );
});

it("a copy made in PostHog's editor, with its marker, is nobody's until it is adopted: the owner's destroy leaves it", async () => {
  const one = await stackOf("one", welcome());
  succeeds(await one.up());
  const { id, description, actions, edges, exit_condition } = only();
  const copy = emulator.ui.create("1", {
    name: "Welcome (copy)",
    description,
    actions,
    edges,
    exit_condition,
    status: "active",
  });
  await write(one, welcome("", NEWER));
  succeeds(await one.up());
  expect(emulator.flow(copy.id).name).toBe("Welcome (copy)");
  const second = (code: string) => flow("copied", { ...ACTIVE, name: "Welcome (copy)" }, code);
  await write(one, welcome("", NEWER), second(`adopt: "${copy.id}"`));
  expect(refused(await one.preview())).toContain("remove the last line of its description");
  emulator.ui.edit(copy.id, (flow) => void (flow.description = ""));
  succeeds(await one.up());
  await write(one, second(""));
  succeeds(await one.up());
  expect(emulator.flows().map((flow) => flow.id)).toEqual([copy.id]);
  expect(id).not.toBe(copy.id);
});
