// Which key of a provider's configuration goes where: one that a program gives its own provider wins over the environment, that of the stack does not.
import { expect, it } from "vitest";
import { settingsOf } from "../../plugin/configuration";

const given = { apiKey: "phx_mine", host: "https://eu.posthog.com/" };

it.each(["", "default", "default_1_2_3", "default_https_://example.com"])(
  "leaves the key of the engine's own provider, called %j, to the environment",
  (name) => expect(settingsOf(given, name, {})).toEqual({ "posthog:apiKey": "phx_mine", "posthog:host": given.host }),
);

it("binds the key of a provider that the program makes to its host, and keeps the keys of others", () => {
  for (const apiKeys of [{ "https://ph.example": "phx_other" }, '{ "https://ph.example": "phx_other" }'])
    expect(JSON.parse(settingsOf({ ...given, apiKeys }, "eu", {})["posthog:apiKeys"]!)).toEqual({
      "https://ph.example": "phx_other",
      "https://eu.posthog.com": "phx_mine",
    });
  expect(JSON.parse(settingsOf({ apiKey: "phx_mine" }, "eu", {})["posthog:apiKeys"]!)).toEqual({
    "https://us.posthog.com": "phx_mine",
  });
});
