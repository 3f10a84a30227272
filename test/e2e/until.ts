/** How long one attempt inside {@link until} may wait for what should be there at once, in milliseconds. */
export const AT_ONCE = 3000;

/**
 * Asks again and again until there is an answer. The one way tests here wait: on a state, never on a clock.
 * @param what said when time is up
 * @param ask returns null, undefined or false as long as it is not so
 * @throws when `timeout` milliseconds have passed, with the last error of `ask` if it threw
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeout = 20_000,
): Promise<T> {
  const end = Date.now() + timeout;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`Waited ${timeout / 1000} s for ${what}, in vain.`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
