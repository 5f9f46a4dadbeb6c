// A text inside a text: one footer for all e-mails. Its tags are live; what is plain in a hole is data, and said to be.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { partOf } from "../../../definition/schema/source-part";
import {
  delayUntil,
  email,
  eventProperty,
  file,
  hog,
  liquid,
  mjml,
  on,
  person,
  validate,
  webhook,
  type Finding,
  type HogFlowArgs,
} from "../../../sdk";
import { convert } from "../../../sdk/convert";
import { simulate } from "../../../testing";

const repository = process.cwd();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hogflow-footers-"));
beforeAll(() => {
  fs.mkdirSync(path.join(folder, "mails"));
  fs.writeFileSync(
    path.join(folder, "mails/footer.html"),
    '<hr>\n<p>${not a hole} \\{\n<a href="{{ unsubscribe_url }}">No more mail</a></p>\n',
  );
  fs.writeFileSync(path.join(folder, "mails/broken.html"), "<hr>\n\n<p>{{ person.properties.name | capitalise }}</p>");
});
afterEach(() => process.chdir(repository));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const tips = (html: unknown): HogFlowArgs => ({
  trigger: on.event("account opened"),
  steps: [
    email("first", {
      from: { integrationId: 7 },
      subject: "A tip",
      html: html as string,
      text: "A tip",
      messageCategoryType: "marketing",
    }),
  ],
});
const HTML = "actions.first.config.inputs.email.value.html";
const htmlOf = (args: HogFlowArgs): any =>
  (convert(args as never, "tips").definition["actions"] as any).first.config.inputs.email.value.html;
const about = (args: HogFlowArgs, rule?: string): Finding[] =>
  validate(args).filter((finding) => finding.path.startsWith(HTML) && (rule === undefined || finding.rule === rule));
const sent = (args: HogFlowArgs): string => {
  const [mail] = simulate(args, { person: { properties: { email: "ada@example.com", first_name: "Ada" } } }).messages;
  return mail?.html ?? expect.fail("nothing was sent");
};

