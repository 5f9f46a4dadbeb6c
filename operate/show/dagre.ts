// What the drawings use of dagre, which lays out graphs in layers. In the package, this one file holds it all (tools/build.mjs), so that it is no dependency.
import { graphlib } from "@dagrejs/dagre";

export const { Graph } = graphlib;
export { layout, type LayeredGraph } from "@dagrejs/dagre";
