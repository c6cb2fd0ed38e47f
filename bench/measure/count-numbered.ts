/** How many events of a stream the analyzer at `url` has numbered. */
export async function countNumbered(url: string, stream: string): Promise<number> {
  const response = await fetch(`${url}/${stream}?index=-1`);
  const index = /"index":(\d+)/.exec(await response.text())?.[1];
  return response.ok && index !== undefined ? Number(index) + 1 : 0;
}
