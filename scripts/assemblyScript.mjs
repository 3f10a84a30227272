// The AssemblyScript compiler, for the benchmark (types: assemblyScript.d.mts).
export { main as compile } from 'assemblyscript/asc';
