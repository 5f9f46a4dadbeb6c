// The section Messages: every message by flow and step, and each as its recipient sees it.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ShowData } from "../data";
import { counted, listed } from "./count-words";
import { grouped } from "./lookup";
import { MessagePage } from "./message";
import { deliveriesTo, exampleOf, messagesOf, type Message } from "./message-list";
import { messageWords } from "./message-words";
import { go } from "./navigation";
import { Channel, FateChip } from "./parts";
import { hrefOf, type RouteOf } from "./routes";

/** Whose mail the reader looks at, from message to message. */
let lastPerson: string | undefined;

export function Messages({ data, route }: { data: ShowData; route: RouteOf<"messages"> }) {
  if (route.person !== undefined) lastPerson = route.person;
  const person = route.person ?? lastPerson;
  const messages = messagesOf(data);
  const current = messages.find(({ flow, step }) => flow.name === route.flow && step.id === route.step);
  const side = useRef<HTMLElement>(null);
  useLayoutEffect(() => showCurrent(side.current), [current]);
  if (current === undefined) return <Overview data={data} messages={messages} route={route} person={person} />;
  return (
    <div class="messages">
      <nav ref={side} class="messages-side" aria-label="Messages">
        <MessageGroups data={data} messages={messages} person={person} current={current} isBrief />
      </nav>
      <MessagePage
        key={`${current.flow.name} ${current.step.id}`}
        data={data}
        message={current}
        person={person}
        neighbours={neighboursOf(messages, current)}
      />
    </div>
  );
}

/** Scrolls the list, and not the page, so that the current message is in it. */
function showCurrent(list: HTMLElement | null): void {
  const row = list?.querySelector("[aria-current]");
  if (!list || !row || list.clientHeight === 0) return;
  const [inside, box] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
  if (box.top < inside.top || box.bottom > inside.bottom)
    list.scrollTop += box.top - inside.top - list.clientHeight / 3;
}

function neighboursOf(messages: readonly Message[], current: Message): { previous?: Message; next?: Message } {
  const at = messages.indexOf(current);
  return { previous: messages[at - 1], next: messages[at + 1] };
}

/** What a reader may want to see alone. */
const FILTERS = {
  all: { label: "All", fits: () => true },
  unsubscribe: { label: "No unsubscribe link", fits: (message) => message.lacksUnsubscribe },
  unfilled: { label: "Not filled", fits: (message) => message.unfilled.size > 0 },
  dead: { label: "Dead links", fits: (message) => message.deadLinks.length > 0 },
  changed: { label: "Changed", fits: (message) => message.mark !== undefined },
} satisfies Record<string, { label: string; fits: (message: Message) => boolean }>;

interface OverviewProps {
  data: ShowData;
  messages: readonly Message[];
  route: RouteOf<"messages">;
  person: string | undefined;
}

function Overview({ data, messages, route, person }: OverviewProps) {
  const [filter, setFilter] = useState<keyof typeof FILTERS>("all");
  const here = messages.filter(({ flow }) => route.flow === undefined || flow.name === route.flow);
  const flow = data.flows.find(({ name }) => name === route.flow);
  const shown = here.filter(FILTERS[filter].fits);
  const filters = (Object.keys(FILTERS) as (keyof typeof FILTERS)[])
    .map((name) => ({ name, label: FILTERS[name].label, fitting: here.filter(FILTERS[name].fits) }))
    .filter(({ name, fitting }) => name === "all" || name === filter || fitting.length > 0);
  return (
    <>
      <div class="section-head">
        <h1 tabIndex={-1}>{flow === undefined ? "Messages" : `Messages of “${flow.title}”`}</h1>
        {flow !== undefined && <a href={hrefOf({ section: "messages" })}>Messages of all flows</a>}
      </div>
      <div class="messages-tools">
        <Recipient
          data={data}
          person={person}
          choose={(name) => go({ section: "messages", flow: route.flow, person: name })}
        />
        {filters.length > 1 && (
          <div class="choice" role="group" aria-label="Which messages">
            {filters.map(({ name, label, fitting }) => (
              <button
                key={name}
                type="button"
                class="choice-option"
                aria-pressed={name === filter}
                onClick={() => setFilter(name)}
              >
                {label} <span class="choice-count">{countText(name, fitting)}</span>
              </button>
            ))}
          </div>
        )}
      </div>
      {filter === "unsubscribe" && <NeedNone messages={here.filter((message) => message.needsNoUnsubscribe)} />}
      {shown.length === 0 ? (
        <p class="soft">{messages.length === 0 ? "These flows send no messages." : "No messages here."}</p>
      ) : (
        <MessageGroups data={data} messages={shown} person={person} namesDeadLinks={filter === "dead"} />
      )}
    </>
  );
}

