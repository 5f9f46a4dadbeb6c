// Flows as large as PostHog takes them (API §4.6): they are made, compared, changed and read like any other, and what is too large is refused with its
// largest parts before anything is sent.
import { describe, expect, it } from "vitest";
import { setSubject, step, subjectOf, useWorld, welcome } from "./support";

const world = useWorld();
const LIMIT = 2_621_440;

/** Of a thousand steps: a mail, and waits. */
function long(subject: string): any {
  const { actions } = welcome({ subject });
  const waits = Array.from({ length: 997 }, (_, i) => [
    `wait_${i}`,
    {
      type: "delay",
      name: `Wait ${i}`,
      config: { delayDuration: "1h" },
      next: i === 996 ? "exit_node" : `wait_${i + 1}`,
    },
  ]);
  return { actions: { ...actions, mail: { ...actions.mail, next: "wait_0" }, ...Object.fromEntries(waits) } };
}
const pages = (bytes: number): string => "<p>Good to have you.</p>\n".repeat(Math.ceil(bytes / 25));
const heavy = (subject: string, bytes = 2_000_000): any => withHtml(welcome({ subject }), pages(bytes));

function withHtml(args: any, html: string): any {
  args.actions.mail.config.inputs.email.value.html = html;
  return args;
}

describe.each([
  ["1,000 steps", long],
  ["2 MB of e-mail", heavy],
])("a flow of %s", (_, make) => {
  it("is made, left alone, changed in one step and read, with as few requests as a small one", async () => {
    const [before, after] = [make("Welcome!"), make("Hello!")];
    const project = world.project();
    const flow = project.flow(before);
    expect(await project.during(() => flow.go())).toEqual(["GET ?search 200", "POST 201"]);
    expect(project.only().actions).toHaveLength(Object.keys(before.actions).length);
    expect(await project.during(async () => expect(await flow.go()).toBe("same"))).toEqual([]);
    expect(await project.during(() => flow.go(after))).toEqual(["PUT /* 200"]);
    expect(subjectOf(project.only())).toBe("Hello!");
    const { inputs } = flow.state!;
    world.emulator.ui.edit(flow.id, setSubject("Somebody else"));
    expect(await project.during(async () => expect(await flow.refresh()).toBe("changed"))).toEqual(["GET /* 200"]);
    // The one text, and nothing else.
    inputs["actions"].mail.config.inputs.email.value.subject = "Somebody else";
    expect(flow.state!.inputs).toEqual(inputs);
  });
});

describe("a flow that is larger than a request may be", () => {
  it("is refused in preview, with its size, the limit and its largest parts, and nothing is sent", async () => {
    const project = world.project();
    const flow = project.flow(heavy("Welcome!", 2_700_000));
    const { length } = project.records;
    const text = await flow.fails();
    expect(text).toContain("actions.mail.config.inputs.email.value.html");
    expect(text).toMatch(
      /the request for the flow has 2\.\d\d MB \([\d,]+ bytes\), and PostHog accepts at most 2\.50 MB \(2,621,440 bytes\)/,
    );
    expect(text).toContain("[flow-size]");
    expect(text.length).toBeLessThan(1500);
    expect(project.records).toHaveLength(length);
  });

  it("is one by the bytes of what is sent, mark included: what the check takes PostHog takes", async () => {
    const project = world.project();
    // Three bytes a character.
    const sized = (characters: number): any => withHtml(welcome(), "€".repeat(characters));
    const flow = project.flow(sized(800_000));
    await flow.go();
    const sent = Buffer.byteLength(JSON.stringify(project.records.find(({ method }) => method === "POST")!.body));
    const room = Math.floor((LIMIT - sent) / 3);
    const most = 800_000 + room - 60;
    expect(await flow.go(sized(most))).toBe("update");
    expect(await flow.fails(sized(most + 100))).toContain("[flow-size]");
  });

  it("is refused before it is sent when only the live flow makes it so large", async () => {
    const project = world.project();
    const owned = (subject: string): any => ({
      ...withHtml(welcome({ subject }), pages(1000)),
      editorOwns: ["actions.mail.config.inputs.email.value.html"],
    });
    const flow = project.flow(owned("Welcome!"));
    await flow.go();
    world.emulator.ui.edit(
      flow.id,
      (live) => void (step(live, "mail").config.inputs.email.value.html = pages(2_700_000)),
    );
    const before = project.records.length;
    const text = await flow.fails(owned("Hello!"));
    expect(text).toMatch(/PUT \S+ was not sent: its body is 2\.\d\d MB/);
    expect(project.requests(before)).toEqual(["GET /* 200"]);
  });
});
