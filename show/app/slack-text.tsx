// Slack's markup, as far as messages of workflows use it: bold, italic, struck out, code, quotes and links. Everything else stays as it is written.
import type { ComponentChildren } from "preact";

export function SlackText({ text }: { text: string }) {
  const blocks = text.split(/```\n?([\s\S]*?)```/);
  return (
    <div class="slack-text">
      {blocks.map((block, index) =>
        index % 2 === 1 ? <pre key={index}>{unescaped(block)}</pre> : <Lines key={index} text={block} />,
      )}
    </div>
  );
}

function Lines({ text }: { text: string }) {
  if (text.trim() === "") return null;
  return (
    <>
      {text
        .replace(/^\n|\n$/g, "")
        .split("\n")
        .map((line, index) => {
          const quoted = /^(?:>|&gt;)\s?(.*)$/.exec(line);
          return quoted ? (
            <blockquote key={index}>{inline(quoted[1]!)}</blockquote>
          ) : (
            <p key={index}>{line === "" ? "\u00a0" : inline(line)}</p>
          );
        })}
    </>
  );
}

/** Signs count only at the edge of a word: `snake_case_name` is not italic. */
const INLINE =
  /`([^`\n]+)`|<([^<>|\n]+)(?:\|([^<>\n]*))?>|(?<![\p{L}\p{N}])([*_~])(?!\s)([^\n]+?)(?<!\s)\4(?![\p{L}\p{N}])/u;

function inline(text: string): ComponentChildren {
  const found = INLINE.exec(text);
  if (found === null) return unescaped(text);
  const [whole, code, target, label, sign, inner] = found;
  return [
    unescaped(text.slice(0, found.index)),
    code !== undefined ? (
      <code>{unescaped(code)}</code>
    ) : target !== undefined ? (
      <Target target={target} label={label} />
    ) : (
      emphasised(sign!, inner!)
    ),
    inline(text.slice(found.index + whole.length)),
  ];
}

function emphasised(sign: string, inner: string): ComponentChildren {
  if (sign === "*") return <strong>{inline(inner)}</strong>;
  if (sign === "_") return <em>{inline(inner)}</em>;
  return <s>{inline(inner)}</s>;
}

/** `<https://…|name>`, `<@U1>`, `<#C1|general>`, `<!here>`. */
function Target({ target, label }: { target: string; label: string | undefined }) {
  const sign = target[0]!;
  if ("@#!".includes(sign))
    return <span class="slack-mention">{`${sign === "!" ? "@" : sign}${unescaped(label || target.slice(1))}`}</span>;
  return (
    <span class="link-text" title={unescaped(target)}>
      {unescaped(label || target)}
    </span>
  );
}

const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const unescaped = (text: string): string => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]!);
