// The environment in which the engine runs here: a file backend, nothing of the user's own Pulumi
// or PostHog account, no network but the provider's.
import path from "node:path";
import { pathToFileURL } from "node:url";

const FOREIGN = /^(PULUMI_|POSTHOG_)/;

/**
 * A whole environment for a `pulumi` command: the base without any PULUMI_* and POSTHOG_* variable (a
 * key in the shell must not reach a test or a demo), then the settings below, then `extra`.
 * @param {string} folder where the engine is, as `findEngine` says
 * @param {{ home: string, backendDir: string, passphrase: string, base?: NodeJS.ProcessEnv, extra?: Record<string, string> }} options
 *   `home` and `backendDir` are existing folders: PULUMI_HOME, and where state goes.
 */
export function engineEnv(folder, { home, backendDir, passphrase, base = process.env, extra = {} }) {
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !FOREIGN.test(name)));
  return {
    ...kept,
    PATH: [folder, base.PATH].filter(Boolean).join(path.delimiter),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: pathToFileURL(backendDir).href,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Otherwise the CI's commit and the Git remote are written into state.
    PULUMI_DISABLE_CI_DETECTION: "true",
    PULUMI_CREDENTIAL_STORE: "plaintext",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    ...extra,
  };
}
