// The section People: who gets what on which day, everybody's week at first, then each person's calendar and the story of each run.
import type { Collision, Delivery, ShowData, ShownPerson, ShownRun } from "../data";
import { entriesOf } from "./calendar";
import { CalendarView } from "./calendar-view";
import { counted } from "./count-words";
import { dayOf, dayText, longDayText } from "./dates";
import { isOff, sentWords } from "./doubts";
import { Fold } from "./fold";
import { lookupIn } from "./lookup";
import { isMessage } from "./message-words";
import { hrefOf, type RouteOf } from "./routes";
import { Story } from "./story";
import { WeekTable } from "./week-table";

/** Up to so many runs are open from the start. */
const OPEN_RUNS = 2;
/** So many collisions are shown at once. */
const OPEN_COLLISIONS = 5;
/** Up to so many characters, properties are open from the start. */
const OPEN_PROPERTIES = 300;

const ORIGINS: Readonly<Record<ShownPerson["origin"], string>> = {
  kept: "A sample person of your project.",
  made: "Made from the filters of the flows, because the project keeps no sample people.",
  nobody: "What schedules send without a person.",
};

export function People({ data, route }: { data: ShowData; route: RouteOf<"people"> }) {
  const index = data.people.findIndex(({ name }) => name === route.person);
  return index < 0 ? <Everybody data={data} /> : <Person key={index} data={data} index={index} day={route.day} />;
}

function Everybody({ data }: { data: ShowData }) {
  return (
    <>
      <h1 tabIndex={-1}>People</h1>
      <p class="lead">
        What each person gets{data.change !== undefined && " after the change"}, from all flows together. Day 0 is{" "}
        {longDayText(data.madeAt)}; times are in UTC.
      </p>
      {data.people.length === 0 ? (
        <p>There is nobody to show: no sample person fits any flow.</p>
      ) : (
        <>
          <Collisions data={data} />
          <WeekTable data={data} />
        </>
      )}
    </>
  );
}

const WHAT_COUNTS =
  "Only e-mails count: two within an hour, or too many within seven days. SMS, push and Slack messages do not.";

/** Messages that come too close to each other: of everybody, or of one person. */
function Collisions({ data, person }: { data: ShowData; person?: number }) {
  const collisions = data.collisions.filter(
    (each) => each.side === "after" && (person === undefined || each.person === person),
  );
  if (collisions.length === 0) return <p class="small soft">No e-mails come too close together. {WHAT_COUNTS}</p>;
  const [shown, more] = [collisions.slice(0, OPEN_COLLISIONS), collisions.slice(OPEN_COLLISIONS)];
  return (
    <section class="collisions" aria-labelledby="collisions-heading">
      <h2 id="collisions-heading">
        <span aria-hidden="true">! </span>Too close together
      </h2>
      <p class="small">{WHAT_COUNTS}</p>
      <CollisionList data={data} collisions={shown} />
      {more.length > 0 && (
        <Fold summary={`${more.length} more`}>{() => <CollisionList data={data} collisions={more} />}</Fold>
      )}
    </section>
  );
}

function CollisionList({ data, collisions }: { data: ShowData; collisions: readonly Collision[] }) {
  return (
    <ul>
      {collisions.map((collision) => {
        const first = data.deliveries[collision.deliveries[0]!]!;
        const person = data.people[collision.person]!.name;
        return (
          <li key={collision}>
            {collision.words}{" "}
            <a href={hrefOf({ section: "people", person, day: dayOf(data.madeAt, first.at) })}>
              See {dayText(first.at)}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Person({ data, index, day }: { data: ShowData; index: number; day?: number }) {
  const person = data.people[index]!;
  const entries = entriesOf(data, { person: index, side: "after" });
  const runs = data.runs.filter((run) => run.person === index && run.side === "after");
  return (
    <>
      <PersonSwitch data={data} index={index} />
      <h1 tabIndex={-1}>{person.name}</h1>
      <p class="lead">
        {ORIGINS[person.origin]} <Summary data={data} index={index} />
        {data.change !== undefined && (
          <>
            {" "}
            This is after the change: <a href={hrefOf({ section: "change", person: person.name })}>see what changes</a>.
          </>
        )}
      </p>
      <Properties person={person} />
      <Collisions data={data} person={index} />
      <section aria-labelledby="calendar-heading">
        <h2 id="calendar-heading">Calendar</h2>
        {entries.length === 0 ? <p>Nothing comes.</p> : <CalendarView data={data} entries={entries} current={day} />}
      </section>
      {runs.length > 0 && (
        <section aria-labelledby="runs-heading">
          <h2 id="runs-heading">Step by step</h2>
          {runs.map((run, i) => (
            <Fold
              key={`${run.flow} ${run.started} ${i}`}
              class="card run"
              isOpen={i < OPEN_RUNS}
              summary={
                <>
                  <h3>{lookupIn(data).flow(run.flow)?.title ?? run.flow}</h3>{" "}
                  <span class="soft small">
                    from {dayText(run.started)}, {sentWords(data, messagesOf(data, run))}
                  </span>
                </>
              }
            >
              {() => <Story data={data} run={run} />}
            </Fold>
          ))}
        </section>
      )}
    </>
  );
}

const messagesOf = (data: ShowData, { lines }: ShownRun): Delivery[] =>
  lines
    .flatMap(({ deliveries }) => deliveries.map((index) => data.deliveries[index]!))
    .filter((delivery) => isMessage(data, delivery));

function Summary({ data, index }: { data: ShowData; index: number }) {
  const all = lookupIn(data).deliveries(index, "after");
  const messages = all.filter((delivery) => isMessage(data, delivery));
  const sent = messages.filter((delivery) => !isOff(data, delivery));
  const [off, requests] = [messages.length - sent.length, all.length - messages.length];
  const week = sent.filter(({ at }) => dayOf(data.madeAt, at) < 7).length;
  const flows = new Set(sent.map(({ flow }) => flow)).size;
  const sentences = [
    ...(sent.length === 0
      ? []
      : [
          `${counted(week, "message")} in week 1, ${sent.length} in all, from ${counted(flows, "flow")}; the last on ${dayText(sent.at(-1)!.at)}.`,
        ]),
    ...(off === 0 ? [] : [`${counted(off, "message")} of drafts ${off === 1 ? "is" : "are"} not sent.`]),
    ...(requests === 0 ? [] : [`${counted(requests, "request")} ${requests === 1 ? "goes" : "go"} to other systems.`]),
  ];
  return <>{sentences.join(" ")}</>;
}

function Properties({ person: { properties } }: { person: ShownPerson }) {
  if (properties.length === 0) return null;
  const length = properties.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  return (
    <Fold class="properties" isOpen={length <= OPEN_PROPERTIES} summary="Properties">
      {() => (
        <dl class="pairs">
          {properties.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value === "" ? <span class="soft">empty</span> : value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Fold>
  );
}

function PersonSwitch({ data, index }: { data: ShowData; index: number }) {
  return (
    <nav class="switch" aria-label="People">
      <a href={hrefOf({ section: "people" })}>Everybody</a>
      {data.people.map(({ name }, i) => (
        <a
          key={name}
          href={hrefOf({ section: "people", person: name })}
          aria-current={i === index ? "page" : undefined}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}
