// Senders of pulled flows: one constant where e-mails share a sender, one file where flows do, whichever of them are pulled.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../api";
import { startEmulator, type Emulator } from "../../emulator";
import { filesToOverwrite, pulledFlow, pullFlows, writePulled, type PulledFlow } from "../../operate/pull";
import { expectFaithful } from "../support/pulled";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function request(method: string, url: string, body?: unknown): Promise<any> {
  const answer = await fetch(`${emulator.url}/api/projects/1/hog_flows/${url}`, {
    method,
    headers: { authorization: "Bearer phx_test", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return method === "DELETE" ? undefined : answer.json();
}

/** A live flow whose e-mails have these senders. */
async function live(name: string, ...from: object[]): Promise<any> {
  const mails = from.map((sender, i) => ({
    id: `mail_${i}`,
    name: `Mail ${i}`,
    type: "function_email",
    config: {
      template_id: "template-email",
      inputs: {
        email: {
          templating: "liquid",
          value: {
            from: sender,
            to: { email: "{{ person.properties.email }}", name: "" },
            subject: "Hi",
            html: "<p>Hi {{ unsubscribe_url }}</p>",
          },
        },
      },
    },
  }));
  const actions = [
    {
      id: "trigger_node",
      name: "Event",
      type: "trigger",
      config: { type: "event", filters: { events: [{ id: "a" }] } },
    },
    ...mails,
    { id: "exit_node", name: "Exit", type: "exit", config: {} },
  ];
  const edges = actions.slice(1).map(({ id }, i) => ({ from: actions[i]!.id, to: id, type: "continue" }));
  const { id } = await request("POST", "", { name, actions, edges });
  return request("GET", `${id}/`);
}

const team = { integrationId: 7, name: "Team" };
/** Constants and imports of senders, and what each e-mail has. */
const senders = ({ files: [program] }: PulledFlow): string[] =>
  program!.text.match(/^(?:const|import) .*[sS]ender.*$|from: (?:\{[^}]*\}|\w+)/gm) ?? [];

describe("the senders of one flow", () => {
  it.each<[string, object[], string[]]>([
    [
      "are one constant where all e-mails have the same one",
      [team, team],
      ['const teamSender = { integrationId: 7, name: "Team" };', "from: teamSender", "from: teamSender"],
    ],
    ["stay in the only e-mail that has them", [team], ['from: { integrationId: 7, name: "Team" }']],
    [
      "are called after their address, or their integration",
      [
        { integrationId: 7, email: "hello@example.com" },
        { integrationId: 7, email: "hello@example.com" },
        { integrationId: 8 },
        { integrationId: 8 },
      ],
      [
        'const helloSender = { integrationId: 7, email: "hello@example.com" };',
        "const sender8 = { integrationId: 8 };",
        "from: helloSender",
        "from: helloSender",
        "from: sender8",
        "from: sender8",
      ],
    ],
    [
      "have names of their own",
      [team, team, { integrationId: 9, name: "team" }, { integrationId: 9, name: "team" }],
      [
        'const teamSender = { integrationId: 7, name: "Team" };',
        'const teamSender2 = { integrationId: 9, name: "team" };',
        "from: teamSender",
        "from: teamSender",
        "from: teamSender2",
        "from: teamSender2",
      ],
    ],
  ])("%s", async (_, given, expected) => {
    const flow = await live("Welcome", ...given);
    const pulled = pulledFlow(flow);
    expect(senders(pulled)).toEqual(expected);
    expectFaithful(flow, pulled);
  });

  it("stay where they are in a flow that has the name", async () => {
    const flow = await live("Team sender", team, team);
    const pulled = pulledFlow(flow);
    expect(senders(pulled)).toEqual(Array(2).fill('from: { integrationId: 7, name: "Team" }'));
    expectFaithful(flow, pulled);
  });
});

describe("senders of several flows", () => {
  it("are in one file, whichever flows are pulled, and only what is shared is", async () => {
    const made = [
      await live("One", team, { integrationId: 8, name: "Sales" }),
      await live("Two", team),
      await live("Three", { integrationId: 8, name: "Other" }),
    ];
    const client = createClient({ host: emulator.url, projectId: "1", apiKey: "phx_test" });
    const ids = made.map(({ id }) => id as string);
    const pulled = await pullFlows(client, { ids });
    expect(pulled.map(({ files }) => files.map((file) => file.path))).toEqual([
      ["flows/one.ts", "flows/pulled-senders.ts"],
      ["flows/two.ts", "flows/pulled-senders.ts"],
      ["flows/three.ts"],
    ]);
    const file = pulled[0]!.files[1]!;
    expect(file.text).toContain('export const teamSender = { integrationId: 7, name: "Team" };\n');
    expect(file.text).not.toContain("Sales");
    expect(senders(pulled[1]!)).toEqual(['import { teamSender } from "./pulled-senders";', "from: teamSender"]);
    for (const [i, flow] of made.entries()) expectFaithful(flow, pulled[i]!);
    const [alone] = await pullFlows(client, { ids: [ids[1]!] });
    expect(alone).toEqual(pulled[1]);
    const [asModule] = await pullFlows(client, { ids: [ids[1]!], isModule: true });
    expect(senders(asModule!)).toEqual(['import { teamSender } from "./pulled-senders.js";', "from: teamSender"]);
    expectFaithful(made[1], asModule!);

    const cwd = mkdtempSync(path.join(tmpdir(), "hogflow-senders-"));
    folders.push(cwd);
    const written = await writePulled(pulled, { cwd });
    expect(written.written.sort()).toEqual([
      "flows/one.ts",
      "flows/pulled-senders.ts",
      "flows/three.ts",
      "flows/two.ts",
    ]);
    const target = path.join(cwd, "flows/pulled-senders.ts");
    writeFileSync(target, `${readFileSync(target, "utf8")}// mine\n`);
    expect(await filesToOverwrite(pulled, { cwd })).toEqual(["flows/pulled-senders.ts"]);
    writeFileSync(target, "export {};\n");
    await expect(writePulled(pulled, { cwd, overwrite: true })).rejects.toThrow(
      "`hogflow pull` did not write: flows/pulled-senders.ts",
    );
  });
});
