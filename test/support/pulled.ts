// What a pulled program means: it is run with stand-ins for Pulumi's resources and configuration, and its arguments are read.
import { createRequire } from "node:module";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { expect } from "vitest";
import type { PulledFlow } from "../../operate/pull";
import { canonical, definitionOf } from "../../definition/canonical/canonical";
import { decode } from "../../definition/canonical/decode";
import { inputItems } from "../../definition/canonical/secrets";
import { convert } from "../../sdk/convert";
import * as sdk from "../../sdk";

type Json = Record<string, any>;
const require = createRequire(import.meta.url);

export interface Made {
  kind: "flow" | "schedule";
  name: string;
  args: Json;
  options?: Json;
}

/** Runs a written program; its files are the ones that were written with it. */
export function runText({ files }: Pick<PulledFlow, "files">): Made[] {
  const made: Made[] = [];
  const [program, ...bodies] = files;
  const capture = (kind: Made["kind"]) =>
    function (this: object, name: string, args: Json, options?: Json) {
      made.push({ kind, name, args, ...(options === undefined ? {} : { options }) });
    };
  const texts = new Map(bodies.map((body) => [body.path, body.text]));
  const file = (name: string): unknown => {
    const text = texts.get(name) ?? expect.fail(`there is no ${name}`);
    return name.endsWith(".json") ? JSON.parse(text) : text;
  };
  const names: Json = {
    "pulumi-hogflow": { ...sdk, file, HogFlow: capture("flow"), HogFlowSchedule: capture("schedule") },
    "@pulumi/pulumi": {
      ...pulumi,
      Config: class {
        requireSecret = (key: string): pulumi.Output<string> => pulumi.secret(`the secret ${key}`);
      },
    },
  };
  const evaluate = (text: string): Json => {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    });
    const exported = {};
    new Function("require", "exports", outputText)(
      (name: string) => names[name] ?? beside(name) ?? require(name),
      exported,
    );
    return exported;
  };
  // Such as the senders that programs share.
  const beside = (name: string): Json | undefined => {
    const wanted = path.posix.join(path.posix.dirname(program!.path), name.replace(/\.js$/, ""));
    const text = texts.get(`${wanted}.ts`);
    return name.startsWith("./") && text !== undefined ? evaluate(text) : undefined;
  };
  evaluate(program!.text);
  return made;
}

/** The definition that the arguments mean; secrets, which are outputs, as PostHog shows them. */
export function meaning({ name, args }: Made): Json {
  const { definition, findings: problems } = convert(args, name);
  // What a newer PostHog answers with beside the definition is said, and stops nothing.
  expect(problems.filter(({ rule }) => rule !== "newer-key")).toEqual([]);
  return withoutSecrets(canonical(definitionOf(definition)));
}

function withoutSecrets(definition: Json): Json {
  for (const { key, item, inputs } of [...inputItems(definition)]) {
    if (pulumi.Output.isInstance((item as Json)?.["value"]) || (item as Json)?.["secret"] === true)
      inputs[key] = { secret: true };
  }
  const { status: _, ...content } = definition;
  return content;
}

/** The program takes the live flow over, and makes it as it is. */
export function expectFaithful(flow: any, pulled: PulledFlow): void {
  const [made] = runText(pulled);
  expect(made).toMatchObject({ kind: "flow", args: { adopt: flow.id } });
  expect(meaning(made!)).toEqual(withoutSecrets(decode(flow)));
}
