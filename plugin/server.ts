// The lifecycle as the gRPC service that the engine calls: the adapter for a plugin, as provider/dynamic.ts is the one for dynamic providers.
import {
  Metadata,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { systemClock } from "../api";
import { packageVersion } from "../api/user-agent";
import { parseOwner } from "../definition/canonical/marker";
import { same, type Dict } from "../definition/canonical/values";
import { FLOW_OUTPUTS, SCHEDULE_OUTPUTS, type OutputRow } from "../definition/flags";
import { nameIn, ownerUrn, PLUGIN_TYPES, typeIn } from "../definition/resource-types";
import { FLOW_STUB, SCHEDULE_STUB } from "../definition/stub";
import { Secrets } from "../provider/boundary";
import type { Diff, Lifecycle } from "../provider/calls";
import { engineFailure, PartialError } from "../provider/errors";
import { flowLifecycle } from "../provider/flow/lifecycle";
import { scheduleLifecycle } from "../provider/schedule/lifecycle";
import { Session } from "../provider/session";
import { UnderWay } from "../provider/under-way";
import type { CheckFailure } from "../rules/findings";
import { configFailures, settingsOf, withSecretKeys } from "./configuration";
import { EngineLog, underResource } from "./engine";
import { previewedOutputs } from "./preview";
import {
  argumentOf,
  flowProgramInputs,
  present,
  scheduleProgramInputs,
  targetOf,
  type ProgramResource,
} from "./program-inputs";
import { openedProperties, structOf } from "./values";
import schema from "./schema.json";

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

/** What every request about a resource has. */
interface ResourceRequest {
  getUrn(): string;
}

export class ProviderServer {
  private readonly log = new EngineLog();
  private readonly waiting = new AbortController();
  readonly underWay: UnderWay = new UnderWay(() => this.session);
  private readonly session: Session;
  private readonly kinds: Readonly<Record<string, Kind>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.session = new Session({
      env,
      clock: systemClock,
      warn: (message) => void this.underWay.tracked(() => this.log.say("warning", message)),
      note: (message) => void this.underWay.tracked(() => this.log.say("info", message)),
      waiting: this.waiting.signal,
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
    return {
      handshake: this.answers(async (request: proto.ProviderHandshakeRequest) => {
        if (request.getEngineAddress() !== "") this.connect(request.getEngineAddress());
        const answer = new proto.ProviderHandshakeResponse();
        answer.setAcceptSecrets(true);
        return answer;
      }),
      attach: this.answers(async (request: PluginAttach) => {
        this.connect(request.getAddress());
        return new Empty();
      }),
      getPluginInfo: this.answers(async () => {
        const answer = new PluginInfo();
        answer.setVersion(packageVersion());
        return answer;
      }),
      getSchema: this.answers(async () => {
        const answer = new proto.GetSchemaResponse();
        answer.setSchema(JSON.stringify({ ...schema, version: packageVersion() }));
        return answer;
      }),
      checkConfig: this.answers(async (request: proto.CheckRequest) => {
        const given = openedProperties(request.getNews());
        return checked(withSecretKeys(given), configFailures(given).map(engineFailure));
      }),
      diffConfig: this.answers(async (request: proto.DiffRequest) => {
        const before = openedProperties(request.hasOldInputs() ? request.getOldInputs() : request.getOlds());
        const answer = new proto.DiffResponse();
        // Where a resource lives is a matter of the resource: it says itself when it cannot go along.
        answer.setChanges(changesOf(!same(before, openedProperties(request.getNews()))));
        return answer;
      }),
      configure: this.answers(async (request: proto.ConfigureRequest) => {
        this.session.configure(
          settingsOf(openedProperties(request.getArgs()), nameOf(request), this.session.ports.env),
        );
        const answer = new proto.ConfigureResponse();
        answer.setAcceptsecrets(true);
        answer.setSupportspreview(true);
        return answer;
      }),
      check: this.ofResource(async ({ lifecycle, programInputs }, request: proto.CheckRequest) => {
        const urn = request.getUrn();
        const { settings } = this.session;
        const given = programInputs({ urn, news: request.getNews(), settings });
        const { inputs, failures } = await lifecycle.check(openedProperties(request.getOlds()), given);
        if (failures.length > 0) this.session.managed.isCutShort = true;
        return checked(
          inputs,
          failures.map(({ property, reason }) => engineFailure({ property: argumentOf(property, given), reason })),
        );
      }),
      diff: this.ofResource(async ({ lifecycle }, request: proto.DiffRequest) =>
        diffed(
          await lifecycle.diff(
            request.getId(),
            openedProperties(request.getOlds()),
            openedProperties(request.getNews()),
          ),
        ),
      ),
      create: this.ofResource(async ({ lifecycle, outputs, stub }, request: proto.CreateRequest) => {
        const inputs = openedProperties(request.getProperties());
        const answer = new proto.CreateResponse();
        if (request.getPreview()) {
          answer.setProperties(previewed(outputs, inputs));
          return answer;
        }
        const { id, outs } = await lifecycle.create(inputs);
        answer.setId(id);
        answer.setProperties(structOf({ ...outs, ...stub }));
        return answer;
      }),
      read: this.ofResource(async (kind, request: proto.ReadRequest) => {
        const state = openedProperties(request.getProperties());
        const isImport = kind.isImport(state);
        const {
          id,
          props,
          inputs,
          isKnown: isAsStored,
        } = await kind.lifecycle.read(request.getId(), isImport ? this.imported(state, request.getUrn()) : state);
        const answer = new proto.ReadResponse();
        answer.setId(id);
        if (id === "") return answer;
        if (props !== undefined) answer.setProperties(structOf({ ...props, ...kind.stub }));
        // Without inputs, the engine keeps those of the state.
        if (inputs !== undefined && !isAsStored) answer.setInputs(structOf(inputs));
        return answer;
      }),
      update: this.ofResource(async ({ lifecycle, outputs, stub }, request: proto.UpdateRequest) => {
        const olds = openedProperties(request.getOlds());
        const news = openedProperties(request.getNews());
        const answer = new proto.UpdateResponse();
        answer.setProperties(
          request.getPreview()
            ? previewed(outputs, news, olds)
            : structOf({ ...(await lifecycle.update(request.getId(), olds, news)).outs, ...stub }),
        );
        return answer;
      }),
      delete: this.ofResource(async ({ lifecycle }, request: proto.DeleteRequest) => {
        await lifecycle.delete(request.getId(), openedProperties(request.getProperties()));
        return new Empty();
      }),
      // Whoever waits for a rate limit would wait for minutes. A write that is under way is finished: cut in the middle, nobody knew what it did.
      cancel: this.answers(async () => {
        this.session.managed.isCutShort = true;
        this.waiting.abort(new Error("the run was cancelled"));
        return new Empty();
      }),
    };
  }

  /** What an import, or a program that reads a live object, does not say: where it lives, and whose it will be. */
  private imported(state: Dict, urn: string): Dict {
    const { stackTarget: _, ...known } = present(state);
    return { ...known, ...targetOf(known, state, this.session.settings), owner: ownerUrn(urn), adopted: true };
  }

  private answers<Request, Answer>(work: (request: Request) => Promise<Answer>) {
    const answer = async (request: Request, callback: sendUnaryData<Answer>): Promise<void> => {
      let made: Answer;
      try {
        made = await this.underWay.tracked(() => work(request));
      } catch (error) {
        callback(serviceError(error));
        return;
      }
      callback(null, made);
    };
    return (call: ServerUnaryCall<Request, Answer>, callback: sendUnaryData<Answer>): void =>
      void answer(call.request, callback);
  }

  /** Messages of the call appear under its resource, and before its answer. */
  private ofResource<Request extends ResourceRequest, Answer>(work: (kind: Kind, request: Request) => Promise<Answer>) {
    return this.answers((request: Request) => {
      const urn = request.getUrn();
      const type = typeIn(urn);
      const kind = this.kinds[type];
      if (kind === undefined) throw new Error(`There is no resource of the type ${type} in this provider.`);
      const run = parseOwner(urn);
      if (run) this.session.program ??= { project: run.project, stack: run.stack };
      return underResource(urn, async () => {
        try {
          return await work(kind, request);
        } catch (error) {
          throw error instanceof PartialError
            ? new PartialError(error.id, { ...error.properties, ...kind.stub }, error.reasons.join("\n"))
            : error;
        }
      });
    });
  }
}

const previewed = (outputs: Kind["outputs"], inputs: Dict, olds?: Dict): Struct =>
  structOf(new Secrets([inputs]).mark(previewedOutputs(outputs, inputs, olds)));

function checked(inputs: Dict, failures: readonly CheckFailure[]): proto.CheckResponse {
  const answer = new proto.CheckResponse();
  answer.setInputs(structOf(inputs));
  answer.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new proto.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return answer;
}

/** The name of the provider: of a URN, where the engine says no more. */
const nameOf = (request: proto.ConfigureRequest): string => request.getName() || nameIn(request.getUrn() ?? "");

const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = proto.DiffResponse.DiffChanges;
const changesOf = (isChanged: boolean) => (isChanged ? DIFF_SOME : DIFF_NONE);

/** Differences of inputs are the engine's to compare, because it knows what a program ignores; causes in the outputs are ours alone. */
function diffed({ changes, causes = [], replaces = [], deleteBeforeReplace = false }: Diff): proto.DiffResponse {
  const answer = new proto.DiffResponse();
  answer.setChanges(changes === undefined ? DIFF_UNKNOWN : changesOf(changes));
  answer.setReplacesList(replaces);
  answer.setDeletebeforereplace(deleteBeforeReplace);
  if (causes.length > 0) {
    answer.setDiffsList(causes);
    answer.setHasdetaileddiff(true);
    for (const cause of causes) {
      const difference = new proto.PropertyDiff();
      difference.setKind(proto.PropertyDiff.Kind.UPDATE);
      answer.getDetaileddiffMap().set(cause, difference);
    }
  }
  return answer;
}

/** An error as the engine takes it: one that keeps what was made carries it in its details. */
function serviceError(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  const failed = { code: status.UNKNOWN, details: message };
  if (!(error instanceof PartialError)) return failed;
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(structOf(error.properties));
  detail.setReasonsList(error.reasons);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(message);
  answer.addDetails(any);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { ...failed, metadata };
}
