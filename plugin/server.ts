// The lifecycle as the gRPC service that the engine calls: the adapter for a plugin, as provider/dynamic.ts is the one for dynamic providers.
import {
  Metadata,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { systemClock, type Clock } from "../api";
import { parseOwner } from "../definition/canonical/marker";
import { same, type Dict } from "../definition/canonical/values";
import { packageVersion, pluginDownloadUrl } from "../definition/package";
import { FLOW_OUTPUTS, SCHEDULE_OUTPUTS, type OutputRow } from "../definition/flags";
import { nameIn, ownerUrn, PLUGIN_TYPES, typeIn } from "../definition/resource-types";
import { FLOW_STUB, SCHEDULE_STUB } from "../definition/stub";
import { pluginTarget } from "../definition/target";
import { Secrets } from "../provider/boundary";
import type { Diff, Lifecycle } from "../provider/calls";
import { engineFailure, PartialError } from "../provider/errors";
import { flowLifecycle } from "../provider/flow/lifecycle";
import { runningStack } from "../provider/ownership/running-stack";
import { scheduleLifecycle } from "../provider/schedule/lifecycle";
import { Session } from "../provider/session";
import { UnderWay } from "../provider/under-way";
import type { CheckFailure } from "../rules/findings";
import { configFailures, settingsOf, withSecretKeys } from "./configuration";
import { EngineLog, underResource } from "./engine";
import { previewedOutputs } from "./preview";
import { argumentOf, flowProgramInputs, present, scheduleProgramInputs, type ProgramResource } from "./program-inputs";
import { CHANGES, PARTIAL_FAILURE, UPDATED, type Answer, type Provider } from "./protocol";
import schema from "./schema.json";
import { encode } from "./wire/messages";

/** What is true of one kind of resource. */
interface Kind {
  lifecycle: Lifecycle;
  /** What dynamic providers need in the outputs: with it, a resource may move to one. */
  stub: Dict;
  programInputs(resource: ProgramResource): Dict;
  outputs: Readonly<Record<string, OutputRow>>;
  /** Whether this is all that an import needs, or a program reads a live object by its id. */
  isImport(state: Dict): boolean;
}

/** What a provider runs with. */
export interface ProviderOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Ends the process once nothing is under way. */
  exit: () => void;
  /** Default: the machine's own. */
  clock?: Clock;
}

export class ProviderServer {
  private readonly log = new EngineLog();
  private readonly waiting = new AbortController();
  readonly underWay: UnderWay = new UnderWay(
    () => this.session,
    () => this.exit(),
  );
  private readonly session: Session;
  private readonly kinds: Readonly<Record<string, Kind>>;

  private readonly exit: () => void;

  constructor({ env, exit, clock = systemClock }: ProviderOptions) {
    this.exit = exit;
    this.session = new Session({
      env,
      clock,
      warn: (message) => void this.underWay.tracked(() => this.log.say("warning", message)),
      note: (message) => void this.underWay.tracked(() => this.log.say("info", message)),
      waiting: this.waiting.signal,
      runningStack: () => runningStack(env),
    });
    this.kinds = {
      [PLUGIN_TYPES.flow]: {
        lifecycle: flowLifecycle(this.session),
        stub: FLOW_STUB,
        programInputs: flowProgramInputs,
        outputs: FLOW_OUTPUTS,
        isImport: ({ actions }) => actions === undefined,
      },
      [PLUGIN_TYPES.schedule]: {
        lifecycle: scheduleLifecycle(this.session),
        stub: SCHEDULE_STUB,
        programInputs: scheduleProgramInputs,
        outputs: SCHEDULE_OUTPUTS,
        isImport: ({ rrule }) => rrule === undefined,
      },
    };
  }

  /** @param address Host and port of the engine. */
  connect(address: string): void {
    this.log.connect(address);
  }

  service(): UntypedServiceImplementation {
    // The engine cancels at the end of each run, too: that call is none of those that it cuts short.
    const { cancel, ...others } = this.provider;
    const tracked = Object.entries<(request: any) => Promise<object>>(others).map(([name, work]) => [
      name,
      this.answers((request) => this.underWay.tracked(() => work(request))),
    ]);
    return { ...Object.fromEntries(tracked), cancel: this.answers(cancel) };
  }

