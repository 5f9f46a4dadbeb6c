// Where the page starts: reads the data that it came with, puts the app in its place, and follows its server if it has one.
import { render } from "preact";
import { App } from "./app";
import { followServer, type Following } from "./live";
import { readData } from "./read-data";

async function start(): Promise<void> {
  let data = await readData();
  const draw = (following?: Following): void => {
    render(<App data={data} following={following} />, document.getElementById("app")!);
  };
  draw();
  followServer(({ data: newer = data, ...following }) => {
    data = newer;
    draw(following);
  });
}

start().catch((error: unknown) => {
  document.getElementById("app")!.textContent =
    `This page cannot be read: ${String(error)}. Open it with a browser of 2023 or later.`;
});
