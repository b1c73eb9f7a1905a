/** The run as a table for docs/reliability.md. @param {import("./killRun.mjs").KillResult} result @param {Date} when */
export function killTable(result, when) {
  const { images, kills, early, seed, undisturbedSeconds, seconds } = result;
  const restarts = [...result.restartMs].sort((a, b) => a - b);
  const restart = restarts[Math.floor(restarts.length / 2)] ?? 0;
  const rows = [
    ["images, kills, seed", `${images}, ${kills} (${early} while the page started), ${seed}`],
    ["images that had been shown and were gone", String(result.lostImages)],
    ["most images of a batch in flight that were gone", String(Math.max(0, result.mostInFlight))],
    ["tags shown as saved; of them gone", `${result.tagsShown}; ${result.lostTags.length}`],
    ["contradictions in the database", String(result.contradictions.length)],
    ["differences from the undisturbed run", result.differences.join(", ") || "none"],
    ["restart until the project is there, median", `${(restart / 1_000).toFixed(1)} s`],
    ["undisturbed, all together", `${undisturbedSeconds.toFixed(0)} s, ${seconds.toFixed(0)} s`],
  ];
  return [
    `| killed, ${when.toISOString().slice(0, 10)} | |`,
    "| --- | --- |",
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
  ].join("\n");
}
