// A flow as a drawing, from the text that `hogflow graph` writes. The library that draws is loaded on pages that have one.
import { useData } from "vitepress";
import { h, onMounted, ref, watch } from "vue";
import library from "mermaid/dist/mermaid.min.js?url";

let loading;
const load = () =>
  (loading ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), {
      src: library,
      onload: () => resolve(globalThis.mermaid),
      onerror: () => reject(new Error(`${library} could not be loaded`)),
    });
    document.head.append(script);
  }));

let count = 0;

export const FlowDrawing = {
  props: { source: { type: String, required: true } },
  setup(props) {
    const { isDark } = useData();
    const text = decodeURIComponent(props.source);
    const drawing = ref();
    const measure = ref();
    const draw = async () => {
      const mermaid = await load();
      mermaid.initialize({
        startOnLoad: false,
        fontFamily: "inherit",
        theme: isDark.value ? "dark" : "neutral",
        themeVariables: isDark.value ? { edgeLabelBackground: "#2b2b2f" } : {},
      });
      const { svg } = await mermaid.render(`flow-drawing-${(count += 1)}`, text, measure.value);
      drawing.value = svg;
    };
    onMounted(draw);
    watch(isDark, draw);
    const label = { role: "img", "aria-label": "The flow as a drawing" };
    return () => [
      h("div", { class: "flow-drawing-measure", ref: measure }),
      drawing.value === undefined
        ? h("pre", { class: "flow-drawing" }, text)
        : h("div", { class: "flow-drawing", ...label, innerHTML: drawing.value }),
    ];
  },
};
