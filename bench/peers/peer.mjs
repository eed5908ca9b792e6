// The orders of peer.h for runtimes in Node: what every one of them does the same.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import process from "node:process";

export const [modelPath, inputPath] = process.argv.slice(2);

// `run` is one inference, awaited where it is asynchronous; `read` says {real, codes} of the last one.
export async function serve({ description, run, read }) {
  await run();
  console.log(`ready ${description}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [order, count] = line.split(" ");
    if (order === "output") {
      await run();
      const { real, codes } = read();
      console.log(`real ${[...real].join(" ")}\ncodes ${[...codes].join(" ")}\nend`);
    } else if (order === "round") {
      const times = [];
      for (let i = 0; i < Number(count); ++i) {
        const start = process.hrtime.bigint();
        const waiting = run();
        if (waiting) await waiting;
        times.push(process.hrtime.bigint() - start);
      }
      console.log(times.join(" "));
    } else if (order === "memory") {
      console.log(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
    } else {
      throw new Error(`no such order: ${line}`);
    }
  }
}
