// Steps that wait for a time, in the words of composition.
import { isDict } from "../../definition/canonical/values";
import type { ActionType } from "../../definition/schema/types";
import { NotExpressible } from "./conditions";
import { Call } from "./expression";
import { isClockTime, isDuration, zoneCode } from "./literals";
import { defined, members, options, withCommon, type Write } from "./step-options";

export const TIMES = {
  delay(given, words) {
    const config = members(given.step, ["delayDuration", "delayUntil", "maxDelayDuration"]);
    const key = words.keyOf(given.id);
    if (config["delayUntil"] === undefined) {
      if (!isDuration(config["delayDuration"]) || config["maxDelayDuration"] !== undefined)
        throw new NotExpressible("a wait of another length");
      return new Call("delay", [key, config["delayDuration"], ...options(withCommon(given, words))]);
    }
    const until = config["delayUntil"];
    if (
      !isDict(until) ||
      config["delayDuration"] !== undefined ||
      (config["maxDelayDuration"] !== undefined && !isDuration(config["maxDelayDuration"]))
    )
      throw new NotExpressible("a moment of another kind");
    const { expression, offset, timezone, usePersonTimezone, fallbackTimezone, ...rest } = until;
    if (Object.keys(rest).length > 0 || typeof expression !== "string")
      throw new NotExpressible("a moment of another kind");
    return new Call("delayUntil", [
      key,
      withCommon(given, words, {
        expression,
        ...defined({
          offset,
          timezone: zoneCode(timezone),
          usePersonTimezone,
          fallbackTimezone: zoneCode(fallbackTimezone),
          maxDelayDuration: config["maxDelayDuration"],
        }),
      }),
    ]);
  },

  wait_until_time_window(given, words) {
    const config = members(given.step, ["timezone", "usePersonTimezone", "fallbackTimezone", "day", "time"]);
    const { timezone, usePersonTimezone, fallbackTimezone, day, time } = config;
    if (
      typeof timezone !== "string" ||
      (time !== "any" && !(Array.isArray(time) && time.length === 2 && time.every(isClockTime)))
    )
      throw new NotExpressible("a window of another kind");
    return new Call("timeWindow", [
      words.keyOf(given.id),
      withCommon(given, words, {
        ...(day === "any" ? {} : { day }),
        ...(time === "any" ? {} : { time }),
        timezone: zoneCode(timezone),
        ...defined({ usePersonTimezone, fallbackTimezone: zoneCode(fallbackTimezone) }),
      }),
    ]);
  },
} as const satisfies Partial<Record<ActionType, Write>>;
