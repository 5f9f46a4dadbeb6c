// Where the page starts: reads the data that it came with and puts the app in its place.
import { render } from "preact";
import { App } from "./app";
import { readData } from "./read-data";

void readData().then((data) => render(<App data={data} />, document.getElementById("app")!));
