// Starts the Slack emulator through its library: its command line does not start on every Node. The seed comes as JSON
// on the first line of standard input; the port goes to standard output; the end of standard input is the end.
import { createInterface } from "node:readline";
import { createEmulator } from "emulate";

const lines = createInterface({ input: process.stdin });
const { value: seed } = await lines[Symbol.asyncIterator]().next();
const port = Number(process.argv[2]);
const emulator = await createEmulator({ service: "slack", port, seed: { slack: JSON.parse(seed) } });
console.log(emulator.url);
lines.on("close", () => process.exit(0));
