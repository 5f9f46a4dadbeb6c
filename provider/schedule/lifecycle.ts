// The lifecycle of HogFlowSchedule as the six calls that an engine makes.
import { guarded, Secrets } from "../boundary";
import type { Lifecycle } from "../calls";
import { checkedWith } from "../flow/lifecycle";
import { plainError } from "../errors";
import { upgraded } from "../flow/upgrade";
import { checkSchedule } from "./check";
import { diffSchedule } from "./diff";
import { readSchedule } from "./read";
import { unmanagedRefusal } from "./owner";
import { createSchedule, deleteSchedule, placeOf, updateSchedule } from "./write";
import { bounded } from "../nesting";
import type { Session } from "../session";

export function scheduleLifecycle(session: Session): Lifecycle {
  return bounded({
    check: (olds, news) => checkedWith(session, olds, news, () => checkSchedule(session, upgraded(olds), news)),
    diff: (id, olds, news) => {
      // A refresh asks about others, too.
      if (session.checked.has(news["owner"])) session.held.set(id, olds["owner"]);
      session.ahead.compare(id, olds, news);
      session.managed.has(id);
      session.managed.scheduleSeen(news);
      return guarded(new Secrets([]), () => {
        // What a sibling could not be certain of when it was written.
        const refusal = unmanagedRefusal(session, placeOf(id).flowId, news);
        if (refusal !== undefined) throw plainError(refusal);
        return diffSchedule(session, upgraded(olds), upgraded(news));
      });
    },
    create: (inputs) => {
      const secrets = new Secrets([inputs]);
      return guarded(secrets, async () => {
        const { id, outs } = await createSchedule(session, inputs);
        return { id, outs: secrets.mark(outs) };
      });
    },
    read: (id, props) => {
      const secrets = new Secrets([props]);
      return guarded(secrets, async () => {
        const read = await readSchedule(session, id, upgraded(props));
        return {
          id: read.id,
          ...(read.props ? { props: secrets.mark(read.props) } : {}),
          ...(read.inputs ? { inputs: secrets.mark(read.inputs) } : {}),
        };
      });
    },
    update: (id, olds, news) => {
      const secrets = new Secrets([olds, news]);
      return guarded(secrets, async () => ({
        outs: secrets.mark(await updateSchedule(session, id, upgraded(olds), news)),
      }));
    },
    delete: (id, props) => guarded(new Secrets([props]), () => deleteSchedule(session, id, upgraded(props))),
  });
}
