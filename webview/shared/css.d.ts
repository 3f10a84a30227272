/** Style sheets are imported for esbuild to collect; they carry no values. */
declare module '*.css';
