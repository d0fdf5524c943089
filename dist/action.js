import { createRequire as __createRequire } from 'node:module'; import { dirname as __folderOf } from 'node:path'; import { fileURLToPath as __pathOf } from 'node:url'; const require = __createRequire(import.meta.url), __filename = __pathOf(import.meta.url), __dirname = __folderOf(__filename);
import{a as o}from"./chunks/chunk-WXVKABEQ.js";import"./chunks/chunk-ESMAIOHU.js";process.stdout.write(`Inline Scan ${o.version}
`);var{runAction:t}=await import("./chunks/run-47THRUSK.js");process.exitCode=await t(process.env);
