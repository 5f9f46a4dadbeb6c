// The document that a picture of a message is taken of: who it is from and what it is about, and below it the message. An e-mail is in a frame of its own,
// without scripts, forms or links, and nothing in the document may be loaded from anywhere.
import type { MessageContent } from "../../show/data";
import { escapeHtml } from "./escape-html";

/** Height of the frame before the mail in it is measured: a mail that fills its window is not stretched. */
export const FRAME_HEIGHT = 150;

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'";

/** No mailbox shows what is embedded. At the end, so that the mail keeps its first line, which says how it is laid out. */
const NO_EMBEDS = "<style>iframe, frame, object, embed { display: none !important; }</style>";

const STYLE = `
  html { color-scheme: light; }
  body { margin: 0; width: max-content; background: #fff; color: #1d2433; font: 14px/20px "Helvetica Neue", Helvetica, "Liberation Sans", Arial, sans-serif; }
  header { box-sizing: border-box; padding: 12px 16px; border-bottom: 1px solid #d0d5dd; background: #f6f7f9; overflow-wrap: anywhere; }
  .subject { margin: 0 0 4px; font-size: 18px; line-height: 24px; font-weight: 700; }
  .line { margin: 0; color: #475067; }
  .line b { font-weight: 400; color: #1d2433; }
  iframe { display: block; border: 0; background: #fff; }
  footer { padding: 8px 16px; border-top: 1px solid #d0d5dd; background: #f6f7f9; color: #475067; }
  .text { box-sizing: border-box; padding: 16px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 16px; line-height: 24px; }
  .bubble { display: inline-block; box-sizing: border-box; max-width: 100%; padding: 10px 14px; border-radius: 18px; background: #e6e9ef; }
  .push { border: 1px solid #d0d5dd; border-radius: 12px; padding: 12px 16px; box-shadow: 0 1px 3px rgb(16 24 40 / 15%); }
  .push b { display: block; }
`;

const CHANNELS: Readonly<Record<MessageContent["channel"], string>> = {
  email: "E-mail",
  sms: "SMS",
  push: "Push message",
  slack: "Slack message",
  request: "Request",
};

/** The whole document, `width` CSS pixels wide. */
export function shotHtml(content: MessageContent, { to, width }: { to: string; width: number }): string {
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>Message</title><style>${STYLE}</style></head>`,
    `<body style="min-width:${width}px"><header style="width:${width}px">${headerOf(content, to)}</header>${bodyOf(content, width)}</body></html>`,
  ].join("\n");
}

function headerOf(content: MessageContent, to: string): string {
  const { channel, from, sender, replyTo, cc, bcc, subject, preheader } = content;
  const lines = [
    ["From", from ?? sender],
    ["To", to],
    ["Cc", cc],
    ["Bcc", bcc],
    ["Reply to", replyTo],
    ["Preview", preheader],
  ] as const;
  const title = channel === "email" ? (subject ?? "").trim() || "(no subject)" : CHANNELS[channel];
  return [
    `<p class="subject" dir="auto">${escapeHtml(title)}</p>`,
    ...lines
      .filter(([, value]) => value !== undefined && value !== "")
      .map(([name, value]) => `<p class="line">${name}: <b><bdi>${escapeHtml(value!)}</bdi></b></p>`),
  ].join("");
}

function bodyOf({ channel, html, text = "", subject = "" }: MessageContent, width: number): string {
  const words = `<span dir="auto">${escapeHtml(text)}</span>`;
  switch (channel) {
    case "email":
      return html === undefined
        ? `<div class="text" style="width:${width}px">${words}</div>`
        : `<iframe sandbox width="${width}" height="${FRAME_HEIGHT}" srcdoc="${escapeHtml(html + NO_EMBEDS)}"></iframe>`;
    case "sms":
      return `<div class="text" style="width:${width}px"><div class="bubble">${words}</div></div>`;
    case "push":
      return `<div class="text" style="width:${width}px"><div class="push"><b dir="auto">${escapeHtml(subject)}</b>${words}</div></div>`;
    case "slack":
    case "request":
      return `<div class="text" style="width:${width}px">${words}</div>`;
  }
}
