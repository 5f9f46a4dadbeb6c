// Where the API key may go, and what is said when it is kept in clear.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { redact, keyForms } from "../../api/redact";
import { keyFor } from "../../provider/key";

const settings = (host: string, env: Record<string, string> = {}) => ({
  config: {},
  env: { POSTHOG_API_KEY: "phx_abcdefgh", POSTHOG_HOST: host, ...env },
});

describe("a key", () => {
  it.each(["https://posthog.example.com", "http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"])(
    "goes to %s",
    (host) => {
      expect(keyFor(host, settings(host))).toBe("phx_abcdefgh");
    },
  );

  it.each(["http://posthog.example.com", "http://10.0.0.5:8000", "http://localhost.example.com"])(
    "does not go to %s in clear, unless that is wanted",
    (host) => {
      expect(() => keyFor(host, settings(host))).toThrow(
        /is not sent to http:.*not encrypted.*https.*POSTHOG_ALLOW_HTTP=1/,
      );
      expect(() => keyFor(host, settings(host))).not.toThrow(/abcdefgh/);
      expect(keyFor(host, settings(host, { POSTHOG_ALLOW_HTTP: "1" }))).toBe("phx_abcdefgh");
    },
  );

  it("is hidden in lower case and in base64, wherever it stands in what was encoded", () => {
    const key = "phx_AbCdEfGhIjKlMnOp";
    for (const around of ["", "u:", "Bearer "]) {
      const text = `sent ${Buffer.from(`${around}${key}`).toString("base64")} and ${key.toLowerCase()}`;
      const shown = redact(text, keyForms(key));
      expect(shown).toContain("«hidden»");
      expect(shown).not.toContain(key.toLowerCase());
      expect(Buffer.from(shown.split(" ")[1]!.replace("«hidden»", ""), "base64").toString()).not.toContain("AbCdEf");
    }
  });
});

describe("a key in the stack's configuration", () => {
  const said = async (secret: boolean, config: Record<string, string> = { "posthog:apiKey": "phx_abcdefgh" }) => {
    vi.resetModules();
    pulumi.runtime.setAllConfig(config, secret ? ["posthog:apiKey", "hogflow:apiKey"] : []);
    const { configurationFindings } = await import("../../sdk/stack-keys");
    return [...configurationFindings(), ...configurationFindings()];
  };

  it("is a warning in clear, once for a program, and none as a secret", async () => {
    const [first, ...more] = await said(false);
    expect(first).toMatchObject({
      rule: "key-in-clear",
      what: "posthog:apiKey is in the stack's configuration in clear",
      fix: expect.stringContaining("pulumi config set --secret posthog:apiKey"),
    });
    expect(JSON.stringify(first)).not.toContain("abcdefgh");
    expect(more).toEqual([]);
    expect(await said(true)).toEqual([]);
  });

  it("is a warning in clear on the plugin, too, which encrypts it in the state alone", async () => {
    const [first, ...more] = await said(false, { "posthog:provider": "plugin", "hogflow:apiKey": "phx_abcdefgh" });
    expect(first).toMatchObject({
      rule: "key-in-clear",
      what: "hogflow:apiKey is in the stack's configuration in clear",
      why: "Everybody who can read Pulumi.<stack>.yaml can read the key",
      fix: expect.stringContaining("pulumi config set --secret hogflow:apiKey"),
    });
    expect(more).toEqual([]);
    expect(await said(false, { "hogflow:apiKey": "phx_abcdefgh" })).toEqual([]);
  });

  it("is a warning where the plugin cannot see it, and none where it sees another", async () => {
    const key = "phx_abcdefgh";
    const chosen = { "posthog:provider": "plugin", "posthog:apiKey": key, "posthog:adoptFrom": "shop/dev" };
    const [unseen, adoptFrom, ...more] = await said(true, chosen);
    expect(unseen).toMatchObject({
      rule: "key-unseen",
      what: "the plugin does not see posthog:apiKey",
      fix: expect.stringContaining("pulumi config set --secret hogflow:apiKey, or in the environment"),
    });
    expect(adoptFrom).toMatchObject({ fix: "Set it with: pulumi config set hogflow:adoptFrom" });
    expect(more).toEqual([]);
    expect(JSON.stringify(unseen)).not.toContain("abcdefgh");
    const both = { ...chosen, "hogflow:apiKey": key, "hogflow:adoptFrom": "shop/dev" };
    expect(await said(true, both)).toEqual([]);
    vi.stubEnv("POSTHOG_API_KEY", key);
    expect(await said(true, { "posthog:provider": "plugin", "posthog:apiKey": key })).toEqual([]);
    expect(await said(true, { "posthog:apiKey": key })).toEqual([]);
    vi.unstubAllEnvs();
  });
});
