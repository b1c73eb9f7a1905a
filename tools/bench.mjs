import { installPackages } from "./install.mjs";

/** `npm run bench -- NAME [--json]`: the measurements of tests/bench, one JSON object as the last line. */
installPackages();
const names = ["embed", "kcenter"];
const [name] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
if (name === undefined || !names.includes(name)) {
  console.error(`Which one? npm run bench -- ${names.join(" | ")}`);
  process.exit(2);
}
const { run } = await import(`../tests/bench/${name}.mjs`);
console.log(
  JSON.stringify(await run(), (_, value) => (typeof value === "number" ? Number(value.toPrecision(4)) : value)),
);
process.exit(0);
