// Where links lead, what is not filled, and what a Slack message says.
import { describe, expect, it } from "vitest";
import { deadReason } from "../../../operate/show/dead-links";
import { expressionWords } from "../../../operate/show/gaps";
import { slackText } from "../../../operate/show/slack-text";
import { endWords, inWords } from "../../../operate/show/stories";
import type { Run } from "../../../simulator/result/run";

describe("a link leads nowhere", () => {
  it.each([
    ["", "it is empty"],
    ["  ", "it is empty"],
    ["#", "`#` is a placeholder"],
    ["https://acme.com/{{ path }}", "a placeholder in it is not filled"],
    ["https://acme.com/%7B%7Bpath%7D%7D", "a placeholder in it is not filled"],
    ["*|UNSUB|*", "a placeholder in it is not filled"],
    ["http://", "it is no address"],
    ["https://example.com/pricing", "example.com is a name for examples and tests"],
    ["https://www.acme.example/", "www.acme.example is a name for examples and tests"],
    ["http://localhost:3000/", "localhost is a name for examples and tests"],
    ["http://127.0.0.1/", "127.0.0.1 is a name for examples and tests"],
    ["https://your-domain.com/", "it is a placeholder"],
    ["https://acme.com/TODO", "it is a placeholder"],
    ["/pricing", "it has no `https://`, and a mailbox knows no site that it belongs to"],
    ["www.acme.com", "it has no `https://`, and a mailbox knows no site that it belongs to"],
    ["javascript:alert(1)", "mailboxes run no scripts"],
    [" JavaScript:alert(1)", "mailboxes run no scripts"],
    ["data:text/html,x", "mailboxes do not open data"],
    ["file:///etc/passwd", "it is a file of one machine"],
    ["mailto:", "it has no address"],
    ["tel:", "it has no number"],
  ])("%s", (url, reason) => expect(deadReason(url)).toBe(reason));

  it.each([
    "https://acme.com",
    "https://acme.com/todo-lists#x",
    "//acme.com/x",
    "#section",
    "mailto:hello@acme.com?subject=Hi",
    "tel:+49 30 123",
    "acme-app://open",
    "https://unsubscribe.invalid/?to=ada%40acme.com",
    "https://latest.acme.com/",
  ])("not %s", (url) => expect(deadReason(url)).toBeUndefined());
});

it.each([
  ["{{ person.properties.first_name }}", "first_name"],
  ['{{ person.properties.first_name | default: "there" }}', "first_name"],
  ["{{- event.properties.items[0].title -}}", "items[0].title"],
  ["{person.properties.plan}", "plan"],
  ['{person.properties.plan ?? "free"}', "plan"],
  ["{person.properties.plan ?? …}", "plan"],
])("the expression %s is called %s", (expression, words) => expect(expressionWords(expression)).toContain(words));

describe("a Slack message", () => {
  it("is its text, with the links in it", () => {
    expect(slackText({ text: "*Hi* <https://acme.com|see> <@U1> <https://acme.com/b>" })).toEqual({
      text: "*Hi* <https://acme.com|see> <@U1> <https://acme.com/b>",
      links: [
        { url: "https://acme.com", text: "see" },
        { url: "https://acme.com/b", text: "https://acme.com/b" },
      ],
    });
  });

  it("is what its blocks say, where it has blocks", () => {
    const blocks = [
      { type: "header", text: { type: "plain_text", text: "News" } },
      { type: "divider" },
      { type: "section", text: { type: "mrkdwn", text: "One" }, fields: [{ type: "mrkdwn", text: "Two" }] },
      {
        type: "context",
        elements: [
          { type: "mrkdwn", text: "Three" },
          { type: "image", alt_text: "Logo" },
        ],
      },
      {
        type: "actions",
        elements: [{ type: "button", url: "https://acme.com", text: { type: "plain_text", text: "Open" } }],
      },
      null,
      7,
    ];
    expect(slackText({ text: "in the notification", blocks })).toEqual({
      text: "News\n———\nOne\nTwo\nThree\n[image: Logo]\n[Open]",
      links: [{ url: "https://acme.com", text: "Open" }],
    });
  });

  it("may be nothing", () => expect(slackText({})).toEqual({ text: "", links: [] }));
});

it("says durations of a story in whole words", () => {
  expect(inWords('waits for "project created", at most 5d')).toBe('waits for "project created", at most 5 days');
  expect(inWords("nothing came within 1h")).toBe("nothing came within 1 hour");
  expect(inWords("the version 5d is out")).toBe("the version 5d is out");
});

it("says how a run ends", () => {
  const ended = (how: Run["end"]["how"], reason: string) =>
    endWords({ end: { how, reason, status: "completed", at: "", after: 0 } } as Run);
  expect(ended("exit", "reached the exit")).toBe("reaches the end");
  expect(ended("conversion", "")).toBe("leaves: converted");
  expect(ended("failed", "no recipient")).toBe("ends because a step failed (no recipient)");
});
