// One message: as a person gets it, when, and what to know about it; and what a change does to it.
import { useState } from "preact/hooks";
import type { Delivery, ShowData, ShownPerson } from "../data";
import { Card } from "./cards";
import { ChangedMessage } from "./changed-message";
import { locationText } from "./code-location";
import { listed } from "./count-words";
import { dayOf, dayText, timeText } from "./dates";
import { Choice, Mail } from "./mail";
import { MessageFacts } from "./message-facts";
import { messageChanges, deliveriesTo, type Message } from "./message-list";
import { go } from "./navigation";
import { FateChip, OutLink } from "./parts";
import { hrefOf } from "./routes";

interface Props {
  data: ShowData;
  message: Message;
  /** Whose the reader wants to see. */
  person: string | undefined;
  neighbours: { previous?: Message; next?: Message };
}

export function MessagePage({ data, message, person, neighbours }: Props) {
  const { flow, step, mark } = message;
  const [wanted, setWanted] = useState<"now" | "change">("now");
  const recipients = recipientsOf(data, message);
  const recipient =
    recipients.find(({ name }) => name === person) ?? (person === undefined ? recipients[0] : undefined);
  return (
    <article class="message">
      <p class="message-back">
        <a href={hrefOf({ section: "messages", person })}>All messages</a>
      </p>
      <div class="section-head">
        <h1 tabIndex={-1}>{step.title}</h1>
        {mark !== undefined && <FateChip fate={mark} />}
        {message.isDraft && <span class="chip">draft: not sent</span>}
      </div>
      <p class="soft message-place">
        <span>
          {step.kind} in <a href={hrefOf({ section: "flows", flow: flow.name, step: step.id })}>{flow.title}</a>
        </span>
        {step.url !== undefined && <OutLink url={step.url}>in PostHog</OutLink>}
        {step.location !== undefined && <code>{locationText(step.location)}</code>}
      </p>
      {(data.people.length > 1 || mark === "changed") && (
        <div class="messages-tools">
          <RecipientOf data={data} recipients={recipients} chosen={recipient?.name ?? person} message={message} />
          {mark === "changed" && (
            <Choice
              label="What is shown"
              options={{ now: "The message", change: "What changes" }}
              chosen={wanted}
              choose={setWanted}
            />
          )}
        </div>
      )}
      {recipient === undefined ? (
        <p class="notice">
          {person === undefined
            ? "None of the people on this page gets this message."
            : `${person} does not get this message. ${othersText(recipients.map(({ name }) => name))}`}
        </p>
      ) : mark === "changed" && wanted === "change" ? (
        <Changes data={data} message={message} recipient={recipient} />
      ) : (
        <Received key={recipient.name} data={data} message={message} recipient={recipient} />
      )}
      <Neighbours neighbours={neighbours} person={person} />
    </article>
  );
}

const othersText = (names: readonly string[]): string =>
  names.length === 0
    ? "Nor does anybody else on this page."
    : `${listed(names)} ${names.length === 1 ? "does" : "do"}.`;

function recipientsOf(data: ShowData, message: Message): ShownPerson[] {
  return [...new Set(message.deliveries.map(({ person }) => person))].map((person) => data.people[person]!);
}

interface RecipientProps {
  data: ShowData;
  recipients: readonly ShownPerson[];
  chosen: string | undefined;
  message: Message;
}

function RecipientOf({ data, recipients, chosen, message: { flow, step } }: RecipientProps) {
  const others = data.people.filter((person) => !recipients.includes(person));
  return (
    <label class="recipient">
      <span>As seen by</span>
      <select
        value={chosen}
        onChange={(event) =>
          go({ section: "messages", flow: flow.name, step: step.id, person: event.currentTarget.value })
        }
      >
        {chosen === undefined && <option value="">nobody</option>}
        {recipients.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
        {others.length > 0 && (
          <optgroup label="Do not get it">
            {others.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}

interface ReceivedProps {
  data: ShowData;
  message: Message;
  recipient: ShownPerson;
}

function Received({ data, message, recipient }: ReceivedProps) {
  const deliveries = deliveriesTo(message, data.people.indexOf(recipient));
  const [at, setAt] = useState(0);
  const delivery = deliveries[at]!;
  const content = data.contents[delivery.content]!;
  return (
    <div class="received">
      <div class="received-message">
        {content.channel === "email" ? (
          <Mail key={delivery.content} content={content} to={delivery.to} person={recipient.name} />
        ) : (
          <Card content={content} />
        )}
      </div>
      <div class="received-facts">
        <section class="fact">
          <h3>Sent</h3>
          <ul class="plain fact-list">
            {deliveries.map((other, index) => (
              <li key={index}>
                <When
                  data={data}
                  delivery={other}
                  isChosen={index === at}
                  choose={deliveries.length > 1 ? () => setAt(index) : undefined}
                />
              </li>
            ))}
          </ul>
          <p>
            {content.channel !== "email" && `To ${delivery.to}. `}
            <a href={hrefOf({ section: "people", person: recipient.name, day: dayOf(data.madeAt, delivery.at) })}>
              Everything {recipient.name} gets
            </a>
          </p>
        </section>
        <MessageFacts content={content} />
      </div>
    </div>
  );
}

interface WhenProps {
  data: ShowData;
  delivery: Delivery;
  isChosen: boolean;
  choose?: () => void;
}

function When({ data, delivery: { at, maybe }, isChosen, choose }: WhenProps) {
  const text = `Day ${dayOf(data.madeAt, at)}, ${dayText(at)} at ${timeText(at)} UTC`;
  return (
    <>
      {choose === undefined ? (
        text
      ) : (
        <button type="button" class="choice-line" aria-pressed={isChosen} onClick={choose}>
          {text}
        </button>
      )}
      {maybe !== undefined && <span class="soft small"> {maybe}</span>}
    </>
  );
}

function Changes({ data, message, recipient }: ReceivedProps) {
  const person = data.people.indexOf(recipient);
  const changes = messageChanges(data, message.flow.name, message.step.id).filter((change) => change.person === person);
  if (changes.length === 0) return <p class="notice">The change leaves this message as it is for {recipient.name}.</p>;
  return (
    <>
      {changes.map(({ before, after }, index) => (
        <ChangedMessage key={index} before={before} after={after} names={data.change} />
      ))}
    </>
  );
}

function Neighbours({ neighbours, person }: Pick<Props, "neighbours" | "person">) {
  const link = (message: Message | undefined, word: string) =>
    message && (
      <a href={hrefOf({ section: "messages", flow: message.flow.name, step: message.step.id, person })}>
        <span class="small soft">{word}</span> {message.step.title}
      </a>
    );
  return (
    <nav class="neighbours" aria-label="Other messages">
      {link(neighbours.previous, "Previous in the list")}
      {link(neighbours.next, "Next in the list")}
    </nav>
  );
}
