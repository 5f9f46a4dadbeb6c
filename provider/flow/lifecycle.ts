// The lifecycle of HogFlow as the six calls that an engine makes. Knows nothing of Pulumi's SDK: a plugin can serve the same functions.
import type { Dict } from "../../definition/canonical/values";
import { guarded, Secrets } from "../boundary";
import type { Checked, Lifecycle } from "../calls";
import { checkFlow, flowWords } from "./check";
import { createFlow } from "./create";
import { deleteFlow } from "./delete";
import { diffFlow } from "./diff";
import { isKnown, readFlow } from "./read";
import { upgraded } from "./upgrade";
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
        hold(session, id, olds, news);
        session.ahead.compare(id, olds, news);
        session.managed.flow(id, news["owner"] ?? olds["owner"]);
        const people = await unseenPeople(session, id, olds, news);
        if (people.length > 0)
          session.ports.warn(new Secrets([olds, news]).hide(peopleWarning(flowWords(news), people)));
        return diffFlow(olds, news);
      }),
    create: (inputs) => {
      const secrets = new Secrets([inputs]);
      return guarded(secrets, async () => {
        const { id, outs } = await createFlow(session, inputs);
        return { id, outs: secrets.mark(outs) };
      });
    },
    read: (id, props) => {
      const secrets = new Secrets([props]);
      return guarded(secrets, async () => {
        const read = await readFlow(session, id, upgraded(props));
        return {
          id: read.id,
          ...(read.props ? { props: secrets.mark(read.props) } : {}),
          ...(read.inputs
            ? { inputs: secrets.mark(read.inputs), ...(isKnown(read.inputs, props) ? { isKnown: true } : {}) }
            : {}),
        };
      });
    },
    update: (id, olds, news) => {
      const secrets = new Secrets([olds, news]);
      return guarded(secrets, async () => ({
        outs: secrets.mark(await updateFlow(session, id, upgraded(olds), news)),
      }));
    },
    delete: (id, props) => guarded(new Secrets([props]), () => deleteFlow(session, id, upgraded(props))),
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
    const { inputs, failures, warnings } = await check();
    for (const text of warnings) session.ports.warn(secrets.hide(text));
    return {
      inputs: secrets.mark(inputs),
      failures: failures.map(({ property, reason }) => ({ property, reason: secrets.hide(reason) })),
    };
  });
}
