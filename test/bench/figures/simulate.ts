// How long it takes to simulate a thousand people in a flow of twenty steps: tests of flows are run at every save.
import { fromDist } from "../canonical";
import { timed, type Figure } from "../figure";
import { flow, branch, delay, email, person, properties, webhook } from "../../simulator/flows";

const PEOPLE = 1_000;
const STEPS = 20;
const LIMIT_S = 1;

/** Each message, branch and request shows or asks something of the person. */
const STEP_OF = [
  (i: number) => email(`m${i}`, { subject: "Hello {{ person.properties.name }}" }),
  (i: number) => delay(`d${i}`, "1d"),
  (i: number) => branch(`b${i}`, [properties(person("plan", ["pro"]))]),
  (i: number) => webhook(`w${i}`, {}, { body: { value: { who: "{person.properties.email}" } } }),
];

export const simulate: Figure = {
  name: "simulate",
  what: `simulation of ${PEOPLE.toLocaleString("en-US")} people in a flow of ${STEPS} steps`,
  async measure({ rounds, progress }) {
    const { simulateMany } = fromDist("./dist/testing/index.js");
    const definition = flow({ steps: Array.from({ length: STEPS }, (_, i) => STEP_OF[i % STEP_OF.length]!(i)) });
    const people = Array.from({ length: PEOPLE }, (_, i) => ({
      trigger: "signup",
      person: { properties: { email: `p${i}@example.com`, name: `P${i}` } },
    }));
    const seconds: number[] = [];
    // The first round warms up what a test run has warm after its first test.
    for (let round = 0; round <= rounds(5); round += 1) {
      progress(`round ${round}`);
      let reached = 0;
      seconds.push(
        (await timed(async () => void (reached = simulateMany(definition, people).steps["X"].count))) / 1000,
      );
      if (reached !== PEOPLE) throw new Error(`${reached} of ${PEOPLE} came to the end`);
    }
    return [
      {
        name: `simulate, ${PEOPLE.toLocaleString("en-US")} people, ${STEPS} steps`,
        unit: "s",
        ours: seconds.slice(1),
        goal: `< ${LIMIT_S} s`,
        limit: LIMIT_S,
      },
    ];
  },
};
