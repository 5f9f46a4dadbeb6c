// GitHub's command `gh` for tests of recipes: comments and issues are in the JSON file FAKE_GH, with every call. It knows the calls of the recipes, and
// refuses any other.
import { readFileSync, writeFileSync } from "node:fs";

const file = process.env.FAKE_GH;
const state = JSON.parse(readFileSync(file, "utf8"));
const args = process.argv.slice(2);
const after = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
state.calls.push(args);

const known = `${args[0]} ${args[1]}`;
if (!process.env.GH_TOKEN) fail("no GH_TOKEN");
else if (args[0] === "api") api(args.find((arg) => arg.startsWith("repos/")), after("--method") ?? "GET");
else if (known === "label create") state.labels.push(args[2]);
else if (known === "issue list") {
  if (after("--jq") !== ".[0].number // empty" || after("--json") !== "number" || after("--state") !== "open") fail("other options of issue list");
  const [first] = state.issues.filter((issue) => issue.open && issue.label === after("--label"));
  if (first) console.log(first.number);
} else if (known === "issue create") {
  if (!state.labels.includes(after("--label"))) fail("there is no such label");
  else state.issues.push({ number: state.issues.length + 1, open: true, title: after("--title"), label: after("--label"), body: readFileSync(after("--body-file"), "utf8") });
} else if (known === "issue edit") issue().body = readFileSync(after("--body-file"), "utf8");
else if (known === "issue close") issue().open = false;
else fail("not known");
writeFileSync(file, JSON.stringify(state));

function api(at, method) {
  const [, list] = /^repos\/acme\/shop\/issues\/(\d+)\/comments$/.exec(at) ?? [];
  const [, one] = /^repos\/acme\/shop\/issues\/comments\/(\d+)$/.exec(at) ?? [];
  const body = () => readFileSync(after("-F").replace(/^body=@/, ""), "utf8");
  if (list && method === "GET") {
    // The one shape of filter that is understood.
    const [, login, part] = /^\.\[\] \| select\(\.user\.login == "([^"]+)" and \(\.body \| contains\("([^"]+)"\)\)\) \| \.id$/.exec(after("--jq")) ?? fail("another filter");
    for (const comment of state.comments) if (comment.on === list && comment.by === login && comment.body.includes(part)) console.log(comment.id);
  } else if (list && method === "POST") state.comments.push({ id: 100 + state.comments.length, on: list, by: "github-actions[bot]", body: body() });
  else if (one && method === "PATCH") (state.comments.find(({ id }) => String(id) === one) ?? fail("no such comment")).body = body();
  else fail("not known");
}

function issue() {
  return state.issues.find(({ number, open }) => String(number) === args[2] && open) ?? fail("no such issue");
}

function fail(why) {
  console.error(`gh ${args.join(" ")}: ${why}`);
  process.exit(1);
}
