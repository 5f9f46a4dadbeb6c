// What Pulumi runs: pulumi preview --policy-pack <this folder>
import { PolicyPack } from "@pulumi/policy";
import { policies, settings } from "./policies.js";

new PolicyPack("messaging", { policies, enforcementLevel: "mandatory" }, settings);
