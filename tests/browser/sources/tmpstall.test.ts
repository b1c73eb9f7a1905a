import { test } from "vitest";
import { fromFiles } from "../../../src/sources/fromFiles.ts";
import { fromDataTransfer } from "../../../src/sources/fromDataTransfer.ts";
import { drop, choose } from "./realDrop.ts";
test("stalls", async () => {
  const hide = (data: DataTransfer) => ({ items: [...data.items].map((item) => ({ kind: item.kind, webkitGetAsEntry: () => item.webkitGetAsEntry(), getAsFile: () => item.getAsFile() })) }) as unknown as DataTransfer;
  
  for (const [name, source] of [["handle", await drop(["/tmp/big"], fromDataTransfer)], ["handle", await drop(["/tmp/big"], fromDataTransfer)], ["handle", await drop(["/tmp/big"], fromDataTransfer)],["handle", await drop(["/tmp/big"], fromDataTransfer)]] as const) {
    await new Promise(r => setTimeout(r, 500));
    const { port1, port2 } = new MessageChannel();
    const stalls: string[] = []; let last = performance.now(); const t0 = last; let phase = "start"; let first = 0;
    port1.onmessage = () => { const now = performance.now(); if (now - last > 40) stalls.push(`${phase}@${(last-t0).toFixed(0)}:${(now-last).toFixed(0)}`); last = now; port2.postMessage(null); };
    port2.postMessage(null);
    let n = 0;
    for await (const f of source.list(new AbortController().signal)) { if (n === 0) first = performance.now() - t0; phase = `list${Math.floor(n++/1000)}`; void f; }
    port1.close();
    console.info(`${name} ${n} files, first ${first.toFixed(0)} all ${(performance.now() - t0).toFixed(0)} ms`, stalls.join(" "));
  }
}, 60000);
