import { startProvider } from "./support/provider-process";
import { runProgram } from "./support/program";
import { randomFlow } from "./support/random-flow";
import { startEmulator } from "../emulator/index";
import { MiniEngine } from "./support/mini-engine";
import {readFileSync} from "node:fs"; const pcpu=(pid:number)=>{const f=readFileSync("/proc/"+pid+"/stat","utf8").split(") ")[1].split(" "); return +f[11]+ +f[12];};
async function main(){
  const emu = await startEmulator({ keys:[{key:"phx_a"}] });
  let t=Date.now();
  const p = await startProvider({ env:{POSTHOG_API_KEY:"phx_a", NODE_OPTIONS:"--require /tmp/fz/pre.cjs"}, config:{"posthog:host":emu.url,"posthog:projectId":"1"}});
  console.log("start", Date.now()-t, JSON.stringify(p.output()));
  t=performance.now();
  const N=10;
  let prog:any;
  for(let i=0;i<N;i++){ prog=await runProgram((sdk)=>{ for(let k=0;k<3;k++) new sdk.HogFlow("f"+k,{definition: randomFlow(k+10) as any}); }, {config:{"posthog:host":emu.url,"posthog:projectId":"1"}}); }
  console.log("program of 3", (performance.now()-t)/N);
  t=performance.now();
  const e = prog.map(()=>new MiniEngine(p,"flow"));
  for(let i=0;i<3;i++) { try { await e[i].up(prog[i].inputs);} catch(x:any){console.log(x.message.slice(0,300))} }
  console.log("create", performance.now()-t);
  t=performance.now();
  for(let q=0;q<3;q++){ t=performance.now(); const cpu=process.cpuUsage(); const pc0=pcpu(p.pid);
  for(let i=0;i<N*20;i++) await e[0].plan(prog[0].inputs);
  const c=process.cpuUsage(cpu); console.log("plan", (performance.now()-t)/N/2, "own cpu", (c.user+c.system)/1000/N/2, "provider cpu", (pcpu(p.pid)-pc0)*10/N/2);}
  t=performance.now();
  for(let i=0;i<N;i++) await e[0].refresh();
  console.log("refresh", (performance.now()-t)/N, emu.requests.length);
  t=performance.now();
  for(let i=0;i<20;i++){const x=await startEmulator(); await x.stop();}
  console.log("emu", (performance.now()-t)/20);
  await p.kill("SIGINT"); await p.kill("SIGTERM"); await emu.stop();
}
main();