describe("a footer for all e-mails", () => {
  const footer = liquid`<p><a href="{{ unsubscribe_url }}">No more mail, ${person("first_name").or("friend")}</a></p>`;

  it("is a text, and its link works", () => {
    const args = tips(liquid`<p>Hi ${person("first_name").or("there")}</p>${footer}`);
    expect(about(args)).toEqual([]);
    expect(sent(args)).toMatch(
      /^<p>Hi Ada<\/p><p><a href="https:\/\/unsubscribe\.invalid\/[^"{]*">No more mail, Ada<\/a><\/p>$/,
    );
  });

  it("is a file, with nothing in it read but the tags of its language", () => {
    process.chdir(folder);
    const args = tips(liquid`<p>Hi</p>${file("mails/footer.html")}`);
    expect(htmlOf(args)).toBe(`<p>Hi</p>${fs.readFileSync("mails/footer.html", "utf8")}`);
    expect(about(args)).toEqual([]);
    expect(sent(args)).toMatch(/\$\{not a hole\} \\\{\n<a href="https:\/\/unsubscribe\.invalid\//);
  });

  it("stands in another text that is shared, at any depth", () => {
    const frame = (content: unknown) => liquid`<main>${content as string}</main>${footer}`;
    const args = tips(frame(liquid`<p>${liquid`Hi ${person("first_name")}`}</p>`));
    expect(htmlOf(args)).toBe(
      '<main><p>Hi {{ person.properties.first_name }}</p></main><p><a href="{{ unsubscribe_url }}">No more mail, {{ person.properties.first_name | default: "friend" }}</a></p>',
    );
  });

  it("takes outputs, which stay data, and makes an output of the whole", async () => {
    const company = liquid`<p>${pulumi.output("{{ ACME }}")} <a href="{{ unsubscribe_url }}">off</a></p>`;
    const html = htmlOf(tips(liquid`Hi ${company}`));
    expect(pulumi.Output.isInstance(html)).toBe(true);
    expect(await new Promise((resolve) => html.apply(resolve))).toBe(
      'Hi <p>{{ "{" }}{ ACME }} <a href="{{ unsubscribe_url }}">off</a></p>',
    );
    expect(await pulumi.isSecret(htmlOf(tips(liquid`Hi ${liquid`${pulumi.secret("x")}`}`)))).toBe(true);
  });

  it("is MJML, too", async () => {
    // A project that has the package, as this repository does.
    const relative = path.relative(repository, path.join(folder, "mail.mjml"));
    fs.writeFileSync(
      relative,
      "<mjml><mj-body><mj-section><mj-column><mj-text>{{ unsubscribe_url }}</mj-text></mj-column></mj-section></mj-body></mjml>",
    );
    const html = htmlOf(tips(liquid`<!-- ours -->${mjml(relative)}`));
    expect(await new Promise((resolve) => html.apply(resolve))).toMatch(/^<!-- ours -->[^]*\{\{ unsubscribe_url \}\}/);
  });
});

describe("what is plain in a hole", () => {
  it("is sent as it is, and a warning says so, with its place and what to write", () => {
    const args = tips(liquid`<p>Hi</p>${'<a href="{{ unsubscribe_url }}">No more mail</a>'}`);
    expect(about(args, "braces-in-hole")).toMatchObject([
      {
        severity: "warning",
        path: HTML,
        locations: [expect.stringMatching(/^test\/sdk\/values\/texts-in-texts\.test\.ts:\d+$/)],
        what: expect.stringContaining('is sent unchanged: "<a href="{{ unsubscribe_url }}">No more mail</a>"'),
        fix: expect.stringContaining("liquid`…`"),
      },
    ]);
    expect(sent(args)).toContain('<a href="{{ unsubscribe_url }}">');
  });

  it.each<[string, HogFlowArgs["steps"], number]>([
    ["a Liquid tag", [email("first", { from: { integrationId: 7 }, subject: liquid`${"{% if x %}"}`, text: "x" })], 1],
    [
      "Hog in Hog",
      [webhook("call", { url: "https://example.com", body: { a: hog`${"Hi {person.properties.name}"}!` } })],
      1,
    ],
    [
      "a brace",
      [
        email("first", { from: { integrationId: 7 }, subject: liquid`${"{ all }"}`, text: "x" }),
        webhook("call", { url: "https://example.com", body: { a: hog`${'{"a": 1}'}!` } }),
      ],
      0,
    ],
    [
      "what an output brings",
      [email("first", { from: { integrationId: 7 }, subject: liquid`${pulumi.output("{{ x }}")}`, text: "x" })],
      0,
    ],
  ])("%s", (_, steps, count) => {
    expect(convert({ trigger: on.event("x"), steps: steps }, "x").findings.map(({ rule }) => rule)).toEqual(
      Array(count).fill("braces-in-hole"),
    );
  });
});

describe("languages", () => {
  it("are not mixed", () => {
    const mixed = convert(
      {
        trigger: on.event("x"),
        steps: [email("first", { from: { integrationId: 7 }, subject: liquid`a${hog`b` as never}`, text: "x" })],
      },
      "x",
    ).findings;
    expect(mixed).toMatchObject([
      {
        rule: "text-language",
        path: HTML.replace("html", "subject").split("."),
        what: "a hog text is inside a liquid text",
        fix: "Write both with the same tag: liquid`…`",
      },
    ]);
  });

  it("have texts in texts each: Hog, and Hog expressions", () => {
    const greeting = hog`Hi ${person("name").or("you")}`;
    const days = hog`${eventProperty("days")} + 1`;
    const { definition, findings: problems } = convert(
      {
        trigger: on.event("x"),
        steps: [
          webhook("call", { url: "https://example.com", body: { text: hog`${greeting}!` } }),
          delayUntil("later", { expression: hog`dateAdd('day', ${days}, ${"2030-01-01"})` }),
        ],
      },
      "x",
    );
    expect(problems).toEqual([]);
    expect((definition["actions"] as any).call.config.inputs.body.value.text).toBe(
      "Hi {if(empty(person.properties.name), 'you', person.properties.name)}!",
    );
    expect((definition["actions"] as any).later.config.delayUntil.expression).toBe(
      "dateAdd('day', properties.days + 1, '2030-01-01')",
    );
  });
});

describe("findings about a part", () => {
  it("name its file, and the line in it", () => {
    process.chdir(folder);
    const [finding] = about(
      tips(liquid`<p>Hi</p>\n\n${file("mails/footer.html")}${file("mails/broken.html")}`),
      "liquid-filter",
    );
    expect(finding!.locations![0]).toBe("mails/broken.html:3");
    expect(finding!.locations).not.toContain(expect.stringContaining("footer"));
  });

  it("name the step alone where the line is from another part", () => {
    process.chdir(folder);
    const [finding] = about(
      tips(liquid`{{ person.properties.name | capitalise }}\n${file("mails/footer.html")}`),
      "liquid-filter",
    );
    expect(finding!.locations!.join()).toMatch(/^[^,]*texts-in-texts\.test\.ts:\d+$/);
  });

  it("name the file alone where no one knows what comes before", () => {
    process.chdir(folder);
    const { sources } = convert(tips(liquid`${pulumi.output("two\nlines")}${file("mails/footer.html")}`) as never, "x");
    expect(sources[HTML]).toEqual([partOf("mails/footer.html")]);
  });

  it("say that a file is not there", () => {
    process.chdir(folder);
    expect(about(tips(liquid`${file("mails/foter.html")}`), "file-missing")).toMatchObject([
      { fix: 'Did you mean "mails/footer.html"?' },
    ]);
  });
});
