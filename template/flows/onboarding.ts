// Welcomes people who sign up. It does not state its status: it is created as a draft, which no one enters, and you
// switch it on in PostHog, or here with `status: "active"`.
import { branch, delay, email, exit, HogFlow, liquid, on, person, when } from "pulumi-hogflow";
import { footer, team } from "./senders";

export const onboarding = new HogFlow("onboarding", {
  trigger: on.event("user signed up"),
  steps: [
    email("welcome", {
      from: team,
      subject: liquid`Welcome, ${person("first_name").or("there")}`,
      text: liquid`Good to have you.${footer}`,
    }),
    delay("let_them_try", "3d"),
    branch("plan", [when(person("plan").is("pro"), [exit("already_paying")])]),
    email("upgrade", { from: team, subject: "Ready for more?", text: liquid`Pro has no limits.${footer}` }),
  ],
});
