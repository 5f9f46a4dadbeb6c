// A flow that an editor on Windows saved: each of its texts has line ends of two characters. What `hogflow pull` writes of it is the flow as it is, so
// that adopting changes nothing, and neither does anything after it.
import { describe, expect, it } from "vitest";
import { decode } from "../../definition/canonical/decode";
import { differences } from "../../definition/canonical/compare";
import { pulledFlow } from "../../operate/pull/program";
import type { Dict } from "../../definition/canonical/values";
import { convert } from "../../sdk/convert";
import { runText } from "../support/pulled";
import { useLifecycle } from "./support";

const { rig } = useLifecycle();

const liquid = (value: unknown): Dict => ({ templating: "liquid", value });
const step = (id: string, type: string, config: Dict): Dict => ({ id, type, name: id, config });
const HI = (ends: string): string =>
  `Hi {{ person.properties.name }},${ends}${ends}{% if person.properties.plan == "pro" %}${ends}thanks{% endif %}${ends}`;

function windowsFlow(ends: string): Dict {
  const text = HI(ends);
  const steps = [
    step("trigger_node", "trigger", {
      type: "event",
      filters: { events: [{ id: "user signed up", type: "events", name: "user signed up" }] },
    }),
    step("mail", "function_email", {
      template_id: "template-email",
      inputs: {
        email: liquid({
          from: { integrationId: 7 },
          to: { email: "{{ person.properties.email }}", name: "" },
          subject: "Hi",
          html: `<p>${text}</p>`,
          text,
        }),
      },
    }),
    step("sms", "function_sms", {
      template_id: "template-twilio",
      inputs: {
        twilio_account: { value: 456 },
        from_number: { value: "+15550100000" },
        to_number: liquid("{{ person.properties.phone }}"),
        message: liquid(text),
      },
    }),
    step("push", "function_push", {
      template_id: "template-native-push",
      inputs: {
        distinctId: liquid("{{ person.distinct_id }}"),
        channels: { value: [3] },
        title: liquid("Still there?"),
        body: liquid(text),
      },
    }),
    step("call", "function", {
      template_id: "template-webhook",
      inputs: { url: { value: "https://hooks.example.com/a" }, body: liquid({ text, list: [text] }) },
    }),
    step("exit_node", "exit", {}),
  ];
  return {
    name: `Windows${ends}`,
    description: `Says hello.${ends}In two lines.`,
    status: "draft",
    actions: steps,
    edges: steps.slice(1).map(({ id }, i) => ({ from: steps[i]!["id"], to: id, type: "continue" })),
  };
}

describe.each([["\r\n"], ["\n"], ["\r"], ["\n\r\n"]])("line ends %j", (ends) => {
  it("are pulled, adopted, read and written again without a difference", async () => {
    const it = rig();
    const live = it.emulator.seed(windowsFlow(ends), it.place.projectId);
    const before = JSON.stringify(live.actions);
    const [made] = runText(pulledFlow(live, { name: "windows" }));
    const { definition, findings: problems } = convert(made!.args, "windows");
    expect(problems).toEqual([]);
    const news = { ...definition, ...it.place, adopt: live.id, status: "draft" };
    const { inputs, failures } = await it.flow.check({}, news);
    expect(failures).toEqual([]);
    const { id, outs } = await it.flow.create(inputs);
    expect(id).toBe(live.id);
    // The marker alone.
    expect(it.requests().filter((line) => !line.startsWith("GET"))).toEqual(["PATCH 200"]);
    expect(JSON.stringify(it.emulator.flow(id).actions)).toBe(before);

    const again = await it.flow.check(outs, news);
    expect(again.failures).toEqual([]);
    expect(await it.flow.diff(id, outs, again.inputs)).toEqual({ changes: false });
    const read = await it.flow.read(id, outs);
    expect(await it.flow.diff(id, read.props!, again.inputs)).toEqual({ changes: false });
    expect(it.warnings).toEqual([]);
  });
});

describe("a program with line feeds and a flow with line ends of Windows", () => {
  const [live, program] = ["\r\n", "\n"].map((ends) => decode(windowsFlow(ends)));
  it("are the same flow, in either direction", () => {
    const texts = ({ actions }: Dict): Dict => ({ actions });
    expect(JSON.stringify(program)).not.toContain("\\r");
    expect(differences(texts(live!), texts(program!))).toEqual([]);
    expect(differences(texts(program!), texts(live!))).toEqual([]);
  });

  it("differ in the body of a webhook that is one text, in Hog, and in anything but those line ends", () => {
    const call =
      (inputs: Dict) =>
      (ends: string): Dict =>
        decode({
          ...windowsFlow("\n"),
          actions: [
            step("call", "function", {
              template_id: "template-webhook",
              inputs: JSON.parse(JSON.stringify(inputs).replaceAll("|", JSON.stringify(ends).slice(1, -1))),
            }),
          ],
        });
    for (const inputs of [
      { body: liquid("--boundary|") },
      { body: { value: { text: "a|b" } } },
      { body: { value: "a|b", templating: "hog" } },
    ])
      expect(differences(call(inputs)("\r\n"), call(inputs)("\n"))).not.toEqual([]);
    const body = call({ body: liquid({ text: "a|b" }) });
    expect(differences(body("\r\n"), body("\n"))).toEqual([]);
    expect(differences(body("\r\n"), body("\n\n"))).not.toEqual([]);
  });
});
