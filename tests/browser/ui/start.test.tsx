import { describe, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Actions } from "../../../src/state/actions.ts";
import type { WinnowState } from "../../../src/state/state.ts";
import { exampleProject, fakeWinnow, imageTable } from "./fakeWinnow.ts";
import { renderApp } from "./renderApp.tsx";

async function show(state: Partial<WinnowState> = {}, actions: Partial<Actions> = {}) {
  const fake = fakeWinnow(state, actions);
  await renderApp(fake);
  return fake;
}

const input = (label: string) => page.getByLabelText(label, { exact: true }).element() as HTMLInputElement;

/** Resolves when the page opens the browser's own file chooser through this input. */
const clicked = (element: HTMLInputElement) =>
  new Promise<void>((resolve) =>
    element.addEventListener("click", (event) => {
      event.preventDefault();
      resolve();
    }),
  );

function choose(element: HTMLInputElement, file: File): void {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  element.files = transfer.files;
  element.dispatchEvent(new Event("change", { bubbles: true }));
}

describe("sources", () => {
  test("the folder input takes folders, the file input several images or a zip", async () => {
    await show();
    expect(input("Choose folder").webkitdirectory).toBe(true);
    expect(input("Choose files").webkitdirectory).toBe(false);
    expect(input("Choose files").multiple).toBe(true);
    expect(input("Choose files").accept).toContain("image/*");
    expect(input("Choose files").accept).toContain(".zip");
  });

  test("what an input gives is added, and the same choice can be made again", async () => {
    const { calls } = await show();
    const file = new File(["x"], "a.jpg", { type: "image/jpeg" });
    choose(input("Choose files"), file);
    choose(input("Choose folder"), file);
    const added = calls.filter(([name]) => name === "addFiles").map(([, files]) => (files as File[])[0]?.name);
    expect(added).toEqual(["a.jpg", "a.jpg"]);
    expect(input("Choose files").value).toBe("");
  });

  test("both inputs can be reached with Tab, and show themselves then", async () => {
    await show();
    input("Choose files").focus();
    await userEvent.keyboard("{Shift>}{Tab}{/Shift}");
    expect(document.activeElement).toBe(input("Choose folder"));
    expect(input("Choose folder").getBoundingClientRect().width).toBeGreaterThan(100);
    expect(getComputedStyle(input("Choose folder").closest(".source-inputs")!).clipPath).toBe("none");
  });

  test("Open folder uses the directory picker, and the input where there is none", async () => {
    let answer = true;
    await show({}, { openFolder: () => Promise.resolve(answer) });
    let opened = false;
    const opening = clicked(input("Choose folder")).then(() => {
      opened = true;
    });
    const button = page.getByRole("button", { name: "Open folder" });
    await button.click();
    expect(opened).toBe(false);
    answer = false;
    await button.click();
    await opening;
  });

  test("Open files and Try the sample do what they say", async () => {
    const { calls } = await show();
    const opening = clicked(input("Choose files"));
    await page.getByRole("button", { name: "Open files" }).click();
    await opening;
    await page.getByRole("button", { name: "Try the sample" }).click();
    expect(calls.map(([name]) => name)).toContain("openSample");
  });

  test("names the sample's licence and says that nothing is uploaded", async () => {
    await show();
    await expect.element(page.getByText("Fluent Emoji by Microsoft, MIT licence")).toBeVisible();
    await expect.element(page.getByText(/^Nothing is uploaded\./)).toBeVisible();
  });
});

describe.each([
  ["the start screen", {}],
  ["an open project", { project: exampleProject, images: imageTable(10) }],
])("a drop on %s", (_, state) => {
  const drag = (type: string, files: boolean, relatedTarget: EventTarget | null = null) => {
    const dataTransfer = new DataTransfer();
    if (files) dataTransfer.items.add(new File(["x"], "a.jpg"));
    else dataTransfer.setData("text/plain", "words");
    const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, relatedTarget });
    document.body.dispatchEvent(event);
    return event;
  };

  test("is shown while files hover, and handed over inside the event", async () => {
    const { calls } = await show(state);
    drag("dragenter", true);
    await expect.element(page.getByText(/^Drop to/)).toBeVisible();
    expect(drag("dragover", true).defaultPrevented).toBe(true);
    const event = drag("drop", true);
    expect(calls.at(-1)?.[0]).toBe("drop");
    expect(calls.at(-1)?.[1]).toBe(event.dataTransfer);
    expect(event.defaultPrevented).toBe(true);
    await expect.element(page.getByText(/^Drop to/)).not.toBeInTheDocument();
  });

  test("of anything but files is not ours", async () => {
    const { calls } = await show(state);
    expect(drag("drop", false).defaultPrevented).toBe(false);
    expect(calls.map(([name]) => name)).not.toContain("drop");
  });

  test("that leaves the window is forgotten", async () => {
    await show(state);
    drag("dragenter", true);
    await expect.element(page.getByText(/^Drop to/)).toBeVisible();
    drag("dragleave", true, document.body);
    await expect.element(page.getByText(/^Drop to/)).toBeVisible();
    drag("dragleave", true);
    await expect.element(page.getByText(/^Drop to/)).not.toBeInTheDocument();
  });
});

describe("recent projects", () => {
  const projects = [
    { ...exampleProject, imageCount: 713 },
    { ...exampleProject, id: "p2", name: "signs", imageCount: 18_234, storedBytes: 812e6, unfinished: true },
  ];

  test("show count, size and what is unfinished, and open", async () => {
    const { calls } = await show({ projects });
    const line = page.getByRole("button", { name: /^signs/ });
    await expect.element(line).toHaveTextContent(/unfinished.*18,234 images.*812 MB/);
    await line.click();
    expect(calls).toContainEqual(["openProject", "p2"]);
  });

  test("are renamed in place with Enter, not with Escape", async () => {
    const { calls } = await show({ projects });
    await page.getByRole("button", { name: "Rename signs" }).click();
    await page.getByRole("textbox", { name: "Project name" }).fill("other");
    await userEvent.keyboard("{Escape}");
    await page.getByRole("button", { name: "Rename signs" }).click();
    await page.getByRole("textbox", { name: "Project name" }).fill("street signs");
    await userEvent.keyboard("{Enter}");
    expect(calls.filter(([name]) => name === "renameProject")).toEqual([["renameProject", "p2", "street signs"]]);
  });

  test("are deleted only after a dialog that names what goes", async () => {
    const { calls } = await show({ projects });
    await page.getByRole("button", { name: "Delete signs" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Delete signs?" });
    await expect
      .element(dialog)
      .toHaveTextContent(/18,234 images.*frees 812 MB.*cannot be undone.*files are not touched/);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(calls.map(([name]) => name)).not.toContain("deleteProject");
    await page.getByRole("button", { name: "Delete signs" }).click();
    await dialog.getByRole("button", { name: "Delete project" }).click();
    expect(calls).toContainEqual(["deleteProject", "p2"]);
  });
});

test("what is opened next can be made a draft", async () => {
  const { calls, store } = await show();
  const draft = page.getByRole("checkbox", { name: "Draft (faster, 160 pixels)" });
  await expect.element(draft).not.toBeChecked();
  await draft.click();
  expect(calls).toEqual([["setDraftMode", true]]);
  store.setState({ draftMode: true });
  await expect.element(draft).toBeChecked();
});
