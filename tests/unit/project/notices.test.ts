import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { efficientNetLite0 } from "../../../models/manifest.ts";
import { allowed, notices, noticesText } from "../../../tools/notices.mjs";

const root = join(import.meta.dirname, "../../..");

it("only licences that Winnow may ship", () => {
  expect(notices().filter(({ license }) => !allowed.includes(license))).toEqual([]);
});

it("THIRD_PARTY_NOTICES.md is what `npm run notices` writes", () => {
  expect(readFileSync(join(root, "THIRD_PARTY_NOTICES.md"), "utf8")).toBe(noticesText());
});

it("the bundled model is the one its manifest names", () => {
  const bytes = readFileSync(join(root, "models/efficientnet-lite0/model.onnx"));
  expect(bytes.length).toBe(efficientNetLite0.byteLength);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(efficientNetLite0.sha256);
});
