import { expect, it } from "vitest";
import { Terminal } from "../../../src/cli/terminal.ts";

it("shows what a file name would do to a terminal instead of doing it", () => {
  let said = "";
  const stream = { isTTY: false, write: (text: string) => (said += text) } as unknown as NodeJS.WriteStream;
  new Terminal(new AbortController().signal, stream).say("a\u001b[2J\u202egpj.exe\r.jpg: It is damaged.");
  expect(said).toBe("a⟨U+001B⟩[2J⟨U+202E⟩gpj.exe⟨U+000D⟩.jpg: It is damaged.\n");
});
