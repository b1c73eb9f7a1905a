import { describe, expect, test } from "vitest";
import { revealedText, revealUnseen } from "../../../src/core/format/unseenText.ts";
import { formatAgo } from "../../../src/ui/text/dates.ts";
import { countOf, formatBytes, formatDuration, formatRate } from "../../../src/ui/text/quantities.ts";

describe("names that somebody else chose", () => {
  test.each([
    ["right-to-left override", "a\u202Egpj.exe", "a⟨U+202E⟩gpj.exe"],
    ["control characters", "a\u0000\u001b[31m\n", "a⟨U+0000⟩⟨U+001B⟩[31m⟨U+000A⟩"],
    ["isolates and zero-width space", "\u2066x\u2069\u200b", "⟨U+2066⟩x⟨U+2069⟩⟨U+200B⟩"],
    ["half a surrogate pair", "a\ud83d.jpg", "a⟨U+D83D⟩.jpg"],
    ["tag characters", "\u{e0041}b", "⟨U+E0041⟩b"],
  ])("%s are shown by their number", (_, name, shown) => {
    expect(revealedText(name)).toBe(shown);
  });

  test.each(["été 雪 ‌می‌خواهم.jpg", "👩‍👩‍👧 family.png", "<img src=x>&amp;", ""])("%s stays as it is", (name) => {
    expect(revealedText(name)).toBe(name);
  });

  test("nothing is lost", () => {
    const name = "\u202Ea\u200bb\u0007";
    const back = revealUnseen(name).map((part) =>
      part.unseen ? String.fromCodePoint(Number.parseInt(part.text.slice(2), 16)) : part.text,
    );
    expect(back.join("")).toBe(name);
  });
});

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [9_960, "10 kB"],
  [999_600, "1.0 MB"],
  [42_400_000, "42 MB"],
  [7.25e12, "7.3 TB"],
])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0.2, "1 s"],
  [59.1, "1 min"],
  [79.2, "1 min 20 s"],
  [3600, "1 h"],
  [7500, "2 h 5 min"],
])("%d seconds are %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test.each([
  [0.312, "0.31"],
  [38.24, "38"],
  [1234.5, "1,235"],
])("a rate of %d is %s", (rate, text) => expect(formatRate(rate)).toBe(text));

test("one is not many", () => {
  expect(countOf(1, "image")).toBe("1 image");
  expect(countOf(12_345, "image")).toBe("12,345 images");
});

test("times near now are told by their distance", () => {
  const now = Date.UTC(2026, 10, 23, 12);
  const minute = 60_000;
  expect(formatAgo(now - 20_000, now)).toBe("just now");
  expect(formatAgo(now - 12 * minute, now)).toBe("12 minutes ago");
  expect(formatAgo(now - 26 * 60 * minute, now)).toBe("yesterday");
  expect(formatAgo(now - 30 * 24 * 60 * minute, now)).toMatch(/24 Oct 2026/);
  expect(formatAgo(now + 5 * minute, now)).toBe("just now");
});
