import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

const dist = join(import.meta.dirname, "../../dist");

/** A policy's directives by name. */
const directives = (policy: string): Map<string, string[]> =>
  new Map(
    policy.split(";").map((one) => {
      const [name = "", ...values] = one.trim().split(/\s+/);
      return [name, values];
    }),
  );

test("the policy of the built page, and of the server, is strict", async ({ request }) => {
  const page = await readFile(join(dist, "index.html"), "utf8");
  const meta = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "";
  const inPage = meta.replaceAll("&#39;", "'");
  const served = (await request.get("/")).headers()["content-security-policy"] ?? "";
  // What stands before the policy is not under it.
  expect(page.indexOf("<meta http-equiv")).toBeLessThan(page.indexOf("<script"));
  expect(page.indexOf("<meta http-equiv")).toBeLessThan(page.indexOf("<link"));
  for (const policy of [inPage, served]) {
    const found = directives(policy);
    expect(found.get("default-src")).toEqual(["'none'"]);
    expect(found.get("script-src")).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(found.get("style-src")).toEqual(["'self'"]);
    expect(found.get("base-uri")).toEqual(["'none'"]);
    expect(found.get("form-action")).toEqual(["'none'"]);
    expect(found.get("require-trusted-types-for")).toEqual(["'script'"]);
    expect(found.get("trusted-types")).toEqual(["default"]);
    for (const [name, values] of found) {
      for (const value of values) {
        expect(value, name).not.toMatch(/^'unsafe-|\*|https?:|data:/);
      }
    }
  }
  // A page cannot say this by itself, and complains when it tries.
  expect(directives(inPage).has("frame-ancestors")).toBe(false);
  expect(directives(served).get("frame-ancestors")).toEqual(["'self'"]);
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
});

test("the page's twin for projects of other hosts differs in nothing but what it may fetch from", async ({
  request,
}) => {
  const own = await readFile(join(dist, "index.html"), "utf8");
  const twin = await readFile(join(dist, "elsewhere.html"), "utf8");
  const wider = " blob: https: http://localhost:*;";
  expect(twin.split(wider)).toHaveLength(2);
  expect(twin.replace(wider, " blob:;")).toBe(own);
  expect((await request.get("/elsewhere.html")).headers()["content-security-policy"]).toContain(wider);
});

test("the browser holds the page to it: no text becomes code, a style or HTML", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Open folder" })).toBeVisible();
  const outcomes = await page.evaluate(() => {
    const thrown = (work: () => unknown): string => {
      try {
        work();
        return "done";
      } catch (error) {
        return (error as Error).name;
      }
    };
    const ran = window as { ran?: boolean };
    const script = document.createElement("script");
    return {
      html: thrown(() => {
        document.createElement("div").innerHTML = "<b>x</b>";
      }),
      adjacent: thrown(() => document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=alert(1)>")),
      script: thrown(() => {
        script.textContent = "window.ran = true";
        document.body.append(script);
      }),
      worker: thrown(() => new Worker("https://other.invalid/x.js")),
      second: thrown(() =>
        (
          window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } }
        ).trustedTypes.createPolicy("another", {}),
      ),
      ran: ran.ran === true,
    };
  });
  expect(outcomes).toEqual({
    html: "TypeError",
    adjacent: "TypeError",
    script: "TypeError",
    worker: "TypeError",
    second: "TypeError",
    ran: false,
  });
});
