// An e-mail as its recipient sees it: in the list of a mailbox, and opened.
import type { ComponentChildren } from "preact";
import { useCallback, useState } from "preact/hooks";
import type { MessageContent } from "../data";
import { gapPieces, markGaps, noteGaps } from "./mark-gaps";
import { MailFrame, type FrameLink } from "./mail-frame";
import { useMailView, WIDTHS } from "./mail-view";
import { Pieces } from "./pieces";
import { sanitise, type DarkMode } from "./sanitise";
import { hasUnsubscribeStandIn, standInWords } from "./stand-ins";

interface Props {
  content: MessageContent;
  /** Address of the recipient. */
  to: string;
  /** Name of the person. */
  person: string;
}

export function Mail({ content, to, person }: Props) {
  const [part, setPart] = useState<"html" | "text">("html");
  const shown = content.html === undefined ? "text" : part;
  return (
    <>
      <InboxRow content={content} />
      <div class="mail">
        <MailHead content={content} to={to} />
        <div class="mail-tools">
          {content.html !== undefined && content.text !== undefined ? (
            <Choice label="Part" options={{ html: "HTML", text: "Text" }} chosen={shown} choose={setPart} />
          ) : (
            <p class="soft small">{partsText(content)}</p>
          )}
          {shown === "html" && <MailTools html={content.html!} />}
        </div>
        {shown === "html" ? (
          <HtmlPart content={content} title={`E-mail “${content.subject ?? ""}” to ${person}`} />
        ) : (
          content.text !== undefined && (
            <>
              <pre class="text-part">
                <Pieces pieces={gapPieces(content.text, content.gaps, "text")} mark="gap" />
              </pre>
              {hasUnsubscribeStandIn(content.text) && (
                <p class="mail-about small soft">
                  <code>https://unsubscribe.invalid/</code>: {standInWords("https://unsubscribe.invalid/")}.
                </p>
              )}
            </>
          )
        )}
      </div>
    </>
  );
}

function partsText({ html, text, isHtmlLeftOut }: MessageContent): string {
  if (isHtmlLeftOut) return "Its HTML is not here: with it, this page would be too large.";
  if (html !== undefined) return "No text part";
  return text === undefined ? "Neither HTML nor text" : "Text only";
}

/** As a list of mails shows it, in one line. */
function InboxRow({ content: { from, sender, subject = "", preheader, gaps } }: { content: MessageContent }) {
  return (
    <p class="inbox-row">
      <span class="hidden">In the mailbox: </span>
      <strong class="inbox-from">{nameOf(from) ?? sender ?? "Your sender"}</strong>
      <span class="inbox-line">
        <span class="inbox-subject">
          <Pieces pieces={gapPieces(subject, gaps, "subject")} mark="gap" />
        </span>
        {preheader !== undefined && (
          <span class="soft">
            {" – "}
            <Pieces pieces={gapPieces(preheader, gaps, "preheader")} mark="gap" />
          </span>
        )}
      </span>
    </p>
  );
}

/** `Ada` of `Ada <ada@example.com>`. */
const nameOf = (address: string | undefined): string | undefined =>
  address && (/^\s*"?([^"<]+?)"?\s*</.exec(address)?.[1] ?? address);

function MailHead({ content, to }: { content: MessageContent; to: string }) {
  const { replyTo, cc, bcc, gaps } = content;
  const written: [name: string, value: ComponentChildren][] = [
    ["From", senderOf(content)],
    ["Reply to", replyTo ?? <span class="soft">not set: replies go to the sender</span>],
    ["To", to],
    ["Cc", cc],
    ["Bcc", bcc],
  ];
  const lines = [
    ...written.filter(([, value]) => value !== undefined),
    ["Preheader", <Preheader content={content} />] as const,
  ];
  return (
    <header class="mail-head">
      <p class="mail-subject">
        {content.subject ? (
          <Pieces pieces={gapPieces(content.subject, gaps, "subject")} mark="gap" />
        ) : (
          <span class="soft">No subject</span>
        )}
      </p>
      <dl class="mail-lines">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </header>
  );
}

