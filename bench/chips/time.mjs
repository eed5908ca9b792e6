// node time.mjs module.wasm program.dimple [rounds]: how long an inference takes in this engine; best and median.
import { readFile } from "node:fs/promises";
import process from "node:process";

const [modulePath, programPath, rounds = "500"] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(await readFile(modulePath), {});
const dimple = instance.exports;
const bytesAt = (at, count) => new Uint8Array(dimple.memory.buffer, at, count);

const program = await readFile(programPath);
bytesAt(dimple.room(program.length), program.length).set(program);
const status = dimple.open();
if (status !== 0) throw new Error(`the program cannot be opened: status ${status}`);

const picture = Uint8Array.from({ length: dimple.input_bytes() }, (_, i) => i * 7);
const times = [];
for (let i = 0; i < Number(rounds); ++i) {
  bytesAt(dimple.input(), picture.length).set(picture);
  const start = process.hrtime.bigint();
  dimple.run();
  times.push(Number(process.hrtime.bigint() - start) / 1e6);
}
times.sort((a, b) => a - b);
let hash = 0;
for (const byte of bytesAt(dimple.output(), dimple.output_bytes())) hash = (Math.imul(hash, 31) + byte) >>> 0;
const [best, median] = [times[0], times[times.length >> 1]];
console.log(`best ${best.toFixed(4)} ms, median ${median.toFixed(4)} ms, hash ${hash.toString(16)}`);
