// Files from Windows: a byte order mark, UTF-16 and other line ends are no content, neither in what is read nor in what is live.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { canonical } from "../../../definition/canonical/canonical";
import { differences } from "../../../definition/canonical/compare";
import { decode } from "../../../definition/canonical/decode";
import type { Dict } from "../../../definition/canonical/values";
import { readTextFile } from "../../../definition/text-file";
import { convert } from "../../../sdk/convert";
import { email, file, on, slack } from "../../../sdk";
import { inputsOf, useLifecycle } from "../../provider/support";

const dir = mkdtempSync(path.join(os.tmpdir(), "hogflow-windows-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const MARK = "\uFEFF";
function written(name: string, text: string, encoding: BufferEncoding = "utf8"): string {
  writeFileSync(path.join(dir, name), text, encoding);
  return path.join(dir, name);
}

describe("a text file", () => {
  it.each([
    ["without a mark", "", "utf8"],
    ["with a mark", MARK, "utf8"],
    ["in UTF-16, as PowerShell writes it", MARK, "utf16le"],
  ] as const)("%s is its text", (_, mark, encoding) => {
    expect(readTextFile(written("a.txt", `${mark}<p>Grüße 🎉</p>\r\n`, encoding))).toBe("<p>Grüße 🎉</p>\r\n");
  });
});

const mail = (html: string): Dict => ({
  trigger: on.event("user signed up"),
  steps: [
    email("welcome", {
      from: { integrationId: 7 },
      subject: file(written("a.subject.txt", `${MARK}Hi`)),
      html: file(html),
    }),
  ],
});
const keyedOf = (args: Dict): Dict => {
  const { definition, findings: problems } = convert(args, "welcome");
  expect(problems).toEqual([]);
  return definition;
};
const emailIn = (definition: Dict): Dict => (definition as any).actions.welcome.config.inputs.email.value;
const withHtml = (definition: Dict, html: string): Dict => {
  const copy = structuredClone(definition) as any;
  copy.actions.welcome.config.inputs.email.value.html = html;
  return copy.actions;
};

describe("file()", () => {
  it("leaves out the mark, in a body, in a subject and in a design", () => {
    const design = file(written("a.design.json", `${MARK}{ "body": { "rows": [] } }`));
    const step = email("welcome", {
      from: { integrationId: 7 },
      subject: file(written("a.subject.txt", `${MARK}Hi`)),
      html: file(written("a.html", `${MARK}<p>Hi</p>`)),
      design,
    });
    expect(emailIn(keyedOf({ trigger: on.event("user signed up"), steps: [step] }))).toMatchObject({
      subject: "Hi",
      html: "<p>Hi</p>",
      design: { body: { rows: [] } },
    });
  });

  it("is the same body on every machine", () => {
    const lf = keyedOf(mail(written("lf.html", "<p>\n  Hi\n</p>\n")));
    expect(keyedOf(mail(written("crlf.html", "<p>\r\n  Hi\r\n</p>\r\n")))).toEqual(lf);
    const text = (ends: string): Dict =>
      keyedOf({
        trigger: on.event("user signed up"),
        steps: [slack("tell", { slackWorkspace: 1, channel: "C1", text: file(written("slack.txt", `a${ends}b`)) })],
      });
    expect(text("\r\n")).toEqual(text("\n"));
  });
});

describe("an e-mail whose line ends are others in PostHog", () => {
  const unix = keyedOf(mail(written("unix.html", "<p>\n  Hi\n</p>\n")));
  const windows = { ...unix, actions: withHtml(unix, "<p>\r\n  Hi\r\n</p>\r\n") };

  it("is the same e-mail, in either direction, and one with another text is none", () => {
    expect(differences(canonical(unix), canonical(windows))).toEqual([]);
    expect(differences(canonical(windows), canonical(unix))).toEqual([]);
    expect(
      differences(canonical(unix), canonical({ ...unix, actions: withHtml(unix, `${MARK}<p>\r\n  Hi\r\n</p>\r\n`) })),
    ).toEqual([]);
    expect(
      differences(canonical(unix), canonical({ ...unix, actions: withHtml(unix, "<p>\n\n  Hi\n</p>\n") })),
    ).not.toEqual([]);
  });

  it("keeps the mark that PostHog's editor generates its design by", () => {
    const html = "<p>\r\nHi</p>";
    const row = {
      status: "draft",
      name: "welcome",
      actions: [
        {
          id: "m",
          type: "function_email",
          name: "M",
          config: {
            inputs: {
              email: {
                value: {
                  html,
                  design: {
                    schemaVersion: 16,
                    body: { rows: [{ columns: [{ contents: [{ type: "html", values: { html } }] }] }] },
                  },
                },
              },
            },
          },
        },
      ],
      edges: [],
    };
    expect((decode(row) as any).actions.m.config.inputs.email.value).toEqual({ html: "<p>\nHi</p>" });
  });

  const { rig } = useLifecycle();
  it.each([
    ["Windows", "\r\n"],
    ["Linux", "\n"],
  ])("is not rewritten by a machine with other ones: live from %s", async (_, ends) => {
    const it = rig();
    const made = await it.flow.create(
      inputsOf(it, { ...unix, actions: withHtml(unix, `<p>${ends}Hi</p>`), status: "active" }),
    );
    const body = emailIn({
      actions: Object.fromEntries(it.emulator.flow(made.id).actions.map((step: any) => [step.id, step])),
    });
    expect(body["html"]).toBe(`<p>${ends}Hi</p>`);
    const before = it.requests().length;
    for (const other of ["\r\n", "\n"]) {
      const news = inputsOf(it, { ...keyedOf(mail(written("other.html", `<p>${other}Hi</p>`))), status: "active" });
      const checked = (await it.flow.check(made.outs, news)).inputs;
      expect((await it.flow.diff(made.id, made.outs, checked)).changes).toBe(false);
    }
    expect(
      it
        .requests()
        .slice(before)
        .filter((line) => !line.startsWith("GET")),
    ).toEqual([]);
  });
});
