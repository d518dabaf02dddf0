/** The bundler turns such an import into the address of the copied file. */
declare module '*?url' {
  const url: string;
  export default url;
}