  private readonly provider: Provider = {
    handshake: async ({ engineAddress }) => {
      if (engineAddress !== "") this.connect(engineAddress);
      return { acceptSecrets: true };
    },
    attach: async ({ address }) => {
      this.connect(address);
      return {};
    },
    getPluginInfo: async () => ({ version: packageVersion() }),
    getSchema: async () => ({
      schema: JSON.stringify({ ...schema, version: packageVersion(), pluginDownloadURL: pluginDownloadUrl() }),
    }),
    checkConfig: async ({ news = {} }) => checked(withSecretKeys(news), configFailures(news).map(engineFailure)),
    // Where a resource lives is a matter of the resource: it says itself when it cannot go along.
    diffConfig: async ({ olds = {}, oldInputs = olds, news = {} }) => ({ changes: changesOf(!same(oldInputs, news)) }),
    configure: async ({ args = {}, urn, name }) => {
      // Of a URN, where the engine says no more.
      this.session.configure(settingsOf(args, name || nameIn(urn), this.session.ports.env));
      return { acceptSecrets: true, supportsPreview: true };
    },
    check: this.ofResource(async ({ lifecycle, programInputs }, { urn, olds = {}, news = {} }) => {
      // Only a program that runs has its resources checked.
      this.session.program ??= stackIn(urn);
      const given = programInputs({ urn, news, settings: this.session.settings });
      const { inputs, failures } = await lifecycle.check(olds, given);
      if (failures.length > 0) this.session.managed.isCutShort = true;
      return checked(
        inputs,
        failures.map(({ property, reason }) => engineFailure({ property: argumentOf(property, given), reason })),
      );
    }),
    diff: this.ofResource(async ({ lifecycle }, { id, olds = {}, news = {} }) =>
      diffed(await lifecycle.diff(id, olds, news)),
    ),
    create: this.ofResource(async ({ lifecycle, outputs, stub }, { properties: inputs = {}, preview }) => {
      if (preview) return { properties: previewed(outputs, inputs) };
      const { id, outs } = await lifecycle.create(inputs);
      return { id, properties: { ...outs, ...stub } };
    }),
    read: this.ofResource(async (kind, { id: asked, urn, properties: state = {} }) => {
      const given = kind.isImport(state) ? this.imported(state, urn) : state;
      const { id, props, inputs, isKnown: isAsStored } = await kind.lifecycle.read(asked, given);
      if (id === "") return {};
      return {
        id,
        properties: props && { ...props, ...kind.stub },
        // Without inputs, the engine keeps those of the state.
        inputs: isAsStored ? undefined : inputs,
      };
    }),
    update: this.ofResource(async ({ lifecycle, outputs, stub }, { id, olds = {}, news = {}, preview }) => ({
      properties: preview
        ? previewed(outputs, news, olds)
        : { ...(await lifecycle.update(id, olds, news)).outs, ...stub },
    })),
    delete: this.ofResource(async ({ lifecycle }, { id, properties: state = {} }) => {
      await lifecycle.delete(id, state);
      return {};
    }),
    // Whoever waits for a rate limit would wait for minutes. A write that is under way is finished: cut in the middle, nobody knew what it did.
    cancel: async () => {
      this.underWay.cutShort();
      this.waiting.abort(new Error("the run was cancelled"));
      return {};
    },
  };

  /** What an import, or a program that reads a live object, does not say: where it lives, and whose it will be. */
  private imported(state: Dict, urn: string): Dict {
    const { stackTarget, ...known } = present(state);
    return {
      ...known,
      ...pluginTarget(known, stackTarget, this.session.settings),
      owner: ownerUrn(urn),
      adopted: true,
    };
  }

  private answers<Asked, Answered>(work: (request: Asked) => Promise<Answered>) {
    const answer = async (request: Asked, callback: sendUnaryData<Answered>): Promise<void> => {
      let made: Answered;
      try {
        made = await work(request);
      } catch (error) {
        callback(serviceError(error));
        return;
      }
      callback(null, made);
    };
    return (call: ServerUnaryCall<Asked, Answered>, callback: sendUnaryData<Answered>): void =>
      void answer(call.request, callback);
  }

  /** Messages of the call appear under its resource, and before its answer. */
  private ofResource<Asked extends { urn: string }, Answered>(work: (kind: Kind, request: Asked) => Promise<Answered>) {
    return async (request: Asked): Promise<Answered> => {
      const { urn } = request;
      const type = typeIn(urn);
      const kind = this.kinds[type];
      if (kind === undefined) throw new Error(`There is no resource of the type ${type} in this provider.`);
      this.session.named ??= stackIn(urn);
      return underResource(urn, async () => {
        try {
          return await work(kind, request);
        } catch (error) {
          throw error instanceof PartialError
            ? new PartialError(error.id, { ...error.properties, ...kind.stub }, error.reasons.join("\n"))
            : error;
        }
      });
    };
  }
}

/** Project and stack that a URN names. */
function stackIn(urn: string): Session["program"] {
  const owner = parseOwner(urn);
  return owner && { project: owner.project, stack: owner.stack };
}

const previewed = (outputs: Kind["outputs"], inputs: Dict, olds?: Dict): Dict =>
  new Secrets([inputs]).mark(previewedOutputs(outputs, inputs, olds));

const checked = (inputs: Dict, failures: CheckFailure[]): Answer<"check"> => ({ inputs, failures });

const changesOf = (isChanged: boolean): number => (isChanged ? CHANGES.some : CHANGES.none);

/** Differences of inputs are the engine's to compare, because it knows what a program ignores; causes in the outputs are ours alone. */
const diffed = ({ changes, causes = [], replaces = [], deleteBeforeReplace = false }: Diff): Answer<"diff"> => ({
  changes: changes === undefined ? CHANGES.unknown : changesOf(changes),
  replaces,
  deleteBeforeReplace,
  diffs: causes,
  detailedDiff: causes.map((key) => ({ key, value: { kind: UPDATED } })),
  hasDetailedDiff: causes.length > 0,
});

/** An error as the engine takes it: one that keeps what was made carries it in its details. */
function serviceError(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  const failed = { code: status.UNKNOWN, details: message };
  if (!(error instanceof PartialError)) return failed;
  const { id, properties } = error;
  const value = { id, properties, reasons: error.reasons };
  const details = [{ typeUrl: "type.googleapis.com/pulumirpc.ErrorResourceInitFailed", value }];
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", encode(PARTIAL_FAILURE, { code: status.UNKNOWN, message, details }));
  return { ...failed, metadata };
}
