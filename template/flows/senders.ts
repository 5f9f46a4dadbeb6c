// What e-mails share: who they come from, and how they end.
import { Config } from "@pulumi/pulumi";
import { liquid } from "pulumi-hogflow";

/** The e-mail integration in PostHog that sends. Each PostHog project has its own: `pulumi config set senderIntegration <id>`. */
export const team = { integrationId: new Config().requireNumber("senderIntegration") };

/** People who cannot unsubscribe report the e-mail as spam. */
export const footer = liquid`\n\nNo more e-mails like this: {{ unsubscribe_url }}`;
