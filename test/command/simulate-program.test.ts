// `hogflow simulate` with flows by name, and the calendar of all flows: of a program that runs as it is, without an engine, a key or a network.
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow, type Ran } from "../support/command";
import { REFERENCE_FLOWS } from "../support/reference-flows";
import { programFolders, type ProgramFolders } from "../support/program-folders";

// Each program is run in a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const KEY = "phx_simulate";
const CLOCK = "2026-11-30T09:00:00Z";
const PROGRAM = `const pulumi = require("@pulumi/pulumi");
const { delay, email, HogFlow, HogFlowSchedule, liquid, on, person, slackMessage, split, share } = require("pulumi-hogflow");
const config = new pulumi.Config();
const from = { integrationId: 7 };
const mail = (id, subject, more) => email(id, { from, subject, text: "Hello {{ unsubscribe_url }}", ...more });
const signup = on.event("user signed up");
const flows = {
  onboarding: new HogFlow("onboarding", {
    name: "Welcome, all", status: "active", trigger: signup,
    steps: [mail("hello", liquid\`Welcome, \${person("first_name").or("there")}!\`), delay("pause", "3d"), mail("tips", "Tips")],
  }),
  offers: new HogFlow("offers", {
    status: "active", trigger: signup, steps: [delay("pause", "30m"), mail("offer", "Offer")],
  }),
  digest: new HogFlow("digest", { status: "active", trigger: on.schedule(), steps: [mail("send", "Digest", { to: "team@example.com" })] }),
  later: new HogFlow("later", { status: "draft", trigger: on.batch([person("plan").is("pro")]), steps: [mail("send", "Later")] }),
  gone: new HogFlow("gone", { status: "archived", trigger: signup, steps: [mail("send", "Gone")] }),
};
new HogFlowSchedule("mondays", { flow: flows.digest, rrule: "FREQ=WEEKLY", startsAt: "2026-12-07T09:00:00", timezone: "UTC" });
new HogFlowSchedule("once", { flow: flows.later, rrule: "FREQ=DAILY;COUNT=1", startsAt: "2027-03-01T09:00:00", timezone: "UTC" });
`;
const ADA = { trigger: "user signed up", person: { properties: { email: "ada@example.com", first_name: "Ada" } } };

