// Colours of the page: text that may lie on a surface has a contrast of 4.5:1 on it, and what is operated or carries meaning 3:1, in light and dark (WCAG 2.2, 1.4.3 and 1.4.11).
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/compile-modules";

const css = readFileSync(path.join(ROOT, "show/app/style/tokens.css"), "utf8");
/** The colours of each block: light, dark by the system, dark by the switch. */
const [light, bySystem, bySwitch] = css
  .split(/color-scheme: (?:light|dark);/)
  .slice(1)
  .map((block) =>
    Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value!])),
  );

const SURFACES = ["page", "surface", "sunken"];
const ON_TEXT: [text: string, surfaces: string[]][] = [
  ["text", [...SURFACES, "accent-soft", "good-soft", "bad-soft", "warn-soft", "info-soft"]],
  ["text-soft", [...SURFACES, "accent-soft", "warn-soft"]],
  ["accent", [...SURFACES, "accent-soft", "warn-soft"]],
  ["on-accent", ["accent"]],
  ...["good", "bad", "warn", "info"].map((name): [string, string[]] => [name, [...SURFACES, `${name}-soft`]]),
];

/** Relative luminance, as WCAG defines it. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

it("the system and the switch give one dark", () => {
  expect(Object.keys(light!).length).toBeGreaterThan(10);
  expect(Object.keys(bySystem!)).toEqual(Object.keys(light!));
  expect(bySwitch).toEqual(bySystem);
});

describe.each([
  ["light", light!],
  ["dark", bySystem!],
])("%s", (_, colours) => {
  it.each(ON_TEXT.flatMap(([text, surfaces]) => surfaces.map((surface) => [text, surface] as const)))(
    "%s is legible on %s",
    (text, surface) => {
      expect(contrast(colours[text]!, colours[surface]!)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(SURFACES)("edges of controls are seen on %s", (surface) => {
    expect(contrast(colours["edge"]!, colours[surface]!)).toBeGreaterThanOrEqual(3);
  });
});
