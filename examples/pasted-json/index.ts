import * as pulumi from "@pulumi/pulumi";
import { HogFlow } from "pulumi-hogflow";
import flow from "./flow.json";

const config = new pulumi.Config();

// The file is what PostHog's API returned for a flow that was built in the editor. What PostHog adds by itself may stay in it: `id`, `version`,
// `bytecode` and similar keys are ignored.
const nurture = new HogFlow("trial-nurture", {
  definition: flow,
  // Where the editor shows dots, the file has only {"secret": true}.
  secrets: { tell_crm: { signing_secret: config.requireSecret("crmSigningSecret") } },
  // Overrides the file, in which the flow is still a draft.
  status: "active",
});

export const url = nurture.url;
