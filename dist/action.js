import { createRequire as __createRequire } from 'node:module'; import { dirname as __folderOf } from 'node:path'; import { fileURLToPath as __pathOf } from 'node:url'; const require = __createRequire(import.meta.url), __filename = __pathOf(import.meta.url), __dirname = __folderOf(__filename);
import{a as s}from"./chunks/chunk-WXVKABEQ.js";import"./chunks/chunk-ESMAIOHU.js";process.stdout.write(`Inline Scan ${s.version}
`);var{runAction:t}=await import("./chunks/run-T3SG3ODS.js"),r=await t(process.env);process.stdout.write("",()=>process.stderr.write("",()=>process.exit(r)));
