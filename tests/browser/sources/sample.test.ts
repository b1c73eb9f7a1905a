import { expect, test } from "vitest";
import { fromSample } from "../../../src/sources/sample.ts";
import { contents, failureOf, listed } from "./listed.ts";
import { makeZip } from "./zips.ts";

test("the sample is fetched when it is listed, and once", async () => {
  const zip = await makeZip([
    { name: "smileys/a.png", content: "a" },
    { name: "animals/b.png", content: "b" },
  ]);
  const url = URL.createObjectURL(zip);
  const source = fromSample(url);
  expect([source.name, source.ref]).toEqual(["Sample", { kind: "sample" }]);
  const expected = { "animals/b.png": "b", "smileys/a.png": "a" };
  expect(await contents(source)).toEqual(expected);
  URL.revokeObjectURL(url);
  expect(await contents(source)).toEqual(expected);
});

test("a sample that cannot be loaded says so, and a later attempt is made again", async () => {
  const source = fromSample(new URL("/no/such/sample.zip?404", location.href).href.replace("http", "http-none"));
  for (let attempt = 0; attempt < 2; attempt++) {
    const reason = await failureOf(listed(source));
    expect([reason.code, reason.message]).toEqual([
      "vanished",
      "The sample could not be loaded: there is no connection to it.",
    ]);
  }
});
