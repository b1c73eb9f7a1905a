import { afterEach, describe, expect, it, vi } from "vitest";
import { ProjectTabs, type TabChange } from "../../../src/pipeline/projectTabs.ts";

const open: ProjectTabs[] = [];

/** A tab of a project, and what it hears of the others. */
async function tab(project: string): Promise<{ tabs: ProjectTabs; heard: string[] }> {
  const tabs = await ProjectTabs.join(project);
  open.push(tabs);
  const heard: string[] = [];
  tabs.listen({
    changed: (what: TabChange) => heard.push(what),
    mayWrite: () => heard.push("may write"),
    handOver: () => {
      heard.push("hand over");
      void tabs.close();
    },
  });
  return { tabs, heard };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((tabs) => tabs.close()));
});

describe("the tabs that have a project open", () => {
  it("have one that writes; the one that waited longest follows it", async () => {
    const project = crypto.randomUUID();
    const [first, second, third] = [await tab(project), await tab(project), await tab(project)];
    expect([first, second, third].map(({ tabs }) => tabs.writes)).toEqual([true, false, false]);
    void first.tabs.close();
    await vi.waitFor(() => expect(second.heard).toEqual(["may write"]));
    expect([second, third].map(({ tabs }) => tabs.writes)).toEqual([true, false]);
    // Who leaves the line is not waited for.
    await third.tabs.close();
    // Given back when it says so: opening a project again right after closing it must not find it taken.
    await second.tabs.close();
    expect((await tab(project)).tabs.writes).toBe(true);
    expect((await tab(crypto.randomUUID())).tabs.writes).toBe(true);
  });

  it("hear of changes, soon and not of each, and of the last one before the writer leaves", async () => {
    const project = crypto.randomUUID();
    const [writer, follower] = [await tab(project), await tab(project)];
    for (let i = 0; i < 50; i++) writer.tabs.announce();
    writer.tabs.announce("computed");
    await vi.waitFor(() => expect(follower.heard).toContain("computed"));
    expect(follower.heard.length).toBeLessThan(4);
    expect(writer.heard).toEqual([]);
    follower.tabs.announce();
    const before = follower.heard.length;
    writer.tabs.announce();
    void writer.tabs.close();
    await vi.waitFor(() => expect(follower.heard.slice(before)).toEqual(["edited", "may write"]));
  });

  it("hand the writing over when one asks", async () => {
    const project = crypto.randomUUID();
    const [writer, follower] = [await tab(project), await tab(project)];
    follower.tabs.ask();
    await vi.waitFor(() => expect(follower.heard).toEqual(["may write"]));
    expect(writer.heard).toEqual(["hand over"]);
    expect(follower.tabs.writes).toBe(true);
  });

  it("take it from one that does not answer, which then hears of it", async () => {
    const project = crypto.randomUUID();
    const silent = await ProjectTabs.join(project);
    open.push(silent);
    const follower = await tab(project);
    follower.tabs.ask();
    const lost = vi.fn();
    await vi.waitFor(() => expect(follower.heard).toEqual(["may write"]), { timeout: 6_000 });
    silent.listen({ changed: () => undefined, mayWrite: () => undefined, handOver: lost });
    expect(follower.tabs.writes).toBe(true);
    // It must not think any more that it may write.
    expect(silent.writes).toBe(false);
  });
});
