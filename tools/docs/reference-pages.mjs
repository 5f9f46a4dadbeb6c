// The pages of the reference, one for each entry of the package, and what stands together on each.

const inside =
  (...folders) =>
  (file) =>
    folders.some((folder) => file.startsWith(`${folder}/`));
const files =
  (...names) =>
  (file) =>
    names.includes(file);

/**
 * Groups in their order on the page. An export stands in the first whose `has` takes the file that declares it, else in the one without `has`.
 * `fence` is the language of the examples, where they are no programs.
 */
export const REFERENCE_PAGES = [
  {
    file: "docs/reference.md",
    title: "Reference",
    text: "Every export of `pulumi-hogflow`, from its docstring: what programs import. There are pages for [the functions of the command](reference-operate.md), [testing](reference-testing.md), [policies](reference-policy.md) and [the emulator](reference-emulator.md), too.",
    declarations: "sdk/index.d.ts",
    hides: ["HogFlowConstructor"],
    groups: [
      { title: "Resources", text: "What a program makes, and what it takes." },
      {
        title: "Steps",
        text: "Functions that make steps and paths, and what they take. The first argument of a step is its id.",
        has: (file) => file.startsWith("sdk/steps/") && file !== "sdk/steps/triggers",
      },
      { title: "Triggers", text: "What starts a run.", has: files("sdk/steps/triggers") },
      {
        title: "Values",
        text: "What steps, triggers and settings refer to: properties, conditions, events, variables, texts, lengths and times.",
        has: inside("sdk/values"),
      },
      {
        title: "The keyed form",
        text: "Types of `actions`: steps by id, in PostHog's names in camelCase.",
        has: files("definition/schema/types"),
        fence: "js",
      },
    ],
  },
  {
    file: "docs/reference-operate.md",
    title: "Reference: what the command does, as functions",
    text: "Every export of `pulumi-hogflow/operate`, from its docstring. Each takes its client, clock and log as parameters, prints nothing, and throws `PostHogApiError` or `OperateError`.",
    declarations: "operate/index.d.ts",
    groups: [
      { title: "Connection and settings", text: "A client for PostHog, the Pulumi project, and what is thrown." },
      {
        title: "Taking over what exists",
        text: "Programs and types from what PostHog has: `hogflow pull`, `hogflow templates`.",
        has: (file) =>
          inside("operate/pull")(file) ||
          files("operate/program-text", "operate/templates", "operate/template-types", "operate/write-file")(file),
      },
      {
        title: "Reviewing",
        text: "What a preview means for people: `hogflow review`, `hogflow simulate`, `hogflow validate`.",
        has: (file) =>
          inside("operate/review", "operate/change")(file) ||
          files("operate/simulate", "operate/mask", "operate/validate")(file),
      },
      {
        title: "Drawing",
        text: "Flows as Mermaid: `hogflow graph`.",
        has: (file) => inside("operate/graph")(file) || files("operate/flow-source")(file),
      },
      {
        title: "Drift and history",
        text: "What somebody changed, and what was before: `hogflow drift`, `hogflow history`.",
        has: (file) => inside("operate/drift", "operate/history")(file) || files("operate/stack-state")(file),
      },
      {
        title: "Running flows",
        text: "What ran, and what is run: `hogflow runs`, `logs`, `metrics`, `test`, `batch`, `audience`, `bulk-delete`.",
        has: files(
          ...[
            "audience",
            "batch",
            "bulk-delete",
            "find-flow",
            "flow-file",
            "logs",
            "metrics",
            "read-flows",
            "runs",
            "test-run",
          ].map((name) => `operate/${name}`),
        ),
      },
    ],
  },
  {
    file: "docs/reference-testing.md",
    title: "Reference: testing",
    text: "Every export of `pulumi-hogflow/testing`, from its docstring. The matchers of `pulumi-hogflow/testing/vitest` are in [Testing flows](testing.md).",
    declarations: "testing/index.d.ts",
    groups: [
      { title: "Simulating", text: "A flow, who goes through it, and what is asked about it." },
      { title: "What happens around a flow", text: "The scenario of a simulation.", has: inside("simulator/input") },
      { title: "What came of it", text: "The result of a simulation.", has: inside("simulator/result") },
      {
        title: "Many people",
        text: "Coverage, differences and people at random.",
        has: (file) => inside("simulator/many", "simulator/arbitrary")(file) || file === "testing/many",
      },
      { title: "Assertions", text: "For any test runner.", has: inside("testing/assert") },
    ],
  },
  {
    file: "docs/reference-policy.md",
    title: "Reference: policies",
    text: "Every export of `pulumi-hogflow/policy`, from its docstring: for policy packs. What each policy demands is in [Policies](policy.md).",
    declarations: "policy/index.d.ts",
    groups: [
      { title: "Policies", text: "Those of this package, your own, and the test of a pack." },
      {
        title: "What a policy sees",
        text: "Flows and schedules, whichever language they come from.",
        has: files("policy/resources"),
      },
      {
        title: "What a policy finds",
        text: "Findings, as they become messages.",
        has: files("policy/finding", "policy/rule"),
      },
    ],
  },
  {
    file: "docs/reference-emulator.md",
    title: "Reference: the emulator",
    text: "Every export of `pulumi-hogflow/emulator`, from its docstring: a local PostHog Workflows API for tests.",
    declarations: "emulator/index.d.ts",
    groups: [{ title: "The emulator", text: "Starting it, and its levers." }],
  },
];
