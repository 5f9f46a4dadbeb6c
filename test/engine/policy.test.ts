// The policies of the package on the real engine, for both transports: a preview shows what breaks them, a mandatory one stops `up` before anything is sent, and what
// is not known yet is said and not held against a flow.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { DAY_MS } from "../../definition/lengths";
import type { CommandResult, Stack } from "../support/engine";
import {
  batchTrigger,
  email,
  eventTrigger,
  exit,
  flow,
  mailing,
  program,
  requestLine,
  stackFor,
  untidy,
  webhook,
} from "../support/flows";
import { policyPack, type PolicyPackFolder } from "../support/policy-pack";

const SECRET = "https://s3cr3t-host.example.net/s3cr3t-path";

const calling = (inputs: object = {}) => ({
  actions: { trigger_node: eventTrigger("call"), call: webhook("exit_node", inputs as any), exit_node: exit },
});

let pack: PolicyPackFolder;
beforeAll(async () => {
  pack = await policyPack({
    main: `
      const { PolicyPack } = require("@pulumi/policy");
      const { flowStackPolicy, hogflowPolicies } = require("pulumi-hogflow/policy");
      new PolicyPack("messaging", {
        enforcementLevel: "mandatory",
        policies: [
          ...hogflowPolicies(),
          flowStackPolicy({ name: "one-flow", description: "A stack has one flow.", enforcementLevel: "advisory" }, ({ flows }) =>
            flows.length > 1 ? [{ path: [], what: "the stack has " + flows.length + " flows" }] : []),
        ],
      }, { all: "disabled" });`,
  });
});
afterAll(() => pack?.dispose());

/** Level and name of each violation, as they are printed. */
const violationsIn = ({ output }: CommandResult): string[] =>
  [...output.matchAll(/^ +- \[(mandatory|advisory)\](?: \[severity: \w+\])? +(\S+)/gm)].map(
    ([, level, name]) => `${level} ${name}`,
  );

/** The engine names the folder of a local pack, and where it found what runs it. */
const withoutPack = (output: string): string =>
  output.replaceAll(`(local: ${pack.dir})`, "").replace(/^.*pulumi-analyzer-policy-nodejs-pack.*$/gm, "");