/** How many messages; of dead links also how many links. */
function countText(filter: keyof typeof FILTERS, messages: readonly Message[]): string {
  if (filter !== "dead") return String(messages.length);
  const links = messages.reduce((sum, { deadLinks }) => sum + deadLinks.length, 0);
  return `${links} in ${counted(messages.length, "message")}`;
}

/** Why some are not among those without an unsubscribe link. */
function NeedNone({ messages }: { messages: readonly Message[] }) {
  if (messages.length === 0) return null;
  const [has, needs] = messages.length === 1 ? ["has", "needs"] : ["have", "need"];
  return (
    <p class="soft small">
      {listed(messages.map(({ step }) => `“${step.title}”`))} {has} no unsubscribe link either, and {needs} none:{" "}
      {messages.length === 1 ? "it is" : "they are"} transactional.
    </p>
  );
}

/** Chooses whose messages are shown. */
function Recipient({
  data,
  person,
  choose,
}: {
  data: ShowData;
  person: string | undefined;
  choose: (name: string) => void;
}) {
  if (data.people.length < 2) return null;
  return (
    <label class="recipient">
      <span>As seen by</span>
      <select value={person ?? data.people[0]!.name} onChange={(event) => choose(event.currentTarget.value)}>
        {data.people.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface GroupsProps {
  data: ShowData;
  messages: readonly Message[];
  person: string | undefined;
  current?: Message;
  /** Whether each link that leads nowhere is named below its message. */
  namesDeadLinks?: boolean;
  /** Without what only a list of its own has room for. */
  isBrief?: boolean;
}

function MessageGroups({ data, messages, person, current, namesDeadLinks, isBrief = false }: GroupsProps) {
  const index = data.people.findIndex(({ name }) => name === person);
  return (
    <>
      {[...grouped(messages, ({ flow }) => flow)].map(([flow, group]) => (
        <section key={flow.name} class="message-group">
          <h2 class="message-group-title">{flow.title}</h2>
          <ul class="plain">
            {group.map((message) => (
              <Row
                key={message.step.id}
                data={data}
                message={message}
                person={person}
                index={index}
                isCurrent={message === current}
                namesDeadLinks={namesDeadLinks}
                isBrief={isBrief}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface RowProps {
  data: ShowData;
  message: Message;
  person: string | undefined;
  index: number;
  isCurrent: boolean;
  namesDeadLinks?: boolean;
  isBrief: boolean;
}

function Row({ data, message, person, index, isCurrent, namesDeadLinks, isBrief }: RowProps) {
  const { flow, step } = message;
  const delivery = exampleOf(message, index);
  const content = delivery && data.contents[delivery.content];
  return (
    <li>
      <a
        class="message-row"
        href={hrefOf({ section: "messages", flow: flow.name, step: step.id, person })}
        aria-current={isCurrent ? "page" : undefined}
      >
        <span class="message-row-main">
          <span class="message-row-headline">{delivery === undefined ? step.title : messageWords(data, delivery)}</span>
          <span class="message-row-below small soft">
            {content === undefined ? step.kind : <Channel channel={content.channel} />}
            <span>{step.title}</span>
            {isBrief && message.mark !== undefined && <FateChip fate={message.mark} />}
            {!isBrief && content?.preheader !== undefined && (
              <span class="message-row-preheader">{content.preheader}</span>
            )}
          </span>
        </span>
        {!isBrief && <Chips data={data} message={message} person={person} index={index} />}
      </a>
      {namesDeadLinks && (
        <ul class="message-row-links small plain">
          {message.deadLinks.map(({ url, text, dead }) => (
            <li key={`${text} ${url}`}>
              <span class="message-row-link">{text.trim() === "" ? "Without a text" : text}</span>: {dead}{" "}
              {url.trim() !== "" && <code>{url}</code>}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Chips({ data, message, person, index }: Pick<RowProps, "data" | "message" | "person" | "index">) {
  const { deliveries, mark, isDraft, unfilled, deadLinks } = message;
  return (
    <span class="message-row-chips">
      {mark !== undefined && <FateChip fate={mark} />}
      {isDraft && <span class="chip">draft: not sent</span>}
      {deliveries.length === 0 ? (
        <span class="chip">nobody gets it</span>
      ) : (
        person !== undefined && deliveriesTo(message, index).length === 0 && <span class="chip">not to {person}</span>
      )}
      {message.needsNoUnsubscribe && <span class="chip">transactional</span>}
      {message.lacksUnsubscribe && <span class="chip chip-bad">no unsubscribe link</span>}
      {deadLinks.length > 0 && <span class="chip chip-bad">{counted(deadLinks.length, "dead link")}</span>}
      {unfilled.size > 0 && (
        <span class="chip chip-warn">
          not filled for {unfilled.size === 1 ? data.people[[...unfilled][0]!]!.name : `${unfilled.size} people`}
        </span>
      )}
    </span>
  );
}
