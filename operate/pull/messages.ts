// Steps that tell somebody something, in the words of composition: e-mail, SMS, push, Slack, webhooks and other destinations.
import { isDict, own, same, type Dict } from "../../definition/canonical/values";
import type { ActionType } from "../../definition/schema/types";
import { notExpressible, NotExpressible } from "./conditions";
import { Call, Tagged } from "./expression";
import { readInputs } from "./step-inputs";
import { members, need, withResult, type Write } from "./step-options";
import { bodyOf, designOf } from "./words";

const CATEGORY = ["messageCategoryId", "messageCategoryType"];
const category = (config: Dict): Dict =>
  Object.fromEntries(CATEGORY.filter((key) => config[key] !== undefined).map((key) => [key, config[key]]));

const PERSONS_EMAIL = "{{ person.properties.email }}";
const PERSONS_PHONE = "{{ person.properties.phone }}";

/** The text of an input that its function makes Liquid by itself. */
const liquidText = (value: unknown): unknown =>
  value instanceof Tagged ? value.text : value === undefined ? undefined : notExpressible("the text is Hog");

/** Lines of an e-mail that stand in the program. */
const TEXTS = ["subject", "preheader", "replyTo", "cc", "bcc"];

export const MESSAGES = {
  function(given, words) {
    const { step, id } = given;
    const { templateId } = members(step, ["templateId", "inputs"]);
    const key = words.keyOf(id);
    if (templateId === "template-webhook") {
      const { named, others } = readInputs(given, {
        url: "url",
        method: "method",
        body: "body",
        headers: "headers",
        signing_secret: "signingSecret",
        debug: "debug",
      });
      need(named, "url");
      if (Object.keys(others).length === 0) return new Call("webhook", [key, withResult(given, words, named)]);
    }
    if (templateId === "template-slack") {
      const { named, others } = readInputs(given, {
        slack_workspace: "slackWorkspace",
        channel: "channel",
        text: "text",
        blocks: "blocks",
      });
      need(named, "slackWorkspace", "channel", "text");
      return new Call("slack", [
        key,
        withResult(given, words, { ...named, ...(Object.keys(others).length > 0 ? { inputs: others } : {}) }),
      ]);
    }
    const { others } = readInputs(given, {});
    return new Call(new Call("destination", [templateId]), [key, withResult(given, words, { inputs: others })]);
  },

  function_email(given, words) {
    const { step, id } = given;
    const config = members(step, ["inputs", "trackingEnabled", ...CATEGORY]);
    const { email, ...others } = isDict(config["inputs"]) ? config["inputs"] : {};
    const value = own(email, "value");
    if (
      Object.keys(others).length > 0 ||
      own(email, "templating") !== "liquid" ||
      !isDict(value) ||
      !isDict(value["from"])
    )
      throw new NotExpressible("the e-mail is written in another way");
    const known = ["from", "to", ...TEXTS, "html", "text", "design"];
    const other = Object.keys(value).filter((key) => !known.includes(key));
    if (other.length > 0) throw new NotExpressible(`the e-mail has ${other.join(", ")}`);
    // Its recipient is in `to.email`, and `html` is always there: without either, PostHog's worker sends nothing, and the function cannot say that.
    need(value, "from", "to", "subject", "html");
    const { from, to, html, text, design } = value;
    if (!isDict(to)) throw new NotExpressible("the recipient is no object");
    const isTextOnly = html === "" && text !== undefined;
    return new Call("email", [
      words.keyOf(id),
      withResult(given, words, {
        from,
        ...(same(to, { email: PERSONS_EMAIL }) ? {} : { to }),
        ...Object.fromEntries(TEXTS.filter((key) => value[key] !== undefined).map((key) => [key, value[key]])),
        ...(isTextOnly ? {} : { html: bodyOf(html, words.keyOf(id), words) }),
        ...(text === undefined ? {} : { text }),
        ...(design === undefined ? {} : { design: designOf(design, words.keyOf(id), words) }),
        ...category(config),
        ...(config["trackingEnabled"] === undefined ? {} : { trackingEnabled: config["trackingEnabled"] }),
      }),
    ]);
  },

  function_sms(given, words) {
    const config = members(given.step, ["inputs", ...CATEGORY]);
    const {
      named: { toNumber, message, ...named },
      others,
    } = readInputs(given, {
      twilio_account: "twilioAccount",
      from_number: "fromNumber",
      to_number: "toNumber",
      message: "message",
    });
    if (Object.keys(others).length > 0) throw new NotExpressible("the message has further inputs");
    need({ ...named, message }, "twilioAccount", "fromNumber", "message");
    const number = liquidText(toNumber);
    return new Call("sms", [
      words.keyOf(given.id),
      withResult(given, words, {
        ...named,
        ...(number === PERSONS_PHONE ? {} : { toNumber: number }),
        message: liquidText(message),
        ...category(config),
      }),
    ]);
  },

  function_push(given, words) {
    const config = members(given.step, ["inputs", ...CATEGORY]);
    const inputs = isDict(config["inputs"]) ? config["inputs"] : {};
    const values: Dict = {};
    for (const [name, item] of Object.entries(inputs)) {
      if (!["channels", "distinctId", "title", "body", "image", "data"].includes(name) || !isDict(item))
        throw new NotExpressible("the notification has further inputs");
      if (own(item, "templating") !== (name === "channels" ? undefined : "liquid"))
        throw new NotExpressible("the notification is written in another way");
      values[name] = own(item, "value");
    }
    need(values, "channels", "distinctId", "title", "body");
    const { distinctId, body, ...rest } = values;
    return new Call("push", [
      words.keyOf(given.id),
      withResult(given, words, {
        ...rest,
        ...(body === "" ? {} : { body }),
        ...(distinctId === "{{ person.distinct_id }}" ? {} : { distinctId }),
        ...category(config),
      }),
    ]);
  },
} as const satisfies Partial<Record<ActionType, Write>>;
