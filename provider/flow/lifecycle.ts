// The lifecycle of HogFlow as the six calls that an engine makes. Knows nothing of Pulumi's SDK: a plugin can serve the same functions.
import type { Dict } from "../../definition/canonical/values";
import type { Finding } from "../../rules/finding";
import { guarded, Secrets } from "../boundary";
import type { Checked, Lifecycle } from "../calls";
import { checkFlow, flowWords } from "./check";
import { createFlow } from "./create";
import { deleteFlow } from "./delete";
import { diffFlow } from "./diff";
import { readFlow } from "./read";
import {
  encodeFlowInputs,
  encodeFlowState,
  inCanonicalForm,
  isAsStored,
  parseFlowInputs,
  parseFlowState,
} from "./state";
import { ARCHIVED, isLeftArchived } from "./switched-off";
import { updateFlow } from "./update";
import { peopleWarning } from "./in-flight";
import { hold } from "../ownership/ownership";
import { bounded } from "../nesting";
import type { Session } from "../session";
import { unseenPeople } from "./unseen-people";

export function flowLifecycle(session: Session): Lifecycle {
  return bounded({
    check: (olds, news) => checkedWith(session, olds, news, () => checkFlow(session, olds, news)),
    diff: (id, olds, news) =>
      guarded(new Secrets([]), async () => {
        const state = parseFlowState(olds);
        const inputs = parseFlowInputs(news);
        hold(session, id, state, inputs);
        session.ahead.compare(id, state, inputs);
        session.managed.flow(id, inputs.owner ?? state.owner);
        const people = await unseenPeople(session, id, state, inputs);
        if (people.length > 0)
          session.ports.warn(new Secrets([olds, news]).hide(peopleWarning(flowWords(inputs.content), people)));
        const diff = diffFlow(state, inputs);
        if (diff.changes !== false && diff.replaces === undefined && isLeftArchived(inputs, state.answer.liveStatus))
          session.ports.warn(new Secrets([olds, news]).hide(`${flowWords(inputs.content)} ${ARCHIVED}`));
        return diff;
      }),
    create: (inputs) => {
      const secrets = new Secrets([inputs]);
      return guarded(secrets, async () => {
        const { id, state } = await createFlow(session, parseFlowInputs(inputs));
        return { id, outs: secrets.mark(encodeFlowState(state)) };
      });
    },
    read: (id, props) => {
      const secrets = new Secrets([props]);
      return guarded(secrets, async () => {
        const read = await readFlow(session, id, inCanonicalForm(parseFlowState(props)));
        if (read === undefined) return { id: "" };
        const { vanished } = read;
        const inputs = {
          ...encodeFlowInputs(read.inputs),
          ...(Object.keys(vanished).length > 0 ? { serverAdditions: vanished } : {}),
        };
        return {
          id,
          props: secrets.mark(encodeFlowState(read.state)),
          inputs: secrets.mark(inputs),
          ...(isAsStored(inputs, props) ? { isKnown: true } : {}),
        };
      });
    },
    update: (id, olds, news) => {
      const secrets = new Secrets([olds, news]);
      return guarded(secrets, async () => ({
        outs: secrets.mark(
          encodeFlowState(await updateFlow(session, id, inCanonicalForm(parseFlowState(olds)), parseFlowInputs(news))),
        ),
      }));
    },
    delete: (id, props) =>
      guarded(new Secrets([props]), () => deleteFlow(session, id, inCanonicalForm(parseFlowState(props)))),
  });
}

/** Runs a check and hands its result over: inputs marked, texts without secrets, warnings told. */
export function checkedWith(
  session: Session,
  olds: Dict,
  news: Dict,
  check: () => Promise<Checked>,
): Promise<Omit<Checked, "warnings">> {
  const secrets = new Secrets([olds, news]);
  return guarded(secrets, async () => {
    const { inputs, failures, findings, warnings } = await check();
    for (const text of warnings) session.ports.warn(secrets.hide(text));
    return {
      inputs: secrets.mark(inputs),
      failures: failures.map(({ property, reason }) => ({ property, reason: secrets.hide(reason) })),
      findings: findings.map(({ finding, text }) => ({ finding: hidden(finding, secrets), text: secrets.hide(text) })),
    };
  });
}

/** The finding without secrets in its sentences. */
function hidden({ what, why, fix, ...finding }: Finding, secrets: Secrets): Finding {
  return {
    ...finding,
    what: secrets.hide(what),
    ...(why === undefined ? {} : { why: secrets.hide(why) }),
    ...(fix === undefined ? {} : { fix: secrets.hide(fix) }),
  };
}
