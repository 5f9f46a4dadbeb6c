// GitHub's command `gh` for tests of recipes: comments and issues are in the JSON file FAKE_GH, with every call. It knows the calls of the recipes,
// takes the flags that gh has for them, and refuses any other.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** Flags of each command as its manual lists them: `string` takes a value, `boolean` none, and those with `*` may be repeated (https://cli.github.com/manual). */
const FLAGS = {
  "issue list": {
    string: [
      "app",
      "assignee",
      "author",
      "jq",
      "json",
      "label*",
      "limit",
      "mention",
      "milestone",
      "search",
      "state",
      "template",
      "repo",
    ],
    boolean: ["web"],
    positional: 0,
  },
  "issue create": {
    string: [
      "assignee*",
      "body",
      "body-file",
      "label*",
      "milestone",
      "project*",
      "recover",
      "template",
      "title",
      "repo",
    ],
    boolean: ["editor", "web"],
    positional: 0,
  },
  "issue edit": {
    string: [
      "add-assignee*",
      "add-label*",
      "add-project*",
      "body",
      "body-file",
      "milestone",
      "remove-assignee*",
      "remove-label*",
      "remove-project*",
      "title",
      "repo",
    ],
    boolean: ["remove-milestone"],
    positional: 1,
  },
  "issue close": { string: ["comment", "reason", "duplicate-of", "repo"], boolean: [], positional: 1 },
  "label create": { string: ["color", "description", "repo"], boolean: ["force"], positional: 1 },
  api: {
    string: ["cache", "field*", "header*", "hostname", "input", "jq", "method", "preview*", "raw-field*", "template"],
    boolean: ["include", "paginate", "silent", "slurp", "verbose"],
    positional: 1,
  },
};
/** Short forms that the recipes use. */
const SHORT = { field: "F" };
/** Longest text that GitHub takes. */
const LONGEST_BODY = 65_536;

const file = process.env.FAKE_GH;
const state = JSON.parse(readFileSync(file, "utf8"));
const args = process.argv.slice(2);
state.calls.push(args);
const name = args[0] === "api" ? "api" : args.slice(0, 2).join(" ");
const { values, positionals } = read();

if (!process.env.GH_TOKEN) fail("no GH_TOKEN");
// Where there is no clone with a remote, it is told which repository.
if (name !== "api" && process.env.GH_REPO !== "acme/shop") fail("no GH_REPO");
if (name === "api") api(positionals[0], values.method ?? "GET");
else if (name === "label create") state.labels.push(positionals[0]);
else if (name === "issue list") {
  if (values.jq !== ".[0].number // empty" || values.json !== "number" || values.state !== "open")
    fail("other options of issue list");
  const [first] = state.issues.filter((issue) => issue.open && values.label.every((label) => issue.label === label));
  if (first) console.log(first.number);
} else if (name === "issue create") {
  const { title } = values;
  // Nobody is there to be asked.
  if (!title) fail("must provide --title and --body");
  for (const label of values.label ?? [])
    if (!state.labels.includes(label)) fail(`could not add label: '${label}' not found`);
  state.issues.push({
    number: state.issues.length + 1,
    open: true,
    title,
    label: values.label[0],
    body: bodyOf(values["body-file"]),
  });
} else if (name === "issue edit") issue().body = bodyOf(values["body-file"]);
else issue().open = false;
writeFileSync(file, JSON.stringify(state));

function read() {
  const flags = FLAGS[name] ?? fail("not known");
  const option = (type) => (text) => {
    const flag = text.replace("*", "");
    return [flag, { type, multiple: text.endsWith("*"), ...(SHORT[flag] ? { short: SHORT[flag] } : {}) }];
  };
  try {
    const options = Object.fromEntries([
      ...flags.string.map(option("string")),
      ...flags.boolean.map(option("boolean")),
    ]);
    const parsed = parseArgs({ args: args.slice(name.split(" ").length), options, allowPositionals: true });
    if (parsed.positionals.length !== flags.positional) fail(`takes ${flags.positional} arguments`);
    return parsed;
  } catch (error) {
    return fail(error.message);
  }
}

function api(at, method) {
  const [, list] = /^repos\/acme\/shop\/issues\/(\d+)\/comments$/.exec(at) ?? [];
  const [, one] = /^repos\/acme\/shop\/issues\/comments\/(\d+)$/.exec(at) ?? [];
  const body = () => {
    const [field, ...more] = values.field ?? [];
    if (more.length > 0 || !field?.startsWith("body=@")) fail("another body");
    return bodyOf(field.slice("body=@".length));
  };
  if (list && method === "GET") {
    // Fields would make it a POST.
    if (values.field || !values.paginate) fail("another way to list");
    // The one shape of filter that is understood.
    const [, login, part] =
      /^\.\[\] \| select\(\.user\.login == "([^"]+)" and \(\.body \| contains\("([^"]+)"\)\)\) \| \.id$/.exec(
        values.jq,
      ) ?? fail("another filter");
    for (const comment of state.comments)
      if (comment.on === list && comment.by === login && comment.body.includes(part)) console.log(comment.id);
  } else if (list && method === "POST")
    state.comments.push({ id: 100 + state.comments.length, on: list, by: "github-actions[bot]", body: body() });
  else if (one && method === "PATCH")
    (state.comments.find(({ id }) => String(id) === one) ?? fail("no such comment")).body = body();
  else fail("not known");
}

function bodyOf(path) {
  const text = readFileSync(path ?? fail("no body"), "utf8");
  if (text === "") fail("body can't be blank");
  if (text.length > LONGEST_BODY) fail(`body is too long (maximum is ${LONGEST_BODY} characters)`);
  return text;
}

function issue() {
  return state.issues.find(({ number, open }) => String(number) === positionals[0] && open) ?? fail("no such issue");
}

function fail(why) {
  console.error(`gh ${args.join(" ")}: ${why}`);
  process.exit(1);
}
