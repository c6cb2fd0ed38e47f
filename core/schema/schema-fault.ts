/** What is wrong with a schema file, as the rest of a line that begins with the file's name. */
export class SchemaFault extends Error {}
