/** Templates of other companies' services. Texts of defaults are this emulator's own, and as short as they can be. */
import type { ShortTemplate } from "./schema";

const EMAIL = "{person.properties.email}";
const ISSUE = {
  title: "{event.properties.$exception_types[1]}",
  description: "{event.properties.$exception_values[1]}",
  posthog_issue_id: "{event.properties.$exception_issue_id}",
};
const TOLD = "{person.name}: {event.event}";
const WHOLE_EVENT = {
  data: {
    event: "{event.event}",
    distinctId: "{event.distinct_id}",
    properties: "{event.properties}",
    timestamp: "{event.timestamp}",
  },
};

export const DESTINATIONS: readonly ShortTemplate[] = [
  {
    id: "template-activecampaign",
    name: "ActiveCampaign",
    inputs:
      "accountName string *; apiKey string * !; email string *; firstName string *; lastName string *; phone string *; attributes dictionary *",
    defaults: {
      accountName: "",
      apiKey: "",
      email: EMAIL,
      firstName: "{person.properties.firstName}",
      lastName: "{person.properties.lastName}",
      phone: "{person.properties.phone}",
      attributes: { "1": "{person.properties.company}" },
    },
  },
  {
    id: "template-airtable",
    name: "Airtable",
    inputs: "access_token string * !; base_id string *; table_name string *; fields json *; debug boolean",
    defaults: { fields: { Timestamp: "{event.timestamp}" }, debug: false },
  },
  {
    id: "template-attio",
    name: "Attio",
    inputs: "apiKey string * !; email string *; personAttributes dictionary *",
    defaults: { email: EMAIL, personAttributes: { name: "{person.properties.name}" } },
  },
  {
    id: "template-braze",
    name: "Braze",
    inputs: "brazeEndpoint choice *; apiKey string * !; attributes json *; event json *",
    defaults: {
      brazeEndpoint: "",
      apiKey: "",
      attributes: { email: EMAIL },
      event: { name: "{event.event}", external_id: "{event.distinct_id}", time: "{event.timestamp}" },
    },
  },
  {
    id: "template-brevo",
    name: "Brevo",
    inputs: "apiKey string * !; email string *; attributes dictionary *",
    defaults: { email: EMAIL, attributes: { EMAIL } },
  },
  {
    id: "template-clickup",
    name: "ClickUp",
    inputs: `oauth integration *; workspaceId integration_field *; spaceId integration_field *; listId integration_field *; taskName string *; statusId string; priorityId string;
      assigneeId string; description string`,
    defaults: { statusId: "to do", priorityId: "3" },
    integrations: { oauth: "clickup" },
  },
  {
    id: "template-close",
    name: "Close",
    inputs:
      "apiKey string * !; email string *; leadName string *; firstName string; lastName string; properties dictionary; leadProperties dictionary",
    defaults: {
      email: EMAIL,
      leadName: EMAIL,
      firstName: "{person.properties.first_name}",
      lastName: "{person.properties.last_name}",
      properties: { title: "{person.properties.job_title}" },
      leadProperties: {},
    },
  },
  {
    id: "template-customerio",
    name: "Customer.io",
    inputs: `site_id string *; token string * !; host choice *; identifier_key choice *; identifier_value string *; action choice *; include_all_properties boolean *;
      attributes dictionary`,
    defaults: {
      host: "track.customer.io",
      identifier_key: "email",
      identifier_value: EMAIL,
      action: "automatic",
      include_all_properties: false,
      attributes: { email: EMAIL },
    },
    choices: {
      host: ["track.customer.io", "track-eu.customer.io"],
      identifier_key: ["email", "id", "cio_id"],
      action: ["automatic", "identify", "event", "page", "screen", "delete"],
    },
  },
  {
    id: "template-discord",
    name: "Discord",
    inputs: "webhookUrl string *; content string *; allowedMentions choice *",
    defaults: { content: TOLD, allowedMentions: "none" },
    choices: { allowedMentions: ["none", "roles_users", "everyone"] },
  },
  { id: "native-discord-uptime", name: "Discord for uptime", inputs: "webhookUrl string * !" },
  {
    id: "template-github",
    name: "GitHub",
    inputs:
      "github_installation integration *; repository integration_field *; title string *; description string *; posthog_issue_id string *; posthog_issue_url string",
    defaults: ISSUE,
    integrations: { github_installation: "github" },
  },
  {
    id: "template-gitlab",
    name: "GitLab",
    inputs: "gitlab_project integration *; title string *; description string *; posthog_issue_id string *",
    defaults: ISSUE,
    integrations: { gitlab_project: "gitlab" },
  },
  {
    id: "template-hubspot-company",
    name: "HubSpot company",
    inputs: "oauth integration *; companyId string *; properties dictionary *",
    defaults: { companyId: "{groups.company.id}", properties: { name: "{groups.company.properties.name}" } },
    integrations: { oauth: "hubspot" },
  },
  {
    id: "template-intercom",
    name: "Intercom contact",
    inputs:
      "oauth integration *; email string *; include_all_properties boolean *; properties dictionary; customProperties dictionary",
    defaults: {
      email: EMAIL,
      include_all_properties: false,
      properties: { phone: "{person.properties.phone}" },
      customProperties: {},
    },
    integrations: { oauth: "intercom" },
  },
  {
    id: "template-intercom-event",
    name: "Intercom event",
    inputs:
      "oauth integration *; email string *; eventName string *; eventTime string *; include_all_properties boolean *; properties dictionary",
    defaults: {
      email: EMAIL,
      eventName: "{event.event}",
      eventTime: "{toInt(toUnixTimestamp(event.timestamp))}",
      include_all_properties: false,
      properties: { revenue: "{event.properties.price}" },
    },
    integrations: { oauth: "intercom" },
  },
  {
    id: "template-knock",
    name: "Knock",
    inputs: "webhookUrl string *; userId string *; include_all_properties boolean *; attributes dictionary",
    defaults: { userId: "{person.id}", include_all_properties: false, attributes: { email: EMAIL } },
  },
  {
    id: "template-linear",
    name: "Linear",
    inputs:
      "linear_workspace integration *; team integration_field *; title string *; description string *; posthog_issue_id string *",
    defaults: ISSUE,
    integrations: { linear_workspace: "linear" },
  },
  { id: "template-make", name: "Make", inputs: "webhookUrl string *; body json *", defaults: { body: WHOLE_EVENT } },
  {
    id: "template-microsoft-teams",
    name: "Microsoft Teams",
    inputs: "webhookUrl string *; text string *",
    defaults: { text: TOLD },
  },
  {
    id: "template-microsoft-teams-channel",
    name: "Microsoft Teams channel",
    inputs:
      "microsoft_teams integration *; team integration_field *; channel integration_field *; message string *; content_type choice; reply_to_message_id string",
    defaults: { message: TOLD, content_type: "html" },
    choices: { content_type: ["html", "text"] },
    integrations: { microsoft_teams: "microsoft-teams" },
  },
  {
    id: "template-onesignal",
    name: "OneSignal",
    inputs:
      "appId string *; apiKey string * !; externalId string *; eventName string *; eventProperties json; eventTimestamp string *",
    defaults: {
      appId: "",
      apiKey: "",
      externalId: "{person.id}",
      eventName: "{event.event}",
      eventProperties: {},
      eventTimestamp: "{event.timestamp}",
    },
  },
  {
    id: "template-pagerduty",
    name: "PagerDuty",
    inputs: `routing_key string * !; event_action choice *; dedup_key string; summary string *; source string *; severity choice *; component string; event_class string;
      custom_details json; links json`,
    defaults: {
      event_action: "trigger",
      dedup_key: "",
      summary: TOLD,
      source: "{project.name}",
      severity: "error",
      component: "",
      event_class: "",
      custom_details: { event: "{event}", person: "{person}" },
      links: [{ href: "{event.url}", text: "The event" }],
    },
    choices: {
      event_action: ["trigger", "acknowledge", "resolve"],
      severity: ["critical", "error", "warning", "info"],
    },
  },
  {
    id: "template-resend",
    name: "Resend",
    inputs:
      "api_key string * !; from string *; to string *; subject string *; text string; html string; reply_to string",
    defaults: { subject: "{event.event}", text: TOLD, html: "", reply_to: "" },
  },
  {
    id: "template-typesafe-classify",
    name: "TypeSafe",
    inputs: "api_key string * ! plain; question string * plain; context json *; categories json * plain",
  },
  {
    id: "template-whatsapp",
    name: "WhatsApp",
    inputs: `access_token string * !; phone_number_id string *; api_version string; to_number string * liquid; message_type choice *; message string liquid; template_name string;
      template_language choice; debug boolean`,
    defaults: {
      api_version: "v21.0",
      to_number: "{{ person.properties.phone }}",
      message_type: "text",
      message: "Hello from {{ project.name }}",
      template_language: "af",
      debug: false,
    },
    choices: { message_type: ["text", "template"] },
  },
  {
    id: "template-firebase-push",
    name: "Firebase push",
    inputs:
      "firebase_account integration *; fcm_token string * liquid; title string * liquid; body string liquid; data json; debug boolean",
    defaults: { fcm_token: "", title: "About {{ event.event }}", body: "", data: {}, debug: false },
    integrations: { firebase_account: "firebase" },
  },
  {
    id: "template-witn",
    name: "witn",
    inputs: `api_key string * !; api_base_url string *; key string *; action string *; customer_key string *; agent_key string; idempotency_key string; timestamp string;
      properties dictionary`,
    defaults: {
      api_base_url: "https://api.thewitn.com",
      key: "{event.properties.key}",
      action: "{event.event}",
      customer_key: EMAIL,
      agent_key: "",
      idempotency_key: "{event.uuid}",
      timestamp: "{event.timestamp}",
      properties: { value: "{event.properties.value}" },
    },
  },
  {
    id: "template-zapier",
    name: "Zapier",
    inputs: "hook string *; body json; debug boolean",
    defaults: { body: WHOLE_EVENT, debug: false },
  },
  {
    id: "template-zendesk",
    name: "Zendesk",
    inputs:
      "subdomain string *; admin_email string * !; token string * !; email string *; name string *; attributes dictionary",
    defaults: { email: EMAIL, name: "{person.properties.name}", attributes: { phone: "{person.properties.phone}" } },
  },
  {
    id: "template-accoil",
    name: "Accoil",
    inputs: "apiKey string * !; timestamp string *",
    defaults: { timestamp: "{event.timestamp}" },
  },
  {
    id: "template-appcues",
    name: "Appcues",
    inputs:
      "accountId string *; apiKey string * !; apiSecret string * !; region choice *; userId string *; include_all_properties boolean *",
    defaults: { region: "US", userId: "{event.distinct_id}", include_all_properties: false },
    choices: { region: ["US", "EU"] },
  },
  {
    id: "template-avo",
    name: "Avo",
    inputs: "apiKey string * !; environment string; appName string; excludeProperties string; includeProperties string",
    defaults: { apiKey: "", environment: "dev", appName: "PostHog", excludeProperties: "", includeProperties: "" },
  },
  {
    id: "template-clearbit",
    name: "Clearbit",
    inputs: "api_key string * !; email string *",
    defaults: { email: EMAIL },
  },
  { id: "template-engage-so", name: "Engage", inputs: "public_key string * !; private_key string * !" },
  { id: "template-flywheel", name: "Flywheel", inputs: "apiKey string * !" },
  {
    id: "template-gleap",
    name: "Gleap",
    inputs: "apiKey string * !; userId string *; include_all_properties boolean *; attributes dictionary",
    defaults: { userId: "{person.id}", include_all_properties: false, attributes: { email: EMAIL } },
  },
  {
    id: "template-google-analytics-4",
    name: "Google Analytics 4",
    inputs: "measurementId string *; apiSecret string * !",
  },
  {
    id: "template-google-cloud-storage",
    name: "Google Cloud Storage",
    inputs: "auth integration *; bucketName string *; filename string *; payload string *",
    defaults: { filename: "{event.uuid}.csv", payload: "{event.uuid},{event.event}" },
    integrations: { auth: "google-cloud-storage" },
  },
  {
    id: "template-google-pubsub",
    name: "Google Pub/Sub",
    inputs: "auth integration *; topicId string *; payload json; attributes json",
    defaults: { payload: { event: "{event}", person: "{person}" }, attributes: {} },
    integrations: { auth: "google-pubsub" },
  },
  {
    id: "template-hubspot",
    name: "HubSpot",
    inputs: "oauth integration *; email string *; properties dictionary *",
    defaults: { email: EMAIL, properties: { company: "{person.properties.company}" } },
    integrations: { oauth: "hubspot" },
  },
  {
    id: "template-june",
    name: "June",
    inputs: "apiKey string * !; include_all_properties boolean *; properties dictionary",
    defaults: { include_all_properties: false, properties: { email: EMAIL } },
  },
  {
    id: "template-klaviyo-user",
    name: "Klaviyo profile",
    inputs:
      "apiKey string * !; email string *; externalId string *; include_all_properties boolean *; customProperties dictionary",
    defaults: {
      email: EMAIL,
      externalId: "{person.id}",
      include_all_properties: false,
      customProperties: { first_name: "{person.properties.first_name}" },
    },
  },
  {
    id: "template-klaviyo-event",
    name: "Klaviyo event",
    inputs:
      "apiKey string * !; email string *; externalId string *; include_all_properties boolean *; attributes dictionary",
    defaults: {
      email: EMAIL,
      externalId: "{person.id}",
      include_all_properties: false,
      attributes: { price: "{event.properties.price}" },
    },
  },
  {
    id: "template-klime",
    name: "Klime",
    inputs:
      "writeKey string * !; action choice *; userId string; groupId string; include_all_properties boolean *; userTraits dictionary; properties dictionary",
    defaults: {
      writeKey: "",
      action: "automatic",
      userId: "{event.distinct_id}",
      groupId: "",
      include_all_properties: false,
      userTraits: { email: EMAIL },
      properties: {},
    },
    choices: { action: ["automatic", "track", "identify", "group"] },
  },
  {
    id: "template-kudosity-sms",
    name: "Kudosity",
    inputs:
      "api_key string * !; sender string *; recipient string *; message string *; message_ref string; track_links boolean; debug boolean",
    defaults: {
      api_key: "",
      sender: "",
      recipient: "",
      message: TOLD,
      message_ref: "",
      track_links: false,
      debug: false,
    },
  },
  {
    id: "template-loops",
    name: "Loops contact",
    inputs: "apiKey string * !; email string *; include_all_properties boolean *; properties dictionary",
    defaults: {
      apiKey: "",
      email: EMAIL,
      include_all_properties: false,
      properties: { firstName: "{person.properties.firstname}" },
    },
  },
  {
    id: "template-loops-event",
    name: "Loops event",
    inputs: "apiKey string * !; email string *; include_all_properties boolean *; properties dictionary",
    defaults: {
      apiKey: "",
      email: EMAIL,
      include_all_properties: false,
      properties: { pathname: "{event.properties.$pathname}" },
    },
  },
  {
    id: "template-mailchimp",
    name: "Mailchimp",
    inputs:
      "apiKey string * !; audienceId string *; dataCenterId string *; email string *; doubleOptIn boolean *; include_all_properties boolean *; properties dictionary",
    defaults: {
      email: EMAIL,
      doubleOptIn: false,
      include_all_properties: false,
      properties: { FNAME: "{person.properties.firstname}" },
    },
  },
  {
    id: "template-mailgun-send-email",
    name: "Mailgun",
    inputs:
      "domain_name string *; api_key string * !; host choice *; to string *; from string *; subject string *; html string; text string",
    defaults: { host: "api.eu.mailgun.net", to: EMAIL, from: "", subject: "", html: "", text: TOLD },
    choices: { host: ["api.mailgun.net", "api.eu.mailgun.net"] },
  },
  {
    id: "template-mailjet-create-contact",
    name: "Mailjet contact",
    inputs:
      "api_key string * !; secret_key string * !; email string *; name string; is_excluded_from_campaigns boolean",
    defaults: { email: EMAIL, name: "{person.properties.first_name}", is_excluded_from_campaigns: false },
  },
  {
    id: "template-mailjet-update-contact-list",
    name: "Mailjet list",
    inputs: "api_key string * !; secret_key string * !; email string *; contact_list_id string *; action choice *",
    defaults: { email: EMAIL, action: "addnoforce" },
    choices: { action: ["addnoforce", "addforce", "remove", "unsub"] },
  },
  { id: "template-retain", name: "Retain", inputs: "writeKey string * !" },
  {
    id: "template-rudderstack",
    name: "RudderStack",
    inputs: "host string *; token string * !; identifier string *",
    defaults: { host: "https://hosted.rudderlabs.com", identifier: "{person.id}" },
  },
  {
    id: "template-salesforce-create",
    name: "Salesforce, new object",
    inputs:
      "oauth integration *; path string *; include_all_event_properties boolean *; include_all_person_properties boolean *; properties json *",
    defaults: {
      path: "Contact",
      include_all_event_properties: false,
      include_all_person_properties: false,
      properties: { Email: EMAIL },
    },
    integrations: { oauth: "salesforce" },
  },
  {
    id: "template-salesforce-update",
    name: "Salesforce, change",
    inputs:
      "oauth integration *; path string *; include_all_event_properties boolean *; include_all_person_properties boolean *; properties json *",
    defaults: {
      path: `Lead/Email/${EMAIL}`,
      include_all_event_properties: false,
      include_all_person_properties: false,
      properties: { Browser: "{person.properties.$browser}" },
    },
    integrations: { oauth: "salesforce" },
  },
  {
    id: "template-salesforce-lookup",
    name: "Salesforce, look-up",
    inputs: "oauth integration *; object string *; match_field string *; match_value string *; fields string",
    defaults: { object: "Lead", match_field: "Email", match_value: EMAIL, fields: "Id" },
    integrations: { oauth: "salesforce" },
  },
  {
    id: "template-sendgrid",
    name: "SendGrid",
    inputs: "api_key string * !; email string *; properties dictionary *",
    defaults: { email: EMAIL, properties: { last_name: "{person.properties.last_name}" } },
  },
  {
    id: "template-adjust",
    name: "Adjust",
    inputs: "appToken string * !; environment choice *; deviceIdentifiers dictionary *",
    defaults: { environment: "production", deviceIdentifiers: { idfv: "{event.properties.$device_id}" } },
    choices: { environment: ["production", "sandbox"] },
  },
  {
    id: "template-aws-kinesis",
    name: "AWS Kinesis",
    inputs: `aws_access_key_id string * !; aws_secret_access_key string * !; aws_region string *; aws_kinesis_stream_name string *; aws_kinesis_partition_key string;
      payload json`,
    defaults: {
      aws_region: "us-east-1",
      aws_kinesis_partition_key: "{event.uuid}",
      payload: { event: "{event}", person: "{person}" },
    },
  },
  {
    id: "template-beehiiv",
    name: "beehiiv",
    inputs: `apiKey string * !; publicationId string *; email string *; customFields dictionary; sendWelcomeEmail boolean; reactivateExisting boolean; utmSource string;
      utmMedium string; utmCampaign string; utmTerm string; utmContent string; referringSite string`,
    defaults: {
      email: EMAIL,
      customFields: { "First Name": "{person.properties.first_name}" },
      sendWelcomeEmail: false,
      reactivateExisting: false,
      utmSource: "posthog",
      utmMedium: "{event.properties.utm_medium}",
      utmCampaign: "{event.properties.utm_campaign}",
      utmTerm: "{event.properties.utm_term}",
      utmContent: "{event.properties.utm_content}",
      referringSite: "{event.properties.$referrer}",
    },
  },
  {
    id: "template-unify",
    name: "Unify",
    inputs: "write_key string * !; person_attributes dictionary; company_attributes dictionary",
    defaults: {
      write_key: "",
      person_attributes: { email: EMAIL },
      company_attributes: { domain: "{groups.company.properties.domain}" },
    },
  },
];
