// Messages that are not e-mails: SMS and push as a phone shows them, Slack as a channel shows it, and requests as they are sent.
import type { MessageContent } from "../data";
import { gapPieces } from "./mark-gaps";
import { Pieces } from "./pieces";
import { SlackText } from "./slack-text";

export function Card({ content }: { content: MessageContent }) {
  switch (content.channel) {
    case "sms":
      return <Sms content={content} />;
    case "push":
      return <Push content={content} />;
    case "slack":
      return <Slack content={content} />;
    default:
      return <Request content={content} />;
  }
}

const senderOf = ({ from, sender }: MessageContent, otherwise: string): string => from ?? sender ?? otherwise;

function Sms({ content }: { content: MessageContent }) {
  return (
    <div class="phone">
      <p class="phone-sender">{senderOf(content, "Your number")}</p>
      <p class="bubble">
        <Pieces pieces={gapPieces(content.text ?? "", content.gaps, "text")} mark="gap" />
      </p>
    </div>
  );
}

function Push({ content }: { content: MessageContent }) {
  return (
    <div class="phone">
      <div class="push">
        <p class="push-app">
          <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <rect x="2" y="2" width="12" height="12" rx="3" />
          </svg>
          {senderOf(content, "Your app")}
        </p>
        <p class="push-title">
          <Pieces pieces={gapPieces(content.subject ?? "", content.gaps, "subject")} mark="gap" />
        </p>
        <p class="push-text">
          <Pieces pieces={gapPieces(content.text ?? "", content.gaps, "text")} mark="gap" />
        </p>
      </div>
    </div>
  );
}

function Slack({ content }: { content: MessageContent }) {
  return (
    <div class="card slack">
      <span class="slack-face" aria-hidden="true">
        #
      </span>
      <div class="slack-body">
        <p class="slack-sender">{senderOf(content, "Your Slack app")}</p>
        <SlackText text={content.text ?? ""} />
      </div>
    </div>
  );
}

function Request({ content }: { content: MessageContent }) {
  const [, method, url] = /^(\S+) ([\s\S]*)$/.exec(content.request ?? "") ?? [undefined, "", content.request ?? ""];
  return (
    <div class="card request">
      <p>
        {method !== "" && <strong class="request-method">{method}</strong>} <code>{url}</code>
      </p>
      {content.text !== undefined && (
        <pre class="text-part" tabIndex={0} aria-label="Body">
          <Pieces pieces={gapPieces(readable(content.text), content.gaps, "text")} mark="gap" />
        </pre>
      )}
    </div>
  );
}

/** JSON with line breaks. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
