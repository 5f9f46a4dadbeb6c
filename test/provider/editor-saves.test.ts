// Opening a flow in PostHog's editor and saving it without a change is no drift, and stops no update; nor does what older servers left in a flow.
import { expect, it } from "vitest";
import { isDict, type Dict } from "../../definition/canonical/values";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();

const PLACED = { events: [{ filters: { events: [{ id: "order placed" }] } }] };
const mailFlow = (it: Rig, more: Dict = {}): Dict =>
  inputsOf(it, {
    actions: {
      trigger_node: {
        type: "trigger",
        name: "Signed up",
        config: { type: "event", filters: { events: [{ id: "user signed up" }] } },
        next: "mail",
      },
      mail: {
        type: "function_email",
        name: "Mail",
        config: {
          inputs: {
            email: {
              templating: "liquid",
              value: {
                from: { integrationId: 7 },
                to: { email: "{{ person.properties.email }}", name: "" },
                subject: "Hi",
                html: "<p>Hi</p>",
                text: "Hi",
              },
            },
          },
        },
        next: "exit_node",
      },
      exit_node: { type: "exit", name: "Exit" },
    },
    conversion: PLACED,
    ...more,
  });

/** The e-mail in an answer of PostHog. */
const mailOf = (flow: Dict): Dict =>
  (flow["actions"] as Dict[]).find(({ id }) => id === "mail")!["config"]!["inputs" as never]["email"]["value"];

/** What PostHog's editor writes when it saves. */
function asTheEditorSaves(flow: Dict): void {
  const mail = mailOf(flow);
  Object.assign(mail, {
    replyTo: "",
    preheader: "",
    cc: "",
    bcc: "",
    from: { integrationId: 7, integrationIds: [7], email: "", name: "" },
  });
  const events = (flow["actions"] as Dict[])[0]!["config"]!["filters" as never]["events"] as Dict[];
  Object.assign(events[0]!, { uuid: "0198bbbb-cccc-4ddd-8eee-ffff00001111" });
}

const made = async (it: Rig, more: Dict = {}): Promise<{ id: string; outs: Dict; inputs: Dict }> => {
  const { inputs, failures } = await it.flow.check({}, mailFlow(it, more));
  expect(failures).toEqual([]);
  return { ...(await it.flow.create(inputs)), inputs };
};

it("the editor's empty texts, its list of one sender and its marks of events are no drift", async () => {
  const it = rig();
  const { id, outs, inputs } = await made(it);
  it.emulator.ui.edit(id, asTheEditorSaves);
  expect(mailOf(it.emulator.flow(id) as Dict)).toMatchObject({ cc: "", from: { integrationIds: [7] } });
  expect((await it.flow.read(id, outs)).inputs).toEqual(inputs);
  const updated = await it.flow.update(id, outs, { ...inputs, name: "Other title" });
  expect(updated.outs["name"]).toBe("Other title");
  expect(it.warnings).toEqual([]);
});

it("an address in one of them is drift", async () => {
  const it = rig();
  const { id, outs } = await made(it);
  it.emulator.ui.edit(id, (flow: Dict) => void (mailOf(flow)["replyTo"] = "help@example.com"));
  expect(JSON.stringify((await it.flow.read(id, outs)).inputs)).toContain("help@example.com");
  await expect(it.flow.update(id, outs, { ...(await made(it)).inputs, name: "Other title" })).rejects.toThrow(
    "actions.mail.config.inputs.email.value.replyTo",
  );
});

it("a recipient that became a text is drift, for a text is never sent to", async () => {
  const it = rig();
  const { id, outs } = await made(it);
  it.emulator.ui.edit(id, (flow: Dict) => void (mailOf(flow)["to"] = "{{ person.properties.email }}"));
  const { inputs } = await it.flow.read(id, outs);
  expect(
    mailOf({ actions: Object.entries(inputs!["actions"] as Dict).map(([id, step]) => ({ id, ...(step as Dict) })) })[
      "to"
    ],
  ).toBe("{{ person.properties.email }}");
});

it.each([604_800, null])(
  "a live flow with window_minutes %j is no drift, and adopting it writes nothing",
  async (minutes) => {
    const it = rig();
    const { id, outs, inputs } = await made(it);
    it.emulator.ui.storeRaw(
      id,
      (flow: Dict) => void (isDict(flow["conversion"]) && (flow["conversion"]["window_minutes"] = minutes)),
    );
    expect(it.emulator.flow(id).conversion).toHaveProperty("window_minutes", minutes);
    expect((await it.flow.read(id, outs)).inputs).toEqual(inputs);
    const before = it.requests().length;
    const adopted = await it.flow.create({ ...inputs, adopt: id });
    expect(adopted.id).toBe(id);
    expect(
      it
        .requests()
        .slice(before)
        .filter((request) => !request.startsWith("GET")),
    ).toEqual([]);
  },
);

it("a definition with window_minutes: null, as older exports have it, says nothing", async () => {
  const it = rig();
  const { outs, inputs } = await made(it, { conversion: { ...PLACED, window_minutes: null } });
  expect(inputs["conversion"]).toEqual(PLACED);
  expect(outs["serverAdditions"]).toEqual({});
  expect(it.warnings).toEqual([]);
});
