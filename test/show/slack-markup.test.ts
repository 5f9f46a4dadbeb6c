// Slack's markup in words: what is read in a list, and what a card makes of it.
import { expect, it } from "vitest";
import { plainSlack, slackPieces } from "../../show/app/slack-markup";

it.each([
  [":bar_chart: *12* sign-ups", "📊 12 sign-ups"],
  ["<https://acme.com/a|See the *insight*>", "See the *insight*"],
  ["<https://acme.com/a?b&amp;c>", "https://acme.com/a?b&c"],
  ["*_both_* ~gone~ `a_b`", "both gone a_b"],
  ["snake_case_name and 2*3*4", "snake_case_name and 2*3*4"],
  ["<@U1> <#C1|general> <!here>", "@U1 #general @here"],
  [":our-logo: at 10:30:15, :constructor:", ":our-logo: at 10:30:15, :constructor:"],
  ["a\n```code *as it is*```", "a\ncode as it is"],
  ["&lt;b&gt; :+1:", "<b> 👍"],
])("%s is read as %s", (text, plain) => expect(plainSlack(text)).toBe(plain));

it("has pieces for a card", () => {
  expect(slackPieces("a *b <https://acme.com|c>*")).toEqual([
    { kind: "text", text: "a " },
    {
      kind: "bold",
      pieces: [
        { kind: "text", text: "b " },
        { kind: "link", text: "c", url: "https://acme.com" },
      ],
    },
  ]);
});