/** Name and address, and the sender in PostHog where that says more. */
function senderOf({ from, sender }: MessageContent): string {
  const known = [from, sender].filter((each) => each !== undefined);
  return known.length === 0 ? "the sender that PostHog has" : known.join(", ");
}

function Preheader({ content: { preheader, preheaderFrom, gaps } }: { content: MessageContent }) {
  if (preheader === undefined) return <span class="soft">none</span>;
  if (preheaderFrom === "text")
    return <span class="soft">none: mailboxes show how the mail begins, “{preheader}”</span>;
  return <Pieces pieces={gapPieces(preheader, gaps, "preheader")} mark="gap" />;
}

/** Width, light or dark, and images. */
export function MailTools({ html }: { html: string }) {
  const [view, change] = useMailView();
  const { hasRemoteImages } = sanitise(html);
  return (
    <>
      <Choice
        label="Width"
        options={{ desk: `Desk ${WIDTHS.desk}`, phone: `Phone ${WIDTHS.phone}` }}
        chosen={view.device}
        choose={(device) => change({ device })}
      />
      <Choice
        label="Colours"
        options={{ light: "Light", dark: "Dark" }}
        chosen={view.dark ? "dark" : "light"}
        choose={(scheme) => change({ dark: scheme === "dark" })}
      />
      {hasRemoteImages && (
        <button
          type="button"
          class="button images-button"
          title={view.images ? undefined : "Loads images from the addresses in the mails of this page"}
          onClick={() => change({ images: !view.images })}
        >
          {view.images ? "Hide images" : "Show images"}
        </button>
      )}
    </>
  );
}

/** One of a few, as buttons beside each other. */
export function Choice<T extends string>({
  label,
  options,
  chosen,
  choose,
}: {
  label: string;
  options: Readonly<Record<T, string>>;
  chosen: T;
  choose: (option: T) => void;
}) {
  return (
    <div class="choice" role="group" aria-label={label}>
      {(Object.keys(options) as T[]).map((option) => (
        <button
          key={option}
          type="button"
          class="choice-option"
          aria-pressed={option === chosen}
          onClick={() => choose(option)}
        >
          {options[option]}
        </button>
      ))}
    </div>
  );
}

function HtmlPart({ content, title }: { content: MessageContent; title: string }) {
  const { html = "", gaps } = content;
  const mail = sanitise(noteGaps(html, gaps));
  const marked = useCallback(() => {
    const root = mail.root.cloneNode(true) as HTMLElement;
    markGaps(root, html, gaps);
    return root;
  }, [mail, content]);
  return (
    <>
      <MailFrame title={title} marked={marked} darkMode={mail.darkMode} links={linksOf(mail.links, content)} />
      <AboutMail html={html} />
    </>
  );
}

/** What is known of the links in a frame. */
export const linksOf = (addresses: readonly string[], { links }: MessageContent): FrameLink[] =>
  addresses.map((url) => ({ url, dead: links.find((link) => link.url.trim() === url)?.dead }));

const IN_THE_DARK: Readonly<Record<DarkMode, string>> = {
  styled:
    "Dark: with the mail's own styles for dark mode, for apps that apply them, such as Apple Mail. Gmail and Outlook recolour mails by rules of their own; that is not shown here.",
  unstyled:
    "Dark: this mail has no styles for dark mode, so only what it leaves open is dark. Some apps, such as Gmail and Outlook, recolour such mails by rules of their own; that is not shown here.",
  "light-only":
    "Dark: this mail asks for light colours, so it has dark ones only in apps that recolour mails by rules of their own.",
};

/** What the picture does not say of itself. */
export function AboutMail({ html }: { html: string }) {
  const [{ dark }] = useMailView();
  const { leftOut, darkMode } = sanitise(html);
  const sentences = [
    ...(dark ? [IN_THE_DARK[darkMode]] : []),
    ...(leftOut.length > 0 ? [`Not shown: ${leftOut.join(", ")}. Most mail apps leave out the same.`] : []),
  ];
  if (sentences.length === 0) return null;
  return <p class="mail-about small soft">{sentences.join(" ")}</p>;
}
