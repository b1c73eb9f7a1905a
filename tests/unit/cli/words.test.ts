import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embed } from "../../../src/cli/commands/embed.ts";
import { embedSpace } from "../../../src/cli/commands/embedSpace.ts";
import { similarToWords } from "../../../src/cli/commands/similarToWords.ts";
import { onnxModels } from "../../fixtures/onnxModels.ts";
import { surroundingsOf } from "../../fixtures/surroundings.ts";
import { tinyTokenizer } from "../../fixtures/tokenizerJson.ts";

const folder = mkdtempSync(join(tmpdir(), "winnow-words-"));
const at = (name: string): string => join(folder, name);
const surroundings = surroundingsOf();
const found = async (project: string, words: string, text: string, tokenizer = at("tokenizer.json")) =>
  await similarToWords(at(project), { words, text: at(text), tokenizer, k: 10 }, surroundings);
const paths = async (...given: Parameters<typeof found>) => (await found(...given)).images.map(({ path }) => path);

beforeAll(async () => {
  mkdirSync(at("photos"));
  for (const [name, background] of Object.entries({ a: "#20d020", b: "#e01010", c: "#1010f0", d: "#b01010" })) {
    const picture = { create: { width: 64, height: 64, channels: 3 as const, background } };
    await sharp(picture)
      .png()
      .toFile(join(at("photos"), `${name}.png`));
  }
  for (const name of ["colourTower", "textTower", "bothTowers", "dynamic"] as const) {
    writeFileSync(at(`${name}.onnx`), onnxModels[name]());
  }
  writeFileSync(at("tokenizer.json"), JSON.stringify(tinyTokenizer));
  writeFileSync(at("broken.json"), "{");
  mkdirSync(at("elsewhere"));
  writeFileSync(join(at("elsewhere"), "text.onnx"), onnxModels.textTower());
  for (const [project, model] of [
    ["colours.winnow", "colourTower.onnx"],
    ["both.winnow", "bothTowers.onnx"],
    ["other.winnow", "dynamic.onnx"],
  ] as const) {
    await embed([at("photos")], { project: at(project), model: at(model), threads: 1 }, surroundings);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("winnow similar --words", () => {
  it("ranks images by how well they match words, with towers in two files and in one", async () => {
    expect((await paths("colours.winnow", "red", "textTower.onnx")).slice(0, 2).sort()).toEqual(["b.png", "d.png"]);
    expect((await paths("colours.winnow", "Green", "textTower.onnx"))[0]).toBe("a.png");
    const whole = await found("both.winnow", "blue", "bothTowers.onnx");
    expect(whole.images[0]).toMatchObject({ path: "c.png" });
    expect(whole).toEqual(await found("colours.winnow", "blue", "textTower.onnx"));
    expect(whole.images[0]!.similarity).toBeGreaterThan(0.5);
  });

  it("looks at a further embedding of the project", async () => {
    const named = { project: at("other.winnow"), model: at("colourTower.onnx"), space: "colours", threads: 1 };
    await embedSpace([at("photos")], named, surroundings);
    const options = { words: "red", text: at("textTower.onnx"), tokenizer: at("tokenizer.json"), k: 2 };
    const { images } = await similarToWords(at("other.winnow"), { ...options, space: "colours" }, surroundings);
    expect(images.map(({ path }) => path).sort()).toEqual(["b.png", "d.png"]);
    await expect(similarToWords(at("other.winnow"), options, surroundings)).rejects.toThrow("the images have 8");
    await expect(similarToWords(at("other.winnow"), { ...options, space: "x" }, surroundings)).rejects.toThrow("“x”");
  });

  it.each([
    ["colours.winnow", "colourTower.onnx", undefined, "“colourTower.onnx” is no text tower"],
    ["colours.winnow", "textTower.onnx", "broken.json", "“broken.json” is no JSON"],
    ["colours.winnow", "elsewhere/text.onnx", "", "with --tokenizer"],
    ["other.winnow", "textTower.onnx", undefined, "gives 3 numbers a text, and the images have 8"],
  ])("%s with %s and %s says what is wrong", async (project, text, tokenizer, words) => {
    const named = tokenizer === undefined ? at("tokenizer.json") : tokenizer && at(tokenizer);
    const options = { words: "red", text: at(text), k: 3, ...(named && { tokenizer: named }) };
    await expect(similarToWords(at(project), options, surroundings)).rejects.toThrow(words);
  });

  it("says that a text without words cannot be looked for", async () => {
    await expect(found("colours.winnow", " \n", "textTower.onnx")).rejects.toThrow("no word");
  });
});
