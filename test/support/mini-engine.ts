// What the engine does with one resource, for tests that need thousands of runs: the order of calls, what is kept in state, what an error leaves,
// and where secrets are marked. The engine's own tests run the real engine; this is no stand-in for it there.
import { ProviderError, type CheckFailure, type Kind, type Properties, type ProviderProcess } from "./provider-process";

export interface ResourceState {
  id: string;
  inputs: Properties;
  outputs: Properties;
  initErrors: string[];
}

export type Operation = "same" | "create" | "update" | "replace";

export interface Plan {
  op: Operation;
  inputs: Properties;
  /** What diff answered; absent for a creation. */
  changes?: "some" | "none" | "unknown";
}

export class CheckFailed extends Error {
  constructor(readonly failures: CheckFailure[]) {
    super(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    this.name = "CheckFailed";
  }
}

/** The calls of a provider, wherever it runs. */
export type Served = Pick<ProviderProcess, "keepsMarks" | "check" | "diff" | "create" | "read" | "update" | "delete">;

export class MiniEngine {
  state: ResourceState | undefined;

  constructor(
    /** May be exchanged between runs: each run of the engine has a provider process of its own. */
    public provider: Served,
    readonly kind: Kind,
  ) {}

  /** Check and diff, as a preview does them. */
  async plan(program: Properties): Promise<Plan> {
    const { state, kind, provider } = this;
    const inputs = await this.checked(state?.inputs ?? {}, program);
    if (!state) return { op: "create", inputs };
    const diff = await provider.diff(kind, state.id, this.sent(state.outputs), this.sent(inputs));
    // The engine asks about a replacement with nothing known of the old resource.
    if (diff.replaces.length > 0)
      return { op: "replace", inputs: await this.checked({}, program), changes: diff.changes };
    const changed = diff.changes === "some" || (diff.changes === "unknown" && !sameInputs(state.inputs, inputs));
    return { op: changed || state.initErrors.length > 0 ? "update" : "same", inputs, changes: diff.changes };
  }

  /** Throws what the provider threw, after keeping of it what the engine keeps. */
  async up(program: Properties): Promise<Operation> {
    const { op, inputs } = await this.plan(program);
    if (op === "same") this.state = { ...this.state!, inputs };
    else if (op === "update") await this.update(inputs);
    else {
      if (op === "replace") await this.destroy();
      await this.create(inputs);
    }
    return op;
  }

  /** `pulumi up --target-replace`: no diff is asked, and nothing of the old resource is known to check. */
  async replaceTarget(program: Properties): Promise<void> {
    const inputs = await this.checked({}, program);
    await this.destroy();
    await this.create(inputs);
  }

  private async checked(olds: Properties, program: Properties): Promise<Properties> {
    const { inputs, failures } = await this.provider.check(this.kind, this.sent(olds), this.sent(program));
    if (failures.length > 0) throw new CheckFailed(failures);
    return this.kept(inputs, program);
  }

  /** To a provider that does not keep marks, values go without them. */
  private sent(properties: Properties): Properties {
    return this.provider.keepsMarks ? properties : plain(properties);
  }

  /** What such a provider answers is marked where what was sent was. */
  private kept(answer: Properties, sent: Properties): Properties {
    return this.provider.keepsMarks ? answer : annotated(answer, sent);
  }

  private async create(inputs: Properties): Promise<void> {
    try {
      const { id, outputs } = await this.provider.create(this.kind, this.sent(inputs));
      this.state = { id, inputs, outputs: this.kept(outputs, inputs), initErrors: [] };
    } catch (error) {
      this.keepPartial(error, inputs);
      throw error;
    }
  }

  private async update(inputs: Properties): Promise<void> {
    const { id, outputs } = this.state!;
    try {
      const answer = await this.provider.update(this.kind, id, this.sent(outputs), this.sent(inputs));
      this.state = { id, inputs, outputs: this.kept(answer, inputs), initErrors: [] };
    } catch (error) {
      this.keepPartial(error, inputs);
      throw error;
    }
  }

  private keepPartial(error: unknown, inputs: Properties): void {
    if (!(error instanceof ProviderError) || error.id === undefined) return;
    this.state = {
      id: error.id,
      inputs,
      outputs: this.kept(error.properties ?? {}, inputs),
      initErrors: error.reasons ?? [],
    };
  }

  /** Takes what is live into the state; answers whether that changed the inputs, or that the resource is gone. */
  async refresh(): Promise<"same" | "changed" | "gone"> {
    const { state, kind, provider } = this;
    if (!state) throw new Error("there is nothing to refresh");
    const read = await provider.read(kind, state.id, this.sent(state.outputs));
    if (read.id === "") {
      this.state = undefined;
      return "gone";
    }
    const inputs = this.kept(read.inputs ?? state.inputs, state.inputs);
    const outputs = this.kept(read.outputs, state.outputs);
    // The roles are turned round: what is live is the old side.
    const diff = await provider.diff(kind, state.id, this.sent(outputs), this.sent(state.inputs));
    const changed =
      diff.changes === "some" ||
      diff.replaces.length > 0 ||
      (diff.changes === "unknown" && !sameInputs(state.inputs, inputs));
    this.state = { id: read.id, inputs, outputs, initErrors: [] };
    return changed ? "changed" : "same";
  }

  async destroy(): Promise<void> {
    if (!this.state) return;
    await this.provider.delete(this.kind, this.state.id, this.sent(this.state.outputs));
    this.state = undefined;
  }
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isSecret = (value: unknown): value is { value: any } => isObject(value) && value[SIGNATURE] === SECRET;
export const secret = (value: unknown): Properties => ({ [SIGNATURE]: SECRET, value });

/** Without marks, as a provider gets its properties. */
export function plain<T>(value: T): T {
  if (isSecret(value)) return plain(value.value) as T;
  if (Array.isArray(value)) return value.map(plain) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) as T;
}

/** What came back, marked at the paths where what was sent had marks. */
export function annotated(answer: Properties, sent: Properties): Properties {
  return Object.fromEntries(
    Object.entries(answer).map(([key, item]) => [
      key,
      Object.hasOwn(sent, key) ? annotatedValue(item, sent[key]) : item,
    ]),
  );
}

function annotatedValue(answer: any, sent: any): any {
  if (isSecret(answer)) return answer;
  if (isSecret(sent)) return secret(answer);
  if (isObject(answer) && isObject(sent)) return annotated(answer, sent);
  if (Array.isArray(answer) && Array.isArray(sent)) return answer.map((item, i) => annotatedValue(item, sent[i]));
  return answer;
}

/** The engine's own comparison of inputs, which passes over members whose names begin with two underscores. */
export function sameInputs(a: unknown, b: unknown): boolean {
  if (isSecret(a) || isSecret(b)) return isSecret(a) === isSecret(b) && sameInputs(plain(a), plain(b));
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => sameInputs(item, b[i]));
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !key.startsWith("__"));
  return keys.every((key) => Object.hasOwn(a, key) && Object.hasOwn(b, key) && sameInputs(a[key], b[key]));
}

/** The paths at which this value stands in clear, outside every mark. */
export function inClear(value: unknown, text: string, path = "$"): string[] {
  if (isSecret(value)) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => inClear(item, text, `${path}[${i}]`));
  if (isObject(value))
    return Object.entries(value).flatMap(([key, item]) => [
      ...(key.includes(text) ? [`${path}.${key} (key)`] : []),
      ...inClear(item, text, `${path}.${key}`),
    ]);
  return String(value).includes(text) ? [path] : [];
}
