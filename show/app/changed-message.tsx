// A message before and after a change, side by side where there is room, with the words that differ marked.
import type { ComponentChildren } from "preact";
import { useCallback, useMemo, useRef } from "preact/hooks";
import type { MessageContent, Side } from "../data";
import { Card } from "./cards";
import { changedPieces, markChangedWords, type MarkResult, type Sides } from "./changed-words";
import { AboutMail, linksOf, MailTools } from "./mail";
import { MailFrame } from "./mail-frame";
import { Pieces } from "./pieces";
import { sanitise } from "./sanitise";
import { useSeen } from "./seen";

interface Props {
  /** Absent: the change adds it. */
  before?: MessageContent;
  /** Absent: the change removes it. */
  after?: MessageContent;
  /** What the sides are called. */
  names?: { before: string; after: string };
}

const SIDES = ["before", "after"] as const;

export function ChangedMessage(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(box);
  return (
    <div ref={box} class="changed">
      {isSeen ? <Comparison {...props} /> : <div class="changed-waiting" />}
    </div>
  );
}

function Comparison({ before, after, names = { before: "", after: "" } }: Props) {
  const contents: Partial<Sides<MessageContent>> = { before, after };
  const html = after?.html ?? before?.html;
  const fields = useMemo(() => changedFields({ before, after }), [before, after]);
  return (
    <>
      {html !== undefined && (
        <div class="mail-tools changed-tools">
          <MailTools html={html} />
        </div>
      )}
      <div class="changed-sides">
        {SIDES.map((side) => (
          <section key={side} class="changed-side">
            <h4 class="changed-name">
              {side === "before" ? "Before" : "After"} <span class="small soft">{names[side]}</span>
            </h4>
            {contents[side] === undefined ? (
              <p class="changed-none">
                {side === "before" ? "There is no such message yet." : "This message is no longer sent."}
              </p>
            ) : (
              <>
                <Fields fields={fields} side={side} />
                <Body contents={contents} side={side} />
              </>
            )}
          </section>
        ))}
      </div>
      <MarkNote before={before?.html} after={after?.html} />
      <LinkChanges before={before} after={after} />
    </>
  );
}

const MARK_NOTES: Readonly<Record<MarkResult, string | undefined>> = {
  marked: undefined,
  "same-words": "In the HTML, no words differ: the change is in its markup, its styles or its addresses.",
  "too-different": "The two mails have too little in common for their words to be marked.",
};

/** Why nothing is marked in two mails that differ. */
function MarkNote({ before, after }: Partial<Sides<string>>) {
  if (before === undefined || after === undefined || before === after) return null;
  const note = MARK_NOTES[markedSides(before, after).result];
  return note === undefined ? null : <p class="small soft changed-note">{note}</p>;
}

interface ChangedField {
  name: string;
  values: Partial<Sides<string>>;
  isChanged: boolean;
}

/** Subject and preheader always, the rest where it differs. */
function changedFields({ before, after }: Partial<Sides<MessageContent>>): ChangedField[] {
  const field = (name: string, read: (content: MessageContent) => string | undefined): ChangedField => {
    const values = { before: before && read(before), after: after && read(after) };
    return { name, values, isChanged: values.before !== values.after };
  };
  const always = [field("Subject", ({ subject }) => subject), field("Preheader", ({ preheader }) => preheader)];
  const others = [
    field("From", ({ from, sender }) => from ?? sender),
    field("Reply to", ({ replyTo }) => replyTo),
    field("Cc", ({ cc }) => cc),
    field("Bcc", ({ bcc }) => bcc),
    field("Category", ({ category }) => category && [category.type, category.id].filter(Boolean).join(", ")),
    field("Request", ({ request }) => request),
  ];
  return [
    ...always.filter(({ values }) => values.before !== undefined || values.after !== undefined),
    ...others.filter(({ isChanged }) => isChanged && before !== undefined && after !== undefined),
  ];
}

