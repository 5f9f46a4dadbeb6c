/** Templates that act on PostHog itself: events, people, tickets, accounts, AI. Texts of defaults are this emulator's own. */
import type { ShortTemplate } from "./schema";

const TICKET = { ticket_id: "{event.properties.ticket_id}" };
const DECISION = { context: { subject: "{event.properties.subject}", message: "{event.properties.message}" } };
const OPTIONS = { support: "Somebody asks for help", spam: "Nobody needs to read this" };
const PROMPTED = {
  model: "gpt-5.4-nano",
  content: "{event.event}: {jsonStringify(event.properties)}",
  sample_rate: "1.0",
};
const TAGGING = { tags_mode: ["add", "set", "remove"] };

export const POSTHOG: readonly ShortTemplate[] = [
  {
    id: "template-posthog-capture",
    name: "Capture an event",
    inputs: "event string *; distinct_id string *; properties dictionary",
    defaults: { distinct_id: "{event.distinct_id}" },
  },
  {
    id: "template-posthog-group-identify",
    name: "Update group properties",
    inputs: "group_type string *; group_key string *; group_properties dictionary",
    defaults: { group_properties: { id: "{inputs.group_key}" } },
  },
  {
    id: "template-posthog-update-person-properties",
    name: "Update person properties",
    inputs: "distinct_id string *; set_properties dictionary; set_once_properties dictionary",
    defaults: { distinct_id: "{event.distinct_id}", set_properties: {}, set_once_properties: {} },
  },
  { id: "template-posthog-set-variable", name: "Set a variable", inputs: "variable_value string *" },
  {
    id: "template-posthog-get-ticket",
    name: "Get a ticket",
    inputs: "ticket_id string *; include_first_customer_message_text boolean",
    defaults: { ...TICKET, include_first_customer_message_text: false },
  },
  {
    id: "template-posthog-update-ticket",
    name: "Update a ticket",
    inputs: `ticket_id string *; status choice; priority choice; sla_amount string; sla_unit choice; sla_business_hours posthog_business_hours; assignee posthog_assignee;
      tags posthog_ticket_tags`,
    defaults: { ...TICKET, sla_unit: "hour" },
    choices: {
      status: ["new", "open", "pending", "on_hold", "resolved"],
      priority: ["low", "medium", "high"],
      sla_unit: ["minute", "hour", "day"],
    },
  },
  {
    id: "template-posthog-send-ticket-message",
    name: "Answer a ticket",
    inputs: "ticket_id string *; message string *; is_private boolean",
    defaults: { ...TICKET, is_private: false },
  },
  {
    id: "template-posthog-record-ticket-email",
    name: "Record an email on a ticket",
    inputs: "ticket_id string *; recipient string *; subject string",
    defaults: { ...TICKET, recipient: "{person.properties.email}" },
  },
  {
    id: "template-posthog-create-task",
    name: "Create an AI task",
    inputs: `prompt string *; title string; model task_model; repository task_repository; connectors task_mcp_installations; skills task_skills; posthog_mcp_scopes choice;
      max_parallel_tasks number; reply_in_slack_thread boolean plain; non_failure_status_codes non_failure_status_codes`,
    defaults: {
      posthog_mcp_scopes: "read_only",
      max_parallel_tasks: 5,
      reply_in_slack_thread: true,
      non_failure_status_codes: [409],
    },
    choices: { posthog_mcp_scopes: ["read_only", "full"] },
  },
  {
    id: "template-posthog-notify-owner",
    name: "Notify the owner",
    inputs: "title string *; body string; task_id string",
  },
  {
    id: "template-posthog-run-scout",
    name: "Run a scout",
    inputs: "skill_name string *; non_failure_status_codes non_failure_status_codes *",
    defaults: { non_failure_status_codes: [409] },
  },
  { id: "template-posthog-create-account", name: "Create an account", inputs: "external_id string *" },
  { id: "template-posthog-get-account", name: "Get an account", inputs: "external_id string *" },
  {
    id: "template-posthog-tag-account",
    name: "Tag an account",
    inputs: "external_id string *; tags posthog_ticket_tags *; tags_mode choice",
    defaults: { tags_mode: "add" },
    choices: TAGGING,
  },
  {
    id: "template-posthog-update-account",
    name: "Update an account",
    inputs:
      "external_id string *; csm posthog_assignee; account_executive posthog_assignee; account_owner posthog_assignee; tags posthog_ticket_tags; tags_mode choice",
    defaults: { tags_mode: "add" },
    choices: TAGGING,
  },
  {
    id: "template-posthog-update-account-property",
    name: "Update account properties",
    inputs: "external_id string *; properties customer_analytics_account_properties *",
  },
  {
    id: "template-posthog-update-account-relationships",
    name: "Update account relationships",
    inputs: "external_id string *; relationships customer_analytics_account_relationships *",
  },
  {
    id: "template-posthog-create-customer-task",
    name: "Create a customer task",
    inputs: "name string *; description string; account_id string; assigned_to_id string; due_at string",
  },
  {
    id: "template-posthog-report-customer-task",
    name: "Report to a customer task",
    inputs: "customer_task_id string *; report string *; outcome choice *; task_id string; task_run_id string",
    defaults: { outcome: "completed" },
    choices: { outcome: ["completed", "needs_human"] },
  },
  {
    id: "template-posthog-email",
    name: "Email project members",
    type: "internal_destination",
    inputs: "subject string *; body string *; action_url string; action_label string",
    defaults: { action_label: "Open in PostHog" },
  },
  {
    id: "template-posthog-replay-vision-analyze-sessions",
    name: "Analyze sessions",
    inputs: "session_id string *; prompt string; scanner_id string",
    defaults: { session_id: "{event.properties.$session_id}" },
  },
  {
    id: "template-workflow-llm",
    name: "Generate text",
    inputs: "prompt string * liquid; output_fields dictionary; model choice * plain",
    defaults: { output_fields: {}, model: "gpt-5-mini" },
    choices: {
      model: ["gpt-4.1-mini", "gpt-5-mini", "gpt-5.4", "claude-haiku-4-5", "claude-sonnet-4-6", "claude-opus-4-8"],
    },
  },
  {
    id: "template-posthog-ai-decision",
    name: "AI decision",
    inputs: "question string * plain; context json *; options dictionary * plain",
    defaults: { ...DECISION, options: OPTIONS },
  },
  {
    id: "template-posthog-classify",
    name: "Classify with AI",
    inputs: "model choice; question string * plain; context json *; categories dictionary * plain",
    defaults: { ...DECISION, model: "jev", categories: OPTIONS },
    choices: { model: ["jev"] },
  },
  {
    id: "template-posthog-jev-classify",
    name: "Classify with Jev",
    inputs: "question string * plain; context json *; categories dictionary * plain",
    defaults: { ...DECISION, categories: OPTIONS },
  },
  {
    id: "template-posthog-llm-classify",
    name: "LLM classify",
    inputs: "model string *; instructions string; content string *; categories string; sample_rate string",
    defaults: PROMPTED,
  },
  {
    id: "template-posthog-llm-completion",
    name: "Call an LLM",
    inputs:
      "provider_key_id llm_provider_key * plain; provider choice * plain; model string *; system_prompt string; messages json *; temperature number; max_tokens number",
    defaults: { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] },
    choices: { provider: ["openai", "anthropic", "gemini", "openrouter", "fireworks"] },
  },
  {
    id: "template-posthog-llm-extract",
    name: "LLM extract",
    inputs: "model string *; instructions string; content string *; fields dictionary *; sample_rate string",
    defaults: {
      ...PROMPTED,
      instructions: "Extract the fields, with null for what is not there.",
      fields: { intent: "What the person wants" },
    },
  },
  {
    id: "template-posthog-llm-summarize",
    name: "LLM summarize",
    inputs: "model string *; instructions string; content string *; sample_rate string",
    defaults: { ...PROMPTED, instructions: "Sum up the content in a title and a description." },
  },
  {
    id: "template-posthog-query",
    name: "Run a query",
    inputs: "query hogql * plain",
    defaults: { query: "SELECT event, count() FROM events GROUP BY event" },
  },
  {
    id: "template-posthog-run-agent",
    name: "Run an AI agent",
    inputs: "agent_config agent_config *",
    defaults: { agent_config: { prompt: "", github_installation: null, repository: null, output_schema: null } },
  },
  {
    id: "template-claude-managed-agent",
    name: "Claude managed agent",
    inputs:
      "anthropic_workspace integration *; agent integration_field *; environment integration_field *; vault_id integration_field; message string *",
    integrations: { anthropic_workspace: "anthropic" },
  },
];
