// The complete flows of API §8: one of every trigger and step, for whoever needs real ones. What they need to run, and PostHog takes them without, is added:
// the method that a trigger answers, the recipient of an e-mail as an object, the phone number in Liquid.

export type Json = Record<string, unknown>;

export const REFERENCE_FLOWS: Record<string, { flow: Json; schedule?: Json }> = {
  // API §8.1
  "event trigger, delay, webhook": {
    flow: {
      name: "Welcome ping",
      description: "Calls our backend one hour after sign-up.",
      status: "active",
      exit_condition: "exit_only_at_end",
      actions: [
        {
          id: "trigger_node",
          name: "Signed up",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "trigger",
          config: {
            type: "event",
            filters: {
              source: "events",
              events: [
                {
                  id: "user signed up",
                  name: "user signed up",
                  type: "events",
                  order: 0,
                  properties: [{ key: "plan", value: ["pro"], operator: "exact", type: "event" }],
                },
              ],
              properties: [],
              filter_test_accounts: true,
            },
          },
        },
        {
          id: "delay_1",
          name: "Wait an hour",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "delay",
          config: { delay_duration: "1h" },
        },
        {
          id: "notify",
          name: "Notify backend",
          description: "",
          on_error: "continue",
          filters: null,
          output_variable: { key: "backend_answer" },
          type: "function",
          config: {
            template_id: "template-webhook",
            inputs: {
              url: { value: "https://hooks.example.com/welcome" },
              method: { value: "POST" },
              headers: { value: { "Content-Type": "application/json" } },
              body: { value: { who: "{person.properties.email}" } },
              signing_secret: { value: "s3cr3t" },
            },
          },
        },
        {
          id: "exit_node",
          name: "Exit",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "exit",
          config: {},
        },
      ],
      edges: [
        { from: "trigger_node", to: "delay_1", type: "continue" },
        { from: "delay_1", to: "notify", type: "continue" },
        { from: "notify", to: "exit_node", type: "continue" },
      ],
      variables: [{ key: "backend_answer", type: "string", label: "Backend answer", default: "" }],
    },
  },
  // API §8.2
  "incoming webhook, conditional branch, Slack": {
    flow: {
      name: "Route tickets",
      description: "",
      status: "draft",
      exit_condition: "exit_only_at_end",
      actions: [
        {
          id: "trigger_node",
          name: "Webhook",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "trigger",
          config: {
            type: "webhook",
            template_id: "template-source-webhook",
            inputs: {
              event: { value: "{request.body.event}" },
              distinct_id: { value: "{request.body.distinct_id}" },
              auth_header: { value: "Bearer shared-token" },
              method: { value: "POST" },
            },
          },
        },
        {
          id: "route",
          name: "VIP?",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "conditional_branch",
          config: {
            conditions: [
              {
                name: "VIP",
                filters: { properties: [{ key: "vip", value: ["true"], operator: "exact", type: "person" }] },
              },
              {
                name: "Beta",
                filters: { properties: [{ key: "beta", value: ["true"], operator: "exact", type: "person" }] },
              },
            ],
          },
        },
        {
          id: "slack",
          name: "Tell sales",
          description: "",
          on_error: "abort",
          filters: null,
          output_variable: null,
          type: "function",
          config: {
            template_id: "template-slack",
            inputs: {
              slack_workspace: { value: 11 },
              channel: { value: "C0123456" },
              text: { value: "VIP ticket from {person.name}" },
            },
          },
        },
        {
          id: "exit_node",
          name: "Exit",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "exit",
          config: { reason: "routed" },
        },
      ],
      edges: [
        { from: "trigger_node", to: "route", type: "continue" },
        { from: "route", to: "slack", type: "branch", index: 0 },
        { from: "route", to: "slack", type: "branch", index: 1 },
        { from: "route", to: "exit_node", type: "continue" },
        { from: "slack", to: "exit_node", type: "continue" },
      ],
    },
  },
  // API §8.3
  "manual trigger, SMS": {
    flow: {
      name: "Manual reminder",
      description: "",
      status: "draft",
      exit_condition: "exit_only_at_end",
      actions: [
        {
          id: "trigger_node",
          name: "Manual",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "trigger",
          config: {
            type: "manual",
            template_id: "template-source-webhook",
            inputs: {
              event: { value: "$workflow_triggered" },
              distinct_id: { value: "{request.body.user_id}" },
              method: { value: "POST" },
            },
          },
        },
        {
          id: "sms_1",
          name: "SMS",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "function_sms",
          config: {
            template_id: "template-twilio",
            message_category_type: "transactional",
            inputs: {
              twilio_account: { value: 456 },
              from_number: { value: "+15550100000" },
              to_number: { value: "{{ person.properties.phone }}", templating: "liquid" },
              message: { value: "See you tomorrow." },
            },
          },
        },
        {
          id: "exit_node",
          name: "Exit",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "exit",
          config: {},
        },
      ],
      edges: [
        { from: "trigger_node", to: "sms_1", type: "continue" },
        { from: "sms_1", to: "exit_node", type: "continue" },
      ],
    },
  },
  // API §8.4
  "tracking pixel, time window, push": {
    flow: {
      name: "Pixel follow-up",
      description: "",
      status: "draft",
      exit_condition: "exit_only_at_end",
      actions: [
        {
          id: "trigger_node",
          name: "Pixel",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "trigger",
          config: {
            type: "tracking_pixel",
            template_id: "template-source-webhook-pixel",
            inputs: {
              event: { value: "{request.query.ph_event}" },
              distinct_id: { value: "{request.query.ph_distinct_id}" },
            },
          },
        },
        {
          id: "window",
          name: "Office hours",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "wait_until_time_window",
          config: { timezone: "Europe/Berlin", day: "weekday", time: ["09:00", "17:00"] },
        },
        {
          id: "push_1",
          name: "Push",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "function_push",
          config: {
            template_id: "template-native-push",
            message_category_type: "marketing",
            inputs: {
              distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" },
              channels: { value: [789] },
              title: { value: "Still there?" },
              body: { value: "You left something behind." },
            },
          },
        },
        {
          id: "exit_node",
          name: "Exit",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "exit",
          config: {},
        },
      ],
      edges: [
        { from: "trigger_node", to: "window", type: "continue" },
        { from: "window", to: "push_1", type: "continue" },
        { from: "push_1", to: "exit_node", type: "continue" },
      ],
    },
  },
  // API §8.5
  "e-mail with wait, conversion and masking": {
    flow: {
      name: "Trial nurture",
      description: "",
      status: "active",
      exit_condition: "exit_on_conversion",
      trigger_masking: { hash: "{person.id}", ttl: 86400, threshold: null },
      conversion: {
        filters: [],
        window: "14d",
        events: [
          {
            filters: {
              source: "events",
              events: [{ id: "subscription started", name: "subscription started", type: "events", order: 0 }],
            },
          },
        ],
      },
      email_sending_rate_limit: { count: 500, period: "hour" },
      actions: [
        {
          id: "trigger_node",
          name: "Trial",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "trigger",
          config: {
            type: "event",
            filters: {
              source: "events",
              events: [{ id: "trial started", name: "trial started", type: "events", order: 0 }],
            },
          },
        },
        {
          id: "wait_1",
          name: "Used feature?",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "wait_until_condition",
          config: {
            condition: { filters: null },
            events: [
              {
                name: "Feature used",
                filters: {
                  source: "events",
                  events: [{ id: "feature used", name: "feature used", type: "events", order: 0 }],
                },
              },
            ],
            max_wait_duration: "3d",
          },
        },
        {
          id: "email_1",
          name: "Nudge",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "function_email",
          config: {
            template_id: "template-email",
            message_category_type: "marketing",
            inputs: {
              email: {
                templating: "liquid",
                value: {
                  from: { integrationId: 7 },
                  to: { email: "{{ person.properties.email }}", name: "" },
                  subject: "Need a hand?",
                  text: "Hi, how is the trial going?",
                  html: "<p>Hi, how is the trial going?</p>",
                },
              },
            },
          },
        },
        {
          id: "exit_node",
          name: "Exit",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "exit",
          config: {},
        },
      ],
      edges: [
        { from: "trigger_node", to: "wait_1", type: "continue" },
        { from: "wait_1", to: "exit_node", type: "branch", index: 0 },
        { from: "wait_1", to: "email_1", type: "continue" },
        { from: "email_1", to: "exit_node", type: "continue" },
      ],
    },
  },
  // API §8.6
  "batch trigger, random split, schedule": {
    flow: {
      name: "Monthly win-back",
      description: "",
      status: "active",
      exit_condition: "exit_only_at_end",
      actions: [
        {
          id: "trigger_node",
          name: "Audience",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "trigger",
          config: {
            type: "batch",
            filters: {
              audience_type: "persons",
              properties: [{ key: "churned", value: ["true"], operator: "exact", type: "person" }],
            },
          },
        },
        {
          id: "split",
          name: "A/B",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "random_cohort_branch",
          config: {
            cohorts: [
              { name: "A", percentage: 50 },
              { name: "B", percentage: 50 },
            ],
          },
        },
        {
          id: "hook_a",
          name: "A",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "function",
          config: { template_id: "template-webhook", inputs: { url: { value: "https://hooks.example.com/a" } } },
        },
        {
          id: "hook_b",
          name: "B",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "function",
          config: { template_id: "template-webhook", inputs: { url: { value: "https://hooks.example.com/b" } } },
        },
        {
          id: "exit_node",
          name: "Exit",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "exit",
          config: {},
        },
      ],
      edges: [
        { from: "trigger_node", to: "split", type: "continue" },
        { from: "split", to: "hook_a", type: "branch", index: 0 },
        { from: "split", to: "hook_b", type: "branch", index: 1 },
        { from: "hook_a", to: "exit_node", type: "continue" },
        { from: "hook_b", to: "exit_node", type: "continue" },
      ],
    },
    schedule: {
      rrule: "FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
      starts_at: "2030-01-01T09:00:00Z",
      timezone: "Europe/Berlin",
      variables: {},
    },
  },
  // API §8.7
  "schedule trigger, delay until an expression": {
    flow: {
      name: "Weekly digest job",
      description: "",
      status: "active",
      exit_condition: "exit_only_at_end",
      actions: [
        {
          id: "trigger_node",
          name: "Schedule",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "trigger",
          config: { type: "schedule" },
        },
        {
          id: "delay_1",
          name: "Until the release",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "delay",
          config: {
            delay_until: { expression: "toDateTime('2030-01-07 09:00:00')", offset: "-1h", timezone: "UTC" },
            max_delay_duration: "7d",
          },
        },
        {
          id: "hook",
          name: "Digest",
          description: "",
          on_error: "continue",
          filters: null,
          output_variable: null,
          type: "function",
          config: { template_id: "template-webhook", inputs: { url: { value: "https://hooks.example.com/digest" } } },
        },
        {
          id: "exit_node",
          name: "Exit",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "exit",
          config: {},
        },
      ],
      edges: [
        { from: "trigger_node", to: "delay_1", type: "continue" },
        { from: "delay_1", to: "hook", type: "continue" },
        { from: "hook", to: "exit_node", type: "continue" },
      ],
    },
  },
  // API §8.8
  "data-warehouse trigger": {
    flow: {
      name: "Failed invoices",
      description: "",
      status: "active",
      exit_condition: "exit_on_conversion",
      actions: [
        {
          id: "trigger_node",
          name: "Row",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "trigger",
          config: { type: "data-warehouse-table", table_name: "stripe.invoice", filters: { properties: [] } },
        },
        {
          id: "hook",
          name: "Hook",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "function",
          config: { template_id: "template-webhook", inputs: { url: { value: "https://hooks.example.com/invoice" } } },
        },
        {
          id: "exit_node",
          name: "Exit",
          description: "",
          on_error: null,
          filters: null,
          output_variable: null,
          type: "exit",
          config: {},
        },
      ],
      edges: [
        { from: "trigger_node", to: "hook", type: "continue" },
        { from: "hook", to: "exit_node", type: "continue" },
      ],
    },
  },
};