function Fields({ fields, side }: { fields: readonly ChangedField[]; side: Side }) {
  if (fields.length === 0) return null;
  return (
    <dl class="mail-lines">
      {fields.map(({ name, values }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {values[side] === undefined ? <span class="soft">none</span> : <Changed values={values} side={side} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** One side of a text, with what the other side does not have. */
function Changed({ values, side }: { values: Partial<Sides<string>>; side: Side }) {
  const { before, after } = values;
  const text = values[side]!;
  const pieces = useMemo(
    () => (before === undefined || after === undefined ? undefined : changedPieces(before, after)?.[side]),
    [before, after, side],
  );
  return <Pieces pieces={pieces ?? [{ text, isMarked: false }]} mark={side === "before" ? "del" : "ins"} />;
}

function Body({ contents, side }: { contents: Partial<Sides<MessageContent>>; side: Side }) {
  const content = contents[side]!;
  const texts = { before: contents.before?.text, after: contents.after?.text };
  if (content.channel !== "email") {
    if (texts.before === texts.after || texts[side] === undefined) return <Card content={content} />;
    return <TextPart values={texts} side={side} />;
  }
  return (
    <>
      {content.isHtmlLeftOut && (
        <p class="changed-none">The HTML is not here: with it, this page would be too large.</p>
      )}
      {content.html !== undefined && <HtmlSide contents={contents} side={side} />}
      {content.text !== undefined && (content.html === undefined || texts.before !== texts.after) && (
        <>
          {content.html !== undefined && <h5 class="changed-part">Text part</h5>}
          <TextPart values={texts} side={side} />
        </>
      )}
    </>
  );
}

const TextPart = ({ values, side }: { values: Partial<Sides<string>>; side: Side }) => (
  <pre class="text-part">
    <Changed values={values} side={side} />
  </pre>
);

function HtmlSide({ contents, side }: { contents: Partial<Sides<MessageContent>>; side: Side }) {
  const { before, after } = contents;
  const content = contents[side]!;
  const mail = sanitise(content.html!);
  const marked = useCallback(
    () =>
      before?.html === undefined || after?.html === undefined
        ? (mail.root.cloneNode(true) as HTMLElement)
        : (markedSides(before.html, after.html).roots[side].cloneNode(true) as HTMLElement),
    [before, after, side, mail],
  );
  return (
    <>
      <MailFrame
        title={`E-mail “${content.subject ?? ""}” ${side} the change`}
        marked={marked}
        darkMode={mail.darkMode}
        links={linksOf(mail.links, content)}
      />
      <AboutMail html={content.html!} />
    </>
  );
}

interface MarkedSides {
  roots: Sides<HTMLElement>;
  result: MarkResult;
}

let lastMarked: { before: string; after: string; sides: MarkedSides } | undefined;

/** Both frames of a message ask for the same. */
function markedSides(before: string, after: string): MarkedSides {
  if (lastMarked?.before !== before || lastMarked.after !== after) {
    const roots = {
      before: sanitise(before).root.cloneNode(true) as HTMLElement,
      after: sanitise(after).root.cloneNode(true) as HTMLElement,
    };
    lastMarked = { before, after, sides: { roots, result: markChangedWords(roots) } };
  }
  return lastMarked.sides;
}

function LinkChanges({ before, after }: Partial<Sides<MessageContent>>): ComponentChildren {
  if (before === undefined || after === undefined) return null;
  const urls = {
    before: new Set(before.links.map(({ url }) => url)),
    after: new Set(after.links.map(({ url }) => url)),
  };
  const gone = before.links.filter(({ url }) => !urls.after.has(url));
  const come = after.links.filter(({ url }) => !urls.before.has(url));
  if (gone.length + come.length === 0) return null;
  return (
    <section class="fact">
      <h4>Addresses of links</h4>
      <ul class="plain fact-list">
        {gone.map(({ url, text }) => (
          <li key={`- ${url}`}>
            {text} <del class="link-address">{url}</del>
          </li>
        ))}
        {come.map(({ url, text }) => (
          <li key={`+ ${url}`}>
            {text} <ins class="link-address">{url}</ins>
          </li>
        ))}
      </ul>
    </section>
  );
}
