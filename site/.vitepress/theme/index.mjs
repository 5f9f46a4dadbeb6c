// VitePress' own theme, with the fonts of the machine, a switch of versions, and drawings of flows.
import DefaultTheme from "vitepress/theme-without-fonts";
import { FlowDrawing } from "./flow-drawing.mjs";
import "./style.css";
import { VersionSwitch } from "./version-switch.mjs";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("FlowDrawing", FlowDrawing);
    app.component("VersionSwitch", VersionSwitch);
  },
};
