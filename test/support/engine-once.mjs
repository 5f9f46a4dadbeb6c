// The files of test/engine that run on one transport alone, each with the reason. All others are about the lifecycle and run on both: the suite engine has
// them on the dynamic provider, engine-plugin on the plugin. docs/plugin.md says what may differ.

/**
 * By the name of the file in test/engine, without `.test.ts`.
 * @type {Readonly<Record<string, string>>}
 */
export const ENGINE_ONCE = {
  acceptance: "npm run acceptance takes the dynamic provider, and the plugin for import",
  "acceptance-kill": "is about the script",
  "day-one": "what hogflow init writes has the dynamic provider",
  demo: "npm run demo shows the dynamic provider",
  examples: "the SDK registers one thing for both, and reference-flows brings up real flows on both",
  "gitlab-recipe": "a pipeline around commands, whose states operate and review-people read on both",
  "language-go": "has the plugin in any case",
  "language-python": "has the plugin in any case",
  "language-sdks": "has the plugin in any case",
  "language-yaml": "has the plugin in any case",
  "older-stub": "only states of the dynamic provider hold a stub",
  package: "how the package is packed and installed; the plugin is a file in it",
  plugin: "chooses the plugin itself",
  "plugin-install": "installs the plugin itself",
  "plugin-moves": "moves between the two itself",
  policy: "has both transports itself",
  programs: "how Node runs a program, before there is a provider",
  pull: "writes a program for a live flow; of a state it reads what operate reads",
  recipes: "a pipeline around commands, whose states operate and review-people read on both",
  smoke: "the support of these tests, on a dynamic provider that is none of ours",
};