let folders: ProgramFolders;
let emulator: Emulator;
let dir: string;
const run = (
  args: string[],
  { cwd = dir, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ran> =>
  hogflow(["simulate", ...args], { cwd, env: { HOME: folders.root, NO_COLOR: "1", PULUMI_STACK: "dev", ...env } });
const withPeople = async (name: string, people: Record<string, unknown>): Promise<string> => {
  const folder = path.join(dir, name);
  await mkdir(folder, { recursive: true });
  for (const [file, person] of Object.entries(people))
    await writeFile(path.join(folder, file), typeof person === "string" ? person : JSON.stringify(person));
  return name;
};

beforeAll(async () => {
  folders = await programFolders();
  emulator = await startEmulator({ keys: [{ key: KEY }] });
  dir = await folders.add({ files: { "index.js": PROGRAM } });
}, 180_000);
afterAll(async () => {
  await emulator?.stop();
  await folders?.remove();
});

describe("a flow by name", () => {
  it("is that of the program, by its resource's name or its title, told in titles of steps", async () => {
    const ada = JSON.stringify(ADA.person.properties);
    const named = await run(["onboarding", "--person", ada]);
    expect(named).toMatchObject({ code: 0, stderr: "" });
    expect(named.stdout).toMatch(/^Welcome, all, from Mon 2026-01-05/);
    expect(named.stdout).toMatch(/^ {2}\+0s +Hello +sent: e-mail "Welcome, Ada!" to ada@example\.com$/m);
    expect(named.stdout).toMatch(/^ {2}\+3d +Tips +sent/m);
    expect((await run(["Welcome, all", "--person", ada])).stdout).toBe(named.stdout);
  });

  it("is counted and drawn with titles, too, and with what the person reads", async () => {
    const many = await run(["onboarding", "--many", "5"]);
    expect(many.stdout).toMatch(/^ {2}Hello +5 +100 %$/m);
    const drawn = await run(["onboarding", "--mermaid", "--person", JSON.stringify(ADA.person.properties)]);
    expect(drawn.stdout).toContain(
      "e-mail: #34;Welcome, #91;first#95;name or #34;there#34;#93;!#34;<br/>e.g. #34;Welcome, Ada!#34;",
    );
  });

  it("has a hint where the person has no address", async () => {
    const { code, stdout, stderr } = await run(["offers"]);
    expect(code).toBe(0);
    expect(stdout).toContain("failed: No recipient identifier found");
    expect(stderr).toContain(
      "The person has no properties, so they may go another way than your customers. Give some with --person",
    );
  });

  it("is looked up in the stack and in PostHog after the program", async () => {
    const env = { POSTHOG_HOST: emulator.url, POSTHOG_API_KEY: KEY, POSTHOG_PROJECT_ID: "1" };
    const answer = await fetch(`${emulator.url}/api/projects/1/hog_flows/`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ ...REFERENCE_FLOWS["event trigger, delay, webhook"]!.flow, name: "Only live" }),
    });
    expect(answer.ok, await answer.clone().text()).toBe(true);
    const { stdout, code } = await run(["Only live"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Only live, from/);
  });

  it("that nobody has is an error with the flows of the program and the near one", async () => {
    const { code, stdout, stderr } = await run(["onbording"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(
      'There is no flow named "onbording" in the program. Flows of the program:\n  onboarding  “Welcome, all”\n',
    );
    expect(stderr).toContain('Did you mean "onboarding"?');
    expect(stderr).toContain("Outside of the program: ");
  });

  it("whose way nobody knows yet is an error with the paths; a text that nobody knows is a note", async () => {
    const cwd = await folders.add({
      files: {
        "index.js": `const pulumi = require("@pulumi/pulumi");
const { delay, email, HogFlow, on } = require("pulumi-hogflow");
const other = new HogFlow("other", { trigger: on.event("b"), steps: [delay("pause", "1d")] }).id;
new HogFlow("way", { trigger: on.event("a"), steps: [delay("pause", other)] });
new HogFlow("words", { trigger: on.event("a"), steps: [email("m", { from: { integrationId: 7 }, subject: other, text: "x {{ unsubscribe_url }}" })] });
`,
      },
    });
    const way = await run(["way"], { cwd });
    expect(way.code).toBe(1);
    expect(way.stderr).toContain("These values are not known yet: actions.pause.config.delayDuration.");
    const words = await run(["words", "--person", '{"email": "ada@example.com"}'], { cwd });
    expect(words.code).toBe(0);
    expect(words.stderr).toContain("“words”: some of its texts are known only during `pulumi up`.");
    expect(words.stdout).toContain('sent: e-mail "(known after the update)"');
  });

  it("is looked for in a program that stops early, which is said", async () => {
    const cwd = await folders.add({ files: { "index.js": `${PROGRAM}throw new Error("no further");\n` } });
    const { code, stderr, stdout } = await run(["offers", "--person", '{"email": "ada@example.com"}'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain("no further");
    expect(stdout).toContain('sent: e-mail "Offer"');
    expect((await run(["--all"], { cwd })).code).toBe(1);
  });
});

describe("the calendar of all flows", () => {
  it("says for each person, day by day, who gets what from which flow, and marks collisions", async () => {
    const people = await withPeople("people-two", { "ada.json": ADA, "bob-b.json": { ...ADA, trigger: "other" } });
    const { code, stdout, stderr } = await run(["--all", "--people", people, "--clock", CLOCK, "--per-week", "2"]);
    expect(stderr).toBe("");
    expect(stdout).toBe(`3 people in 3 flows, from Mon 2026-11-30 09:00 UTC

ada
  day 0, Mon 2026-11-30
  ! 09:00  e-mail  Hello: Welcome, Ada!  Welcome, all
  ! 09:30  e-mail  Offer                 offers
  day 3, Thu 2026-12-03
  ! 09:00  e-mail  Tips                  Welcome, all
  ! 2 e-mails within an hour: “Welcome, Ada!” (Welcome, all, day 0) and “Offer” (offers, day 0)
  ! 3 e-mails in seven days, more than 2: “Welcome, Ada!” (Welcome, all, day 0), “Offer” (offers, day 0) and “Tips” (Welcome, all, day 3)

bob b
  enters no flow

On schedule, without a person
  day 7, Mon 2026-12-07
    09:00  e-mail  Send: Digest  digest
  day 14, Mon 2026-12-14
    09:00  e-mail  Send: Digest  digest
  day 21, Mon 2026-12-21
    09:00  e-mail  Send: Digest  digest
  day 28, Mon 2026-12-28
    09:00  e-mail  Send: Digest  digest

No schedule of “later” has a date in the 31 days from 2026-11-30; the next one is 2027-03-01: --clock 2027-03-01 looks from there.
“later” is a draft, and counts as active here.
“gone” is archived, and left out.
Dates of schedules are those of 31 days.
`);
    expect(code).toBe(2);
  });

  it("takes the folder people of the project, and makes people up where there is none", async () => {
    const none = await run(["--all", "--clock", CLOCK]);
    expect(none.stderr).toContain("so they are made up from the flows' own filters");
    expect(none.stdout).toContain("Made-up person 1");
    await withPeople("people", { "ada.json": ADA });
    try {
      const kept = await run(["--all", "--clock", CLOCK]);
      expect(kept.stderr).toBe("");
      expect(kept.stdout).toMatch(/^ada$/m);
      expect(kept.stdout).not.toContain("Made-up");
    } finally {
      await rm(path.join(dir, "people"), { recursive: true });
    }
  });

  it("is data with --json: contents and stories", async () => {
    const people = await withPeople("people-one", { "ada.json": ADA });
    const { stdout } = await run(["--all", "--people", people, "--clock", CLOCK, "--json"]);
    const calendar = JSON.parse(stdout);
    expect(calendar).toMatchObject({
      from: "2026-11-30T09:00:00.000Z",
      perWeek: 3,
      drafts: [{ name: "later", title: "later" }],
      archived: [{ name: "gone", title: "gone" }],
    });
    const [ada] = calendar.people;
    expect(ada.deliveries[0]).toMatchObject({
      kind: "e-mail",
      day: 0,
      at: "2026-11-30T09:00:00.000Z",
      flow: { name: "onboarding", title: "Welcome, all" },
      step: "hello",
      title: "Hello",
      message: { subject: "Welcome, Ada!", to: "ada@example.com" },
      run: 0,
    });
    expect(ada.runs[0]).toMatchObject({
      flow: { name: "onboarding" },
      end: { how: "exit" },
      steps: [{ id: "hello" }, {}, {}, {}],
    });
    expect(ada.collisions).toEqual([{ kind: "close", deliveries: [0, 1], most: 2 }]);
  });

  it.each([
    ["a folder without people", {}, "has no sample people"],
    ["a broken file", { "ada.json": "{" }, "ada.json is not JSON"],
    ["a member that no scenario has", { "ada.json": { persn: {} } }, "persn is not known; did you mean person?"],
    ["flows that are no list", { "ada.json": { flows: "offers" } }, "flows must be a list of names"],
    ["two files of one name", { "a-b.json": ADA, "a_b.json": ADA }, 'two sample people with the name "a b"'],
  ])("refuses %s", async (name, files, message) => {
    const people = await withPeople(name.replaceAll(" ", "-"), files);
    const { code, stderr, stdout } = await run(["--all", "--people", people]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("says which flow of a person's file there is not", async () => {
    const people = await withPeople("misnamed", { "ada.json": { ...ADA, flows: ["ofers"] } });
    const { stdout } = await run(["--all", "--people", people]);
    expect(stdout).toContain("The file of ada is for “ofers”, and no flow has that name: did you mean “offers”?");
  });

  it.each([
    [[], "No flow was named"],
    [["offers", "--all"], '--all takes every flow, and "offers" is one'],
    [["--all", "--many", "3"], "--many is about one flow"],
    [["--all", "--event-properties", "{}"], "--event-properties is about one flow"],
    [["offers", "--people", "people"], "--people is about the calendar of all flows"],
    [["offers", "--per-week", "2"], "--per-week is about the calendar of all flows"],
    [["--all", "--clock", "tomorrow"], '--clock: "tomorrow" is not a moment'],
    [["--all", "--people", "nowhere"], "nowhere does not exist"],
  ])("refuses %j", async (args, message) => {
    const { code, stderr, stdout } = await run(args);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(code).toBe(args.includes("tomorrow") || args.includes("nowhere") ? 1 : 3);
  });

  it("needs a program", async () => {
    const { code, stderr } = await run(["--all"], { cwd: path.join(folders.root, "..") });
    expect(code).toBe(1);
    expect(stderr).toContain("There is no Pulumi project in");
  });
});
