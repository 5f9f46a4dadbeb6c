// Policies of one's own: what they see is the same in both transports, what they find becomes a message, and what they ask for in vain is said.
import { afterAll, beforeAll, expect, it } from "vitest";
import { flowPolicy, flowStackPolicy } from "../../policy";
import { delay, email, flowOf } from "../../rules/examples";
import { exampleResources, servePack, TRANSPORTS, UNKNOWN, type Pack } from "./support";

const titles = flowPolicy(
  {
    name: "titles",
    description: "Titles begin with a team.",
    configSchema: { properties: { team: { type: "string", default: "Growth" } } },
  },
  (flow, { team }) => {
    const title = flow.known(["name"]);
    return title === undefined || String(title).startsWith(`${team as string}: `)
      ? []
      : [{ path: ["name"], what: `“${String(title)}” does not begin with ${team as string}`, fix: "Rename it" }];
  },
);
const sight = flowStackPolicy(
  { name: "sight", description: "Shows what there is." },
  ({ project, stack, flows, schedules }) => [
    {
      path: [],
      what: JSON.stringify([
        `${project}/${stack}`,
        flows.map(({ name, title, status, isProtected, steps }) => [
          [name, title, status, isProtected],
          steps.map(({ id, type, channel, path }) => [id, type, channel ?? "none", path.join(".")]),
        ]),
        schedules.map((schedule) => [schedule.known(["rrule"]), flows.some(({ urn }) => urn === schedule.flowUrn)]),
      ]),
    },
    ...flows.map((flow) => ({ path: ["actions"], what: "is seen", flow })),
  ],
);

let pack: Pack;
beforeAll(async () => {
  pack = await servePack([titles, sight]);
});
afterAll(() => pack.stop());

const welcome = (settings: object = {}) =>
  flowOf({ pause: delay("1d"), mail: email() }, { status: "active", ...settings }).flow!;

it.each(TRANSPORTS)("see flows, steps and schedules of the transport %s", async (transport) => {
  await pack.configure({ sight: {} });
  const resources = await exampleResources(transport, {
    flows: { welcome: welcome() },
    schedules: [{ flow: "welcome", rrule: "FREQ=DAILY" }],
    protected: ["welcome"],
    settings: {},
  });
  const [seen, ofFlow, ...more] = await pack.stack(resources);
  expect(more).toEqual([]);
  expect(JSON.parse(seen!.message.replace(/\.$/, ""))).toEqual([
    "shop/prod",
    [
      [
        ["welcome", "Example", "active", true],
        [
          ["pause", "delay", "none", "actions.pause"],
          ["mail", "function_email", "email", "actions.mail"],
        ],
      ],
    ],
    [["FREQ=DAILY", true]],
  ]);
  expect(ofFlow).toMatchObject({ message: "actions: is seen.", urn: resources[1]!.urn });
});

it.each(TRANSPORTS)("find what is wrong with settings of their own, in the transport %s", async (transport) => {
  await pack.configure({ titles: { team: "Sales", enforcementLevel: "advisory" } });
  const check = async (settings: object) =>
    pack.resource((await exampleResources(transport, { flows: { welcome: welcome(settings) }, settings: {} }))[1]!);
  expect(await check({ name: "Sales: welcome" })).toEqual([]);
  expect(await check({})).toMatchObject([
    { level: "advisory", message: "name: “Example” does not begin with Sales. Rename it." },
  ]);
  await pack.configure({ titles: { team: "Sales" } });
  expect(await check({ name: UNKNOWN })).toMatchObject([
    { level: "advisory", message: expect.stringContaining("string value at .name can't be known during preview") },
  ]);
});
