// The lifecycle of HogFlowSchedule as the six calls that an engine makes.
import { guarded, Secrets } from "../boundary";
import type { Lifecycle } from "../calls";
import { checkedWith } from "../flow/lifecycle";
import { plainError } from "../errors";
import { checkSchedule } from "./check";
import { diffSchedule } from "./diff";
import { readSchedule } from "./read";
import { unmanagedRefusal } from "./owner";
import { encodeScheduleInputs, encodeScheduleState, parseScheduleInputs, parseScheduleState } from "./state";
import { createSchedule, deleteSchedule, scheduleIdParts, updateSchedule } from "./write";
import { bounded } from "../nesting";
import type { Session } from "../session";

export function scheduleLifecycle(session: Session): Lifecycle {
  return bounded({
    check: (olds, news) =>
      checkedWith(session, olds, news, () => checkSchedule(session, parseScheduleState(olds), news)),
    diff: (id, olds, news) =>
      guarded(new Secrets([]), () => {
        const state = parseScheduleState(olds);
        const inputs = parseScheduleInputs(news);
        // A refresh asks about others, too.
        if (session.checked.has(inputs.owner)) session.held.set(id, state.owner);
        session.schedulesToBe.set(id, inputs);
        session.managed.has(id);
        session.managed.scheduleSeen(inputs);
        // What a sibling could not be certain of when it was written.
        const refusal = unmanagedRefusal(session, scheduleIdParts(id).flowId, inputs);
        if (refusal !== undefined) throw plainError(refusal);
        return diffSchedule(session, state, inputs);
      }),
    create: (inputs) => {
      const secrets = new Secrets([inputs]);
      return guarded(secrets, async () => {
        const { id, state } = await createSchedule(session, parseScheduleInputs(inputs));
        return { id, outs: secrets.mark(encodeScheduleState(state)) };
      });
    },
    read: (id, props) => {
      const secrets = new Secrets([props]);
      return guarded(secrets, async () => {
        const read = await readSchedule(session, id, parseScheduleState(props));
        return read === undefined
          ? { id: "" }
          : {
              id,
              props: secrets.mark(encodeScheduleState(read.state)),
              inputs: secrets.mark(encodeScheduleInputs(read.inputs)),
            };
      });
    },
    update: (id, olds, news) => {
      const secrets = new Secrets([olds, news]);
      return guarded(secrets, async () => ({
        outs: secrets.mark(
          encodeScheduleState(await updateSchedule(session, id, parseScheduleState(olds), parseScheduleInputs(news))),
        ),
      }));
    },
    delete: (id, props) => guarded(new Secrets([props]), () => deleteSchedule(session, id, parseScheduleState(props))),
  });
}
