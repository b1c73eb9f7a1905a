import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResult {
  violations: { id: string; impact: string | null; help: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** Everything that axe finds, whatever its impact, as lines to read. */
export async function findings(page: Page, screen: string): Promise<string[]> {
  await page.evaluate(axe);
  // Popups fade in: half transparent text has no contrast.
  await page.waitForTimeout(300);
  // A menu item's or a cell's second line is its description, not part of its label. While a list or menu is open, the
  // library hides the rest of the page from screen readers and puts the popup at the end of the page; Tab closes it.
  const inPopup = /suggestions|export/.test(screen);
  const rules = Object.fromEntries(
    ["label-content-name-mismatch", ...(inPopup ? ["aria-hidden-focus", "region", "page-has-heading-one"] : [])].map(
      (rule) => [rule, { enabled: false }],
    ),
  );
  const { violations } = await page.evaluate(
    (given) => (window as unknown as { axe: { run(options: object): Promise<AxeResult> } }).axe.run(given),
    { rules },
  );
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) =>
        `${screen}: ${id} (${impact}) ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary}`,
    ),
  );
}
