// How large a page is: fifty flows with personal e-mails stay in one file that can be attached, and where they cannot, the largest e-mails are left out, which is said.
import { describe, expect, it } from "vitest";
import type { ShowData } from "../../../show/data";
import { fitted } from "../../../operate/show/fit-page";
import { showData } from "../../../operate/show/show-data";
import { dataIn } from "../../../show/app/unpack";
import { sampleShowData } from "../../support/show-sample";
import { flowOf, mail, MONDAY, stack, stays, wait } from "./stacks";

/** A newsletter of tables with inline styles, some 20 KB, with the reader's name in several places. No two are alike. */
const newsletter = (seed: number): string =>
  Array.from({ length: 60 }, (_, i) => {
    const words = Array.from(
      { length: 12 },
      (_, k) => WORDS[Math.floor(random(seed * 1000 + i * 12 + k) ** 2 * WORDS.length)],
    );
    return `<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="border-collapse:collapse"><tr><td style="padding:0 24px 16px;font:400 16px/24px Helvetica,Arial,sans-serif;color:#344054">${i % 15 === 0 ? "Dear {{ person.properties.first_name }}, " : ""}${words.join(" ")}. <a href="https://example.com/${seed}/${i}" style="color:#1d4aff">${words[0]}</a></td></tr></table>`;
  }).join("\n");
const random = (seed: number): number => Math.abs(Math.sin(seed * 12.9898) * 43758.5453) % 1;
const WORDS = Array.from({ length: 1000 }, (_, i) => Math.floor(random(i + 7) * 36 ** 6).toString(36));

describe("a page of fifty flows with twenty steps, for five people", () => {
  const flows = Array.from({ length: 50 }, (_, flow) =>
    stays(
      `flow-${flow}`,
      flowOf(
        `Flow ${flow}`,
        Array.from({ length: 20 }, (_, step) =>
          step % 2 === 0
            ? mail(`Mail ${flow} ${step}`, { html: `${newsletter(flow * 20 + step)}<p>{{ unsubscribe_url }}</p>` })
            : wait("2d"),
        ),
        { status: "active" },
      ),
    ),
  );
  const people = ["Ada", "Grace", "Edsger", "Barbara", "Donald"].map((name) => ({
    name,
    scenario: {
      person: { properties: { first_name: name, email: `${name.toLowerCase()}@example.com` } },
      trigger: "user signed up",
    },
  }));

  it("is below 5 MB with every e-mail of everybody", async () => {
    const data = showData({ title: "fifty", version: "1", now: MONDAY, preview: stack(...flows), people });
    expect(data.deliveries).toHaveLength(50 * 10 * 5);
    const { packed, data: kept } = fitted(data);
    expect(packed.length).toBeLessThan(4_500_000);
    expect(kept).toBe(data);
    const back = await dataIn(packed);
    expect(back.contents[7]).toEqual(data.contents[7]);
  });
});

describe("a page that is too large", () => {
  const data: ShowData = {
    ...sampleShowData(),
    contents: [300, 90_000, 50_000, 400].map((size, i) => ({
      channel: "email",
      text: `Mail ${i}`,
      html: Array.from({ length: size / 10 }, (_, k) =>
        random(i * 100_000 + k)
          .toString(36)
          .slice(2, 12),
      ).join(""),
      links: [],
      gaps: [],
    })),
  };

  it("leaves out the HTML of the largest e-mails, no more than it takes, and says so", () => {
    const { data: fewer, packed } = fitted(data, 60_000);
    expect(packed.length).toBeLessThanOrEqual(60_000);
    expect(fewer.contents.map(({ html }) => html !== undefined)).toEqual([true, false, true, true]);
    expect(fewer.contents.map(({ isHtmlLeftOut }) => isHtmlLeftOut)).toEqual([undefined, true, undefined, undefined]);
    expect(fewer.contents[1]!.text).toBe("Mail 1");
    expect(fewer.notes.at(-1)).toBe(
      "One e-mail is shown without its HTML, because the page would be too large for a file of 5 MB. Show fewer flows, by their names, to see everything.",
    );
    expect(fitted(data, 30_000).data.notes.at(-1)).toMatch(/^2 e-mails are shown without their HTML/);
  });
});
