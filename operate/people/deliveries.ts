// What a person gets in their runs of one flow, with its contents, and on which day.
import { own } from "../../definition/canonical/values";
import { DAY_MS, dayStart } from "../../definition/lengths";
import type { Run } from "../../simulator/result/run";
import type { Message, SentRequest } from "../../simulator/result/sent";
import type { Start } from "./flow-runs";
import type { KeptPerson } from "./kept";

/** What people call it. Slack messages and requests go to a team or a program, all others to a person. */
export type DeliveryKind = "e-mail" | "text message" | "push notification" | "Slack message" | "request";

/** Whether a person reads it. */
export const isToPeople = (kind: DeliveryKind): boolean => kind !== "request" && kind !== "Slack message";

/** Something that a step sends. */
export type Sent = {
  kind: DeliveryKind;
  /** Id of the step that sends it, and its title. */
  step: string;
  title: string;
  /** ISO in UTC. */
  at: string;
  /** The day that it falls on, in UTC; day 0 is the day on which the person starts. */
  day: number;
  /** Milliseconds since day 0 began, at midnight UTC. */
  sinceDayZero: number;
  /** The address, of an e-mail that goes to somebody else. */
  to?: string;
  /** The run that sends it. */
  run: Run;
} & ({ message: Message; request?: undefined } | { request: SentRequest; message?: undefined });

const CHANNELS = { email: "e-mail", sms: "text message", push: "push notification" } as const;

/** Everything that is sent to or for this person, by time. */
export function sentIn({ scenario }: KeptPerson, starts: readonly Start[]): Sent[] {
  const address = own(scenario.person?.properties, "email");
  return starts
    .flatMap(({ started, runs, messages, requests }): Sent[] => {
      const byNumber = new Map(runs.map((run) => [run.number, run]));
      const common = ({ step, stepName, at, run }: Message | SentRequest) => {
        const sinceDayZero = Date.parse(at) - dayStart(Date.parse(started));
        const day = Math.floor(sinceDayZero / DAY_MS);
        return { step, title: stepName, at, day, sinceDayZero, run: byNumber.get(run)! };
      };
      return [
        ...messages.map((message) => ({
          ...common(message),
          kind: CHANNELS[message.channel],
          ...(message.channel === "email" && typeof address === "string" && !sameAddress(message.to, address)
            ? { to: message.to }
            : {}),
          message,
        })),
        ...requests.map((request) => ({
          ...common(request),
          kind: request.template === "template-slack" ? ("Slack message" as const) : ("request" as const),
          request,
        })),
      ];
    })
    .sort((a, b) => a.sinceDayZero - b.sinceDayZero);
}

const sameAddress = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();
