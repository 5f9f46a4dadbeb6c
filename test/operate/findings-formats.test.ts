// Findings as annotations of GitHub and as SARIF: what others wrote cannot break out of its place. And where an error is, out of its text.
import { expect, it } from "vitest";
import { githubAnnotations } from "../../operate/findings/github";
import { sarifLog } from "../../operate/findings/sarif";
import type { ShownFinding } from "../../operate/findings/shown";
import { failuresIn } from "../../operate/program/failures";

const finding = (more: Partial<ShownFinding>): ShownFinding => ({
  rule: "loop",
  severity: "error",
  path: "actions.a",
  what: "no",
  ...more,
});

it("an annotation is one line, and neither its text nor a name in it is a command or a property", () => {
  const text = githubAnnotations([
    finding({
      file: "a,b:c/100%.ts",
      line: 3,
      column: 5,
      flow: "x,line=1::stop\n::error::y",
      what: "50% off\n::warning::no",
      why: "a\r\nb",
    }),
    finding({ severity: "warning", path: "", flow: undefined }),
  ]);
  expect(text.split("\n")).toEqual([
    "::error file=a%2Cb%3Ac/100%25.ts,line=3,col=5,title=x%2Cline=1%3A%3Astop %3A%3Aerror%3A%3Ay%3A loop::50%25 off ::warning::no. a b.%0Aactions.a",
    "::warning title=loop::no.",
  ]);
});

it("a SARIF log has a rule for each finding, and a location only where there is one", () => {
  const log: any = sarifLog([
    finding({ file: "my flows/a.ts", line: 3, flow: "x" }),
    finding({ rule: "program", path: "", flow: undefined }),
    finding({ flow: "x", rule: "loop" }),
  ]);
  const [{ tool, results }] = log.runs;
  expect(tool.driver.rules.map(({ id }: any) => id)).toEqual(["loop", "program"]);
  expect(results.map(({ ruleIndex }: any) => ruleIndex)).toEqual([0, 1, 0]);
  expect(results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: "my%20flows/a.ts", uriBaseId: "%SRCROOT%" },
    region: { startLine: 3 },
  });
  expect(results[1]).not.toHaveProperty("locations");
  expect(results[2].locations).toEqual([{ logicalLocations: [{ name: "x", fullyQualifiedName: "x.actions.a" }] }]);
  expect(sarifLog([])).toMatchObject({ runs: [{ results: [], tool: { driver: { rules: [] } } }] });
});

it.each([
  [
    "Running program '/p/index.ts' failed with an unhandled exception:\nTSError: ⨯ Unable to compile TypeScript:\nflows/a.ts(3,5): error TS2322: Type 'A'\n  is not 'B'.\nb.ts(1,2): error TS1: no",
    [
      { what: "TS2322: Type 'A' is not 'B'.", file: "/p/flows/a.ts", line: 3, column: 5 },
      { what: "TS1: no", file: "/p/b.ts", line: 1, column: 2 },
    ],
  ],
  ["flows/a.ts:3:5 - error TS2322: no", [{ what: "TS2322: no", file: "/p/flows/a.ts", line: 3, column: 5 }]],
  ["error TS5011: set rootDir", [{ what: "TS5011: set rootDir" }]],
  [
    "\u001b[31mError: boom\u001b[0m\n    at f (/p/node_modules/x/i.js:1:1)\n    at new Flow (file:///p/a.ts:7:9)\n    at node:internal/x:1:1",
    [{ what: "boom", file: "/p/a.ts", line: 7, column: 9 }],
  ],
  [
    "/p/a.js:4\nx = ;\n    ^\n\nSyntaxError: Unexpected token",
    [{ what: "SyntaxError: Unexpected token", file: "/p/a.js", line: 4 }],
  ],
  ["a RunError without a stack", [{ what: "a RunError without a stack" }]],
])("an error is read out of its text: %j", (text, expected) => {
  expect(failuresIn(text, "/p").map(({ what, position }) => ({ what, ...position }))).toEqual(expected);
});
