import { afterEach, describe, expect, test } from "vitest";
import "../../../src/ui/styles/tokens.css";

afterEach(() => delete document.documentElement.dataset.theme);

/** WCAG 2.2 relative luminance of “#rrggbb”. */
function luminance(hex: string): number {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}

function contrast(a: string, b: string): number {
  const style = getComputedStyle(document.documentElement);
  const [x, y] = [a, b].map((name) => {
    const value = style.getPropertyValue(name).trim();
    expect(value, name).toMatch(/^#[0-9a-f]{6}$/);
    return luminance(value);
  });
  return (Math.max(x!, y!) + 0.05) / (Math.min(x!, y!) + 0.05);
}

describe.each(["light", "dark"])("in the %s theme", (theme) => {
  const texts = ["--text", "--text-2", "--accent", "--pick-text", "--danger"].flatMap((text) =>
    ["--surface", "--canvas", "--field"].map((ground) => [text, ground] as const),
  );
  const filled = [
    ["--on-accent", "--accent"],
    ["--on-accent", "--accent-hover"],
    ["--on-pick", "--pick"],
    ["--surface", "--danger"],
    ["--danger", "--danger-soft"],
    ["--text", "--accent-soft"],
    ["--text-2", "--accent-soft"],
    ["--surface", "--text"],
  ] as const;

  test.each([...texts, ...filled])("%s on %s is readable (4.5:1)", (text, ground) => {
    document.documentElement.dataset.theme = theme;
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ["--line-field", "--surface"],
    ["--accent", "--canvas"],
    ["--accent", "--surface"],
    ["--pick", "--canvas"],
  ])("%s on %s can be told apart (3:1)", (edge, ground) => {
    document.documentElement.dataset.theme = theme;
    expect(contrast(edge, ground)).toBeGreaterThanOrEqual(3);
  });
});
