// Ours as a WebAssembly module, without a line of glue but this: DIMPLE_WEB_MODULE names it.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { inputPath, modelPath, serve } from "../peer.mjs";

const module = await readFile(process.env.DIMPLE_WEB_MODULE);
const program = await readFile(modelPath);
const picture = await readFile(inputPath);
const { instance } = await WebAssembly.instantiate(module);
const dimple = instance.exports;

function place(bytes) {
  const at = dimple.reserve(bytes.length);
  new Uint8Array(dimple.memory.buffer, at, bytes.length).set(bytes);
  return at;
}
const programAt = place(program);
const memoryBytes = dimple.memory_bytes(programAt, program.length);
const status = dimple.open(programAt, program.length, dimple.reserve(memoryBytes), memoryBytes);
if (status !== 0) throw new Error(`dimple_open: ${status}`);

const input = new Uint8Array(dimple.memory.buffer, dimple.input(), picture.length);
const output = new Float32Array(dimple.memory.buffer, dimple.output(), dimple.outputs());
const codes = new Int8Array(dimple.memory.buffer, dimple.codes(), dimple.code_count());
const answer = new Float32Array(output.length);

await serve({
  description: `Dimple, a module of ${module.length} bytes`,
  run() {
    input.set(picture);
    if (dimple.run() !== 0) throw new Error("dimple_run");
    answer.set(output);
  },
  read: () => ({ real: answer, codes }),
});
