import { describe, expect, it } from "vitest";
import { decodedText, decodeText } from "../../../src/core/format/decodeText.ts";

const parts = async function* (bytes: Uint8Array, at: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, at);
  yield bytes.subarray(at);
};

describe("text from bytes", () => {
  const text = "path;ü\n猫🐈\n";
  const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from(text, "utf16le")]);
  const big = Uint8Array.from([0xfe, 0xff, ...Buffer.from(text, "utf16le").swap16()]);

  it("UTF-8 and UTF-16, with a mark or without", () => {
    expect(decodeText(Buffer.from(text))).toBe(text);
    expect(decodeText(Buffer.from(`\uFEFF${text}`))).toBe(text);
    expect(decodeText(utf16)).toBe(text);
    expect(decodeText(big)).toBe(text);
    expect(decodeText(Uint8Array.of(0x61, 0xff))).toBe("a\uFFFD");
  });

  it("in parts that are cut anywhere", async () => {
    for (const bytes of [new Uint8Array(Buffer.from(text)), utf16]) {
      for (let at = 2; at < bytes.length; at++) {
        let whole = "";
        for await (const part of decodedText(parts(bytes, at))) whole += part;
        expect(whole).toBe(text);
      }
    }
  });
});
