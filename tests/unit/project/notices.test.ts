import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { isAllowed, mayShip, notices, noticesText } from "../../../tools/notices.mjs";

const root = join(import.meta.dirname, "../../..");

it("only licences that Winnow may ship", () => {
  expect(notices().filter((notice) => !isAllowed(notice))).toEqual([]);
});

it("the LGPL only for what ships as files of its own", () => {
  expect(isAllowed({ name: "libheif-js", license: "LGPL-3.0" })).toBe(true);
  expect(isAllowed({ name: "libheif-js", license: "GPL-3.0" })).toBe(false);
  expect(isAllowed({ name: "another", license: "LGPL-3.0" })).toBe(false);
});

it("a licence expression needs one allowed choice, and all of what it joins", () => {
  for (const good of ["MIT", "(MIT OR GPL-3.0)", "(MIT AND Zlib)"]) expect(mayShip(good)).toBe(true);
  for (const bad of ["GPL-3.0", "unknown", "", "(MIT AND GPL-3.0)"]) expect(mayShip(bad)).toBe(false);
});

it("THIRD_PARTY_NOTICES.md is what `npm run notices` writes", () => {
  expect(readFileSync(join(root, "THIRD_PARTY_NOTICES.md"), "utf8")).toBe(noticesText());
});

it("the bundled model is the one its manifest names", () => {
  const bytes = readFileSync(join(root, "models/efficientnet-lite0/model.onnx"));
  expect(bytes.length).toBe(efficientNetLite0.byteLength);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(efficientNetLite0.sha256);
});
