// Node's side of json_codec.py: JSON.stringify and JSON.parse of the same data.
// usage: node --expose-gc node.mjs MODE MS FILE      MODE: write, read. Prints ns and heap bytes.
import { readFileSync } from "node:fs";

const [mode, ms, file] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
global.gc();
const before = process.memoryUsage().heapUsed;
const COPIES = 20; // one alone drowns in what else the heap does
const kept = Array.from({ length: COPIES }, () => JSON.parse(text));
global.gc();
const memory = Math.round((process.memoryUsage().heapUsed - before) / COPIES);
const value = kept[0];
let best = Infinity;
let batch = 1;
const cpu = () => { const u = process.cpuUsage(); return u.user + u.system; };
for (const end = cpu() + ms * 1000; cpu() < end;) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < batch; i++) mode === "write" ? JSON.stringify(value) : JSON.parse(text);
  const took = Number(process.hrtime.bigint() - start);
  best = Math.min(best, took / batch);
  if (took < 2e6) batch *= 2;
}
console.log(`${Math.round(best)} ${memory}`);