describe.each(["dynamic", "plugin"])("with the transport %s", (transport) => {
  let emulator: Emulator;
  let stack: Stack;
  beforeAll(async () => {
    emulator = await startEmulator();
    stack = await stackFor(emulator, {
      plugin: transport === "plugin",
      program: program(),
      config: { "posthog:provider": transport },
    });
  });
  afterAll(async () => {
    await stack?.dispose();
    await emulator?.stop();
  });
  const write = (...statements: string[]) => stack.writeProgram(program(...statements));
  const writes = () => emulator.requests.filter(({ method }) => method !== "GET").map(requestLine);

  it("shows in a preview what breaks a policy, with path, reason and remedy", async () => {
    await write(flow("welcome", { ...mailing(), status: "active" }));
    const found = await stack.preview(
      await pack.flags({ conversion: "mandatory", senders: { enforcementLevel: "advisory", integrations: [8] } }),
    );
    expect(found.code, found.output).not.toBe(0);
    expect(violationsIn(found)).toEqual(["mandatory conversion", "advisory senders"]);
    expect(found.output).toContain("conversion: the active flow has no conversion goal. Without one");
    expect(found.output).toContain(
      'actions.mail.config.inputs.email.value.from.integrationId: the sender\'s integration is not allowed (step "Mail").',
    );
    expect(untidy(withoutPack(found.output))).toEqual([]);
    expect(writes()).toEqual([]);
  });

  it("sends nothing in an `up` that a mandatory policy stops", async () => {
    const stopped = await stack.up(await pack.flags({ conversion: "mandatory" }));
    expect(stopped.code, stopped.output).not.toBe(0);
    expect(violationsIn(stopped)).toEqual(["mandatory conversion"]);
    expect(writes()).toEqual([]);
    expect(emulator.flows()).toEqual([]);
  });

  it("is not stopped by an advisory one, nor by one that it keeps", async () => {
    const up = await stack.up(
      await pack.flags({ conversion: "advisory", senders: { enforcementLevel: "mandatory", integrations: [7] } }),
    );
    expect(up.code, up.output).toBe(0);
    expect(violationsIn(up)).toEqual(["advisory conversion"]);
    expect(emulator.flows().map(({ status }) => status)).toEqual(["active"]);
  });

  it("stops a change of what runs, and leaves it as it is", async () => {
    const [{ version }] = emulator.flows() as [{ version: number }];
    emulator.clearRequests();
    await write(flow("welcome", { ...mailing("Changed"), status: "active" }));
    const stopped = await stack.up(await pack.flags({ quietHours: "mandatory" }));
    expect(stopped.code, stopped.output).not.toBe(0);
    expect(violationsIn(stopped)).toEqual(["mandatory quietHours"]);
    expect(writes()).toEqual([]);
    expect(emulator.flows()).toMatchObject([{ version }]);
  });

  it("refuses a protected flow without its protection, and one that is gone", async () => {
    const settings = { enforcementLevel: "mandatory", flows: ["test/dev/welcome"] };
    const protectedArgs = { ...mailing(), status: "active", onDelete: "archive" };
    await write(`new HogFlow("welcome", ${JSON.stringify(protectedArgs)} as any, { protect: true });`);
    const kept = await stack.up(await pack.flags({ protectedFlows: settings }));
    expect(kept.code, kept.output).toBe(0);

    await write(flow("welcome", protectedArgs));
    const loose = await stack.up(await pack.flags({ protectedFlows: settings }));
    expect(loose.code, loose.output).not.toBe(0);
    expect(loose.output).toContain("does not have the resource option `protect`");

    await write();
    const gone = await stack.preview(await pack.flags({ protectedFlows: settings }));
    expect(gone.code, gone.output).not.toBe(0);
    const deleted = await stack.up(await pack.flags({ protectedFlows: settings }));
    expect(deleted.code, deleted.output).not.toBe(0);
    expect(emulator.flows().map(({ status }) => status)).toEqual(["active"]);
    // Nothing has changed the state: it is Pulumi's own protection that the list asks for.
    await write(`new HogFlow("welcome", ${JSON.stringify(protectedArgs)} as any, { protect: true });`);
    const back = await stack.up([...(await pack.flags({ protectedFlows: settings })), "--expect-no-changes"]);
    expect(back.code, back.output).toBe(0);
  }, 400_000);

  it("takes a schedule with the flow that it starts, in a preview and after an `up`", async () => {
    const config = {
      quietHours: { enforcementLevel: "advisory", from: "22:00", to: "07:00" },
      weeklyEmails: { enforcementLevel: "advisory", most: 3 },
    };
    const actions = { trigger_node: batchTrigger("mail", "DE"), mail: email("exit_node"), exit_node: exit };
    await write(
      `new HogFlow("welcome", ${JSON.stringify({ ...mailing(), status: "active", onDelete: "archive" })} as any, { protect: true });`,
      flow("digest", { status: "active", actions }),
      `new HogFlowSchedule("nightly", { flow: digest, rrule: "FREQ=DAILY;BYHOUR=23", startsAt: "${new Date(Date.now() + DAY_MS).toISOString().slice(0, 10)}T23:00:00Z" });`,
    );
    const expected = expect.arrayContaining(["advisory quietHours", "advisory weeklyEmails"]);
    const preview = await stack.preview(await pack.flags(config));
    expect(preview.code, preview.output).toBe(0);
    expect(violationsIn(preview)).toEqual(expected);
    expect(preview.output).toMatch(
      /actions\.mail: can send its e-mail within quiet hours .* for example on Monday at 23:00/,
    );
    expect(preview.output).toMatch(/get(?:s)? 7 e-mails in seven days, more than 3/);
    const up = await stack.up(await pack.flags(config));
    expect(up.code, up.output).toBe(0);
    expect(violationsIn(up)).toEqual(expected);
  });

  it("says of what is not known yet that it cannot tell, and shows no secret", async () => {
    await stack.setConfig("hook", SECRET, { secret: true });
    await write(
      flow("first", mailing()),
      flow("later", calling({ url: { value: "PLACE" } }), "").replace(
        '"PLACE"',
        "pulumi.interpolate`https://hooks.example.com/${first.id}`",
      ),
      flow("hidden", calling({ url: { value: "PLACE" } }), "").replace('"PLACE"', 'config.requireSecret("hook")'),
    );
    const settings = { enforcementLevel: "mandatory", hosts: ["hooks.example.com"], except: ["hidden"] };
    const preview = await stack.preview(await pack.flags({ webhookHosts: settings }));
    expect(violationsIn(preview)).toEqual(["advisory webhookHosts"]);
    expect(preview.output).toContain("can't be known during preview");
    const refused = await stack.preview(await pack.flags({ webhookHosts: { ...settings, except: ["later"] } }));
    expect(violationsIn(refused)).toEqual(["mandatory webhookHosts"]);
    expect(refused.output).toContain("actions.call.config.inputs.url.value: calls a host that is not allowed");
    expect(`${stack.log}`).not.toContain("s3cr3t");
  });

  it("refuses a configuration that the schema of a policy does not take", async () => {
    const wrong = await stack.preview(await pack.flags({ quietHours: { from: "9pm" } }));
    expect(wrong.code, wrong.output).not.toBe(0);
    expect(wrong.output).toContain("from");
  });
});

describe("a policy of one's own", () => {
  it("sees the flows of a stack", async () => {
    const emulator = await startEmulator();
    const stack = await stackFor(emulator, { program: program(flow("one", mailing()), flow("two", mailing())) });
    try {
      const preview = await stack.preview(await pack.flags({ "one-flow": "mandatory" }));
      expect(preview.code, preview.output).not.toBe(0);
      expect(preview.output).toContain("the stack has 2 flows.");
    } finally {
      await stack.dispose();
      await emulator.stop();
    }
  });
});
