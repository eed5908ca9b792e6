// node run.mjs module.wasm program.dimple: what a board's startup code does, for a WebAssembly module.
import { readFile } from "node:fs/promises";
import process from "node:process";

const [modulePath, programPath] = process.argv.slice(2);
if (!programPath) {
  console.error("usage: node run.mjs module.wasm program.dimple");
  process.exit(2);
}

let memory;
const print = (at) => {
  const bytes = new Uint8Array(memory.buffer, at);
  process.stdout.write(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0))));
};
const { instance } = await WebAssembly.instantiate(await readFile(modulePath), { board: { print } });
const { program_room: programRoom, run } = instance.exports;
memory = instance.exports.memory;

const program = await readFile(programPath);
const room = programRoom(program.length);
if (room === 0) {
  console.error(`no room for a program of ${program.length} bytes`);
  process.exit(7);
}
new Uint8Array(memory.buffer, room, program.length).set(program);
process.exitCode = run();
