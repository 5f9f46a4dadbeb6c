// What there is to know about a message beside how it looks: what Liquid could not fill, where its links lead, and whether one can unsubscribe.
import type { Gap, Link, MessageContent } from "../data";
import { listed } from "./count-words";
import { grouped } from "./lookup";
import { lacksUnsubscribe } from "./message-faults";
import { OutLink } from "./parts";
import { standInWords } from "./stand-ins";

export function MessageFacts({ content }: { content: MessageContent }) {
  return (
    <>
      <Category content={content} />
      <Gaps gaps={content.gaps} />
      <Links links={content.links} />
    </>
  );
}

function Category({ content }: { content: MessageContent }) {
  const { category, hasUnsubscribe, unsubscribeMissingIn } = content;
  if (category === undefined && hasUnsubscribe === undefined) return null;
  return (
    <section class="fact">
      <h3>Category</h3>
      {category !== undefined && (
        <p>
          {category.type === "marketing" ? "Marketing" : "Transactional"}
          {category.id !== undefined && (
            <>
              , category <code>{category.id}</code>
            </>
          )}
        </p>
      )}
      {lacksUnsubscribe(content) && <p class="fact-bad">It has no unsubscribe link.</p>}
      {hasUnsubscribe === true && unsubscribeMissingIn === undefined && <p>It has an unsubscribe link.</p>}
      {unsubscribeMissingIn !== undefined && (
        <p>
          Its {unsubscribeMissingIn === "text" ? "HTML" : "text part"} has an unsubscribe link;{" "}
          <span class="fact-bad">its {unsubscribeMissingIn === "text" ? "text part" : "HTML"} has none.</span>
        </p>
      )}
      {hasUnsubscribe === false && category?.type === "transactional" && (
        <p class="soft">It has no unsubscribe link, and needs none: people get it whether or not they opted out.</p>
      )}
    </section>
  );
}

const WHERE: Readonly<Record<string, string>> = {
  html: "mail",
  text: "text",
  subject: "subject",
  preheader: "preheader",
  url: "address",
  from: "sender",
  to: "recipient",
  replyTo: "reply address",
  cc: "copies",
  bcc: "blind copies",
};

function Gaps({ gaps }: { gaps: readonly Gap[] }) {
  if (gaps.length === 0) return null;
  const same = [...grouped(gaps, ({ expression, shows }) => JSON.stringify([expression, shows.trim()])).values()];
  return (
    <section class="fact">
      <h3>
        Not filled for this person <span class="count">{same.length}</span>
      </h3>
      <ul class="plain fact-list">
        {same.map((each) => {
          const { expression, shows } = each[0]!;
          return (
            <li key={`${expression} ${shows}`}>
              <span>
                <code class="gap-name">[{expression}]</code> in{" "}
                {listed([...new Set(each.map(({ where }) => `the ${WHERE[where] ?? where}`))])}
              </span>
              <span class="soft">
                {shows.trim() === "" ? (
                  "Nothing is sent in its place."
                ) : (
                  <>
                    Sent in its place: <mark class="gap">{shows}</mark>
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function LinkAddress({ url, dead }: Pick<Link, "url" | "dead">) {
  const words = standInWords(url);
  if (words !== undefined) return <span class="soft">{words}.</span>;
  return <span class="link-address">{dead === undefined ? <OutLink url={url}>{url}</OutLink> : url}</span>;
}

function Links({ links }: { links: readonly Link[] }) {
  if (links.length === 0) return null;
  return (
    <section class="fact">
      <h3>
        Links <span class="count">{links.length}</span>
      </h3>
      <ol class="plain fact-list">
        {links.map(({ url, text, dead }, index) => (
          <li key={index} class={dead === undefined ? undefined : "dead"}>
            <span>{text.trim() === "" ? <span class="soft">without a text</span> : text}</span>
            <LinkAddress url={url} dead={dead} />
            {dead !== undefined && <span class="dead-reason">Leads nowhere: {dead}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
