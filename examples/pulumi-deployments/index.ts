// How Pulumi Cloud deploys the stacks of the workflows: previews of pull requests, deployment of what is merged, and a nightly check for drift that only reports.
// A stack of its own, which somebody with rights in the organization brings up once.
import * as pulumi from "@pulumi/pulumi";
import * as cloud from "@pulumi/pulumiservice";

const config = new pulumi.Config();
const organization = config.require("organization");
/** The project of the workflows, and its repository as `owner/name`. */
const project = config.require("project");
const repository = config.require("repository");

for (const stack of ["staging", "production"]) {
  const settings = new cloud.DeploymentSettings(stack, {
    organization,
    project,
    stack,
    sourceContext: { git: { branch: "refs/heads/main" } },
    github: {
      repository,
      previewPullRequests: true,
      // A merge deploys staging. Production is deployed by hand, after somebody has read its preview: "Actions", "Update" in Pulumi Cloud.
      deployCommits: stack === "staging",
    },
    operationContext: {
      // The key of this stack's PostHog project. Pulumi Cloud keeps it encrypted.
      environmentVariables: { POSTHOG_API_KEY: config.requireSecret(`posthogKey-${stack}`) },
    },
  });

  new cloud.DriftSchedule(
    stack,
    {
      organization,
      project,
      stack,
      scheduleCron: "17 3 * * *",
      // Remediation is `pulumi up --refresh`: it overwrites edits that nobody has seen, and switches on what somebody switched off.
      autoRemediate: false,
    },
    { dependsOn: settings },
  );
}
